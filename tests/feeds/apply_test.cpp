// What decisions make of what is known.
#include "broadcaster/feeds/apply.hpp"

#include "tests/feeds/support.hpp"

namespace broadcaster::feeds {
namespace {

using testing::bulletin;
using testing::context;
using testing::feed;
using testing::first;
using testing::first_with;
using testing::now;
using testing::take;
using testing::with;
using namespace std::chrono_literals;

std::string news(const Known& known, std::string_view language = "en") {
  auto text = known.matters.begin()->second.news;
  text.arguments.emplace_back("file", "/drafts/" + known.matters.begin()->second.file);
  text.arguments.emplace_back("id", known.matters.begin()->first);
  return base::Catalogue::of(language).say(text);
}

TEST(Apply, ADraftIsToldWithItsPlace) {
  Known known;
  take(known, bulletin(first), feed());
  const auto& [id, matter] = *known.matters.begin();
  EXPECT_TRUE(id.starts_with("inatews-")) << id;
  EXPECT_EQ(id.size(), std::string("inatews-").size() + 8);
  EXPECT_EQ(matter.file, id + ".yaml");
  EXPECT_EQ(news(known),
            "Feed inatews: bulletin inatews.example,bmkg-2026-1124-01,2026-11-24T02:15:00-00:00: draft at /drafts/" +
                id + ".yaml (" + id + "). Nobody has approved it: plan it, or broadcaster feeds dismiss " + id);
  EXPECT_EQ(news(known, "id").find("<<"), std::string::npos);
  EXPECT_EQ(ends(matter), now + 3h) << "with its last source";
}

TEST(Apply, TheSameBulletinHasTheSameNameAfterACrash) {
  Known one, two;
  take(one, bulletin(first), feed());
  take(two, bulletin(first), feed(), context(alert::Mode::live, now + 1min));
  EXPECT_EQ(one.matters.begin()->first, two.matters.begin()->first);
}

TEST(Apply, AQuestionSaysWhy) {
  Known known;
  take(known, bulletin(first_with("Actual", "Aktuell")), feed());
  const auto& matter = known.matters.begin()->second;
  EXPECT_EQ(matter.kind, Matter::Kind::question);
  EXPECT_NE(news(known).find("was not made a draft: status cannot be understood."), std::string::npos) << news(known);
  EXPECT_EQ(ends(matter), now + 24h);
}

TEST(Apply, ANarrowerUpdateSaysWhoIsNoLongerNamed) {
  Known known;
  take(known, bulletin(first), feed());
  auto update = with(testing::whole, "<identifier>bmkg-2026-1124-01", "<identifier>bmkg-2026-1124-02");
  update = with(update, "bmkg-2026-1124-00,2026-11-24T09:05:00+07:00", "bmkg-2026-1124-01,2026-11-24T09:15:00+07:00");
  update = with(update, "<polygon>-12.1,100 -12.1,100.1 -12,100.1 -12.1,100</polygon>", "");
  take(known, bulletin(update), feed());
  EXPECT_NE(news(known).find("no longer names teluk"), std::string::npos) << news(known);
}

TEST(Apply, AnEndIsToldAndTheDraftStays) {
  Known known;
  take(known, bulletin(first), feed());
  auto cancel = with(testing::whole, "<identifier>bmkg-2026-1124-01", "<identifier>bmkg-2026-1124-02");
  cancel = with(cancel, "bmkg-2026-1124-00,2026-11-24T09:05:00+07:00", "bmkg-2026-1124-01,2026-11-24T09:15:00+07:00");
  take(known, bulletin(with(cancel, "<msgType>Update", "<msgType>Cancel")), feed());
  EXPECT_NE(news(known).find("Nothing is ended by it"), std::string::npos) << news(known);
  EXPECT_TRUE(forget(known, now + 2h).empty());
  EXPECT_EQ(known.matters.size(), 1u);
}

TEST(Apply, WhatHasExpiredEnds) {
  Known known;
  take(known, bulletin(first), feed());
  EXPECT_TRUE(forget(known, now + 179min).empty());
  const auto ended = forget(known, now + 3h);
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_TRUE(known.matters.empty());
}

TEST(Apply, WhatAnOpenAlertRestsOnIsKeptUntilThatEnds) {
  Known known;
  take(known, bulletin(first), feed());
  const auto id = known.matters.begin()->first;
  EXPECT_TRUE(forget(known, now + 3h, {id}).empty());
  EXPECT_EQ(known.matters.size(), 1u);
  EXPECT_EQ(forget(known, now + 3h).size(), 1u);
}

TEST(Apply, WhatAFeedShowsIsRemembered) {
  Known known;
  remember(known, "a", "x", "", now);
  remember(known, "a", "x", "", now + 5h);
  EXPECT_EQ(known.seen["a"]["x"].listed, now) << "a poll without news writes nothing";
  remember(known, "a", "x", "", now + 7h);
  EXPECT_EQ(known.seen["a"]["x"].listed, now + 7h);
  forget(known, now + 54h);
  EXPECT_EQ(known.seen["a"].size(), 1u);
  forget(known, now + 56h);
  EXPECT_TRUE(known.seen["a"].empty());
}

TEST(Apply, MemoryIsBounded) {
  Known known;
  for (std::size_t i = 0; i < most_seen + 500; ++i)
    remember(known, "a", std::to_string(i), "", now + std::chrono::seconds(i));
  forget(known, now + 2h);
  EXPECT_EQ(known.seen["a"].size(), most_seen);
  EXPECT_FALSE(known.seen["a"].contains("499"));
  EXPECT_TRUE(known.seen["a"].contains("500"));
}

}  // namespace
}  // namespace broadcaster::feeds
