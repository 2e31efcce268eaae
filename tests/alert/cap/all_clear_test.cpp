// An all-clear as others read it.
#include <gtest/gtest.h>

#include "broadcaster/alert/cap/outward.hpp"
#include "tests/alert/support.hpp"

namespace broadcaster::alert::cap {
namespace {

TEST(AllClearInCap, EveryInfoCoversTheZonesOfItsOwnAnswer) {
  auto alert = testing::parse(testing::order()).value();
  alert.confirmation = "BMKG 06.31 WIB";
  alert.zones.front().ending = Ending::may_return;
  alert.zones.back().ending = Ending::not_yet;
  auto waiting = alert.infos;
  for (auto& info : alert.infos) info.ending = Ending::may_return;
  for (auto& info : waiting) info.ending = Ending::not_yet;
  alert.infos.insert(alert.infos.end(), waiting.begin(), waiting.end());
  const auto out = outward(alert, testing::town(), {"TP14-1", "bpbd.example", testing::now});
  ASSERT_EQ(out.infos.size(), 4u);
  for (const auto& info : out.infos) EXPECT_EQ(info.areas.size(), 1u);
  EXPECT_NE(out.infos.front().areas, out.infos.back().areas);
  const auto back = inward(out, out.sender);
  EXPECT_EQ(back.confirmation, alert.confirmation);
  EXPECT_EQ(back.zones, alert.zones);
}

}  // namespace
}  // namespace broadcaster::alert::cap
