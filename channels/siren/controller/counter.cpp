#include "channels/siren/controller/counter.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <stdexcept>
#include <utility>

namespace broadcaster::channels::siren {
namespace {

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
  store_.load(key_, [this, weak = weak_from_this()](std::optional<std::string> value) {
    const auto self = weak.lock();
    if (!self) return;
    phase_ = Phase::open;
    reserved_ = number(value);
    reserve();
  });
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

std::uint64_t CommandCounter::clock_number() const {
  const auto now = std::chrono::floor<base::milliseconds>(clock_.now().wall.time_since_epoch());
  return static_cast<std::uint64_t>(std::max<std::int64_t>(now.count(), 1));
}

void CommandCounter::pass(std::uint64_t seen) {
  constexpr auto most = static_cast<std::uint64_t>(base::milliseconds(farthest).count());
  if (seen <= passed_ || seen > clock_number() + most) return;
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
  const auto first = std::max({reserved_ + 1, clock_number(), passed_ + 1});
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
