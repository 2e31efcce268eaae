#include "channels/siren/controller/counter.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <stdexcept>
#include <utility>

namespace broadcaster::channels::siren {
namespace {

/// How often the state has been taken over, and whether a copy of it was ever made (service/standing.hpp).
constexpr auto epoch_key = "owner/epoch";
constexpr auto copied_key = "owner/copied";
/// Sirens that speak before the store has answered; more than any site has.
constexpr std::size_t most_early = 1000;

std::uint64_t number(const std::optional<std::string>& text) {
  std::uint64_t value = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

}  // namespace

std::shared_ptr<CommandCounter> CommandCounter::of(ChannelStore& store, const base::Clock& clock,
                                                   const std::string& controller) {
  // Two endpoints of one controller must not reserve the same block.
  static std::map<std::pair<ChannelStore*, std::string>, std::weak_ptr<CommandCounter>> all;
  auto& entry = all[{&store, controller}];
  if (auto counter = entry.lock()) return counter;
  auto counter = std::make_shared<CommandCounter>(store, clock, "siren/" + controller + "/counter");
  entry = counter;
  return counter;
}

CommandCounter::CommandCounter(ChannelStore& store, const base::Clock& clock, std::string key)
    : store_(store), clock_(clock), key_(std::move(key)) {}

void CommandCounter::open(std::move_only_function<void()> ready) {
  ready_.push_back(std::move(ready));
  if (phase_ != Phase::closed) return;
  phase_ = Phase::loading;
  // One after the other; the last answer has all three.
  store_.load(epoch_key, [this, weak = weak_from_this()](std::optional<std::string> epoch) {
    if (weak.expired()) return;
    store_.load(copied_key, [this, weak, epoch = number(epoch)](std::optional<std::string> copied) {
      if (weak.expired()) return;
      copied_ = copied ? Copied::yes : Copied::no;
      store_.load(key_, [this, weak, epoch](std::optional<std::string> value) {
        if (const auto self = weak.lock()) loaded(epoch, number(value));
      });
    });
  });
}

void CommandCounter::loaded(std::uint64_t epoch, std::uint64_t reserved) {
  phase_ = Phase::open;
  reserved_ = reserved;
  // The numbers on disk may be of a higher epoch, which a siren has told.
  epoch_ = std::max(epoch, reserved_ / numbers_an_epoch);
  for (const auto seen : std::exchange(early_, {})) pass(seen);
  reserve();
}

std::uint64_t CommandCounter::next() {
  if (available() == 0) throw std::logic_error("no command counter is reserved");
  if (next_ == end_) {
    next_ = std::exchange(spare_, 0);
    end_ = std::exchange(spare_end_, 0);
  }
  const auto value = next_++;
  if (spare_end_ == 0 && available() < block / 2) reserve();
  return value;
}

std::uint64_t CommandCounter::clock_number(std::uint64_t epoch) const {
  const auto now = std::chrono::floor<base::milliseconds>(clock_.now().wall.time_since_epoch());
  return epoch * numbers_an_epoch + static_cast<std::uint64_t>(std::max<std::int64_t>(now.count(), 1));
}

void CommandCounter::pass(std::uint64_t seen) {
  constexpr auto most = static_cast<std::uint64_t>(base::milliseconds(farthest).count());
  if (phase_ != Phase::open) {
    if (early_.size() < most_early) early_.push_back(seen);
    return;
  }
  const auto epoch = std::max(epoch_, seen / numbers_an_epoch);
  if (epoch > epoch_ && (copied_ == Copied::yes || epoch > last_told_epoch)) return;
  if (seen <= passed_ || seen > clock_number(epoch) + most) return;
  epoch_ = epoch;
  passed_ = seen;
  skip_passed();
}

void CommandCounter::skip_passed() {
  next_ = std::clamp(passed_ + 1, next_, std::max(next_, end_));
  spare_ = std::clamp(passed_ + 1, spare_, std::max(spare_, spare_end_));
  if (spare_ == spare_end_) spare_ = spare_end_ = 0;
  if (spare_end_ == 0 && available() < block / 2) reserve();
}

void CommandCounter::reserve() {
  if (phase_ != Phase::open || std::exchange(reserving_, true)) return;
  const auto first = std::max({reserved_ + 1, clock_number(epoch_), passed_ + 1});
  const auto end = first + block;
  store_.save(key_, std::to_string(end), [this, weak = weak_from_this(), first, end] {
    const auto self = weak.lock();
    if (!self) return;
    reserving_ = false;
    reserved_ = end;
    if (available() > 0) {
      spare_ = first;
      spare_end_ = end;
    } else {
      next_ = first;
      end_ = end;
    }
    skip_passed();  // a siren may have spoken while the disk was asked
    if (available() == 0) return;
    for (auto& ready : ready_) ready();
  });
}

}  // namespace broadcaster::channels::siren
