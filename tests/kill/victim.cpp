#include "tests/kill/victim.hpp"

#include <boost/json.hpp>
#include <csignal>

#include "broadcaster/drill/owner_link.hpp"
#include "broadcaster/net/lines.hpp"
#include "broadcaster/service/state.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::kill {
namespace json = boost::json;
namespace {

using std::chrono::seconds;

constexpr base::milliseconds patience_of_start = seconds(10);
constexpr base::milliseconds patience_of_end = seconds(15);
/// For an answer that was written before the kill and is on its way in the kernel.
constexpr base::milliseconds last_words{20};

}  // namespace

Victim::Victim(drill::Stage& stage, const drill::Overlay& overlay, const drill::Programs& programs,
               std::filesystem::path state, std::filesystem::path log)
    : stage_(stage), overlay_(overlay), programs_(programs), state_(std::move(state)), log_(std::move(log)) {}

base::Result<void> Victim::start() {
  auto child = stage_.start({programs_.broadcaster.string(), "--config", overlay_.folders.config.string(), "--state",
                             state_.string(), "--lang", "en", "serve", "--mode", "drill"},
                            log_);
  if (!child) return std::unexpected(child.error());
  child_ = std::move(*child);
  return {};
}

base::Result<void> Victim::start_and_wait() {
  if (auto started = start(); !started) return started;
  stage_.wait_until([this] { return !child_->running() || ask({{"op", "hello"}}).has_value(); }, patience_of_start);
  if (child_->running() && ask({{"op", "hello"}})) return {};
  return base::fail(base::ErrorKind::unavailable,
                    {"drill.peer_not_started", {{"peer", std::string("broadcaster serve")}, {"log", log_.string()}}});
}

void Victim::kill() {
  child_->signal(SIGKILL);
  stage_.wait_until([this] { return !child_->running(); }, patience_of_end);
  child_.reset();
}

base::Result<void> Victim::end() {
  child_->signal(SIGTERM);
  const bool ended = stage_.wait_until([this] { return !child_->running(); }, patience_of_end);
  child_.reset();
  if (ended) return {};
  return base::fail(base::ErrorKind::unavailable, {"drill.command_too_slow", {{"command", std::string("serve")}}});
}

base::Result<json::object> Victim::ask(json::object request) {
  return drill::ask_owner(state_, std::move(request), seconds(5));
}

std::optional<std::string> Victim::submit_and_kill(const std::string& plan, base::milliseconds patience) {
  auto client = net::LineClient::connect(service::StatePaths{state_}.control().string());
  const json::object request{{"v", service::wire_version}, {"op", "submit"}, {"plan", plan}, {"file", "drill.plan"}};
  if (client && !client->send(json::serialize(request))) client = std::unexpected(base::Error{});
  stage_.wait(patience);
  kill();
  if (!client) return std::nullopt;
  auto line = client->receive(last_words);
  if (!line || !*line) return std::nullopt;
  auto answer = service::parse_answer(**line);
  if (!answer) return std::nullopt;
  return std::string(answer->at("alert").as_string());
}

}  // namespace broadcaster::kill
