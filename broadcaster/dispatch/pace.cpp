#include "broadcaster/dispatch/pace.hpp"

#include <algorithm>
#include <cassert>

namespace broadcaster::dispatch {

using std::chrono::seconds;

namespace {
constexpr base::milliseconds first_probe = seconds(5);
constexpr base::milliseconds last_probe = seconds(60);
/// Class 0 and 1 may probe a shut endpoint this often.
constexpr base::milliseconds urgent_probe = seconds(2);
constexpr plan::Priority last_urgent_class = 1;
}  // namespace

Pace::Pace(int rate_per_second, int in_flight)
    : rate_(rate_per_second),
      most_in_flight_(std::max(1, in_flight)),
      window_(most_in_flight_),
      tokens_(static_cast<double>(rate_per_second)) {}

void Pace::refill(base::MonoTime now) {
  if (rate_ == 0) return;
  const double passed = std::chrono::duration<double>(now - filled_at_).count();
  tokens_ = std::min(static_cast<double>(rate_), tokens_ + passed * rate_);
  filled_at_ = now;
}

int Pace::may_start(plan::Priority priority, base::MonoTime now) {
  refill(now);
  if (now < gate_until_) return 0;
  int room = window_ - in_flight_;
  if (shut_until_) {
    const auto allowed =
        priority <= last_urgent_class ? std::min(*shut_until_, shut_since_ + urgent_probe) : *shut_until_;
    if (now < allowed) return 0;
    room = std::min(room, 1 - in_flight_);  // one probe
  }
  if (rate_ > 0) room = std::min(room, static_cast<int>(tokens_));
  return std::max(0, room);
}

std::optional<base::MonoTime> Pace::next_chance(plan::Priority priority, base::MonoTime now) const {
  if (in_flight_ >= window_ || (shut_until_ && in_flight_ > 0)) return std::nullopt;
  auto at = std::max(now, gate_until_);
  if (shut_until_)
    at =
        std::max(at, priority <= last_urgent_class ? std::min(*shut_until_, shut_since_ + urgent_probe) : *shut_until_);
  if (rate_ > 0 && tokens_ < 1.0) {
    const auto missing = base::milliseconds(static_cast<std::int64_t>((1.0 - tokens_) * 1000.0 / rate_) + 1);
    at = std::max(at, filled_at_ + missing);
  }
  return at;
}

void Pace::reserve(int attempts, base::MonoTime now) {
  refill(now);
  in_flight_ += attempts;
  if (rate_ > 0) tokens_ -= attempts;
}

void Pace::give_back(int attempts) {
  assert(attempts <= in_flight_);
  in_flight_ -= attempts;
  if (rate_ > 0) tokens_ += attempts;
}

void Pace::succeeded() {
  ended();
  failures_ = 0;
  window_ = std::min(most_in_flight_, window_ + 1);
  open();
}

void Pace::failed(std::optional<base::milliseconds> after, const Backoff& backoff, base::Random& random,
                  base::MonoTime now) {
  ended();
  if (after) gate_until_ = std::max(gate_until_, now + *after);
  // A whole cohort fails together when a link dies: count it once.
  if (now < gate_until_ && !after) return;
  ++failures_;
  window_ = std::max(1, window_ / 2);
  // A tenth more than asked, so that all who were told the same time do not come back together.
  const auto wait = after ? *after + base::milliseconds(static_cast<std::int64_t>(
                                         random.below(static_cast<std::uint64_t>(after->count() / 10) + 1)))
                          : draw(backoff, failures_, random);
  gate_until_ = now + wait;
}

void Pace::ended() {
  assert(in_flight_ > 0);
  --in_flight_;
}

void Pace::shut(base::MonoTime now) {
  probe_every_ = probe_every_.count() == 0 ? first_probe : std::min(last_probe, probe_every_ * 2);
  shut_since_ = now;
  shut_until_ = now + probe_every_;
}

void Pace::open() {
  shut_until_.reset();
  probe_every_ = base::milliseconds(0);
}

}  // namespace broadcaster::dispatch
