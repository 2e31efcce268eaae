#include "broadcaster/drill/peers.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "channels/siren/protocol/answers.hpp"
#include "channels/siren/protocol/topics.hpp"

namespace broadcaster::drill {
namespace siren = channels::siren;
namespace {

using std::chrono::seconds;

constexpr base::milliseconds start_patience = seconds(10);
/// As run_kannel_box waits, but shorter: a drill is short.
constexpr base::milliseconds before_another{200};
/// An amplifier that is dead: the command runs, and nothing proves a sound.
constexpr const char* no_sound = "exec sleep \"$SIREN_DURATION\"";

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::unexpected<base::Error> not_started(const std::string& name, const std::filesystem::path& log) {
  return base::fail(base::ErrorKind::unavailable, {"drill.peer_not_started", {{"peer", name}, {"log", log.string()}}});
}

}  // namespace

base::Result<net::HttpAnswer> fetch(Stage& stage, net::HttpRequest request) {
  const auto client = net::HttpClient::create(stage.loop());
  std::optional<net::HttpResult> result;
  client->send(std::move(request), [&](net::HttpResult answer) { result = std::move(answer); });
  if (!stage.wait_until([&] { return result.has_value(); }, start_patience))
    return base::fail(base::ErrorKind::unavailable, {"drill.no_answer", {{"reason", std::string("time-out")}}});
  if (!*result) return base::fail(base::ErrorKind::unavailable, {"drill.no_answer", {{"reason", result->error().why}}});
  return std::move(**result);
}

Peers::Peers(Stage& stage, const Overlay& overlay, const service::Config& config, const Scenario& scenario,
             Programs programs)
    : stage_(stage),
      overlay_(overlay),
      config_(config),
      scenario_(scenario),
      programs_(std::move(programs)),
      workers_(stage.loop(), 1) {}

Peers::~Peers() {
  watcher_.reset();
  life_ = Life::ending;
  if (smsbox_starts_) stage_.loop().cancel(*smsbox_starts_);
  std::vector<net::Child*> ending;
  for (auto& [_, agent] : sirens_) ending.push_back(agent.get());  // each ends its tone first
  for (auto* child : {smsbox_.get(), bearerbox_.get(), broker_.get(), range_.get()})
    if (child) ending.push_back(child);
  stage_.end(ending, seconds(3));
}

base::Result<std::unique_ptr<net::Child>> Peers::start_and_wait(std::vector<std::string> argv, const std::string& log,
                                                                unsigned short port) {
  const auto file = overlay_.folders.logs / (log + ".log");
  auto child = stage_.start(std::move(argv), file);
  if (!child) return std::unexpected(child.error());
  const auto up = [&] { return !(*child)->running() || listens(port); };
  if (!stage_.wait_until(up, start_patience) || !(*child)->running()) return not_started(log, file);
  return child;
}

base::Result<void> Peers::start() {
  if (auto started = start_range(); !started) return started;
  if (auto started = start_broker(); !started) return started;
  if (auto started = start_gateway(); !started) return started;
  if (auto started = watch_sirens(); !started) return started;
  return start_sirens();
}

base::Result<void> Peers::start_range() {
  auto range = start_and_wait({programs_.broadcaster.string(), "range", "--port", std::to_string(overlay_.ports.range),
                               "--smsc-port", std::to_string(overlay_.ports.smsc), "--settings",
                               overlay_.range_settings, "--config", overlay_.folders.config.string()},
                              "range", overlay_.ports.range);
  if (!range) return std::unexpected(range.error());
  range_ = std::move(*range);
  return script_phones();
}

base::Result<void> Peers::script_phones() {
  for (const auto& phones : scenario_.phones) {
    net::HttpRequest request;
    request.method = "POST";
    request.url = "http://127.0.0.1:" + std::to_string(overlay_.ports.range) + "/faults";
    request.body = boost::json::serialize(
        boost::json::object{{"side", "phones"}, {"prefix", phones.prefix}, {"fate", phones.fate}});
    auto answer = fetch(stage_, std::move(request));
    if (!answer) return std::unexpected(answer.error());
    if (answer->status != 204)
      return base::fail(base::ErrorKind::unavailable, {"drill.no_answer", {{"reason", answer->body}}});
  }
  return {};
}

base::Result<void> Peers::start_broker() {
  auto broker = start_and_wait({"/usr/sbin/mosquitto", "-c", (overlay_.folders.peers / "broker.conf").string()},
                               "mosquitto", overlay_.ports.broker);
  if (!broker) return std::unexpected(broker.error());
  broker_ = std::move(*broker);
  return {};
}

void Peers::stop_broker() { broker_.reset(); }

base::Result<void> Peers::start_gateway() {
  const auto file = (overlay_.folders.peers / "kannel.conf").string();
  auto bearerbox = start_and_wait({"/usr/sbin/bearerbox", "-v", "1", file}, "bearerbox", overlay_.ports.kannel_box);
  if (!bearerbox) return std::unexpected(bearerbox.error());
  bearerbox_ = std::move(*bearerbox);
  if (auto started = start_smsbox(); !started) return started;
  if (!stage_.wait_until([this] { return listens(overlay_.ports.kannel_http); }, start_patience))
    return not_started("smsbox", overlay_.folders.logs / "smsbox.log");
  return {};
}

base::Result<void> Peers::start_smsbox() {
  net::ChildOptions options;
  options.argv = {"/usr/sbin/smsbox", "-v", "1", (overlay_.folders.peers / "kannel.conf").string()};
  options.output = overlay_.folders.logs / "smsbox.log";
  options.on_exit = [this](net::ChildExit) { smsbox_ended(); };
  auto child = net::Child::start(stage_.loop(), std::move(options));
  if (!child) return std::unexpected(child.error());
  smsbox_ = std::move(*child);
  return {};
}

/// One that does not start at all is started again and again, and start_gateway() says so.
void Peers::smsbox_ended() {
  if (life_ == Life::ending) return;
  ++smsbox_ends_;
  smsbox_starts_ = stage_.loop().after(before_another, [this] {
    smsbox_starts_.reset();
    (void)start_smsbox();
  });
}

void Peers::stop_gateway() {
  if (smsbox_starts_) stage_.loop().cancel(*std::exchange(smsbox_starts_, std::nullopt));
  // Killed, not asked: that is what a power cut does.
  smsbox_.reset();
  bearerbox_.reset();
}

base::Result<void> Peers::watch_sirens() {
  net::MqttOptions options;
  options.host = "127.0.0.1";  // not a name: a machine may have no hosts file
  options.port = overlay_.ports.broker;
  options.client_id = "drill-watcher";
  options.ca_file = (overlay_.folders.secrets / "ca.pem").string();
  options.cert_file = (overlay_.folders.secrets / "controller.pem").string();
  options.key_file = (overlay_.folders.secrets / "controller.key").string();
  net::MqttHandlers handlers;
  const auto why = std::make_shared<std::string>();
  handlers.on_down = [why](const net::MqttDown& down) { *why = down.why; };
  handlers.on_message = [this](net::MqttMessage message) {
    const auto address = siren::parse_siren_topic(overlay_.site, message.topic);
    const auto online = siren::read_online(message.payload);
    if (!address || !online) return;
    if (online->presence == siren::Online::Presence::online)
      online_.insert(address->siren);
    else
      online_.erase(address->siren);
  };
  watcher_ = net::MqttClient::create(stage_.loop(), workers_, std::move(options), std::move(handlers));
  watcher_->subscribe(siren::siren_topic(overlay_.site, "+", siren::Subject::online), net::Qos::at_least_once);
  watcher_->start();
  if (!stage_.wait_until([this] { return watcher_->up(); }, start_patience))
    return base::fail(base::ErrorKind::unavailable, {"drill.peer_unreachable",
                                                     {{"peer", std::string("mosquitto")},
                                                      {"reason", *why},
                                                      {"log", (overlay_.folders.logs / "mosquitto.log").string()}}});
  return {};
}

base::Result<void> Peers::start_sirens() {
  const auto& pki = overlay_.folders.secrets;
  for (const auto& one : config_.sirens) {
    const auto& id = one.id.value;
    if (contains(scenario_.sirens_down, id)) continue;
    const bool mute = contains(scenario_.sirens_mute, id);
    auto child = stage_.start({programs_.siren.string(),
                               "--id",
                               id,
                               "--site",
                               overlay_.site,
                               "--broker",
                               "127.0.0.1:" + std::to_string(overlay_.ports.broker),
                               "--ca",
                               (pki / "ca.pem").string(),
                               "--cert",
                               (pki / (id + ".pem")).string(),
                               "--key",
                               (pki / (id + ".key")).string(),
                               "--mode",
                               "drill",
                               "--command-key",
                               overlay_.command_key,
                               "--zone",
                               one.zone.value,
                               "--state",
                               (overlay_.folders.peers / id).string(),
                               "--run",
                               mute ? no_sound : programs_.sound},
                              overlay_.folders.logs / (id + ".log"), {{"SIREN_ID", id}});
    if (!child) return std::unexpected(child.error());
    sirens_[id] = std::move(*child);
  }
  if (!stage_.wait_until([this] { return online_.size() >= sirens_.size(); }, start_patience))
    return not_started("broadcaster-siren", overlay_.folders.logs);
  return {};
}

}  // namespace broadcaster::drill
