// Carries the engine's actions out: store, channels, timer; and brings their answers back as events.
//
// No decisions here. Thread rule: loop thread. Dispatcher<M> (dispatcher.hpp) is the only way in for a release.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "broadcaster/dispatch/engine.hpp"
#include "broadcaster/dispatch/order.hpp"
#include "broadcaster/dispatch/waiting_room.hpp"
#include "broadcaster/journal/store_thread.hpp"
#include "broadcaster/net/loop.hpp"
#include "channels/channel.hpp"

namespace broadcaster::dispatch {

struct ActiveAlarm {
  std::string key;
  base::Text text;
  base::WallTime since;
};

/// What submit() came to.
struct Submitted {
  AlertId alert;
  journal::Inserted::How how = journal::Inserted::How::released;
};

class Driver final : public channels::Reports, public channels::ChannelStore {
 public:
  Driver(net::Loop& loop, journal::StoreThread& store, const base::Clock& clock, base::Random& random);
  ~Driver() override;

  void open(OpenEndpoints endpoints);
  /// Nothing more of it leaves from this call on. `done` when the stop is on disk, or at once where it cannot be
  /// written (unavailable, dispatch.stop_not_recorded): it is written when the journal works again.
  void stop(AlertId alert, std::string why, std::move_only_function<void(base::Result<void>)> done);
  /// An alert that this process has, by identifier or code: a halt must not wait for the disk to find it.
  std::optional<AlertId> find(const std::string& identifier_or_code) const;
  std::optional<Engine::Progress> progress(AlertId alert) const { return engine_.progress(alert); }
  const std::map<std::string, ActiveAlarm>& alarms() const { return alarms_; }
  const OpenEndpoints& endpoints() const { return endpoints_; }
  /// A request to /hooks/<endpoint>: the evidence in it is on disk before the answer goes out. While the journal cannot
  /// be written it is 503, and nothing is taken.
  void receive(const net::ServerRequest& request, const EndpointName& endpoint, net::Responder responder);
  /// Before a clean end: nothing new is started. quiet() says when everything that was in flight is on disk.
  void drain() { deliver(Drain{}); }
  bool quiet() const { return engine_.quiet(); }

  /// Now, by the clock of due times (Engine::waiting()).
  base::WallTime waiting() const { return engine_.waiting(clock_.now()); }

  /// Called when an alarm begins, changes or ends.
  std::function<void(const std::string& key, const std::optional<base::Text>&)> on_alarm;
  /// Does this process know that the state is still its own? While it says no, nothing new leaves: a process that slept
  /// must look first whether another machine has taken over. go_on() when it knows again. Not set: it always does.
  std::function<bool()> owns;
  void go_on() { deliver(Woken{}); }
  /// The journal had failed and works again: a release whose writing was in doubt may be on disk.
  std::function<void()> on_store_works;
  bool knows(AlertId alert) const { return outgoing_.contains(alert) || over_.contains(alert); }

  // Reports
  void finished(delivery::AttemptId attempt, delivery::Outcome outcome) override;
  void evidence(delivery::Evidence evidence, std::move_only_function<void()> stored) override;
  void alarm(const EndpointName& endpoint, const std::string& key, std::optional<base::Text> text) override;
  bool may_leave(delivery::AttemptId attempt) override {
    return (!owns || owns()) && engine_.allows(attempt, clock_.now());
  }
  void ready(const EndpointName& endpoint) override;
  // ChannelStore
  void load(const std::string& key, std::move_only_function<void(std::optional<std::string>)> done) override;
  void save(const std::string& key, std::string value, std::move_only_function<void()> done) override;

 private:
  template <alert::Mode M>
  friend class Dispatcher;

  using Done = std::move_only_function<void(base::Result<Submitted>)>;
  /// Only Dispatcher<M> calls these, with a Release<M> of its own mode.
  void submit(const plan::Plan& plan, const approval::StoredRelease& stored, const std::string& digest,
              std::optional<AlertId> stops, std::string why, Done done);
  void record(const plan::Plan& plan, const approval::StoredRelease& stored, const std::string& digest, AlertId stops,
              std::string why, Done done);
  base::Result<void> resume(const journal::StoredAlert& alert, const plan::Plan& plan, const plan::Filling& filling,
                            const std::string& digest, journal::HowFar so_far);

  void deliver(Event event);
  void carry_out(Action&& action);
  void carry_out(Expand&& action);
  void carry_out(Claim&& action);
  void carry_out(Commit&& action);
  void carry_out(Sweep&& action);
  void carry_out(Start&& action);
  void carry_out(TakeBack&& action);
  void carry_out(Ask&& action);
  void carry_out(Stored&& action);
  void carry_out(WakeAt&& action);
  void carry_out(Forget&& action);
  void carry_out(Alarm&& action);
  void hand_over();
  void hand_over(const EndpointName& endpoint);
  bool may_go(const Try& what, base::Now now) const;
  void give_back(const std::vector<Try>& tries);
  void begin(AlertOrder order, Outgoing outgoing, const std::vector<Held>& held, journal::HowFar so_far);
  void on_health(const std::optional<base::Error>& failure);
  void store_refuses(const base::Error& error);
  base::Result<void> unrecorded_stop() const;
  void answer_stop(AlertId alert, const base::Result<void>& result);
  void set_alarm(const std::string& key, std::optional<base::Text> text);

  net::Loop& loop_;
  journal::StoreThread& store_;
  const base::Clock& clock_;
  Engine engine_;
  OpenEndpoints endpoints_;
  std::map<AlertId, std::shared_ptr<const Outgoing>> outgoing_;
  std::set<AlertId> expanding_;  ///< whose first rows were asked for
  /// Forgotten: over for this process, whatever the disk and the wall clock say later. A few bytes each.
  std::set<AlertId> over_;
  WaitingRoom waiting_;  ///< for a channel's room
  std::map<std::uint64_t, std::move_only_function<void()>> tickets_;
  std::uint64_t next_ticket_ = 1;
  struct Receipt;
  std::map<std::uint64_t, std::weak_ptr<Receipt>> receipts_;  ///< not answered yet, by its first ticket
  std::optional<base::Error> store_failure_;
  std::map<std::string, ActiveAlarm> alarms_;
  std::deque<Event> events_;
  enum class Delivering { no, yes } delivering_ = Delivering::no;
  std::optional<net::TimerId> timer_;
  std::map<AlertId, std::vector<std::move_only_function<void(base::Result<void>)>>> stopping_;
};

}  // namespace broadcaster::dispatch
