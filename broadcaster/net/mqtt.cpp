#include "broadcaster/net/mqtt.hpp"

#include <fcntl.h>

#include <algorithm>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <map>
#include <stdexcept>
#include <utility>

#include "broadcaster/net/context.hpp"
#include "broadcaster/net/mqtt_engine.hpp"

namespace broadcaster::net {
namespace {

namespace asio = boost::asio;
using Descriptor = asio::posix::stream_descriptor;
using boost::system::error_code;

constexpr milliseconds one_tick{1000};  // mosquitto_loop_misc: keep-alive

/// One connection: an engine and the waits on its socket. The socket is a copy, because the library may close its own
/// behind Asio's back.
struct Link {
  Link(Loop& loop, std::shared_ptr<Engine> e, int copy) : engine(std::move(e)), socket(context(loop), copy) {}
  std::shared_ptr<Engine> engine;
  Descriptor socket;
  bool reading = false, writing = false;  ///< A wait is pending.
  bool up = false;                        ///< CONNACK with success was seen.
  unsigned window = 0;
  base::MonoTime since{};
  std::map<int, std::move_only_function<void(PublishResult)>> unacknowledged;
  std::map<int, std::string> subscribing;
};

/// A refusal that only a person can mend, or two clients that throw each other out: no hurry to try again.
bool is_lasting(int reason) {
  switch (reason) {
    case 132:
    case 133:
    case 134:
    case 135:
    case 138:
    case 140:
    case 142:
      return true;
  }
  return false;
}

class Session final : public std::enable_shared_from_this<Session> {
 public:
  Session(Loop& loop, Workers& workers, MqttOptions options, MqttHandlers handlers)
      : loop_(loop),
        workers_(workers),
        options_(std::move(options)),
        handlers_(std::move(handlers)),
        backoff_(options_.first_backoff) {}

  void start() {
    if (std::exchange(started_, true)) return;
    connect();
  }

  bool up() const { return link_ && link_->up; }

  bool can_publish() const {
    return up() && link_->unacknowledged.size() < link_->window && !link_->engine->wants_write();
  }

  std::size_t unacknowledged() const { return link_ ? link_->unacknowledged.size() : 0; }

  void subscribe(std::string filter, Qos qos) {
    filters_[filter] = qos;
    if (!up()) return;
    subscribe_one(filter, qos);
    settle_later();
  }

  std::expected<void, PublishFailure> publish(const MqttPublish& message,
                                              std::move_only_function<void(PublishResult)> done) {
    if (!up()) return std::unexpected(PublishFailure::offline);
    if (!can_publish()) {
      busy_ = true;
      return std::unexpected(PublishFailure::busy);
    }
    int mid = 0;
    const auto taken = link_->engine->publish(message, mid);
    if (taken == Engine::Taken::invalid) return std::unexpected(PublishFailure::invalid);
    link_->unacknowledged[mid] = std::move(done);
    settle_later(taken == Engine::Taken::yes ? Health::good : Health::broken);
    return {};
  }

  /// The owner is gone: nothing is called any more.
  void end() {
    ended_ = true;
    cancel(retry_);
    cancel(tick_);
    cancel(deadline_);
    if (up()) link_->engine->say_goodbye();
    link_.reset();
  }

 private:
  enum class Health { good, broken };

  void connect() {
    auto engine = std::make_shared<Engine>(options_);
    auto connected = std::make_shared<bool>(false);
    const bool queued = workers_.run([engine, connected] { *connected = engine->connect(); },
                                     [this, weak = weak_from_this(), engine, connected] {
                                       const auto self = weak.lock();
                                       if (!self || ended_) return;
                                       if (*connected) return attach(engine);
                                       down(engine->reason(), engine->why());
                                     });
    if (!queued)
      loop_.post([this, weak = weak_from_this()] {
        if (const auto self = weak.lock(); self && !ended_) down(0, "too much work is waiting");
      });
  }

