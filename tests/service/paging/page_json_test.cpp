// Pages as they are kept in the state: what was written is read, and nothing else is.
#include "broadcaster/service/paging/page_json.hpp"

#include <gtest/gtest.h>

namespace broadcaster::service {
namespace {

base::WallTime at(int seconds) { return base::WallTime(std::chrono::seconds(1'795'496'400 + seconds)); }

KeptPages kept() {
  Page shut{.number = 3,
            .key = "shut/sms",
            .text = {"service.page_shut", {{"endpoint", "sms \"live\""}, {"n", std::int64_t{2}}}},
            .opened = at(0),
            .calls = Calls::one_after_the_other,
            .order = {"sari", "bayu"},
            .called = {{.person = "sari", .tries = 2, .last = at(60), .reached = Called::Reached::by_none},
                       {.person = "bayu", .tries = 1, .last = at(120), .reached = Called::Reached::not_known}},
            .acknowledged = {{"bayu", at(130), "link"}},
            .ended = {}};
  Page over = shut;
  over.number = 4;
  over.calls = Calls::all_at_once;
  over.acknowledged.clear();
  over.ended = at(300);
  return {.pages = {shut, over}, .next = 5};
}

TEST(KeptPages, AreReadAsTheyWereWritten) {
  const auto text = kept_text(kept());
  const auto read = parse_kept(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(kept_text(*read), text);
  EXPECT_EQ(read->next, 5);
  ASSERT_EQ(read->pages.size(), 2u);
  EXPECT_EQ(read->pages[0].called[0].reached, Called::Reached::by_none);
  EXPECT_EQ(read->pages[0].text, kept().pages[0].text);
  EXPECT_EQ(read->pages[0].acknowledged.at(0).at, at(130));
  EXPECT_FALSE(read->pages[0].ended);
  EXPECT_EQ(read->pages[1].calls, Calls::all_at_once);
  EXPECT_EQ(read->pages[1].ended, at(300));
}

TEST(KeptPages, WhatIsCutOrChangedIsAnErrorAndNoGuess) {
  const auto text = kept_text(kept());
  for (std::size_t length = 0; length < text.size(); ++length)
    EXPECT_FALSE(parse_kept(text.substr(0, length))) << text.substr(0, length);
  const std::pair<const char*, const char*> changes[] = {{"\"P3\"", "\"X3\""},
                                                         {"\"P3\"", "3"},
                                                         {"\"by_none\"", "\"perhaps\""},
                                                         {"\"all_at_once\"", "\"all\""},
                                                         {"\"tries\":2", "\"tries\":\"2\""},
                                                         {"\"next\":5", "\"next\":\"5\""},
                                                         {"\"called\"", "\"Called\""},
                                                         {"2026-", "2026/"}};
  for (const auto& [from, to] : changes) {
    auto changed = text;
    ASSERT_NE(changed.find(from), std::string::npos) << from << " in " << text;
    changed.replace(changed.find(from), std::string_view(from).size(), to);
    const auto read = parse_kept(changed);
    ASSERT_FALSE(read) << changed;
    EXPECT_EQ(read.error().kind, base::ErrorKind::bad_input);
  }
}

}  // namespace
}  // namespace broadcaster::service
