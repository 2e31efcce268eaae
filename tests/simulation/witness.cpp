#include "tests/simulation/witness.hpp"

#include <fmt/core.h>

namespace broadcaster::simulation {

using delivery::AlertId;
using delivery::DeliveryId;
using delivery::Proof;
using delivery::State;
using namespace std::chrono_literals;

Tally& Tally::operator+=(const Tally& other) {
  events += other.events;
  deliveries += other.deliveries;
  sends += other.sends;
  crashes += other.crashes;
  power_cuts += other.power_cuts;
  outages += other.outages;
  duplicates += other.duplicates;
  resends += other.resends;
  full_disks += other.full_disks;
  proofs_while_waiting += other.proofs_while_waiting;
  return *this;
}

void Witness::broken(const std::string& what) const {
  throw Violation(fmt::format("after {:.3f} s: {}", std::chrono::duration<double>(timeline_.time()).count(), what));
}

Witness::Known& Witness::known(DeliveryId id) {
  const auto found = rows_.find(id);
  if (found == rows_.end()) broken(fmt::format("delivery {} has no row", id.value));
  return found->second;
}

const plan::PlannedEndpoint& Witness::planned(const plan::EndpointName& name) const {
  for (const auto& endpoint : story_.endpoints)
    if (endpoint.name == name) return endpoint;
  broken("an endpoint that is in no plan: " + name.value);
}

void Witness::set(Known& row, State to) {
  auto& counts = alert(row.alert).counts[row.route];
  --counts[row.state];
  ++counts[to];
  sent_ += (to == State::sent ? 1 : 0) - (row.state == State::sent ? 1 : 0);
  row.state = to;
}

// ── what is on disk ─────────────────────────────────────────────────────────────────────────────────────────────────

void Witness::released(AlertId id, const AlertStory& story) {
  const auto [found, is_new] = alerts_.try_emplace(id);
  if (!is_new) return;
  auto& of = found->second;
  of.story = &story;
  of.expires = story.plan.expires;
  of.released_at = timeline_.time();
  if (story.plan.alert.type != alert::MessageType::update) return;
  for (const auto& [revision, other] : alerts_)
    if (other.story == &story_.alerts[*story.stops]) of.follows = revision;
  for (const auto& [zone, people] : story.people)
    for (const auto& number : people) of.had[number] = had(of, number);
}

void Witness::stopped(AlertId id) { alert(id).told_stopped = true; }

void Witness::stopped_here(AlertId id) { alert(id).stopped_here = true; }

void Witness::expanded(journal::SqliteStore& store, AlertId id) {
  auto& of = alert(id);
  while (true) {
    const auto lines = store.deliveries(id, of.last, 1000);
    if (!lines) broken("rows cannot be read: " + lines.error().text.id);
    for (const auto& line : *lines) {
      of.last = line.id;
      Known row{};
      row.alert = id;
      row.route = line.route;
      row.zone = line.zone;
      row.recipient = line.recipient;
      row.had = had(of, line.recipient);
      if (line.state != State::pending) broken("a new row is " + std::string(delivery::name(line.state)));
      rows_.emplace(line.id, row);
      ++of.counts[line.route][State::pending];
      ++tally.deliveries;
    }
    if (lines->size() < 1000) return;
  }
}

void Witness::written(const std::vector<delivery::Change>& changes, const std::vector<delivery::Moved>& what) {
  std::set<DeliveryId> sent;
  for (const auto& move : what)
    if (move.to == State::sent) sent.insert(move.delivery);
  for (const auto& change : changes) {
    const auto* intend = std::get_if<delivery::Intend>(&change);
    if (!intend || !sent.contains(intend->attempt.delivery)) continue;  // proof has overtaken a resend
    auto& row = known(intend->attempt.delivery);
    if (++row.attempts != intend->attempt.number)
      broken(fmt::format("delivery {}: attempt {} is called {}", intend->attempt.delivery.value, row.attempts,
                         intend->attempt.number));
  }
  moved(what);
}

void Witness::moved(const std::vector<delivery::Moved>& what) {
  for (const auto& move : what) {
    auto& row = known(move.delivery);
    const bool only_due = move.from == move.to && (move.to == State::pending || move.to == State::unknown);
    if (row.state != move.from || (!only_due && !delivery::legal(move.from, move.to)))
      broken(fmt::format("delivery {} is {} and went from {} to {}", move.delivery.value, delivery::name(row.state),
                         delivery::name(move.from), delivery::name(move.to)));
    if (move.from == State::unknown && move.to == State::pending) {
      ++row.resends;
      ++tally.resends;
      if (asked_.erase(move.delivery) == 0 && !journal_has_failed_)
        broken(fmt::format("delivery {} is sent again, and nobody has asked about it", move.delivery.value));
    }
    set(row, move.to);
  }
  // What a crash now would leave in doubt.
  int most = dispatch::Lane::most_ahead;
  for (const auto& endpoint : story_.endpoints) most += endpoint.in_flight;
  if (sent_ > most) broken(fmt::format("{} deliveries are SENT at one time, and {} may be", sent_, most));
}

void Witness::in_doubt(const std::vector<delivery::Change>& changes) {
  if (doubt_ == Doubt::none) doubt_ = Doubt::some;
  for (const auto& change : changes) {
    if (const auto* intend = std::get_if<delivery::Intend>(&change)) doubted_.insert(intend->attempt.delivery);
    if (const auto* settle = std::get_if<delivery::Settle>(&change)) doubted_.insert(settle->attempt.delivery);
    if (const auto* move = std::get_if<delivery::Move>(&change)) doubted_.insert(move->delivery);
    if (const auto* prove = std::get_if<delivery::Prove>(&change)) {
      const auto* id = std::get_if<DeliveryId>(&prove->evidence.about);
      const auto* carried = std::get_if<delivery::CarriedBack>(&prove->evidence.about);
      if (id)
        doubted_.insert(*id);
      else if (carried)
        doubted_.insert(carried->attempt.delivery);
      else
        doubt_ = Doubt::all;
    }
  }
}

void Witness::reopened(journal::SqliteStore& store) {
  for (auto& [id, of] : alerts_) {
    const auto lines = store.deliveries(id, DeliveryId(0), 100'000);
    if (!lines) broken("an alert that was released is not there after a crash: " + lines.error().text.id);
    std::size_t found = 0;
    for (const auto& line : *lines) {
      const auto row = rows_.find(line.id);
      if (row == rows_.end()) {
        if (doubt_ != Doubt::all) broken(fmt::format("delivery {} came out of nothing", line.id.value));
        continue;
      }
      ++found;
      auto& was = row->second;
      if (was.state == line.state && was.attempts == line.attempts) continue;
      if (doubt_ == Doubt::none || (doubt_ == Doubt::some && !doubted_.contains(line.id)))
        broken(fmt::format("delivery {} was {} and is {} after a crash", line.id.value, delivery::name(was.state),
                           delivery::name(line.state)));
      if (was.state == State::unknown && line.state == State::pending) {
        ++was.resends;
        ++tally.resends;
      }
      was.attempts = line.attempts;
      set(was, line.state);
    }
    std::size_t mine = 0;
    for (const auto& [_, row] : rows_) mine += row.alert == id ? 1 : 0;
    if (found != mine) broken(fmt::format("{} of {} deliveries are gone after a crash", mine - found, mine));
    expanded(store, id);
  }
  doubt_ = Doubt::none;
  doubted_.clear();
  check_counters(store);
}

void Witness::recovered(journal::SqliteStore& store) {
  for (auto& [id, row] : rows_)
    if (row.state == State::sent) set(row, State::unknown);
  check_counters(store);
}

void Witness::check_counters(journal::SqliteStore& store) {
  for (auto& [id, of] : alerts_) {
    const auto status = store.status(id);
    if (!status) broken("counters cannot be read: " + status.error().text.id);
    for (auto& [route, counts] : of.counts)
      for (auto& [state, n] : counts) {
        const auto found = status->routes.find(route);
        const auto counter = found == status->routes.end() ? 0 : [&] {
          const auto at = found->second.find(state);
          return at == found->second.end() ? 0 : at->second;
        }();
        if (counter != n)
          broken(fmt::format("alert {}: {} deliveries are {}, its counter says {}", id.value, n, delivery::name(state),
                             counter));
      }
  }
}

// ── what leaves ─────────────────────────────────────────────────────────────────────────────────────────────────────

void Witness::new_process() {
  journal_has_failed_ = false;
  asked_.clear();
  handed_.clear();
  for (auto& [_, of] : alerts_) {
    of.expires_mono.reset();
    of.stopped_here = false;
  }
}

void Witness::knows(AlertId id) {
  const auto now = timeline_.now();
  auto& of = alert(id);
  if (!of.expires_mono) of.expires_mono = now.mono + (of.expires - now.wall);
}

void Witness::look() {
  for (auto& [_, of] : alerts_) of.was_over = of.was_over || over(of);
}

bool Witness::over(const Alert& of) const {
  const auto now = timeline_.now();
  return now.wall >= of.expires || (of.expires_mono && now.mono >= *of.expires_mono);
}

void Witness::claimed(const std::vector<delivery::Row>& rows) {
  for (const auto& row : rows) known(row.id).recipient = row.recipient;
}

void Witness::handed_over(const delivery::Attempt& attempt) {
  known(attempt.id.delivery).handed = attempt.id.number;
  check_pace(attempt.endpoint, attempt.id);
  keys_[attempt.key] = attempt.id.delivery;
}

std::optional<DeliveryId> Witness::of_key(const std::string& key) const {
  const auto found = keys_.find(key);
  if (found == keys_.end()) return std::nullopt;
  return found->second;
}

void Witness::leaves(DeliveryId id) {
  ++tally.sends;
  auto& row = known(id);
  auto& of = alert(row.alert);
  if (!of.first_byte) of.first_byte = timeline_.time();
  if (of.told_stopped || of.stopped_here)
    broken(fmt::format("delivery {} leaves after its alert was stopped", id.value));
  check_who_comes_first(row.alert, row);
  if (over(of)) broken(fmt::format("delivery {} leaves after its alert has expired", id.value));
  if (row.state == State::confirmed) broken(fmt::format("delivery {} is confirmed and leaves again", id.value));
  const bool on_disk = row.state == State::sent && row.attempts == row.handed;
  const bool harmless = of.story->plan.routes[static_cast<std::size_t>(row.route.value)].name.value == "toots" &&
                        story_.endpoints[2].intent == plan::Intent::with_the_outcome;
  if (!on_disk && harmless && journal_has_failed_) row.left_from_memory = true;
  if (!on_disk && !row.left_from_memory)
    broken(fmt::format("delivery {} leaves as attempt {} while the disk says {} after {} attempts", id.value,
                       row.handed, delivery::name(row.state), row.attempts));
}

void Witness::taken(DeliveryId id) { ++known(id).copies; }

void Witness::proof_acknowledged(DeliveryId id, Proof proof) {
  auto& row = known(id);
  if (proof == Proof::confirmed) row.positive = proof;
  if (proof == Proof::failed) row.negative = proof;
}

// ── the end ─────────────────────────────────────────────────────────────────────────────────────────────────────────

void Witness::check_urgent(const Alert& of) const {
  if (!story_.clear_sky() || of.story->plan.priority != 0 || of.told_stopped) return;
  // Expansion, claim and intent are three writes; then one of the requests in flight ends, 400 ms at most. A follow-up
  // may wait 2 s for the attempts of its original.
  const Micros bound = of.story->stops ? 3s : 1s;
  if (!of.first_byte && of.was_over) return;  // the wall has jumped past its expiry
  if (!of.first_byte || *of.first_byte - of.released_at > bound)
    broken(fmt::format("the first byte of {} left {} ms after its release", of.story->identifier,
                       of.first_byte ? (*of.first_byte - of.released_at).count() / 1000 : -1));
}

void Witness::check_urgent_ends() const {
  // A row that was unknown last waits 25 s for its proof; a retry for 15 s; the slowest gateway needs 10 s for all.
  constexpr Micros bound = 2min;
  for (const auto& [id, of] : alerts_) {
    if (of.story->plan.priority != 0 || of.was_over || of.told_stopped || of.stopped_here) continue;
    if (timeline_.time() < std::max(of.released_at, story_.calm_from) + bound) continue;
    for (const auto& [_, counts] : of.counts)
      for (const auto state : {State::pending, State::sent})
        if (const auto n = counts.find(state); n != counts.end() && n->second > 0)
          broken(fmt::format("{} rows of {} are {} two minutes after all was well", n->second, of.story->identifier,
                             delivery::name(state)));
  }
}

void Witness::check_final(const Alert& of, DeliveryId id, const Known& row, const plan::EndpointName& endpoint) const {
  const auto fail = [&](const char* why) {
    broken(fmt::format("delivery {} of {} ends as {} after {} attempts, {} copies: {}", id.value, of.story->identifier,
                       delivery::name(row.state), row.attempts, row.copies, why));
  };
  switch (row.state) {
    case State::pending:
    case State::sent:
      fail("no end");
      break;
    case State::accepted:
    case State::confirmed:
      if (row.copies == 0) fail("the far side never had it");
      break;
    case State::unknown:
      if (!of.was_over && !of.told_stopped && planned(endpoint).on_unknown == plan::OnUnknown::resend)
        fail("there was time to send it again");
      break;
    case State::failed:
      if (!refused_.contains(id) && !row.negative) fail("nobody refused it");
      break;
    case State::expired:
      if (!of.was_over) fail("its alert is not over");
      if (row.copies > 0 && !row.left_from_memory) fail("expired is only what was certainly not sent");
      break;
    case State::cancelled:
      if (!of.told_stopped && !of.stopped_here) fail("nobody stopped it");
      if (row.copies > 0 && !row.left_from_memory) fail("cancelled is only what was certainly not sent");
      break;
  }
  if (row.copies - 1 > row.resends) fail("more copies than resends of an unknown");
}

void Witness::check_end(journal::SqliteStore& store, const dispatch::Engine& engine) {
  check_counters(store);
  for (const auto& [id, of] : alerts_) {
    const auto lines = store.deliveries(id, DeliveryId(0), 100'000);
    if (!lines) broken("rows cannot be read");
    std::map<delivery::RouteIndex, journal::StateCounts> slow;
    std::map<plan::RouteName, std::int64_t> made;
    for (const auto& line : *lines) {
      const auto& row = known(line.id);
      if (row.state != line.state) broken(fmt::format("delivery {} is not what was written", line.id.value));
      check_final(of, line.id, row, line.endpoint);
      ++slow[line.route][line.state];
      ++made[of.story->plan.routes[static_cast<std::size_t>(line.route.value)].name];
      if (row.copies > 1) tally.duplicates += static_cast<std::uint64_t>(row.copies - 1);
      if (row.positive && row.state != State::confirmed)
        broken(fmt::format("delivery {} is {} although its receipt said delivered", line.id.value,
                           delivery::name(row.state)));
    }
    if (!of.was_over && !of.told_stopped && made != of.story->planned)
      broken(of.story->identifier + " has not a row for everybody");
    const auto status = store.status(id);
    std::int64_t possible = 0, copies = 0;
    for (const auto& [_, times] : status->times) possible += times.possible_duplicates;
    for (const auto& [_, row] : rows_)
      if (row.alert == id && row.copies > 1) copies += row.copies - 1;
    if (copies > possible) broken(fmt::format("{} duplicates, {} were counted as possible", copies, possible));
    const auto progress = engine.progress(id);
    if (of.told_stopped && progress) broken(of.story->identifier + " is over and settled, and still in memory");
    if (progress)
      for (const auto& [route, counts] : progress->routes)
        for (const auto& [state, n] : counts) {
          const auto& rows = slow[route];
          const auto there = rows.find(state);
          if (n != (there == rows.end() ? 0 : there->second))
            broken(fmt::format("the engine counts {} {} of {}", n, delivery::name(state), of.story->identifier));
        }
    check_urgent(of);
  }
}

std::string Witness::still_open() const {
  std::string out;
  for (const auto& [id, of] : alerts_) {
    out += fmt::format("\n  {}{}{}:", of.story->identifier, of.told_stopped ? " (stopped)" : "",
                       over(of) ? " (expired)" : "");
    for (const auto& [route, counts] : of.counts)
      for (const auto& [state, n] : counts)
        if (n != 0)
          out += fmt::format(" {} {} {}", of.story->plan.routes[static_cast<std::size_t>(route.value)].name.value, n,
                             delivery::name(state));
  }
  return out;
}

}  // namespace broadcaster::simulation
