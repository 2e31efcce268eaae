#include "broadcaster/dispatch/driver.hpp"

#include <algorithm>
#include <utility>

#include "broadcaster/base/log.hpp"

namespace broadcaster::dispatch {
namespace {
/// Rows in one transaction of an expansion: about 5 ms.
constexpr int rows_at_once = 500;
/// The first transaction is small: sirens and accounts stand first, and their bytes wait for it.
constexpr int first_rows = 64;
}  // namespace

Driver::Driver(net::Loop& loop, journal::StoreThread& store, const base::Clock& clock, base::Random& random)
    : loop_(loop), store_(store), clock_(clock), engine_(random) {
  store_.on_health([this](const std::optional<base::Error>& failure) { on_health(failure); });
}

Driver::~Driver() {
  if (timer_) loop_.cancel(*timer_);
}

void Driver::open(OpenEndpoints endpoints) {
  endpoints_ = std::move(endpoints);
  for (auto& [_, endpoint] : endpoints_) endpoint.channel->open();
}

// ── the engine ──────────────────────────────────────────────────────────────────────────────────────────────────────

void Driver::deliver(Event event) {
  events_.push_back(std::move(event));
  // A channel may answer inside start(): the engine finishes its step first.
  if (delivering_ == Delivering::yes) return;
  delivering_ = Delivering::yes;
  while (!events_.empty()) {
    Event next = std::move(events_.front());
    events_.pop_front();
    for (auto& action : engine_.step(std::move(next), clock_.now())) carry_out(std::move(action));
    hand_over();
  }
  delivering_ = Delivering::no;
}

void Driver::carry_out(Action&& action) {
  std::visit([this](auto&& a) { carry_out(std::move(a)); }, std::move(action));
}

void Driver::carry_out(Expand&& action) {
  const auto plan = outgoing_.at(action.alert)->plan;
  const int rows = expanding_.insert(action.alert).second ? first_rows : rows_at_once;
  store_.run_until_written(
      [plan, rows, id = action.alert](journal::SqliteStore& store) { return store.expand(id, *plan, rows); },
      [this, id = action.alert](base::Result<journal::Expanded> result) {
        if (!result) return store_refuses(result.error());
        deliver(RowsExpanded{id, std::move(*result)});
      });
}

void Driver::carry_out(Claim&& action) {
  store_.run_until_written(
      [action](journal::SqliteStore& store) {
        return store.claim(action.alert, action.route, action.now, action.limit);
      },
      [this, action](base::Result<journal::Claimed> result) {
        if (!result) return store_refuses(result.error());
        deliver(RowsClaimed{action.alert, action.route, std::move(*result)});
      });
}

void Driver::carry_out(Commit&& action) {
  std::vector<AlertId> stops;
  for (const auto& change : action.changes)
    if (const auto* stop = std::get_if<delivery::Stop>(&change)) stops.push_back(stop->alert);
  store_.run_until_written(
      [changes = std::move(action.changes)](journal::SqliteStore& store) { return store.commit(changes); },
      [this, token = action.token, stops = std::move(stops)](base::Result<std::vector<delivery::Moved>> result) {
        if (!result) return store_refuses(result.error());
        // Who waits for a stop hears of it when it is on disk.
        for (const auto alert : stops) answer_stop(alert, {});
        deliver(Committed{token, std::move(*result)});
      });
}

void Driver::carry_out(Sweep&& action) {
  constexpr int limit = 400;
  store_.run_until_written(
      [action, now = clock_.now().wall](journal::SqliteStore& store) {
        return store.sweep(action.alert, action.to, action.why, now, limit);
      },
      [this, id = action.alert](base::Result<std::vector<delivery::Moved>> result) {
        if (!result) return store_refuses(result.error());
        deliver(Swept{id, std::move(*result)});
      });
}

void Driver::carry_out(Start&& action) {
  for (auto& what : action.tries) waiting_.add(std::move(what));
}

void Driver::carry_out(TakeBack&&) {
  give_back(waiting_.take_back([this, now = clock_.now()](const Try& what) { return may_go(what, now); }));
}

bool Driver::may_go(const Try& what, base::Now now) const { return engine_.allows(what, now); }

void Driver::give_back(const std::vector<Try>& tries) {
  for (const auto& what : tries)
    finished(what.attempt, delivery::NotSent{{}, "stopped before the first byte", delivery::NotSent::Scope::recipient});
}

/// After every event, so that no word of a channel is needed for what waits.
void Driver::hand_over() {
  if (owns && !owns()) return;
  for (const auto& name : waiting_.endpoints()) hand_over(name);
}

void Driver::hand_over(const EndpointName& name) {
  const auto found = endpoints_.find(name);
  if (found == endpoints_.end()) {
    for (const auto& what : waiting_.take_back([&](const Try& one) { return one.endpoint != name; }))
      finished(what.attempt, delivery::NotSent{std::chrono::seconds(60), "the endpoint is not configured"});
    return;
  }
  auto& channel = *found->second.channel;
  const auto room = channel.room();
  if (room == 0) return;
  auto turn = waiting_.take(name, room, [this, now = clock_.now()](const Try& what) { return may_go(what, now); });
  give_back(turn.back);
  std::vector<delivery::Attempt> batch;
  HandedOver handed;
  for (const auto& what : turn.go) {
    const auto outgoing = outgoing_.at(what.row.alert);
    auto content = outgoing->find(name, what.row.language, what.row.zone);
    if (!content) {
      finished(what.attempt, delivery::Refused{delivery::Cause::message, "the plan has no message for it"});
      continue;
    }
    batch.push_back(make_attempt(*outgoing, what, std::move(content)));
    handed.attempts.push_back(what.attempt);
  }
  if (batch.empty()) return;
  deliver(std::move(handed));
  channel.start(std::move(batch));
}

void Driver::carry_out(Ask&& action) {
  const auto id = action.what.attempt.delivery;
  const auto found = endpoints_.find(action.what.endpoint);
  const auto outgoing = outgoing_.at(action.what.row.alert);
  auto content = outgoing->find(action.what.endpoint, action.what.row.language, action.what.row.zone);
  if (found == endpoints_.end() || !content) return deliver(Asked{id});
  found->second.channel->ask(make_attempt(*outgoing, action.what, std::move(content)),
                             [this, id] { deliver(Asked{id}); });
}

void Driver::carry_out(Stored&& action) {
  if (auto found = tickets_.extract(action.ticket))
    if (found.mapped()) found.mapped()();
}

void Driver::carry_out(WakeAt&& action) {
  if (timer_) loop_.cancel(*timer_);
  timer_.reset();
  if (!action.at) return;
  timer_ = loop_.after(std::max<base::milliseconds>(base::milliseconds(0), *action.at - clock_.now().mono), [this] {
    timer_.reset();
    deliver(Woken{});
  });
}

void Driver::carry_out(Forget&& action) {
  outgoing_.erase(action.alert);
  expanding_.erase(action.alert);
  over_.insert(action.alert);
}

void Driver::carry_out(Alarm&& action) { set_alarm(action.key, std::move(action.text)); }

void Driver::set_alarm(const std::string& key, std::optional<base::Text> text) {
  const auto found = alarms_.find(key);
  if (!text) {
    if (found == alarms_.end()) return;
    alarms_.erase(found);
  } else if (found != alarms_.end()) {
    if (found->second.text == *text) return;
    found->second.text = *text;
  } else {
    alarms_.emplace(key, ActiveAlarm{key, *text, clock_.now().wall});
  }
  if (on_alarm) on_alarm(key, text);
}

/// A journal that works and says no: a bug of ours, or an audience that was taken away.
void Driver::store_refuses(const base::Error& error) {
  base::log::error("the journal refuses", error);
  set_alarm("journal", error.text);
}

// ── what comes in ───────────────────────────────────────────────────────────────────────────────────────────────────

void Driver::finished(delivery::AttemptId attempt, delivery::Outcome outcome) {
  deliver(Finished{attempt, std::move(outcome)});
}

void Driver::evidence(delivery::Evidence evidence, std::move_only_function<void()> stored) {
  if (evidence.kind == delivery::read_back_differs)
    set_alarm(evidence.endpoint.value + "/" + evidence.kind,
              base::Text{"dispatch.read_back_differs",
                         {{"endpoint", evidence.endpoint.value}, {"difference", evidence.detail}}});
  const auto ticket = next_ticket_++;
  tickets_.emplace(ticket, std::move(stored));
  deliver(Proved{std::move(evidence), ticket});
}

void Driver::alarm(const EndpointName& endpoint, const std::string& key, std::optional<base::Text> text) {
  set_alarm(endpoint.value + "/" + key, std::move(text));
}

/// The engine knows nothing of a channel's room: it is news only where somebody waits for it.
void Driver::ready(const EndpointName& endpoint) {
  if (waiting_.waits_for(endpoint)) deliver(EndpointReady{endpoint});
}

void Driver::load(const std::string& key, std::move_only_function<void(std::optional<std::string>)> done) {
  store_.run_until_written([key](journal::SqliteStore& store) { return store.load(key); },
                           [this, done = std::move(done)](base::Result<std::optional<std::string>> result) mutable {
                             if (!result) return store_refuses(result.error());
                             done(std::move(*result));
                           });
}

void Driver::save(const std::string& key, std::string value, std::move_only_function<void()> done) {
  store_.run_until_written(
      [key, value = std::move(value)](journal::SqliteStore& store) { return store.save(key, value); },
      [this, done = std::move(done)](base::Result<void> result) mutable {
        if (!result) return store_refuses(result.error());
        done();
      });
}

// ── releases ────────────────────────────────────────────────────────────────────────────────────────────────────────

void Driver::begin(AlertOrder order, Outgoing outgoing, const std::vector<Held>& held, journal::HowFar so_far) {
  const auto id = order.id;
  if (knows(id)) return;
  outgoing_.emplace(id, std::make_shared<const Outgoing>(std::move(outgoing)));
  for (const auto& one : held) set_alarm("held/" + std::to_string(id.value) + "/" + one.endpoint.value, one.text);
  deliver(Released{std::move(order), std::move(so_far)});
}

void Driver::submit(const plan::Plan& plan, const approval::StoredRelease& stored, const std::string& digest,
                    std::optional<AlertId> stops, std::string why, Done done) {
  // Checked before anything is on disk: a text that does not fill refuses the release, not the restart.
  auto checked = make_outgoing(AlertId(0), plan, stored.filling, digest);
  if (!checked) return done(std::unexpected(checked.error()));
  store_.run(
      [stored, digest, plan, stops, why](journal::SqliteStore& store) {
        return stops ? store.insert_follow_up(stored, digest, plan, *stops, why)
                     : store.insert_release(stored, digest, plan);
      },
      [this, outgoing = std::move(*checked), stops, why,
       done = std::move(done)](base::Result<journal::Inserted> result) mutable {
        if (!result) {
          return done(std::unexpected(result.error()));
        }
        const auto id = result->alert;
        if (stops) deliver(Stopped{*stops, why, Stopped::Recorded::yes});
        if (result->how == journal::Inserted::How::released) {
          outgoing.id = id;
          auto made = make_order(id, *outgoing.plan, endpoints_, AlertOrder::Rows::to_expand, stops);
          begin(std::move(made.order), std::move(outgoing), made.held, {});
        }
        done(Submitted{id, result->how});
      });
}

std::optional<AlertId> Driver::find(const std::string& identifier_or_code) const {
  // A code may be used again after years, then the newest is meant.
  for (auto at = outgoing_.rbegin(); at != outgoing_.rend(); ++at)
    if (at->second->identifier == identifier_or_code || at->second->code == identifier_or_code) return at->first;
  return std::nullopt;
}

void Driver::record(const plan::Plan& plan, const approval::StoredRelease& stored, const std::string& digest,
                    AlertId stops, std::string why, Done done) {
  if (auto checked = make_outgoing(AlertId(0), plan, stored.filling, digest); !checked)
    return done(std::unexpected(checked.error()));
  store_.run([stored, digest, plan, stops, why = std::move(why)](
                 journal::SqliteStore& store) { return store.insert_follow_up(stored, digest, plan, stops, why); },
             [done = std::move(done)](base::Result<journal::Inserted> result) mutable {
               if (!result) return done(std::unexpected(result.error()));
               done(Submitted{result->alert, result->how});
             });
}

base::Result<void> Driver::resume(const journal::StoredAlert& alert, const plan::Plan& plan,
                                  const plan::Filling& filling, const std::string& digest, journal::HowFar so_far) {
  auto outgoing = make_outgoing(alert.id, plan, filling, digest);
  if (!outgoing) return std::unexpected(outgoing.error());
  auto made = make_order(alert.id, plan, endpoints_,
                         alert.expanded ? AlertOrder::Rows::complete : AlertOrder::Rows::to_expand, std::nullopt);
  begin(std::move(made.order), std::move(*outgoing), made.held, std::move(so_far));
  if (alert.stopped_at) deliver(Stopped{alert.id, alert.stop_reason, Stopped::Recorded::yes});
  return {};
}

}  // namespace broadcaster::dispatch
