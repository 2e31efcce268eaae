#include "channels/siren/agent/agent.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <memory>

#include "broadcaster/base/digest.hpp"
#include "channels/siren/agent/memory_file.hpp"
#include "channels/siren/agent/outbox.hpp"
#include "channels/siren/agent/tone.hpp"

namespace broadcaster::channels::siren {
namespace {

/// A device has no catalogue: its log is English, for whoever maintains it.
void log(const std::string& line) {
  fmt::print(stderr, "{}\n", line);
  std::fflush(stderr);
}

std::string property(const net::UserProperties& properties, std::string_view key) {
  for (const auto& [name, value] : properties)
    if (name == key) return value;
  return {};
}

template <class A>
bool is(const Act& act) {
  return std::holds_alternative<A>(act);
}

class RunningAgent final : public Agent {
 public:
  RunningAgent(net::Loop& loop, net::Workers& workers, const base::Clock& clock, base::Random& random,
               AgentOptions options)
      : loop_(loop),
        workers_(workers),
        clock_(clock),
        random_(random),
        options_(std::move(options)),
        started_(clock.now().mono),
        session_(base::random_uuid()),
        memory_file_(std::make_shared<MemoryFile>(options_.state / "memory.json", options_.identity.siren)),
        machine_(options_.identity, options_.limits, load_memory(), random),
        player_(loop, options_.run, options_.probe, options_.limits,
                {.proved = [this] { happen(Proved{}); }, .ended = [this](int status) { happen(Ended{status}); }}),
        link_(net::MqttClient::create(loop, workers, link_options(), link_handlers())),
        outbox_(*link_) {}

  ~RunningAgent() override {
    *alive_ = false;
    if (wake_) loop_.cancel(*wake_);
    if (beat_) loop_.cancel(*beat_);
  }

  void start() override {
    const auto& me = options_.identity;
    link_->subscribe(command_topic(me.site, me.mode, me.siren), net::Qos::at_least_once);
    for (const auto& zone : me.zones) link_->subscribe(group_topic(me.site, me.mode, zone), net::Qos::at_least_once);
    for (const auto& group : me.groups) link_->subscribe(group_topic(me.site, me.mode, group), net::Qos::at_least_once);
    player_.get_ready();
    happen(Booted{});
    link_->start();
    beat();
  }

  void say_goodbye(std::move_only_function<void()> done) override {
    // A clean end takes the will with it.
    const auto once = std::make_shared<std::move_only_function<void()>>(std::move(done));
    const auto finish = [once] {
      if (auto call = std::exchange(*once, {})) call();
    };
    net::MqttPublish message;
    message.topic = topic(Subject::online);
    message.payload = presence(Online::Presence::offline);
    message.retain = net::Retain::yes;
    (void)link_->publish(std::move(message), [finish](net::PublishResult) { finish(); });
    loop_.after(base::milliseconds(500), finish);
  }

 private:
  Memory load_memory() {
    auto loaded = memory_file_->load();
    if (loaded.health == MemoryFile::Health::damaged) {
      log("memory.json is damaged: set aside as memory.json.damaged");
      memory_lost_ = true;
    }
    return std::move(loaded.memory);
  }

  net::MqttOptions link_options() {
    auto options = options_.broker;
    options.client_id = "siren/" + options_.identity.site + "/" + options_.identity.siren;
    // Clean: a command that came while we were away is not ours any more.
    options.session_expiry = net::seconds(0);
    options.will = net::MqttWill{topic(Subject::online), presence(Online::Presence::offline), net::Qos::at_least_once,
                                 net::Retain::yes};
    return options;
  }

  net::MqttHandlers link_handlers() {
    net::MqttHandlers handlers;
    handlers.on_up = [this] {
      log("connected");
      presence_due_ = state_due_ = true;
      if (std::exchange(memory_lost_, false)) happen_event("storage_failed", "memory.json was damaged");
      say_what_is_due();
    };
    handlers.on_down = [this](const net::MqttDown& down) {
      if (down.why != last_down_) log("no link to the broker: " + down.why);
      last_down_ = down.why;
      outbox_.link_ended();
    };
    handlers.on_ready = [this] { say_what_is_due(); };
    handlers.on_message = [this](net::MqttMessage message) {
      happen(Received{message.topic, std::move(message.payload), property(message.user_properties, kid_property),
                      property(message.user_properties, sig_property),
                      message.retain == net::Retain::yes ? Received::Retained::yes : Received::Retained::no});
    };
    handlers.on_subscribed = [](const std::string& filter, int reason) {
      if (reason >= 128) log(fmt::format("the broker refused {}: {}", filter, net::reason_text(reason)));
    };
    return handlers;
  }

  std::string topic(Subject subject) const {
    return siren_topic(options_.identity.site, options_.identity.siren, subject);
  }

  std::string presence(Online::Presence presence) const { return write(Online{presence, session_, clock_.now().wall}); }

  bool say_retained(Subject subject, std::string payload) {
    net::MqttPublish message;
    message.topic = topic(subject);
    message.payload = std::move(payload);
    message.retain = net::Retain::yes;
    message.content_type = "application/json";
    return link_->publish(std::move(message), {}).has_value();
  }

