// Process: what people ask of it, and what it finds on disk.
#include <fmt/core.h>

#include "tests/simulation/process.hpp"

namespace broadcaster::simulation {

using namespace dispatch;  // NOLINT
using journal::SqliteStore;

namespace {

template <class T>
bool works(SqliteStore& store, const base::Result<T>& result) {
  if (result) return true;
  if (result.error().kind != base::ErrorKind::unavailable)
    throw Violation("the store refuses: " + result.error().text.id);
  if (!store.broken()) throw Violation("the store fails and is not broken: " + result.error().text.id);
  return false;
}

}  // namespace

approval::StoredRelease Process::stored_release(AlertStory& alert) const {
  const auto now = world_.timeline.now().wall;
  approval::StoredRelease out;
  out.canonical_plan = R"({"format":1})";
  out.people_yaml = "people: []\n";
  out.filling.identifier = alert.identifier;
  out.filling.code = alert.code;
  out.filling.time_of_issue = now;
  out.released_at = now;
  out.released_by = "sari";
  return out;
}

void Process::release(AlertStory& alert, std::function<void(delivery::AlertId)> done) {
  store_.run(
      [this, &alert, stored = stored_release(alert)](SqliteStore& store) {
        auto result = store.insert_release(stored, alert.digest, alert.plan);
        if (!result) world_.witness.all_in_doubt();
        return result;
      },
      [this, &alert, done = std::move(done)](base::Result<journal::Inserted> result) {
        submitted(alert, std::nullopt, std::move(result), done);
      });
}

void Process::follow_up(AlertStory& alert, delivery::AlertId stops, std::function<void(delivery::AlertId)> done) {
  store_.run(
      [this, &alert, stops, stored = stored_release(alert)](SqliteStore& store) {
        auto result = store.insert_follow_up(stored, alert.digest, alert.plan, stops, "taken back");
        if (!result) world_.witness.all_in_doubt();
        return result;
      },
      [this, &alert, stops, done = std::move(done)](base::Result<journal::Inserted> result) {
        submitted(alert, stops, std::move(result), done);
      });
}

void Process::submitted(AlertStory& alert, std::optional<delivery::AlertId> stops,
                        base::Result<journal::Inserted> result, const std::function<void(delivery::AlertId)>& done) {
  if (!works(store_.direct(), result)) return;
  const auto id = result->alert;
  trace(fmt::format("{} {} as {}", alert.identifier,
                    result->how == journal::Inserted::How::joined ? "joined" : "released", id.value));
  world_.witness.released(id, alert);
  if (stops) {
    deliver(Stopped{*stops, "taken back", Stopped::Recorded::yes});
    world_.witness.stopped(*stops);
  }
  if (result->how == journal::Inserted::How::released) begin(id, alert, AlertOrder::Rows::to_expand, stops, {});
  done(id);
}

void Process::begin(delivery::AlertId id, const AlertStory& story, AlertOrder::Rows rows,
                    std::optional<delivery::AlertId> follows, journal::HowFar so_far) {
  plan::Filling filling;
  filling.identifier = story.identifier;
  filling.code = story.code;
  auto outgoing = make_outgoing(id, story.plan, filling, story.digest);
  if (!outgoing) throw Violation("the texts do not fill: " + outgoing.error().text.id);
  auto made = make_order(id, story.plan, endpoints_, rows, follows);
  if (!made.held.empty()) throw Violation("an endpoint is held");
  outgoing_.emplace(id, std::move(*outgoing));
  world_.witness.knows(id);
  deliver(Released{std::move(made.order), std::move(so_far)});
}

void Process::carry_out(Alarm&& action) {
  if (action.text)
    alarms_.insert(action.key);
  else
    alarms_.erase(action.key);
}

/// What waits for a person has one who knows of it, after every start too.
void Process::check_alarms(delivery::AlertId id, const AlertStory& story) {
  const auto progress = engine_.progress(id);
  if (!progress || progress->life != Engine::Progress::Life::running) return;
  const auto so_far = store_.direct().how_far(id);
  if (!so_far) return;
  for (const auto& endpoint : story.plan.endpoints)
    if (endpoint.on_unknown == plan::OnUnknown::hold && so_far->held.contains(endpoint.name) &&
        !alarms_.contains("held/" + endpoint.name.value))
      throw Violation(endpoint.name.value + " holds rows of alert " + std::to_string(id.value) +
                      " for a person, and no alarm says so");
}

void Process::resume() {
  auto& store = store_.direct();
  auto alerts = store.open_alerts();
  if (!works(store_.direct(), alerts)) return world_.start_failed();
  struct ToResume {
    journal::StoredAlert alert;
    const AlertStory* story;
    journal::HowFar so_far;
  };
  std::vector<ToResume> found;
  for (const auto id : *alerts) {
    auto read = store.alert(id);
    if (!works(store, read)) return world_.start_failed();
    auto& alert = *read;
    const AlertStory* story = nullptr;
    for (const auto& each : world_.story.alerts)
      if (each.identifier == alert.identifier) story = &each;
    if (!story) throw Violation("an alert that nobody released: " + alert.identifier);
    if (outgoing_.contains(alert.id) || over_.contains(alert.id))
      continue;  // the disk had failed, and this one went on
    world_.witness.released(alert.id, *story);
    const auto longest = backoff_of(urgency_of(story->plan)).cap;
    const auto recovered = store.recover(alert.id, story->plan, engine_.waiting(world_.timeline.now()), longest);
    if (!works(store_.direct(), recovered)) {
      world_.witness.all_in_doubt();
      return world_.start_failed();
    }
    auto so_far = store.how_far(alert.id);
    if (!works(store_.direct(), so_far)) return world_.start_failed();
    found.push_back({std::move(alert), story, std::move(*so_far)});
  }
  if (outgoing_.empty() && over_.empty()) world_.witness.recovered(store);
  for (auto& one : found) {
    const auto rows = one.alert.expanded ? AlertOrder::Rows::complete : AlertOrder::Rows::to_expand;
    begin(one.alert.id, *one.story, rows, std::nullopt, std::move(one.so_far));
    if (one.alert.stopped_at) {
      deliver(Stopped{one.alert.id, one.alert.stop_reason, Stopped::Recorded::yes});
      world_.witness.stopped(one.alert.id);
    }
  }
  for (const auto& one : found) check_alarms(one.alert.id, *one.story);
}

void Process::halt(delivery::AlertId alert, std::function<void(Stop)> done) {
  stopping_[alert].push_back([this, alert, done = std::move(done)](Stop how) {
    if (how == Stop::recorded)
      world_.witness.stopped(alert);
    else
      world_.witness.stopped_here(alert);
    done(how);
  });
  deliver(Stopped{alert, "halted by sari", Stopped::Recorded::no});
  if (failing_) answer_stop(alert, Stop::not_recorded);
}

bool Process::settled() const {
  if (failing_ || store_.waiting() > 0 || !engine_.quiet()) return false;
  for (const auto& [id, _] : outgoing_)
    if (!engine_.progress(id)->settled) return false;
  return true;
}

}  // namespace broadcaster::simulation
