// A draft as people open it.
#include "broadcaster/feeds/draft_text.hpp"

#include "tests/feeds/support.hpp"

namespace broadcaster::feeds {
namespace {

using testing::bulletin;
using testing::feed;
using testing::first;
using testing::take;
using testing::with;

const Matter& drafted(Known& known) {
  take(known, bulletin(first), feed());
  auto other = with(first, "<sender>inatews.example", "<sender>jma.example");
  auto jma = feed("jma");
  jma.senders = {"jma.example"};
  take(known, bulletin(with(other, "bmkg-2026-1124-01", "jma-7"), Trust::by_signer, "jma"), jma);
  return known.matters.begin()->second;
}

TEST(DraftText, NamesEverySourceAndIsAnAlertFile) {
  Known known;
  const auto text = draft_text(drafted(known), "en");
  EXPECT_EQ(text.find("<<"), std::string::npos) << text;
  EXPECT_NE(text.find("# inatews.example,bmkg-2026-1124-01,2026-11-24T02:15:00-00:00 (feed inatews; unsigned): "
                      "Immediate, Extreme, Likely\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("# jma.example,jma-7,2026-11-24T02:15:00-00:00 (feed jma; signed by jma): "), std::string::npos)
      << text;
  const auto alert = alert::parse_alert(text, "draft.yaml", {.now = testing::now, .zones = &testing::map()});
  ASSERT_TRUE(alert) << alert::testing::said(alert.error())[0];
  EXPECT_EQ(testing::zones_of(*alert), (std::vector<std::string>{"muara", "teluk"}));
  EXPECT_NE(alert->source.find("inatews.example,bmkg-2026-1124-01"), std::string::npos) << alert->source;
  EXPECT_NE(alert->source.find("jma.example,jma-7"), std::string::npos) << alert->source;
}

TEST(DraftText, AStrangersWordsStayInTheirComment) {
  Known known;
  auto matter = drafted(known);
  matter.sources[0].remarks = {"one\nstatus: Actual\r\nzones: [bukit]"};
  const auto text = draft_text(matter, "en");
  EXPECT_EQ(text.find("\nstatus: Actual\r"), std::string::npos) << text;
  const auto alert = alert::parse_alert(text, "draft.yaml", {.now = testing::now, .zones = &testing::map()});
  ASSERT_TRUE(alert);
  EXPECT_EQ(testing::zones_of(*alert), (std::vector<std::string>{"muara", "teluk"}));
}

TEST(DraftText, SaysWhatItsCentreCallsOver) {
  Known known;
  auto matter = drafted(known);
  matter.sources[0].says = Source::Says::over;
  EXPECT_NE(draft_text(matter, "en").find("Its centre says that this is over"), std::string::npos);
}

}  // namespace
}  // namespace broadcaster::feeds
