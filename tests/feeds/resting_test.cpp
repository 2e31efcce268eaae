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
  if (news == "feeds.taken_back" || news == "feeds.said_over") {
    source.says = Source::Says::over;
    source.over_news = {news, {{"feed", "inatews"}, {"bulletin", "bmkg.example,PD-4,…"}}};
  }
  Matter out;
  out.id = "inatews-3f9a1c2b";
  out.opened = night;
  out.news = {std::move(news), {{"feed", "inatews"}, {"bulletin", "bmkg.example,PD-4,…"}}};
  out.sources = {source};
  return out;
}

OpenAlert alert(std::string code, std::string source) { return {std::move(code), std::move(source)}; }

const std::vector<OpenAlert> tp12{alert("TP12", "bmkg.example,PD-2,2026-11-24T02:10:00-00:00")};
const std::vector<OpenAlert> both{tp12[0], alert("TP14", "bmkg.example,PD-2,…")};

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
  EXPECT_EQ(said(ended_under(matter("feeds.taken_back"), tp12, night), "en"),
            "Feed inatews: bmkg.example,PD-4,… takes back what TP12 rests on (inatews-3f9a1c2b). TP12 goes on: nothing "
            "ends by itself. No danger: broadcaster cancel TP12 --false-alarm. Changed: broadcaster update TP12. Over: "
            "broadcaster all-clear TP12.");
  EXPECT_NE(said(ended_under(matter("feeds.said_over"), both, night), "en")
                .find("says that what TP12, TP14 rests on is over"),
            std::string::npos);
  for (const auto* news : {"feeds.taken_back", "feeds.said_over"})
    EXPECT_NE(said(ended_under(matter(news), tp12, night), "id").find("broadcaster all-clear TP12"), std::string::npos);
}

TEST(Resting, ABulletinThatExpiresUnderAnAlertIsToldToo) {
  EXPECT_FALSE(ended_under(matter("feeds.draft"), tp12, night + 119min));
  const auto expired = ended_under(matter("feeds.draft"), tp12, night + 2h);
  ASSERT_TRUE(expired);
  EXPECT_EQ(expired->id, "feeds.expired_alert");
  EXPECT_NE(said(expired, "en").find("has expired, and that is no all-clear"), std::string::npos)
      << said(expired, "en");
}

// A bulletin that joins the draft, or an update of another source, is no reason to be silent about the end of this one.
TEST(Resting, NewsAfterTheEndDoesNotHideIt) {
  auto of = matter("feeds.taken_back");
  auto other = of.sources[0];
  other.identifier = "PD-9";
  other.says = Source::Says::in_force;
  other.replaced.clear();
  of.sources.push_back(other);
  of.news = {"feeds.joined", {{"feed", "inatews"}, {"bulletin", "bmkg.example,PD-9,…"}}};
  const auto told = ended_under(of, tp12, night);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->id, "feeds.taken_back_alert");
  EXPECT_NE(said(told, "en").find("PD-4"), std::string::npos) << said(told, "en");
  EXPECT_FALSE(ended_under(of, {alert("TP13", "bmkg.example,PD-9,…")}, night)) << "it rests on what stands";
}

TEST(Resting, AnEndThatAnOlderStateKeptIsToldToo) {
  auto of = matter("feeds.taken_back");
  of.sources[0].over_news = {};
  EXPECT_EQ(ended_under(of, tp12, night)->id, "feeds.taken_back_alert");
  of.news = {"feeds.joined", {{"feed", "inatews"}}};
  EXPECT_EQ(ended_under(of, tp12, night)->id, "feeds.said_over_alert");
}

TEST(Resting, WithoutAnAlertItIsOrdinaryNews) {
  EXPECT_FALSE(ended_under(matter("feeds.taken_back"), {}, night));
  EXPECT_FALSE(ended_under(matter("feeds.changed"), tp12, night));
}

}  // namespace
}  // namespace broadcaster::feeds