  void attach(const std::shared_ptr<Engine>& engine) {
    const int copy = ::fcntl(engine->socket(), F_DUPFD_CLOEXEC, 0);
    if (copy < 0) return down(0, "no descriptor left");
    link_ = std::make_shared<Link>(loop_, engine, copy);
    deadline_ = after(options_.connect_timeout, [this] {
      deadline_.reset();
      if (link_ && !link_->up) lose("no answer to CONNECT in time");
    });
    tick();
    arm(link_, After::other);
  }

  void tick() {
    tick_ = after(one_tick, [this] {
      tick_.reset();
      if (!link_) return;
      const auto link = link_;
      const bool good = link->engine->tick();
      settle(link, good ? Health::good : Health::broken);
      if (link_ == link) tick();
    });
  }

  /// What has just happened on the socket: during a TLS handshake "wants to write" stays true after a write although
  /// there is nothing to write, and waiting for it again would spin.
  enum class After { write, other };

  void arm(const std::shared_ptr<Link>& link, After what) {
    if (!link->reading)
      wait(link, link->reading, Descriptor::wait_read, [](Engine& engine) { return engine.read(); }, After::other);
    if (!link->writing && link->engine->wants_write() && (link->up || what == After::other))
      wait(
          link, link->writing, Descriptor::wait_write,
          [up = &link->up](Engine& engine) {
            // Before CONNACK reading drives the TLS handshake, also when the socket has just become writable.
            if (!*up && !engine.read()) return false;
            return engine.socket() >= 0 && engine.write();
          },
          After::write);
  }

  template <class Work>
  void wait(const std::shared_ptr<Link>& link, bool& pending, Descriptor::wait_type kind, Work work, After what) {
    pending = true;
    link->socket.async_wait(
        kind, [this, weak_self = weak_from_this(), weak = std::weak_ptr(link), &pending, work, what](error_code error) {
          const auto self = weak_self.lock();
          const auto held = weak.lock();
          if (!self || !held || held != link_ || error) return;
          Turn turn(loop_);
          pending = false;
          const bool good = work(*held->engine);
          settle(held, good ? Health::good : Health::broken, what);
        });
  }

  /// After every call into the library: hands out what it noted, then waits again or gives the link up.
  void settle(const std::shared_ptr<Link>& link, Health health, After what = After::other) {
    for (auto& event : link->engine->take_events()) {
      std::visit([&](auto& e) { take(link, e); }, event);
      if (link_ != link) return;  // a handler ended it
    }
    if (health == Health::broken || link->engine->socket() < 0) return lose(link->engine->why());
    arm(link, what);
    if (busy_ && can_publish()) {
      busy_ = false;
      if (handlers_.on_ready) handlers_.on_ready();
    }
  }

  /// Not inside the caller's call.
  void settle_later(Health health = Health::good) {
    if (health == Health::good && !link_->engine->has_events() && link_->engine->socket() >= 0)
      return arm(link_, After::other);
    loop_.post([this, weak = weak_from_this(), link = std::weak_ptr(link_), health] {
      const auto self = weak.lock();
      const auto held = link.lock();
      if (self && held && held == link_) settle(held, health);
    });
  }

  void take(const std::shared_ptr<Link>& link, const EngineUp& event) {
    link->up = true;
    link->window = std::min(options_.window, event.window);
    link->since = loop_.now();
    cancel(deadline_);
    for (const auto& [filter, qos] : filters_) subscribe_one(filter, qos);
    if (handlers_.on_up) handlers_.on_up();
  }

  void take(const std::shared_ptr<Link>& link, const EngineAck& event) {
    auto node = link->unacknowledged.extract(event.mid);
    if (!node.empty() && node.mapped()) node.mapped()({PublishResult::Kind::acknowledged, event.reason});
  }

