// What is known of feeds, over a crash between any two of its values.
#include "broadcaster/service/feed_memory.hpp"

#include <boost/json.hpp>

#include "broadcaster/alert/alert_json.hpp"
#include "broadcaster/base/canonical_json.hpp"
#include "tests/feeds/support.hpp"
#include "tests/journal/sample.hpp"

namespace broadcaster::service {
namespace {

using feeds::Known;
using feeds::Matter;
using feeds::Source;
using feeds::testing::now;
using namespace std::chrono_literals;

Matter matter(const std::string& id) {
  alert::Alert draft;
  draft.hazard = "tsunami";
  draft.status = alert::Status::draft;
  Source source{.feed = "inatews",
                .name = "inatews.example," + id + ",2026-11-24T09:15:00+07:00",
                .sender = "inatews.example",
                .identifier = id,
                .signer = "",
                .replaced = {"older"},
                .sent = now,
                .expires = now + 1h,
                .says = Source::Says::over,
                .over_sent = now + 5min,
                .over_news = {"feeds.taken_back", {{"feed", "inatews"}, {"bulletin", "c"}}},
                .draft = draft,
                .remarks = {"„wrong order“"}};
  return {.kind = Matter::Kind::draft,
          .id = id,
          .opened = now,
          .file = id + ".yaml",
          .wanted = "00aa",
          .written = "00ff",
          .older_files = {"x.xml"},
          .count = 7,
          .revision = 3,
          .news = {"service.feed_draft", {{"feed", "inatews"}}},
          .sources = {source},
          .dismissed = now + 1h};
}

Known known() {
  Known out;
  out.matters.emplace("a", matter("a"));
  out.matters.emplace("b", matter("b"));
  out.seen["inatews"] = {
      {"bulletin a", {now, "a", "00"}}, {"bulletin b", {now, "b", "01"}}, {"refused", {now, "", ""}}};
  out.foretold["inatews"] = {{"x", {now, now - 1min, "inatews.example,c,…", "inatews", Source::Says::in_force}},
                             {"y", {now, now, "inatews.example,d,…", "", Source::Says::over}}};
  return out;
}

struct FeedMemory : ::testing::Test {
  void write(const Values& values, std::size_t most = 1000) {
    for (std::size_t n = 0; n < std::min(most, values.size()); ++n)
      ASSERT_TRUE(store->save(values[n].first, values[n].second));
  }
  LoadedFeeds load() { return load_feeds(*store, {"inatews"}).value(); }
  journal::sample::Folder folder;
  std::unique_ptr<journal::SqliteStore> store = journal::sample::open(folder.path());
};

TEST_F(FeedMemory, IsReadAsItWasWritten) {
  write(changed_values({}, known()));
  EXPECT_EQ(load().known, known());
  EXPECT_EQ(load().unreadable, 0);
}

TEST_F(FeedMemory, OnlyWhatHasChangedIsWritten) {
  EXPECT_TRUE(changed_values(known(), known()).empty());
  auto after = known();
  after.matters.at("b").revision = 4;
  const auto values = changed_values(known(), after);
  ASSERT_EQ(values.size(), 1u);
  EXPECT_NE(values[0].first.find("/b"), std::string::npos);
}

TEST_F(FeedMemory, WhatEndedIsForgotten) {
  write(changed_values({}, known()));
  auto after = known();
  after.matters.erase("a");
  write(changed_values(known(), after));
  EXPECT_EQ(load().known, after);
  EXPECT_EQ(load().unreadable, 0);
}

// A bulletin that is remembered as seen, and whose matter is not there, would never come again.
TEST_F(FeedMemory, ACrashBetweenTwoValuesLosesNoBulletin) {
  const auto values = changed_values({}, known());
  for (std::size_t n = 0; n <= values.size(); ++n) {
    journal::sample::Folder own;
    store = journal::sample::open(own.path());
    write(values, n);
    const auto found = load();
    EXPECT_EQ(found.unreadable, 0) << n;
    for (const auto& [feed, seen] : found.known.seen)
      for (const auto& [bulletin, what] : seen)
        EXPECT_TRUE(what.matter.empty() || found.known.matters.contains(what.matter)) << bulletin << " after " << n;
    store.reset();
  }
}

// What a Cancel has said of a bulletin that is still to come is there before the Cancel counts as seen.
TEST_F(FeedMemory, WhatWasForetoldIsWrittenBeforeWhatWasSeen) {
  const auto values = changed_values({}, known());
  const auto at = [&](std::string_view key) {
    return std::ranges::find_if(values, [&](const auto& one) { return one.first.starts_with(key); }) - values.begin();
  };
  EXPECT_LT(at("feeds/foretold/"), at("feeds/seen/"));
}

TEST_F(FeedMemory, AStateOfBeforeIsRead) {
  write(
      {{"feeds/seen/inatews", R"({"bulletin a":["2026-11-24T02:15:00.000Z","a"]})"},
       {"feeds/matters", R"(["a"])"},
       {"feeds/matter/a",
        R"({"kind":"draft","id":"a","opened":"2026-11-24T02:15:00.000Z","file":"a.yaml","written":"00ff","revision":1,)"
        R"("news":{"key":"feeds.draft","arguments":{}},"sources":[{"feed":"inatews","name":"n","sender":"s",)"
        R"("identifier":"i","signer":"","replaced":[],"sent":"2026-11-24T02:15:00.000Z","over":true,"remarks":[],)"
        R"("draft":)" +
            base::canonical_json(alert::to_json(matter("a").sources[0].draft)) + "}]}"}});
  const auto found = load();
  EXPECT_EQ(found.unreadable, 0);
  ASSERT_TRUE(found.known.matters.contains("a"));
  const auto& read = found.known.matters.at("a");
  EXPECT_FALSE(read.dismissed);
  EXPECT_EQ(read.wanted, "00ff");
  EXPECT_EQ(read.sources[0].says, Source::Says::over);
  EXPECT_EQ(read.sources[0].over_news.id, "");
  EXPECT_EQ(found.known.seen.at("inatews").at("bulletin a").content, "");
}

TEST_F(FeedMemory, WhatCannotBeReadIsCountedAndTheRestIsThere) {
  write(changed_values({}, known()));
  for (const auto& [key, value] : changed_values({}, known()))
    if (key.ends_with("/a")) ASSERT_TRUE(store->save(key, value.substr(0, value.size() / 2)));
  const auto found = load();
  EXPECT_EQ(found.unreadable, 1);
  EXPECT_FALSE(found.known.matters.contains("a"));
  EXPECT_EQ(found.known.matters.at("b"), matter("b"));
}

}  // namespace
}  // namespace broadcaster::service
