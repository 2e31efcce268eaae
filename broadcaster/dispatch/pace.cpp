#include "broadcaster/dispatch/pace.hpp"

#include <algorithm>
#include <cassert>

namespace broadcaster::dispatch {

using std::chrono::seconds;

namespace {
constexpr base::milliseconds first_probe = seconds(5);
constexpr base::milliseconds last_probe = seconds(60);
/// Class 0 and 1 may probe an endpoint that is shut, or that we keep away from by our own wait, this often.
constexpr base::milliseconds urgent_probe = seconds(2);
/// And one that asked for time: it is heard for this long, however long it asked for.
constexpr base::milliseconds urgent_patience = seconds(30);
constexpr plan::Priority last_urgent_class = 1;

/// What other classes leave free for the urgent ones: a quarter, and one at least.
int spare(int most) { return most < 2 ? 0 : std::max(1, most / 4); }
}  // namespace

Pace::Pace(int rate_per_second, int in_flight)
    : rate_(rate_per_second),
      most_in_flight_(std::max(1, in_flight)),
      window_(most_in_flight_),
      tokens_(static_cast<double>(rate_per_second)) {}

Pace::Kind Pace::kind_of(plan::Priority priority) { return priority <= last_urgent_class ? Kind::urgent : Kind::other; }

void Pace::refill(base::MonoTime now) {
  if (rate_ == 0) return;
  const double passed = std::chrono::duration<double>(now - filled_at_).count();
  tokens_ = std::min(static_cast<double>(rate_), tokens_ + passed * rate_);
  filled_at_ = now;
}

/// By the window alone. However small it has become and whatever fills it, one urgent attempt has a place.
int Pace::room(Kind kind) const {
  switch (kind) {
    case Kind::urgent:
      return std::max(window_ - in_flight_, std::min(1 - urgent_in_flight_, most_in_flight_ - in_flight_));
    case Kind::other:
    case Kind::question:
      return std::min(window_, most_in_flight_ - spare(most_in_flight_)) - in_flight_;
  }
  return 0;
}

/// A slow answer to somebody else must not keep the urgent probe back.
int Pace::probe_room(Kind kind) const { return 1 - (kind == Kind::urgent ? urgent_in_flight_ : in_flight_); }

base::MonoTime Pace::opens_at(Kind kind) const {
  auto gate = gate_until_;
  auto door = shut_until_.value_or(base::MonoTime{});
  if (kind == Kind::urgent) {
    gate = std::min(gate, gate_urgent_);
    if (shut_until_) door = std::min(door, shut_since_ + urgent_probe);
  }
  return std::max(gate, door);
}

int Pace::room_behind_gates(Kind kind, base::MonoTime now) const {
  if (now < opens_at(kind)) return 0;
  const int free = room(kind);
  return std::max(0, probes(now) ? std::min(free, probe_room(kind)) : free);
}

int Pace::may_start(plan::Priority priority, base::MonoTime now) {
  refill(now);
  const int free = room_behind_gates(kind_of(priority), now);
  return rate_ > 0 ? std::clamp(static_cast<int>(tokens_), 0, free) : free;
}

int Pace::may_follow(plan::Priority priority, base::MonoTime now) {
  refill(now);
  return std::min(1, room_behind_gates(kind_of(priority), now));
}

int Pace::may_ask(plan::Priority priority, base::MonoTime now) {
  return std::min(may_start(priority, now), std::max(1, most_in_flight_ / 2) - questions_in_flight_);
}

std::optional<base::MonoTime> Pace::next_chance(plan::Priority priority, base::MonoTime now) const {
  const auto kind = kind_of(priority);
  if (room(kind) <= 0) return std::nullopt;
  auto at = std::max(now, opens_at(kind));
  if (probes(at) && probe_room(kind) <= 0) {
    if (shut_until_) return std::nullopt;
    at = gate_until_;
  }
  if (rate_ > 0 && tokens_ < 1.0) {
    const auto missing = base::milliseconds(static_cast<std::int64_t>((1.0 - tokens_) * 1000.0 / rate_) + 1);
    at = std::max(at, filled_at_ + missing);
  }
  return at;
}

int& Pace::count_of(Kind kind) { return kind == Kind::urgent ? urgent_in_flight_ : questions_in_flight_; }

Pace::Place Pace::take(Kind kind, base::MonoTime now) {
  refill(now);
  ++in_flight_;
  if (kind != Kind::other) ++count_of(kind);
  if (rate_ > 0) tokens_ -= 1;
  return {kind, cohort_};
}

Pace::Place Pace::take(plan::Priority priority, base::MonoTime now) { return take(kind_of(priority), now); }

Pace::Place Pace::take_question(base::MonoTime now) {
  const auto place = take(Kind::question, now);
  if (rate_ > 0) tokens_ -= 1;
  return place;
}

void Pace::asked(Place place) {
  ended(place);
  if (rate_ > 0) tokens_ += 1;
}

void Pace::reserve(int attempts, plan::Priority priority, base::MonoTime now) {
  for (int i = 0; i < attempts; ++i) take(priority, now);
}

void Pace::give_back(Place place) {
  ended(place);
  if (rate_ > 0) tokens_ += 1;
}

void Pace::give_back(int attempts, plan::Priority priority) {
  for (int i = 0; i < attempts; ++i) give_back({kind_of(priority), cohort_});
}

void Pace::ended(Place place) {
  assert(in_flight_ > 0);
  --in_flight_;
  if (place.kind != Kind::other) --count_of(place.kind);
}

void Pace::succeeded(Place place) {
  ended(place);
  if (!is_news(place)) return;  // it began before the trouble that we know of
  failures_ = 0;
  window_ = std::min(most_in_flight_, window_ + 1);
  gate_until_ = {};  // a probe went through
  open();
}

void Pace::failed(Place place, std::optional<base::milliseconds> after, const Backoff& backoff, base::Random& random,
                  base::MonoTime now) {
  ended(place);
  if (!is_news(place)) {
    if (!after) return;
    gate_until_ = std::max(gate_until_, now + *after);
    gate_urgent_ = std::max(gate_urgent_, now + std::min(*after, urgent_patience));
    return;
  }
  ++cohort_;
  ++failures_;
  window_ = std::max(1, window_ / 2);
  if (after) {
    // A tenth more than asked, so that all who were told the same time do not come back together.
    const auto extra = random.below(static_cast<std::uint64_t>(after->count() / 10) + 1);
    gate_until_ = now + *after + base::milliseconds(static_cast<std::int64_t>(extra));
    gate_urgent_ = std::min(gate_until_, now + urgent_patience);
  } else {
    const auto wait = draw(backoff, failures_, random);
    gate_until_ = std::max(gate_until_, now + wait);
    gate_urgent_ = now + std::min(wait, urgent_probe);
  }
}

void Pace::doubted(Place place, const Backoff& backoff, base::Random& random, base::MonoTime now) {
  if (is_news(place) && window_ == 1) return failed(place, std::nullopt, backoff, random, now);
  ended(place);
  if (!is_news(place)) return;
  ++cohort_;
  window_ = std::max(1, window_ / 2);
}

void Pace::shut(Place place, base::MonoTime now) {
  ended(place);
  if (is_shut() && !is_news(place)) return;
  ++cohort_;
  probe_every_ = probe_every_.count() == 0 ? first_probe : std::min(last_probe, probe_every_ * 2);
  shut_since_ = now;
  shut_until_ = now + probe_every_;
}

void Pace::open() {
  shut_until_.reset();
  probe_every_ = base::milliseconds(0);
}

}  // namespace broadcaster::dispatch
