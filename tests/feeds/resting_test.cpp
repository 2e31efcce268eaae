// A bulletin ends while an alert that was made from it is released: who is told, and that nothing ends by itself.
#include "broadcaster/feeds/resting.hpp"

#include <gtest/gtest.h>

#include "broadcaster/base/catalogue.hpp"
#include "tests/feeds/support.hpp"

namespace broadcaster::feeds {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;
const auto night = *base::parse_utc("2026-11-24T02:15:00.000Z");

Matter matter(std::string news) {
  Source source;
  source.feed = "inatews";
  source.sender = "bmkg.example";
  source.identifier = "PD-2";
  source.replaced = {"PD-1"};
  source.expires = night + 2h;
  Matter out;
  out.id = "inatews-3f9a1c2b";
  out.opened = night;
  out.news = {std::move(news), {{"feed", "inatews"}, {"bulletin", "bmkg.example,PD-4,…"}}};
  out.sources = {source};
  return out;
}

OpenAlert alert(std::string code, std::string source) { return {std::move(code), std::move(source)}; }

std::string said(const std::optional<base::Text>& text, const char* language) {
  if (!text) return "";
  auto whole = *text;
  whole.arguments.emplace_back("id", "inatews-3f9a1c2b");
  whole.arguments.emplace_back("file", "drafts/inatews-3f9a1c2b.yaml");
  return base::Catalogue::of(language).say(whole);
}

TEST(Resting, AnAlertRestsOnTheBulletinsThatItsSourceNames) {
  const auto of = matter("feeds.draft");
  EXPECT_EQ(resting_on(of, {alert("TP12", "bmkg.example,PD-2,2026-11-24T02:10:00-00:00")}), Strings{"TP12"});
  EXPECT_EQ(resting_on(of, {alert("TP12", "BMKG (bmkg.example,PD-1,2026-11-24T02:05:00-00:00)")}), Strings{"TP12"})
      << "what it was made from has been updated since";
  EXPECT_EQ(resting_on(of, {alert("TP12", "ptwc.example,7,…; bmkg.example,PD-2,…"), alert("TP13", "")}),
            Strings{"TP12"});
  EXPECT_EQ(resting_on(of, {alert("TP12", "bmkg.example,PD-22,…"), alert("TP13", "not-bmkg.example,PD-2,…"),
                            alert("TP14", "seen from the beach")}),
            Strings{});
}

TEST(Resting, WhatEndsNamesTheAlertAndWhatAPersonCanDo) {
  EXPECT_EQ(said(ended_under(matter("feeds.taken_back"), {"TP12"}, night), "en"),
            "Feed inatews: bmkg.example,PD-4,… takes back what TP12 rests on (inatews-3f9a1c2b). TP12 goes on: nothing "
            "ends by itself. No danger: broadcaster cancel TP12 --false-alarm. Changed: broadcaster update TP12. Over: "
            "broadcaster all-clear TP12.");
  EXPECT_NE(said(ended_under(matter("feeds.said_over"), {"TP12", "TP14"}, night), "en")
                .find("says that what TP12, TP14 rests on is over"),
            std::string::npos);
  for (const auto* news : {"feeds.taken_back", "feeds.said_over"})
    EXPECT_NE(said(ended_under(matter(news), {"TP12"}, night), "id").find("broadcaster all-clear TP12"),
              std::string::npos);
}

TEST(Resting, ABulletinThatExpiresUnderAnAlertIsToldToo) {
  EXPECT_FALSE(ended_under(matter("feeds.draft"), {"TP12"}, night + 119min));
  const auto expired = ended_under(matter("feeds.draft"), {"TP12"}, night + 2h);
  ASSERT_TRUE(expired);
  EXPECT_EQ(expired->id, "feeds.expired_alert");
  EXPECT_NE(said(expired, "en").find("has expired, and that is no all-clear"), std::string::npos)
      << said(expired, "en");
}

TEST(Resting, WithoutAnAlertItIsOrdinaryNews) {
  EXPECT_FALSE(ended_under(matter("feeds.taken_back"), {}, night));
  EXPECT_FALSE(ended_under(matter("feeds.changed"), {"TP12"}, night));
}

}  // namespace
}  // namespace broadcaster::feeds
