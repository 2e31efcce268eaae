#include "channels/http/answer_time.hpp"

#include <algorithm>
#include <cmath>

namespace broadcaster::channels {
namespace {

constexpr base::milliseconds least = std::chrono::seconds(2), most = std::chrono::seconds(30);
constexpr std::uint32_t enough = 1'000, many = 8'192;
constexpr double a_doubling = 4;

}  // namespace

void AnswerTime::answered(base::milliseconds took) {
  const double step = std::ceil(a_doubling * std::log2(static_cast<double>(std::max<std::int64_t>(1, took.count()))));
  ++counts_[std::min(static_cast<std::size_t>(step), steps - 1)];
  if (++total_ < many) return;
  total_ = 0;
  for (auto& count : counts_) total_ += count /= 2;
}

void AnswerTime::missed(base::milliseconds waited) { answered(2 * waited); }

std::optional<base::milliseconds> AnswerTime::limit() const {
  if (total_ < enough) return std::nullopt;
  const auto may_be_late = total_ / 1'000;
  std::uint32_t late = 0;
  auto step = steps;
  while (step > 0 && late + counts_[step - 1] <= may_be_late) late += counts_[--step];
  const auto kept = std::exp2(static_cast<double>(step == 0 ? 0 : step - 1) / a_doubling);
  return std::clamp(base::milliseconds(std::llround(std::ceil(kept))), least, most);
}

}  // namespace broadcaster::channels