  void take(const std::shared_ptr<Link>& link, const EngineSubscribed& event) {
    const auto node = link->subscribing.extract(event.mid);
    if (!node.empty() && handlers_.on_subscribed) handlers_.on_subscribed(node.mapped(), event.reason);
  }

  void take(const std::shared_ptr<Link>&, MqttMessage& message) {
    if (handlers_.on_message) handlers_.on_message(std::move(message));
  }

  void subscribe_one(const std::string& filter, Qos qos) {
    int mid = 0;
    if (link_->engine->subscribe(filter, qos, mid)) link_->subscribing[mid] = filter;
  }

  /// The link is over, and with it the engine and every message in its hands.
  void lose(const std::string& why) {
    const auto link = std::exchange(link_, nullptr);
    cancel(tick_);
    cancel(deadline_);
    if (link->up && loop_.now() - link->since > options_.last_backoff) backoff_ = options_.first_backoff;
    down(link->engine->reason(), why.empty() ? "the connection ended" : why);
    for (auto& [mid, done] : std::exchange(link->unacknowledged, {}))
      if (done && !ended_) done({PublishResult::Kind::lost, 0});
  }

  void down(int reason, std::string why) {
    if (is_lasting(reason)) backoff_ = options_.last_backoff;
    const auto half = backoff_ / 2;
    const auto spread = static_cast<std::uint64_t>(std::max<milliseconds::rep>(half.count(), 1));
    const auto delay = half + milliseconds(static_cast<milliseconds::rep>(base::SystemRandom{}.below(spread)));
    backoff_ = std::min(backoff_ * 2, options_.last_backoff);
    retry_ = after(delay, [this] {
      retry_.reset();
      connect();
    });
    if (handlers_.on_down) handlers_.on_down({reason, std::move(why)});
  }

  template <class Task>
  TimerId after(milliseconds delay, Task task) {
    return loop_.after(delay, [weak = weak_from_this(), task = std::move(task)]() mutable {
      const auto self = weak.lock();
      if (self && !self->ended_) task();
    });
  }

  void cancel(std::optional<TimerId>& timer) {
    if (timer) loop_.cancel(*timer);
    timer.reset();
  }

  Loop& loop_;
  Workers& workers_;
  const MqttOptions options_;
  MqttHandlers handlers_;
  std::map<std::string, Qos> filters_;
  std::shared_ptr<Link> link_;
  milliseconds backoff_;
  std::optional<TimerId> retry_, tick_, deadline_;
  bool started_ = false, ended_ = false;
  bool busy_ = false;  ///< publish() said so, and on_ready is owed.
};

/// What the caller owns; the Session itself lives until its running handler has returned.
class Client final : public MqttClient {
 public:
  explicit Client(std::shared_ptr<Session> session) : session_(std::move(session)) {}
  ~Client() override { session_->end(); }
  void start() override { session_->start(); }
  bool up() const override { return session_->up(); }
  void subscribe(std::string filter, Qos qos) override { session_->subscribe(std::move(filter), qos); }
  bool can_publish() const override { return session_->can_publish(); }
  std::size_t unacknowledged() const override { return session_->unacknowledged(); }
  std::expected<void, PublishFailure> publish(MqttPublish message,
                                              std::move_only_function<void(PublishResult)> done) override {
    return session_->publish(message, std::move(done));
  }

 private:
  std::shared_ptr<Session> session_;
};

}  // namespace

std::unique_ptr<MqttClient> MqttClient::create(Loop& loop, Workers& workers, MqttOptions options,
                                               MqttHandlers handlers) {
  // Not thread-safe: once, before any worker uses it. Never cleaned up: a worker may be connecting when we end.
  static const int started = mosquitto_lib_init();
  if (started != MOSQ_ERR_SUCCESS) throw std::runtime_error("libmosquitto could not start");
  return std::make_unique<Client>(std::make_shared<Session>(loop, workers, std::move(options), std::move(handlers)));
}

}  // namespace broadcaster::net