  /// Presence first, then answers, then the state: what the link does not take now waits for on_ready or on_up.
  void say_what_is_due() {
    if (presence_due_) presence_due_ = !say_retained(Subject::online, presence(Online::Presence::online));
    outbox_.flush();
    if (state_due_) state_due_ = !say_retained(Subject::state, write(machine_.state(clock_.now().wall)));
  }

  void happen_event(const std::string& kind, const std::string& detail) {
    outbox_.put(topic(Subject::event), write(Event{options_.identity.siren, kind, detail, clock_.now().wall}));
  }

  void happen(const Happening& happening) {
    for (auto& act : machine_.on(happening, clock_.now())) acts_.push_back(std::move(act));
    go_on();
    plan_wake();
  }

  /// In order: what stands behind a Save waits until it is on disk. Silence does not wait, unless the sound that it
  /// ends has not begun yet.
  void go_on() {
    if (std::none_of(acts_.begin(), acts_.end(), is<StartTone>) && std::erase_if(acts_, is<StopTone>) > 0)
      player_.stop();
    while (!saving_ && !acts_.empty()) {
      auto act = std::move(acts_.front());
      acts_.pop_front();
      std::visit([this](auto& what) { perform(what); }, act);
    }
  }

  void perform(Save& save) {
    saving_ = true;
    auto failed = std::make_shared<bool>(false);
    const auto done = [this, failed, alive = alive_] {
      if (!*alive) return;
      saving_ = false;
      if (*failed) storage_failed();
      go_on();
    };
    const bool taken = workers_.run(
        [file = memory_file_, text = std::move(save.memory), failed] { *failed = !file->save(text); }, done);
    if (taken) return;
    saving_ = false;
    storage_failed();
  }

  /// It goes on: a siren that stays silent because its flash is worn out helps nobody.
  void storage_failed() {
    log("memory.json cannot be written");
    happen_event("storage_failed", "memory.json cannot be written");
  }

  void perform(const StartTone& tone) {
    log(fmt::format("starting {} for {} s ({})", tone.command.program, tone.duration.count(), tone.command.cmd_id));
    const auto started = player_.start(tone);
    if (started) return;
    loop_.post([this, alive = alive_] {
      if (*alive) happen(CannotStart{"the command cannot be started"});
    });
  }

  void perform(const StopTone&) { player_.stop(); }

  void perform(const SayAck& say) {
    log(fmt::format("{} {} {}", say.ack.cmd_id, name(say.ack.stage), say.ack.reason));
    outbox_.put(topic(Subject::ack), write(say.ack));
  }

  void perform(const SayState&) {
    state_due_ = true;
    say_what_is_due();
  }

  void perform(const SayEvent& say) { outbox_.put(topic(Subject::event), write(say.event)); }

  void plan_wake() {
    if (wake_) loop_.cancel(*wake_);
    wake_.reset();
    const auto at = machine_.next_wake();
    if (!at) return;
    wake_ = loop_.after(*at - clock_.now().mono, [this] {
      wake_.reset();
      happen(Tick{});
    });
  }

  void beat() {
    const auto now = clock_.now();
    const auto every = std::chrono::duration_cast<net::milliseconds>(options_.heartbeat);
    const Heartbeat heartbeat{
        options_.identity.siren,
        ++beats_,
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(now.mono - started_).count()),
        machine_.highest_counter(),
        static_cast<std::uint64_t>(options_.heartbeat.count()) * 2,
        now.wall};
    net::MqttPublish message;
    message.topic = topic(Subject::heartbeat);
    message.payload = write(heartbeat);
    message.qos = net::Qos::at_most_once;
    (void)link_->publish(std::move(message), {});
    // A tenth of jitter, so that sirens that got power together do not speak together.
    const auto tenth = static_cast<std::uint64_t>(every.count() / 10 + 1);
    beat_ = loop_.after(every - net::milliseconds(random_.below(tenth)), [this] { beat(); });
  }

  net::Loop& loop_;
  net::Workers& workers_;
  const base::Clock& clock_;
  base::Random& random_;
  AgentOptions options_;
  const base::MonoTime started_;
  const std::string session_;
  bool memory_lost_ = false;
  const std::shared_ptr<MemoryFile> memory_file_;  ///< a save may outlive us
  Machine machine_;
  TonePlayer player_;
  std::unique_ptr<net::MqttClient> link_;
  Outbox outbox_;
  std::deque<Act> acts_;
  bool saving_ = false;
  bool presence_due_ = false, state_due_ = false;
  std::optional<net::TimerId> wake_, beat_;
  std::uint64_t beats_ = 0;
  std::string last_down_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace

std::unique_ptr<Agent> Agent::create(net::Loop& loop, net::Workers& workers, const base::Clock& clock,
                                     base::Random& random, AgentOptions options) {
  return std::make_unique<RunningAgent>(loop, workers, clock, random, std::move(options));
}

}  // namespace broadcaster::channels::siren
