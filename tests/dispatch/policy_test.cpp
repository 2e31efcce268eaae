#include "broadcaster/dispatch/policy.hpp"

#include <gtest/gtest.h>

namespace broadcaster::dispatch {
namespace {

class Highest final : public base::Random {
 public:
  std::uint64_t below(std::uint64_t bound) override { return bound - 1; }
};

TEST(Backoff, DoublesToItsCapAndNoFurther) {
  Highest random;
  const auto backoff = backoff_of(alert::Urgency::immediate);
  EXPECT_EQ(draw(backoff, 1, random), base::milliseconds(500));
  EXPECT_EQ(draw(backoff, 2, random), base::milliseconds(1000));
  EXPECT_EQ(draw(backoff, 30, random), backoff.cap);
  EXPECT_EQ(draw(backoff, 1'000'000, random), backoff.cap);
}

plan::Plan of_the_past(alert::MessageType type, std::string confirmation) {
  plan::Plan out;
  out.alert.type = type;
  out.alert.confirmation = std::move(confirmation);
  out.alert.infos.resize(1);
  out.alert.infos[0].urgency = alert::Urgency::past;
  return out;
}

TEST(Urgency, WhoeverWasWokenIsCalmedAsUrgently) {
  using enum alert::MessageType;
  EXPECT_EQ(urgency_of(of_the_past(cancel, "")), alert::Urgency::immediate);
  EXPECT_EQ(urgency_of(of_the_past(update, "BMKG 06.31 WIB")), alert::Urgency::immediate);
  EXPECT_EQ(urgency_of(of_the_past(update, "")), alert::Urgency::past);
}

TEST(Backoff, IsShorterTheMoreUrgentItIs) {
  const auto cap = [](alert::Urgency u) { return backoff_of(u).cap; };
  EXPECT_LT(cap(alert::Urgency::immediate), cap(alert::Urgency::expected));
  EXPECT_LT(cap(alert::Urgency::expected), cap(alert::Urgency::future));
  EXPECT_LT(cap(alert::Urgency::future), cap(alert::Urgency::unknown));
}

}  // namespace
}  // namespace broadcaster::dispatch
