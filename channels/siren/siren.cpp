#include "channels/siren/siren.hpp"

#include "channels/siren/controller/siren_channel.hpp"

namespace broadcaster::channels::siren {
namespace {

base::Result<std::unique_ptr<Channel>> create(const plan::Endpoint& endpoint, ChannelTools& tools) {
  auto settings = read_settings(endpoint, tools.config_folder);
  if (!settings) return std::unexpected(settings.error());
  return std::make_unique<SirenChannel>(
      endpoint.name, std::move(*settings), tools, [&tools](net::MqttOptions options, net::MqttHandlers handlers) {
        return net::MqttClient::create(tools.loop, tools.workers, std::move(options), std::move(handlers));
      });
}

}  // namespace

ChannelKind kind() {
  return {.traits = {.name = "siren",
                     .form = "siren",
                     .measure = plan::Measure::siren_seconds,
                     .default_limit = 180,
                     .addressing = plan::Addressing::targets,
                     // The command id makes a repeat harmless.
                     .intent = plan::Intent::with_the_outcome,
                     .default_on_unknown = plan::OnUnknown::resend,
                     .default_reconcile_after = std::chrono::seconds(1),
                     .settings = setting_table()},
          .create = create};
}

}  // namespace broadcaster::channels::siren
