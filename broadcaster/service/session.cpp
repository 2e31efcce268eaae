#include "broadcaster/service/session.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <thread>

#include "broadcaster/net/lines.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {
namespace json = boost::json;

namespace {
/// An answer may wait for a commit on a slow disk and a list of a million people; longer than this nobody is there.
constexpr base::milliseconds answer_patience = std::chrono::seconds(60);
/// Between the lock and the socket of a starting owner.
constexpr base::milliseconds start_patience = std::chrono::seconds(5);

/// The name that this process runs under; empty when the machine has none for it.
std::string login() {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> text{};
  getpwuid_r(getuid(), &entry, text.data(), text.size(), &found);
  return found ? found->pw_name : "";
}
}  // namespace

struct Session::Inner {
  /// Of an owner of our own that is gone: another machine may have taken over.
  base::Error why_gone(base::Error otherwise) {
    if (!owner) return otherwise;
    owner->stop();
    if (thread.joinable()) thread.join();
    return owner->fenced().value_or(std::move(otherwise));
  }

  std::unique_ptr<Owner> owner;
  std::thread thread;
  std::optional<net::LineClient> client;
  int pid = 0;

  ~Inner() {
    client.reset();
    if (!owner) return;
    owner->stop();
    if (thread.joinable()) thread.join();
  }
};

Session::Session(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

base::Checked<Session> Session::open(OwnerOptions options) {
  auto inner = std::make_unique<Inner>();
  const auto state = options.state;
  const auto mode = options.mode;
  auto client = net::LineClient::connect(state.control().string());
  if (!client) {
    auto owner = Owner::start(std::move(options));
    if (owner) {
      inner->owner = std::move(*owner);
      inner->thread = std::thread([owner = inner->owner.get()] { owner->run(); });
    } else if (!owner_of(state)) {
      return std::unexpected(owner.error());
    }
    // Our own owner listens already; another one that holds the lock will in a moment.
    const auto last = std::chrono::steady_clock::now() + start_patience;
    do {
      client = net::LineClient::connect(state.control().string());
      if (!client) std::this_thread::yield();
    } while (!client && !inner->owner && std::chrono::steady_clock::now() < last);
    if (!client) return std::unexpected(owner ? base::Errors{client.error()} : owner.error());
  }
  inner->client = std::move(*client);
  Session session(std::move(inner));
  auto hello = session.ask({{"op", "hello"}});
  if (!hello) return std::unexpected(base::Errors{hello.error()});
  session.inner_->pid = static_cast<int>((*hello)["pid"].as_int64());
  const std::string theirs((*hello)["mode"].as_string());
  if (theirs != alert::name(mode))
    return std::unexpected(
        base::Errors{{base::ErrorKind::refused,
                      {"service.other_mode", {{"plan", std::string(alert::name(mode))}, {"owner", theirs}}},
                      {},
                      {}}});
  return session;
}

base::Result<void> Session::say(json::object request) {
  request["v"] = wire_version;
  request.emplace("by", login());  // stays as it is where the request has one
  return inner_->client->send(json::serialize(request));
}

base::Result<std::optional<json::object>> Session::next(base::milliseconds timeout) {
  auto line = inner_->client->receive(timeout);
  if (!line) return std::unexpected(inner_->why_gone(line.error()));
  if (!*line) return std::optional<json::object>();
  auto answer = parse_answer(**line);
  if (!answer) return std::unexpected(answer.error());
  return std::optional<json::object>(std::move(*answer));
}

base::Result<json::object> Session::ask(json::object request) {
  if (auto said = say(std::move(request)); !said) return std::unexpected(said.error());
  auto answer = next(answer_patience);
  if (!answer) return std::unexpected(answer.error());
  if (!*answer) return base::fail(base::ErrorKind::unavailable, {"service.no_answer", {}});
  return std::move(**answer);
}

Session::Where Session::owner() const { return inner_->owner ? Where::here : Where::elsewhere; }
int Session::owner_pid() const { return inner_->pid; }

}  // namespace broadcaster::service
