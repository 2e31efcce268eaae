// One life of the process: the real engine and the real channels, with what dispatch/driver.cpp does between them, in
// virtual time. Ended by its destructor, at any event, without a word. Thread rule: one thread.
#pragma once

#include <deque>
#include <memory>

#include "broadcaster/dispatch/order.hpp"
#include "broadcaster/dispatch/waiting_room.hpp"
#include "broadcaster/net/loop.hpp"
#include "broadcaster/net/workers.hpp"
#include "channels/http/http_channel.hpp"
#include "tests/simulation/sim_store.hpp"
#include "tests/simulation/wire.hpp"

namespace broadcaster::simulation {

/// What a channel must be given and no channel here uses. One for the whole program.
struct Unused {
  std::unique_ptr<net::Loop> loop = net::Loop::create();
  net::Workers workers{*loop, 1};
};

class Process final : public channels::Reports, public channels::ChannelStore {
 public:
  struct World {
    Timeline& timeline;
    const Story& story;
    Witness& witness;
    Wire& wire;
    Unused& unused;
    /// It failed before anything ran: the process ends for its supervisor.
    std::function<void()> start_failed;
    std::function<void()> disk_fails, disk_works;
    enum class Trace { no, yes } trace = Trace::no;
  };
  Process(World world, Dice dice, std::unique_ptr<journal::SqliteStore> store);
  ~Process() override;

  /// As after every start: what was in flight becomes unknown, what is open goes on. After an outage: a release whose
  /// writing was in doubt.
  void resume();
  void release(AlertStory& alert, std::function<void(delivery::AlertId)> done);
  void follow_up(AlertStory& alert, delivery::AlertId stops, std::function<void(delivery::AlertId)> done);
  enum class Stop { recorded, not_recorded };
  void halt(delivery::AlertId alert, std::function<void(Stop)> done);
  void receive(const Receipt& receipt, std::function<void()> answered);
  /// Nothing is left that would happen by itself.
  bool settled() const;
  const dispatch::Engine& engine() const { return engine_; }
  journal::SqliteStore& store() { return store_.direct(); }

  // Reports, ChannelStore
  void finished(delivery::AttemptId attempt, delivery::Outcome outcome) override;
  void evidence(delivery::Evidence evidence, std::move_only_function<void()> stored) override;
  void alarm(const plan::EndpointName&, const std::string&, std::optional<base::Text>) override {}
  bool may_leave(delivery::AttemptId attempt) override { return engine_.allows(attempt, world_.timeline.now()); }
  void ready(const plan::EndpointName& endpoint) override;
  void load(const std::string& key, std::move_only_function<void(std::optional<std::string>)> done) override;
  void save(const std::string& key, std::string value, std::move_only_function<void()> done) override;

 private:
  void open_channels();
  void on_health(const std::optional<base::Error>& failure);
  void answer_stop(delivery::AlertId alert, Stop how);
  void deliver(dispatch::Event event);
  void carry_out(dispatch::Expand&& action);
  void carry_out(dispatch::Claim&& action);
  void carry_out(dispatch::Commit&& action);
  void carry_out(dispatch::Sweep&& action);
  void carry_out(dispatch::Start&& action);
  void carry_out(dispatch::TakeBack&& action);
  void carry_out(dispatch::Ask&& action);
  void carry_out(dispatch::Stored&& action);
  void carry_out(dispatch::WakeAt&& action);
  void carry_out(dispatch::Forget&& action);
  void carry_out(dispatch::Alarm&& action);
  void hand_over();
  void hand_over(const plan::EndpointName& endpoint);
  bool may_go(const dispatch::Try& what) const;
  void give_back(const std::vector<dispatch::Try>& tries);
  void check_alarms(delivery::AlertId id, const AlertStory& story);
  void begin(delivery::AlertId id, const AlertStory& story, dispatch::AlertOrder::Rows rows,
             std::optional<delivery::AlertId> follows, journal::HowFar so_far);
  approval::StoredRelease stored_release(AlertStory& alert) const;
  void submitted(AlertStory& alert, std::optional<delivery::AlertId> stops, base::Result<journal::Inserted> result,
                 const std::function<void(delivery::AlertId)>& done);
  delivery::Attempt attempt_of(const dispatch::Try& what) const;
  void trace(const std::string& line) const;

  World world_;
  SimStore store_;
  Dice engine_dice_;
  dispatch::Engine engine_{engine_dice_};
  std::unique_ptr<net::HttpClient> http_;
  std::unique_ptr<channels::ChannelTools> tools_;
  dispatch::OpenEndpoints endpoints_;
  std::map<delivery::AlertId, dispatch::Outgoing> outgoing_;
  std::set<delivery::AlertId> over_;
  std::set<std::string> alarms_;
  dispatch::WaitingRoom waiting_;
  std::map<std::uint64_t, std::move_only_function<void()>> tickets_;
  std::uint64_t next_ticket_ = 1;
  std::deque<dispatch::Event> events_;
  enum class Delivering { no, yes } delivering_ = Delivering::no;
  std::map<delivery::AlertId, std::vector<std::function<void(Stop)>>> stopping_;
  bool failing_ = false;
  std::uint64_t timer_ = 0;  ///< the newest; older ones find that they are not it
  const std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace broadcaster::simulation
