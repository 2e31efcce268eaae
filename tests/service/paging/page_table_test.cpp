// Which alarms wake somebody, read as a table; and that every alarm of the sources is in it.
#include "broadcaster/service/paging/page_table.hpp"

#include <gtest/gtest.h>

#include "broadcaster/base/catalogue.hpp"

namespace broadcaster::service {
namespace {

TEST(PageTable, WakesForWhatMakesAWayOutTheJournalOrAnAlertFail) {
  for (const auto& [key, text] : std::initializer_list<std::pair<const char*, const char*>>{
           {"store", "service.page_journal"},
           {"journal", "service.page_journal"},
           {"/audit/writer", "service.page_journal"},
           {"/audit/disk", "service.page_disk"},
           {"/audit/rows/TL1/sms-drill", "service.page_audit"},
           {"/fence", "service.page_fence"},
           {"/signed_set/changed", "service.page_signed_set"},
           {"/draft/inatews-3f9a1c2b", "service.page_draft"},
           {"/over/inatews-3f9a1c2b", "service.page_bulletin_over"},
           {"/feed/inatews/silent", "service.page_feed"},
           {"/lapse/TL1", "service.page_lapse"},
           {"/resume/#7", "service.page_not_resumed"},
           {"shut/sms-live", "service.page_shut"},
           {"held/sms-live", "service.page_held"},
           {"held/7/sms-live", "service.page_not_signed"},
           {"expand/7", "service.page_audience"},
           {"sms-live/left_out", "service.page_left_out"},
           {"mastodon-live/read_back_differs", "service.page_differs"},
           {"sirens-live/broker", "service.page_broker"},
           {"sirens-live/subscription/siren/+/ack", "service.page_broker"},
           {"sirens-live/stranger/siren-01", "service.page_siren_alone"}}) {
    EXPECT_EQ(page_row(key).wakes, PageRow::Wakes::somebody) << key;
    EXPECT_EQ(page_row(key).text, text) << key;
  }
}

TEST(PageTable, ShowsAndWakesNobodyForWhatIsManyAndComesAndGoes) {
  for (const auto* key :
       {"/audit/loop", "/dead_man", "/signed_set/never", "/signed_set/restart", "sirens-live/offline/siren-01",
        "sirens-live/rejected/siren-01", "sirens-live/event/siren-01/interrupted"})
    EXPECT_EQ(page_row(key).wakes, PageRow::Wakes::nobody) << key;
}

TEST(PageTable, AnAlarmThatNoRowKnowsWakesSomebody) {
  for (const auto* key : {"", "/", "new/thing", "/lapse", "/lapse/a/b", "shut"})
    EXPECT_EQ(page_row(key).text, "service.page_other") << key;
}

TEST(PageTable, ACountdownAndAWrongPostAreNewsAgainWhenTheirTextChanges) {
  EXPECT_EQ(page_row("/lapse/TL1").news, PageRow::News::another_text);
  EXPECT_EQ(page_row("mastodon/read_back_differs").news, PageRow::News::another_text);
  EXPECT_EQ(page_row("/audit/writer").news, PageRow::News::no);
}

TEST(PageTable, AFeedIsNamedAndSoIsItsDraft) {
  const auto& words = base::Catalogue::of("en");
  const auto silent = page_text(page_row("/feed/inatews/silent"), "/feed/inatews/silent",
                                {"service.feed_silent", {{"feed", "inatews"}, {"minutes", std::int64_t{30}}}});
  EXPECT_EQ(words.say(silent), "Feed inatews is silent or cannot be read. Look at the centre’s own page.");
  const auto draft = page_text(page_row("/draft/inatews-3f"), "/draft/inatews-3f", {"feeds.any", {}});
  EXPECT_NE(words.say(draft).find("(inatews-3f)"), std::string::npos);
  const auto over = page_text(page_row("/over/inatews-3f"), "/over/inatews-3f", {"feeds.any", {{"alerts", "TP12"}}});
  EXPECT_EQ(words.say(over),
            "What TP12 rests on is over, taken back or expired (inatews-3f). Nothing ends by itself. Decide: update, "
            "all-clear or false alarm.");
}

TEST(PageTable, WhatOnlyCountsUpIsNoOtherText) {
  const auto after = [](std::int64_t seconds) {
    return page_text(page_row("/audit/writer"), "/audit/writer", {"service.audit_writer", {{"seconds", seconds}}});
  };
  EXPECT_EQ(after(5), after(10));
  EXPECT_EQ(page_key(page_row("store"), "store"), page_key(page_row("/audit/writer"), "/audit/writer"));
  EXPECT_EQ(page_key(page_row("shut/sms"), "shut/sms"), "shut/sms");
}

TEST(PageTable, EveryTextCanBeSaidWithWhatTheAlarmAndItsKeyHold) {
  const std::initializer_list<std::pair<const char*, base::Text>> alarms = {
      {"store", {"dispatch.store_failed", {{"reason", "disk full"}}}},
      {"/audit/disk", {"service.audit_disk", {{"free", std::int64_t{3}}, {"bound", std::int64_t{9}}}}},
      {"/audit/rows/TL1/sms", {"service.audit_rows", {}}},
      {"/fence", {"service.fence_unreadable", {}}},
      {"/lapse/TL1", {"service.lapses_soon", {{"alert", "TL1"}, {"minutes", std::int64_t{10}}}}},
      {"/lapse/TL1", {"service.lapsed", {{"alert", "TL1"}}}},
      {"/resume/#7", {"service.not_resumed", {{"alert", "#7"}}}},
      {"shut/sms", {"dispatch.shut", {{"endpoint", "sms"}}}},
      {"held/sms", {"dispatch.held", {{"endpoint", "sms"}}}},
      {"held/7/sms", {"dispatch.held_changed", {{"endpoint", "sms"}, {"signed", "a"}, {"now", "b"}}}},
      {"expand/7", {"journal.x", {}}},
      {"sms/left_out", {"base.x", {}}},
      {"posts/read_back_differs", {"dispatch.read_back_differs", {{"endpoint", "posts"}, {"difference", "x"}}}},
      {"sirens/broker", {"siren.broker_down", {{"broker", "b"}, {"reason", "r"}}}},
      {"sirens/stranger/siren-01", {"siren.not_addressed", {{"siren", "siren-01"}}}},
      {"new/thing", {"x.y", {}}}};
  for (const auto& [key, text] : alarms)
    for (const auto& language : base::Catalogue::languages()) {
      const auto said = base::Catalogue::of(language).say(page_text(page_row(key), key, text));
      EXPECT_EQ(said.find("<<"), std::string::npos) << key << ": " << said;
      EXPECT_LE(said.size(), 100u) << "for an old phone: " << said;
    }
  const auto& en = base::Catalogue::of("en");
  EXPECT_EQ(en.say(page_text(page_row("sms/left_out"), "sms/left_out", {})),
            "sms could not be opened. Nothing goes out over it.");
  EXPECT_EQ(en.say(page_text(page_row("held/7/sms"), "held/7/sms", {})),
            "sms is not the one that was signed. Nothing goes out over it.");
}

}  // namespace
}  // namespace broadcaster::service
