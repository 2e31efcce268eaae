// broadcaster range: what stands in for the networks and phones of a drill, on loopback.
//
// --settings: JSON {"accounts": [{"name", "token"}], "webhook_secret", "smsc": {"system_id", "password"}, "language"},
// all optional. One line {"port": …, "smsc_port": …} on standard output says that it listens.
#include "channels/range/range.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <csignal>

#include "broadcaster/alert/json_fields.hpp"
#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/files.hpp"
#include "broadcaster/cli/commands.hpp"

namespace broadcaster::cli {
namespace {

base::Result<unsigned short> port_of(const std::string& option, const std::string& text) {
  unsigned short port = 0;
  const auto* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, port);
  if (error == std::errc{} && at == end) return port;
  return base::fail(base::ErrorKind::usage, {"cli.usage_port", {{"option", option}, {"found", text}}});
}

base::Checked<channels::RangeOptions> read_settings(const std::string& path, channels::RangeOptions out) {
  if (path.empty()) return out;
  const auto text = base::read_file(path, 1 << 20);
  if (!text) return std::unexpected(base::Errors{text.error()});
  const auto value = base::parse_json(*text, path);
  if (!value) return std::unexpected(base::Errors{value.error()});
  base::Errors errors;
  {
    alert::JsonFields fields(*value, "", path, errors);
    fields.each("accounts", [&](const boost::json::value& item, const std::string& at) {
      alert::JsonFields account(item, at, path, errors);
      auto name = account.text("name");
      out.accounts.push_back({.token = account.text("token"), .name = std::move(name)});
    });
    out.webhook_secret = fields.maybe_text("webhook_secret").value_or("");
    out.language = fields.maybe_text("language").value_or(out.language);
    if (const auto* smsc = fields.maybe_child("smsc")) {
      alert::JsonFields inner(*smsc, "smsc", path, errors);
      out.smsc.system_id = inner.maybe_text("system_id").value_or(out.smsc.system_id);
      out.smsc.password = inner.maybe_text("password").value_or(out.smsc.password);
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return out;
}

}  // namespace

int range(const Context& context, const RangeChoice& choice) {
  const auto& screen = context.screen();
  channels::RangeOptions wanted;
  wanted.language = context.language();
  const auto port = port_of("--port", choice.port);
  if (!port) return screen.fail(port.error());
  const auto smsc_port = port_of("--smsc-port", choice.smsc_port);
  if (!smsc_port) return screen.fail(smsc_port.error());
  wanted.port = *port;
  wanted.smsc.port = *smsc_port;
  auto options = read_settings(choice.settings, std::move(wanted));
  if (!options) return screen.fail(options.error());

  const base::SystemClock clock;
  const auto loop = net::Loop::create();
  const auto range = channels::Range::listen(*loop, clock, std::move(*options));
  if (!range) return screen.fail(range.error());
  loop->on_signal({SIGTERM, SIGINT}, [&loop](int) { loop->stop(); });
  screen.json(boost::json::object{{"port", (*range)->port()}, {"smsc_port", (*range)->smsc_port()}});
  loop->run();
  return Exit::done;
}

}  // namespace broadcaster::cli
