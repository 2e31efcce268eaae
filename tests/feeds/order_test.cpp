// Bulletins in whatever order they come, several at once, and changed in their place by their centre.
#include <algorithm>

#include "broadcaster/feeds/decide.hpp"
#include "tests/feeds/support.hpp"

namespace broadcaster::feeds {
namespace {

using testing::bulletin;
using testing::context;
using testing::feed;
using testing::first;
using testing::first_with;
using testing::now;
using testing::said;
using testing::take;
using testing::with;
using namespace std::chrono_literals;

const auto later = context(alert::Mode::live, now + 10min);

std::string numbered(int number, const std::string& minutes, const std::string& references,
                     const std::string& type = "Update") {
  auto out =
      with(testing::whole, "<identifier>bmkg-2026-1124-01", "<identifier>bmkg-2026-1124-0" + std::to_string(number));
  out = with(out, "<sent>2026-11-24T09:15:00", "<sent>2026-11-24T09:" + minutes + ":00");
  out = with(out, "inatews.example,bmkg-2026-1124-00,2026-11-24T09:05:00+07:00", references);
  return with(out, "<msgType>Update", "<msgType>" + type);
}
const std::string one = "inatews.example,bmkg-2026-1124-01,2026-11-24T09:15:00+07:00";
const std::string two = "inatews.example,bmkg-2026-1124-02,2026-11-24T09:20:00+07:00";

TEST(Order, AnOlderUpdateThatComesLaterChangesOnlyNames) {
  Known known;
  take(known, bulletin(first), feed());
  take(known, bulletin(numbered(3, "25", one + " " + two)), feed(), later);
  const auto before = known.matters.begin()->second;
  EXPECT_TRUE(said(take(known, bulletin(numbered(2, "20", one)), feed(), later))
                  .starts_with("refused: its centre has "
                               "replaced it"));
  EXPECT_EQ(known.matters.begin()->second, before);
  EXPECT_EQ(said(take(known, bulletin(numbered(4, "22", one)), feed(), later)), "outdated") << "that nobody named";
  ASSERT_EQ(known.matters.size(), 1u);
  const auto& source = known.matters.begin()->second.sources.at(0);
  EXPECT_EQ(source.identifier, "bmkg-2026-1124-03");
  EXPECT_NE(std::ranges::find(source.replaced, "bmkg-2026-1124-04"), source.replaced.end());
  EXPECT_EQ(source.draft, before.sources[0].draft);
}

TEST(Order, ACancelThatComesBeforeItsAlertIsRemembered) {
  Known known;
  EXPECT_TRUE(said(take(known, bulletin(numbered(2, "20", one, "Cancel")), feed(), later)).starts_with("asked"));
  known.matters.clear();
  EXPECT_EQ(
      said(take(known, bulletin(first), feed(), later)),
      "refused: its centre has ended it before it came: inatews.example,bmkg-2026-1124-02,2026-11-24T02:20:00-00:00");
  EXPECT_TRUE(known.matters.empty()) << "nobody is woken as if it were in force";
}

TEST(Order, OnlyWhoIsBelievedSaysWhatIsOverBeforehand) {
  Known known;
  take(known, bulletin(numbered(2, "20", one, "Cancel"), Trust::bad), feed(), later);
  take(known, bulletin(with(numbered(4, "20", one, "Cancel"), "Actual", "Test")), feed(), later);
  take(known, bulletin(with(numbered(5, "20", one, "Cancel"), "<sender>inatews", "<sender>evil")), feed(), later);
  EXPECT_EQ(said(take(known, bulletin(first), feed(), later)), "draft");
  Known unsigned_one;
  take(unsigned_one, bulletin(numbered(2, "20", one, "Cancel")), feed(), later);
  unsigned_one.matters.clear();
  EXPECT_EQ(said(take(unsigned_one, bulletin(first, Trust::by_signer, "inatews"), feed(), later)), "draft")
      << "vouched for no less";
}

TEST(Order, AnUpdateThatComesBeforeItsAlertStandsAlone) {
  Known known;
  EXPECT_EQ(said(take(known, bulletin(numbered(2, "20", one)), feed(), later)), "draft");
  EXPECT_TRUE(said(take(known, bulletin(first), feed(), later)).starts_with("refused: its centre has replaced it"));
  ASSERT_EQ(known.matters.size(), 1u);
  EXPECT_EQ(known.matters.begin()->second.sources.size(), 1u);
}

TEST(Order, AnAlertThatWasReplacedByWhatIsNoDraftIsAsked) {
  Known known;
  const auto elsewhere =
      with(with(numbered(2, "20", one), "-12.1,100 -12.1,100.1 -12,100.1 -12.1,100", "10,10 10,11 11,11 10,10"),
           "<circle>-12.05,100.05 2.5</circle>", "");
  EXPECT_EQ(said(take(known, bulletin(elsewhere), feed(), later)), "refused: it touches none of our zones");
  EXPECT_TRUE(
      said(take(known, bulletin(first), feed(), later)).starts_with("asked: its centre has replaced it before"));
}

TEST(Order, AnOlderUpdateBringsNothingBackThatIsOver) {
  Known known;
  take(known, bulletin(first), feed());
  take(known, bulletin(numbered(3, "25", one, "Cancel")), feed(), later);
  EXPECT_EQ(said(take(known, bulletin(numbered(2, "20", one)), feed(), later)), "outdated");
  EXPECT_EQ(known.matters.begin()->second.sources.at(0).says, Source::Says::over);
  EXPECT_EQ(said(take(known, bulletin(numbered(4, "30", one)), feed(), context(alert::Mode::live, now + 15min))),
            "changed");
  EXPECT_EQ(known.matters.begin()->second.sources.at(0).says, Source::Says::in_force) << "a newer one does";
}

TEST(Order, AnOlderCancelEndsNoNewerUpdate) {
  Known known;
  take(known, bulletin(first), feed());
  take(known, bulletin(numbered(3, "25", one)), feed(), later);
  EXPECT_TRUE(said(take(known, bulletin(numbered(2, "20", one, "Cancel")), feed(), later))
                  .starts_with("refused: it ends "
                               "what"));
  EXPECT_EQ(known.matters.begin()->second.sources.at(0).says, Source::Says::in_force);
}

TEST(Order, ACancelOfADraftCountsHoweverOldItIs) {
  Known known;
  take(known, bulletin(first), feed());
  EXPECT_TRUE(std::holds_alternative<Over>(
      take(known, bulletin(numbered(2, "20", one, "Cancel")), feed(), context(alert::Mode::live, now + 2h))));
}

// cap.md 2.1: such a message lists every active one.
TEST(Order, ACancelOrAnUpdateActsOnAllThatItNames) {
  const auto apart = with(with(numbered(2, "20", one, "Alert"), "<event>Tsunami", "<event>Flood"), "<value>TSW</value>",
                          "<value>XXX</value>");
  const auto alone = with(apart.substr(0), "<incidents>gempa-1</incidents>", "");
  Known two_drafts;
  take(two_drafts, bulletin(first), feed(), later);
  take(two_drafts, bulletin(alone), feed(), later);
  ASSERT_EQ(two_drafts.matters.size(), 2u);
  auto cancelled = two_drafts;
  take(cancelled, bulletin(numbered(3, "25", one + " " + two, "Cancel")), feed(), later);
  for (const auto& [id, matter] : cancelled.matters) EXPECT_EQ(matter.sources.at(0).says, Source::Says::over) << id;
  take(two_drafts, bulletin(numbered(3, "25", one + " " + two)), feed(), later);
  for (const auto& [id, matter] : two_drafts.matters) {
    ASSERT_EQ(matter.sources.size(), 1u) << id;
    EXPECT_EQ(matter.sources[0].identifier, "bmkg-2026-1124-03") << id;
  }
}

TEST(Order, AnUpdateOfTwoSourcesOfADraftTakesThePlaceOfBoth) {
  Known known;
  take(known, bulletin(first), feed(), later);
  EXPECT_EQ(said(take(known, bulletin(numbered(2, "20", one, "Alert")), feed(), later)), "joined");
  EXPECT_EQ(said(take(known, bulletin(numbered(3, "25", one + " " + two)), feed(), later)), "changed");
  ASSERT_EQ(known.matters.begin()->second.sources.size(), 1u);
  EXPECT_EQ(known.matters.begin()->second.sources[0].replaced,
            (std::vector<std::string>{"bmkg-2026-1124-01", "bmkg-2026-1124-02"}));
}

TEST(Order, TheRightBulletinAfterAWrongOneIsADraftOfItsOwn) {
  Known known;
  take(known, bulletin(with(first, "Tsunami mendekat", "WRONG M8.5")), feed());
  take(known, bulletin(numbered(2, "20", one, "Cancel")), feed(), later);
  EXPECT_EQ(
      said(take(known, bulletin(with(numbered(3, "25", one, "Alert"), "<references>" + one + "</references>", "")),
                feed(), later)),
      "draft");
  EXPECT_EQ(known.matters.size(), 2u);
}

// ── another content under the same name ──

TEST(Order, WhatItsCentreCorrectsInPlaceChangesTheDraft) {
  Known known;
  take(known, bulletin(first), feed());
  const auto corrected = bulletin(first_with("Tsunami mendekat", "Tsunami besar mendekat"));
  EXPECT_EQ(said(take(known, corrected, feed(), later)), "changed");
  ASSERT_EQ(known.matters.size(), 1u);
  const auto& matter = known.matters.begin()->second;
  ASSERT_EQ(matter.sources.size(), 1u);
  EXPECT_EQ(matter.news.id, "feeds.corrected");
  EXPECT_EQ(matter.sources[0].draft.infos[0].headline.find("besar") != std::string::npos, true);
  EXPECT_EQ(said(take(known, corrected, feed(), later)), "") << "once";
}

TEST(Order, WhatWasAskedOrRefusedAndThenPutRightIsADraft) {
  Known known;
  EXPECT_TRUE(said(take(known, bulletin(first_with("Actual", "Aktuell")), feed())).starts_with("asked"));
  EXPECT_EQ(said(take(known, bulletin(first), feed(), later)), "draft");
  Known refused;
  EXPECT_TRUE(said(take(refused, bulletin(first_with("Actual", "Test")), feed())).starts_with("refused"));
  EXPECT_EQ(said(take(refused, bulletin(first), feed(), later)), "draft");
  Known signed_later;
  auto strict = feed();
  strict.signature = Feed::Signature::required;
  EXPECT_TRUE(said(take(signed_later, bulletin(first), strict)).starts_with("asked"));
  EXPECT_EQ(said(take(signed_later, bulletin(first, Trust::by_signer, "inatews"), strict, later)), "draft");
}

TEST(Order, WhatIsChangedAfterItsDraftIsGoneIsAsked) {
  Known known;
  take(known, bulletin(first), feed());
  known.matters.clear();
  EXPECT_TRUE(said(take(known, bulletin(first_with("Tsunami mendekat", "Tsunami besar")), feed(), later))
                  .starts_with("asked: its centre has changed it under the same name"));
}

TEST(Order, WhatAnOlderProcessHasSeenIsNoNews) {
  Known known;
  take(known, bulletin(first), feed());
  for (auto& [_, seen] : known.seen["inatews"]) seen.content.clear();
  EXPECT_EQ(said(take(known, bulletin(first), feed())), "");
  EXPECT_EQ(said(take(known, bulletin(first_with("Tsunami mendekat", "Tsunami besar")), feed(), later)), "changed")
      << "from then on its content is known";
}

}  // namespace
}  // namespace broadcaster::feeds
