// What the link of a page shows, and when it has a button.
#include "broadcaster/service/paging/page_screen.hpp"

#include <gtest/gtest.h>

namespace broadcaster::service {
namespace {

constexpr auto button = "<form method=\"post\"><button>";

base::WallTime at(const char* utc) { return base::parse_utc(utc).value(); }

Page page() {
  return {.number = 3,
          .key = "shut/sms",
          .text = {"service.page_shut", {{"endpoint", "sms-live"}}},
          .opened = at("2026-11-24T02:00:00.000Z"),
          .calls = Calls::one_after_the_other,
          .order = {"sari", "bayu"},
          .called = {{.person = "sari", .tries = 1, .last = {}}},
          .acknowledged = {},
          .ended = {}};
}

PageSpeaker speaker(alert::Mode mode) {
  return {.agency = "BPBD Tirtapura",
          .mode = mode,
          .link_prefix = {},
          .time_zone = "Asia/Jakarta",
          .time_zone_name = "WIB"};
}

bool has(const std::string& html, std::string_view text) { return html.find(text) != std::string::npos; }

TEST(PageScreen, SaysWhatSinceWhenAndHasOneButton) {
  const auto html = page_screen(speaker(alert::Mode::live), page(), "sari", "id");
  EXPECT_TRUE(has(html, "BPBD Tirtapura: panggilan P3"));
  EXPECT_TRUE(has(html, "sms-live ditutup. Kirimannya menunggu."));
  EXPECT_TRUE(has(html, "Sejak 2026-11-24 09.00 WIB"));
  EXPECT_TRUE(has(html, button));
  EXPECT_FALSE(has(html, "LATIHAN"));
}

TEST(PageScreen, ADrillsIsMarked) {
  EXPECT_TRUE(
      has(page_screen(speaker(alert::Mode::drill), page(), "sari", "en"), "<div class=\"mark\">EXERCISE</div>"));
}

TEST(PageScreen, NamesWhoHasItAndLetsAnotherTakeItToo) {
  auto taken = page();
  taken.acknowledged.push_back({"sari", at("2026-11-24T02:01:00.000Z"), "link"});
  const auto hers = page_screen(speaker(alert::Mode::live), taken, "sari", "en");
  EXPECT_TRUE(has(hers, "✔ sari has it since 2026-11-24 09.01 WIB"));
  EXPECT_TRUE(has(hers, "Acknowledged."));
  EXPECT_FALSE(has(hers, button));
  const auto his = page_screen(speaker(alert::Mode::live), taken, "bayu", "en");
  EXPECT_TRUE(has(his, "✔ sari has it since 2026-11-24 09.01 WIB"));
  EXPECT_TRUE(has(his, button));
}

TEST(PageScreen, SaysThatTheCauseIsGone) {
  auto over = page();
  over.ended = at("2026-11-24T02:05:00.000Z");
  const auto html = page_screen(speaker(alert::Mode::live), over, "sari", "en");
  EXPECT_TRUE(has(html, "Its cause is gone since 2026-11-24 09.05 WIB."));
  EXPECT_FALSE(has(html, button));
}

TEST(PageScreen, NothingInATextIsMarkup) {
  auto strange = page();
  strange.text.arguments = {{"endpoint", "<script>"}};
  strange.acknowledged.push_back({"<b>sari</b>", at("2026-11-24T02:01:00.000Z"), "link"});
  const auto html = page_screen(speaker(alert::Mode::live), strange, "bayu", "en");
  EXPECT_FALSE(has(html, "<script>") || has(html, "<b>"));
}

}  // namespace
}  // namespace broadcaster::service
