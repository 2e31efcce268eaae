// What a page says on a phone, and whose link it is.
#include "broadcaster/service/paging/page_message.hpp"

#include <gtest/gtest.h>

namespace broadcaster::service {
namespace {

Page page() {
  return {.number = 3,
          .key = "shut/sms",
          .text = {"service.page_shut", {{"endpoint", "sms-live"}}},
          .opened = base::parse_utc("2026-11-24T02:00:00.000Z").value(),
          .calls = Calls::one_after_the_other,
          .order = {"sari", "bayu"},
          .called = {{.person = "sari", .tries = 1, .last = {}}},
          .acknowledged = {},
          .ended = {}};
}

PageSpeaker speaker(alert::Mode mode, std::string link = {}) {
  return {.agency = "BPBD Tirtapura", .mode = mode, .link_prefix = std::move(link)};
}

TEST(PageMessage, IsShortAndInThePersonsLanguage) {
  const auto live = speaker(alert::Mode::live);
  EXPECT_EQ(page_message(live, page(), "en", "").text,
            "BPBD Tirtapura P3: sms-live is shut. Its deliveries wait. At the console: broadcaster page ack P3");
  EXPECT_EQ(page_message(live, page(), "id", "").text,
            "BPBD Tirtapura P3: sms-live ditutup. Kirimannya menunggu. Di konsol: broadcaster page ack P3");
  EXPECT_LE(page_message(live, page(), "id", "").text.size(), 160u);
}

TEST(PageMessage, ADrillsPageIsMarkedAtBothEnds) {
  const auto drill = speaker(alert::Mode::drill);
  EXPECT_EQ(page_message(drill, page(), "id", "").bare,
            "LATIHAN: BPBD Tirtapura P3: sms-live ditutup. Kirimannya menunggu. LATIHAN.");
  EXPECT_TRUE(page_message(drill, page(), "en", "").title.starts_with("EXERCISE: "));
  EXPECT_EQ(page_message(speaker(alert::Mode::live), page(), "id", "").bare.find("LATIHAN"), std::string::npos);
}

TEST(PageMessage, WithAnAddressOutsideTheTextEndsInTheLink) {
  const auto message = page_message(speaker(alert::Mode::drill, "https://bpbd.example/page/"), page(), "en", "abc");
  EXPECT_TRUE(message.text.ends_with(" EXERCISE. I have it: https://bpbd.example/page/abc")) << message.text;
  EXPECT_EQ(message.link, "https://bpbd.example/page/abc");
  EXPECT_EQ(message.bare.find("http"), std::string::npos);
}

TEST(PageToken, IsOfOnePageAndOnePersonAndNobodyElseMakesIt) {
  const base::Bytes secret(32, 7), other(32, 8);
  const auto token = page_token(secret, page(), "sari");
  EXPECT_EQ(token.size(), 32u);
  EXPECT_NE(token, page_token(secret, page(), "bayu"));
  EXPECT_NE(token, page_token(other, page(), "sari"));
  auto next = page();
  next.number = 4;
  EXPECT_NE(token, page_token(secret, next, "sari"));

  const std::map<PageNumber, Page> pages{{3, page()}};
  const auto found = find_token(secret, pages, token);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->person, "sari");
  EXPECT_EQ(found->page, 3);
  for (const auto& bad : {std::string(), token.substr(1), token + "0", page_token(other, page(), "sari"),
                          page_token(secret, page(), "bayu")})  // bayu was not called yet
    EXPECT_FALSE(find_token(secret, pages, bad)) << bad;
}

}  // namespace
}  // namespace broadcaster::service
