#include "broadcaster/service/stop_reason.hpp"

#include <gtest/gtest.h>

#include "broadcaster/service/request_fields.hpp"

namespace broadcaster::service {
namespace {

TEST(StopReason, IsOneEnglishLineInTheRecord) {
  EXPECT_EQ(record_text(Halted{"sari (uid 1000)", "wrong coast: Timur"}),
            "halted by sari (uid 1000): wrong coast: Timur");
  EXPECT_EQ(record_text(Halted{"sari (uid 1000)", {}}), "halted by sari (uid 1000)");
  EXPECT_EQ(record_text(TakenBack{"TP13"}), "false alarm TP13");
  EXPECT_EQ(record_text(Ended{"TP14"}), "all-clear TP14");
}

TEST(StopReason, IsTakenApartAsItWasPutTogether) {
  for (const StopReason& reason :
       {StopReason(Halted{"sari (uid 1000)", "wrong coast: Timur"}), StopReason(Halted{"uid 0", {}}),
        StopReason(TakenBack{"TP13"}), StopReason(Superseded{"TP14"}), StopReason(Ended{"TP15"}),
        StopReason(OtherStop{"superseded"})})
    EXPECT_EQ(parse_stop_reason(record_text(reason)), reason);
}

TEST(StopReason, NameCannotPassForANote) {
  const auto by = by_whom({{"by", "sari: all is well\n"}}, net::Peer{.user = 1000, .process = 1});
  EXPECT_EQ(by, "sari all is well (uid 1000)");
  EXPECT_EQ(parse_stop_reason(record_text(Halted{by, "so"})), StopReason(Halted{by, "so"}));
}

TEST(ByWhom, KernelsWordStandsBesideTheNameThatIsClaimed) {
  const net::Peer peer{.user = 1000, .process = 1};
  EXPECT_EQ(by_whom({{"by", "sari"}}, peer), "sari (uid 1000)");
  EXPECT_EQ(by_whom({}, peer), "uid 1000");
  EXPECT_EQ(by_whom({{"by", std::string(500, 'x')}}, peer), std::string(64, 'x') + " (uid 1000)");
}

}  // namespace
}  // namespace broadcaster::service
