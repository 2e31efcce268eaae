#include "tests/simulation/process.hpp"

#include <fmt/core.h>

#include "channels/mastodon/mastodon.hpp"
#include "channels/sms/kannel.hpp"

namespace broadcaster::simulation {

using namespace dispatch;  // NOLINT
using journal::SqliteStore;

namespace {
/// Few, so that an expansion is cut in pieces even with the small audiences here.
constexpr int rows_at_once = 25;
constexpr int swept_at_once = 20;

template <class T>
bool written(const base::Result<T>& result) {
  if (!result) throw Violation("the store refuses: " + result.error().text.id);
  return true;
}
}  // namespace

Process::Process(World world, Dice dice, std::unique_ptr<SqliteStore> store)
    : world_(std::move(world)),
      store_(world_.timeline, dice.split(), world_.story.weather.slowest_write, std::move(store)),
      engine_dice_(dice.split()),
      http_(world_.wire.client()) {
  store_.on_health = [this](const std::optional<base::Error>& failure) { on_health(failure); };
  open_channels();
}

Process::~Process() {
  // Nothing that a channel still holds may report.
  http_.reset();
  endpoints_.clear();
}

void Process::open_channels() {
  tools_ = std::make_unique<channels::ChannelTools>(channels::ChannelTools{.loop = *world_.unused.loop,
                                                                           .workers = world_.unused.workers,
                                                                           .http = *http_,
                                                                           .clock = world_.timeline,
                                                                           .random = engine_dice_,
                                                                           .reports = *this,
                                                                           .store = *this,
                                                                           .hooks_url = "http://hooks/",
                                                                           .config_folder = {}});
  for (const auto& planned : world_.story.endpoints) {
    plan::Endpoint config;
    config.name = planned.name;
    config.channel = planned.channel;
    // Less room than the dispatcher counts on, and some wait for it; or more, and its own count is what holds.
    config.in_flight = engine_dice_.chance(0.5)
                           ? std::max(1, planned.in_flight - engine_dice_.whole(0, planned.in_flight))
                           : planned.in_flight * 4;
    const auto url = "http://" + planned.name.value;
    auto http = planned.channel == "sms"
                    ? channels::sms::http_channel(planned.name, {.url = url,
                                                                 .username = "agency",
                                                                 .password = gateway_password,
                                                                 .sender = "AGENCY",
                                                                 .smsc = {},
                                                                 .hooks_url = tools_->hooks_url})
                    : channels::mastodon::http_channel(planned.name, {.url = url, .token = network_token});
    endpoints_.emplace(planned.name, OpenEndpoint{.config = config,
                                                  .destination = planned.name.value,
                                                  .fingerprint = planned.fingerprint,
                                                  .channel = channels::over_http(std::move(http), config, *tools_)});
  }
}

void Process::trace(const std::string& line) const {
  if (world_.trace == World::Trace::no) return;
  fmt::print("{:12.6f}  {}\n", std::chrono::duration<double>(world_.timeline.time()).count(), line);
}

// As dispatch/driver_store.cpp.
void Process::on_health(const std::optional<base::Error>& failure) {
  trace(failure ? "the disk fails" : "the disk works again");
  failing_ = failure.has_value();
  if (!failure) {
    world_.witness.nothing_in_doubt();
    deliver(StoreWorks{});
    resume();
    return world_.disk_works();
  }
  world_.witness.journal_failed();
  deliver(StoreFailed{failure->text.id});
  std::vector<delivery::AlertId> stops;
  for (const auto& [alert, _] : stopping_) stops.push_back(alert);
  for (const auto alert : stops) answer_stop(alert, Stop::not_recorded);
  // Gateways that wait are told to ask again.
  for (auto& [_, stored] : tickets_) stored = [] {};
  world_.disk_fails();
}

void Process::answer_stop(delivery::AlertId alert, Stop how) {
  if (auto found = stopping_.extract(alert))
    for (auto& done : found.mapped()) done(how);
}

// ── the engine ──────────────────────────────────────────────────────────────────────────────────────────────────────

void Process::deliver(Event event) {
  events_.push_back(std::move(event));
  if (delivering_ == Delivering::yes) return;
  delivering_ = Delivering::yes;
  while (!events_.empty()) {
    Event next = std::move(events_.front());
    events_.pop_front();
    for (auto& action : engine_.step(std::move(next), world_.timeline.now()))
      std::visit([this](auto&& a) { carry_out(std::move(a)); }, std::move(action));
    hand_over();
  }
  delivering_ = Delivering::no;
}

void Process::carry_out(Expand&& action) {
  const auto& plan = *outgoing_.at(action.alert).plan;
  store_.run_until_written(
      [this, &plan, id = action.alert](SqliteStore& store) {
        auto result = store.expand(id, plan, rows_at_once);
        if (result)
          world_.witness.expanded(store, id);
        else
          world_.witness.all_in_doubt();
        return result;
      },
      [this, id = action.alert](base::Result<journal::Expanded> result) {
        if (!written(result)) return;
        trace(fmt::format("expanded {}: {}", id.value,
                          result->held                                                ? result->held->text.id
                          : result->progress == journal::Expanded::Progress::complete ? "complete"
                                                                                      : "more"));
        deliver(RowsExpanded{id, std::move(*result)});
      });
}

void Process::carry_out(Claim&& action) {
  store_.run_until_written(
      [this, action](SqliteStore& store) {
        auto result = store.claim(action.alert, action.route, action.now, action.limit);
        if (result) world_.witness.claimed(result->rows);
        return result;
      },
      [this, action](base::Result<journal::Claimed> result) {
        if (written(result)) deliver(RowsClaimed{action.alert, action.route, std::move(*result)});
      });
}

void Process::carry_out(Commit&& action) {
  std::vector<delivery::AlertId> stops;
  for (const auto& change : action.changes)
    if (const auto* stop = std::get_if<delivery::Stop>(&change)) stops.push_back(stop->alert);
  store_.run_until_written(
      [this, changes = std::move(action.changes)](SqliteStore& store) {
        auto result = store.commit(changes);
        if (result)
          world_.witness.written(changes, *result);
        else
          world_.witness.in_doubt(changes);
        return result;
      },
      [this, token = action.token, stops = std::move(stops)](base::Result<std::vector<delivery::Moved>> result) {
        if (!written(result)) return;
        for (const auto alert : stops) answer_stop(alert, Stop::recorded);
        deliver(Committed{token, std::move(*result)});
      });
}

void Process::carry_out(Sweep&& action) {
  store_.run_until_written(
      [this, action, now = world_.timeline.now().wall](SqliteStore& store) {
        auto result = store.sweep(action.alert, action.to, action.why, now, swept_at_once);
        if (result)
          world_.witness.moved(*result);
        else
          world_.witness.all_in_doubt();
        return result;
      },
      [this, id = action.alert](base::Result<std::vector<delivery::Moved>> result) {
        if (written(result)) deliver(Swept{id, std::move(*result)});
      });
}

void Process::carry_out(Start&& action) {
  for (auto& what : action.tries) waiting_.add(std::move(what));
}

void Process::carry_out(TakeBack&&) {
  give_back(waiting_.take_back([this](const Try& what) { return may_go(what); }));
}

bool Process::may_go(const Try& what) const { return engine_.allows(what, world_.timeline.now()); }

void Process::give_back(const std::vector<Try>& tries) {
  for (const auto& what : tries)
    finished(what.attempt, delivery::NotSent{{}, "stopped before the first byte", delivery::NotSent::Scope::recipient});
}

delivery::Attempt Process::attempt_of(const Try& what) const {
  const auto& outgoing = outgoing_.at(what.row.alert);
  auto content = outgoing.find(what.endpoint, what.row.language, what.row.zone);
  if (!content) throw Violation("a row that no message of its plan speaks to");
  return make_attempt(outgoing, what, std::move(content));
}

void Process::hand_over() {
  for (const auto& name : waiting_.endpoints()) hand_over(name);
}

void Process::hand_over(const plan::EndpointName& name) {
  auto& channel = *endpoints_.at(name).channel;
  const auto room = channel.room();
  if (room == 0) return;
  const auto turn = waiting_.take(name, room, [this](const Try& what) { return may_go(what); });
  give_back(turn.back);
  std::vector<delivery::Attempt> batch;
  HandedOver handed;
  for (const auto& what : turn.go) {
    batch.push_back(attempt_of(what));
    handed.attempts.push_back(what.attempt);
    trace(fmt::format("start {}.{} over {}", what.attempt.delivery.value, what.attempt.number, name.value));
    world_.witness.handed_over(batch.back());
  }
  if (batch.empty()) return;
  deliver(std::move(handed));
  channel.start(std::move(batch));
}

void Process::carry_out(Ask&& action) {
  const auto id = action.what.attempt.delivery;
  trace(fmt::format("ask {}", id.value));
  world_.witness.asked(id);
  endpoints_.at(action.what.endpoint).channel->ask(attempt_of(action.what), [this, id] { deliver(Asked{id}); });
}

void Process::carry_out(Stored&& action) {
  if (auto found = tickets_.extract(action.ticket)) found.mapped()();
}

void Process::carry_out(Forget&& action) {
  trace(fmt::format("forgets {}", action.alert.value));
  outgoing_.erase(action.alert);
  over_.insert(action.alert);
}

void Process::carry_out(WakeAt&& action) {
  const auto number = ++timer_;
  if (!action.at) return;
  // Woken at once must not come before what the same moment brings by itself.
  const auto wait = std::max(*action.at - world_.timeline.now().mono, base::milliseconds(0)) + Micros(50);
  world_.timeline.after(wait, [this, number, alive = std::weak_ptr(alive_)] {
    if (!alive.expired() && number == timer_) deliver(Woken{});
  });
}

// ── what comes in ───────────────────────────────────────────────────────────────────────────────────────────────────

void Process::finished(delivery::AttemptId attempt, delivery::Outcome outcome) {
  trace(fmt::format("answer {}.{}: {} {}", attempt.delivery.value, attempt.number, delivery::name(outcome),
                    delivery::why(outcome)));
  world_.witness.finished(attempt);
  deliver(Finished{attempt, std::move(outcome)});
}

void Process::evidence(delivery::Evidence evidence, std::move_only_function<void()> stored) {
  if (const auto* id = std::get_if<delivery::DeliveryId>(&evidence.about))
    trace(fmt::format("proof {}: {}", id->value, delivery::name(evidence.proof)));
  if (const auto* carried = std::get_if<delivery::CarriedBack>(&evidence.about))
    trace(fmt::format("proof {}.{}: {}", carried->attempt.delivery.value, carried->attempt.number,
                      delivery::name(evidence.proof)));
  const auto ticket = next_ticket_++;
  tickets_.emplace(ticket, std::move(stored));
  deliver(Proved{std::move(evidence), ticket});
}

void Process::ready(const plan::EndpointName& endpoint) { deliver(EndpointReady{endpoint}); }

void Process::load(const std::string&, std::move_only_function<void(std::optional<std::string>)> done) { done({}); }
void Process::save(const std::string&, std::string, std::move_only_function<void()> done) { done(); }

void Process::receive(const Receipt& receipt, std::function<void()> answered) {
  if (failing_) return;  // 503
  net::ServerRequest request;
  request.method = "GET";
  request.target = "/hooks/" + receipt.endpoint.value;
  request.query = receipt.query;
  auto received = endpoints_.at(receipt.endpoint).channel->receive(request);
  if (received.status != 200 || received.evidence.size() != 1)
    throw Violation(fmt::format("a receipt of ours is answered {}: {}", received.status, receipt.query));
  evidence(std::move(received.evidence.front()), std::move(answered));
}

}  // namespace broadcaster::simulation
