// Who is called when: the machine alone, in invented time.
#include "broadcaster/service/paging/pager.hpp"

#include <gtest/gtest.h>

#include "broadcaster/service/paging/page_json.hpp"

namespace broadcaster::service {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct PagerNight : testing::Test {
  base::Now now{base::parse_utc("2026-11-24T02:00:00.000Z").value(), base::MonoTime(base::milliseconds(1000))};
  PagerLimits limits;
  Pager pager{limits, {}, 1, now};
  std::vector<std::string> calls;  ///< "P1 sari 1" since the last step()
  std::optional<base::MonoTime> wake;
  bool kept = false;

  void step(PageEvent event) {
    calls.clear();
    kept = false;
    for (const auto& action : pager.step(std::move(event), now)) {
      if (const auto* call = std::get_if<Call>(&action))
        calls.push_back(page_name(call->page) + " " + call->person + " " + std::to_string(call->number));
      if (const auto* at = std::get_if<WakePagerAt>(&action)) wake = at->at;
      if (std::holds_alternative<KeepPages>(action)) kept = true;
    }
  }
  void pass(base::milliseconds time) {
    now.wall += time;
    now.mono += time;
  }
  /// Goes to the time that it wants to be woken at.
  void woken() {
    ASSERT_TRUE(wake);
    if (*wake > now.mono) pass(*wake - now.mono);
    step(PagerWoken{});
  }
  void taken(const std::string& person, PageNumber page = 1) {
    step(CallEnded{page, person, Called::Reached::by_some_way});
  }
  static PageOpened opened(const std::string& key = "shut/sms", std::vector<std::string> order = {"sari", "bayu"}) {
    return {.key = key, .text = {"service.page_shut", {{"endpoint", "sms"}}}, .order = std::move(order)};
  }
  using Strings = std::vector<std::string>;
};

TEST_F(PagerNight, TheFirstOnDutyIsCalledAtOnceAndAgainUntilSomebodyAcknowledges) {
  step(opened());
  EXPECT_EQ(calls, Strings{"P1 sari 1"});
  EXPECT_TRUE(kept);
  taken("sari");
  EXPECT_TRUE(calls.empty());
  woken();
  EXPECT_EQ(calls, Strings{"P1 sari 2"});
  EXPECT_EQ(now.mono.time_since_epoch(), seconds(61));
}

TEST_F(PagerNight, TheNextPersonIsCalledBesideTheFirstWhenNobodyAcknowledges) {
  step(opened());
  taken("sari");
  woken();
  taken("sari");
  pass(minutes(1));
  step(PagerWoken{});
  EXPECT_EQ(calls, (Strings{"P1 bayu 1", "P1 sari 3"})) << "who was never called comes first";
}

TEST_F(PagerNight, AnAcknowledgementEndsAllCalls) {
  step(opened());
  taken("sari");
  step(PageAcknowledged{1, "sari", "link"});
  EXPECT_TRUE(kept);
  EXPECT_FALSE(wake);
  pass(minutes(30));
  step(PagerWoken{});
  EXPECT_TRUE(calls.empty());
  EXPECT_EQ(pager.pages().at(1).acknowledged.front().by, "sari");
}

TEST_F(PagerNight, WhereNothingReachesAPersonTheNextIsCalledAtOnce) {
  step(opened());
  step(CallEnded{1, "sari", Called::Reached::by_none});
  EXPECT_EQ(calls, Strings{"P1 bayu 1"});
  step(CallEnded{1, "bayu", Called::Reached::by_none});
  EXPECT_TRUE(calls.empty()) << "there is nobody else; both are tried again in a minute";
  woken();
  EXPECT_EQ(calls, (Strings{"P1 sari 2", "P1 bayu 2"}));
}

TEST_F(PagerNight, NobodyIsCalledTwiceWhileACallIsUnderWay) {
  step(opened("shut/sms", {"sari"}));
  pass(minutes(3));
  step(PagerWoken{});
  EXPECT_TRUE(calls.empty());
  taken("sari");
  EXPECT_EQ(calls, Strings{"P1 sari 2"});
}

TEST_F(PagerNight, AfterTenTriesTheyComeLessOftenAndNeverEnd) {
  step(opened("shut/sms", {"sari"}));
  for (int i = 2; i <= 10; ++i) {
    taken("sari");
    woken();
    EXPECT_EQ(calls, Strings{"P1 sari " + std::to_string(i)});
  }
  taken("sari");
  const auto before = now.mono;
  woken();
  EXPECT_EQ(calls, Strings{"P1 sari 11"});
  EXPECT_EQ(now.mono - before, minutes(10));
}

TEST_F(PagerNight, ACauseThatIsGoneEndsTheCallsAndOneThatComesBackSoonWakesNobodyWhoHadAcknowledged) {
  step(opened());
  taken("sari");
  step(PageAcknowledged{1, "sari", "link"});
  step(PageEnded{"shut/sms"});
  pass(minutes(5));
  step(opened());
  EXPECT_TRUE(calls.empty());
  EXPECT_EQ(pager.pages().size(), 1u);
  step(PageEnded{"shut/sms"});
  woken();
  EXPECT_TRUE(pager.pages().empty()) << "ten minutes later it is forgotten";
  step(opened());
  EXPECT_EQ(calls, Strings{"P2 sari 1"});
}

TEST_F(PagerNight, ACountdownIsNewsForWhoHadAcknowledgedAndACounterIsNot) {
  step(opened("/lapse/TL1"));
  taken("sari");
  step(PageAcknowledged{1, "sari", "link"});
  auto counter = opened("/lapse/TL1");
  counter.text.arguments = {{"endpoint", "other"}};
  step(counter);
  EXPECT_TRUE(calls.empty());
  auto countdown = opened("/lapse/TL1", {"ratna"});
  countdown.text.arguments = {{"endpoint", "third"}};
  countdown.news = PageOpened::News::another_text;
  step(countdown);
  EXPECT_EQ(calls, Strings{"P1 ratna 1"}) << "whoever is on duty by then";
  EXPECT_TRUE(pager.pages().at(1).acknowledged.empty());
}

TEST_F(PagerNight, AllAtOnceEndsForEachByTheirOwnAcknowledgement) {
  auto all = opened("approval/ab", {"bayu", "ratna"});
  all.calls = Calls::all_at_once;
  step(all);
  EXPECT_EQ(calls, (Strings{"P1 bayu 1", "P1 ratna 1"}));
  taken("bayu");
  taken("ratna");
  step(PageAcknowledged{1, "bayu", "link"});
  woken();
  EXPECT_EQ(calls, Strings{"P1 ratna 2"});
  step(PageAcknowledged{1, "ratna", "link"});
  taken("ratna");
  EXPECT_FALSE(pager.pages().at(1).waits());
}

TEST_F(PagerNight, CallsAreBoundedOverAllPagesAndTheNewestPageIsNotStarved) {
  for (int i = 0; i < 30; ++i) {
    step(opened("shut/" + std::to_string(i), {"sari"}));
    EXPECT_EQ(calls.size(), i < 20 ? 1u : 0u) << i;
    if (i < 20) taken("sari", i + 1);
  }
  woken();  // the first call of the minute gives its place back
  ASSERT_EQ(calls.size(), 10u + 10u);
  EXPECT_EQ(calls.front(), "P21 sari 1");
}

TEST_F(PagerNight, APageWithoutRoomWaitsUntilOneThatNobodyWaitsForGivesWay) {
  for (int i = 0; i < 64; ++i) step(opened("shut/" + std::to_string(i)));
  step(opened("shut/one-more"));
  EXPECT_EQ(pager.find("shut/one-more"), nullptr);
  step(opened("shut/gone-again"));
  step(PageEnded{"shut/gone-again"});
  step(PageAcknowledged{7, "sari", "link"});
  EXPECT_NE(pager.find("shut/one-more"), nullptr) << "nobody has to raise it again";
  EXPECT_EQ(pager.pages().size(), 64u);
  step(PageAcknowledged{8, "sari", "link"});
  EXPECT_EQ(pager.find("shut/gone-again"), nullptr);
}

TEST_F(PagerNight, QuestionsTakeNeitherTheRoomNorTheCallsOfADecision) {
  for (int i = 0; i < 64; ++i) step(opened("/question/" + std::to_string(i), {"sari"}));
  EXPECT_TRUE(calls.empty());
  step(opened("/draft/real", {"sari"}));
  ASSERT_NE(pager.find("/draft/real"), nullptr);
  EXPECT_EQ(calls, Strings{"P65 sari 1"}) << "questions take half of the rate";
  EXPECT_EQ(pager.find("/question/63"), nullptr) << "the newest question waits";
  for (int i = 0; i < 62; ++i) step(opened("/draft/" + std::to_string(i), {"sari"}));
  auto approvers = opened("approval/ab", {"bayu", "ratna"});
  approvers.calls = Calls::all_at_once;
  step(approvers);
  ASSERT_NE(pager.find("approval/ab"), nullptr);
  EXPECT_EQ(calls.size(), 2u) << "beyond the rate of all others";
  EXPECT_EQ(pager.pages().size(), 64u);
}

TEST_F(PagerNight, AQuestionThatGaveWayComesBack) {
  for (int i = 0; i < 64; ++i) step(opened("/question/" + std::to_string(i), {"sari"}));
  step(opened("/draft/real", {"sari"}));
  ASSERT_EQ(pager.find("/question/63"), nullptr);
  step(PageAcknowledged{1, "sari", "link"});
  EXPECT_NE(pager.find("/question/63"), nullptr);
}

// Who may decide alone a minute after the others were called waits from when somebody was called.
TEST_F(PagerNight, APageToAllBeginsWithItsFirstCall) {
  limits.more_for_decisions = 0;
  pager = Pager(limits, {}, 1, now);
  for (int i = 0; i < 20; ++i) step(opened("shut/" + std::to_string(i), {"sari"}));
  auto approvers = opened("approval/ab", {"bayu", "ratna"});
  approvers.calls = Calls::all_at_once;
  const auto asked = now.wall;
  step(approvers);
  EXPECT_EQ(pager.find("approval/ab"), nullptr) << "nobody was called: no minute runs";
  woken();
  const auto* page = pager.find("approval/ab");
  ASSERT_NE(page, nullptr);
  EXPECT_EQ(page->opened, asked + minutes(1));
  EXPECT_EQ(page->called.front().tries, 1);
}

TEST_F(PagerNight, ANewProcessGoesOnAndRepeatsNothingThatWasAcknowledged) {
  step(opened("shut/sms"));
  step(opened("held/mail", {"bayu", "ratna"}));
  step(PageAcknowledged{1, "sari", "console"});
  KeptPages kept{.pages = {}, .next = pager.next_number()};
  for (const auto& [_, page] : pager.pages()) kept.pages.push_back(page);
  auto read = parse_kept(kept_text(kept));
  ASSERT_TRUE(read);
  now = {now.wall + seconds(30), base::MonoTime(base::milliseconds(5))};  // the monotonic clock begins anew
  pager = Pager(limits, std::move(read->pages), read->next, now);
  step(PagerWoken{});
  EXPECT_EQ(calls, Strings{"P2 bayu 2"});
  step(opened("shut/sms"));
  EXPECT_TRUE(calls.empty()) << "the alarm is found again; it was acknowledged before";
  taken("bayu", 2);
  pass(seconds(90));
  step(PagerWoken{});
  EXPECT_EQ(calls, (Strings{"P2 ratna 1", "P2 bayu 3"})) << "two minutes after the first call, not after the start";
  step(opened("shut/other"));
  EXPECT_EQ(calls, Strings{"P3 sari 1"});
}

TEST_F(PagerNight, WhatWasAcknowledgedBeforeTheStartAndIsNotFoundAgainIsForgotten) {
  step(opened());
  step(PageAcknowledged{1, "sari", "console"});
  pager = Pager(limits, {pager.pages().at(1)}, pager.next_number(), now);
  step(PagerWoken{});
  ASSERT_TRUE(wake);
  woken();
  EXPECT_TRUE(pager.pages().empty());
}

TEST_F(PagerNight, WhoOnlyLooksCallsNobody) {
  step(opened());
  limits.calling = PagerLimits::Calling::no;
  Pager reader(limits, {pager.pages().at(1)}, 2, now);
  for (const auto& action : reader.step(PageAcknowledged{1, "sari", "console"}, now)) {
    EXPECT_FALSE(std::holds_alternative<Call>(action));
    EXPECT_FALSE(std::holds_alternative<WakePagerAt>(action));
  }
  EXPECT_FALSE(reader.pages().at(1).waits());
}

TEST(PageName, IsReadAsPeopleTypeIt) {
  EXPECT_EQ(parse_page_name("P12"), 12);
  EXPECT_EQ(parse_page_name("p12"), 12);
  EXPECT_EQ(parse_page_name("12"), 12);
  for (const auto* bad : {"", "P", "P0", "P-1", "TP12", "P1x"}) EXPECT_FALSE(parse_page_name(bad)) << bad;
}

TEST(KeptPages, WhatIsNoneOfOursIsRefused) {
  for (const auto* bad : {"", "{}", "[]", R"({"next":1})", R"({"next":1,"pages":[{}]})", R"({"next":1,"pages":[7]})"})
    EXPECT_FALSE(parse_kept(bad)) << bad;
}

TEST_F(PagerNight, OpenedForMorePeopleItCallsThemTooAndCountsFromThen) {
  auto all = opened("approval/x", {"hendra"});
  all.calls = Calls::all_at_once;
  step(all);
  taken("hendra");
  const auto first = now.wall;
  pass(seconds(20));
  all.order = {"bayu", "ratna", "hendra"};
  step(all);
  EXPECT_EQ(calls, (Strings{"P1 bayu 1", "P1 ratna 1"})) << "hendra was called";
  EXPECT_TRUE(kept);
  EXPECT_EQ(pager.find("approval/x")->opened, first + seconds(20));
  EXPECT_TRUE(pager.find("approval/x")->calls_all({"hendra", "ratna"}));
  pass(seconds(5));
  step(all);
  EXPECT_EQ(pager.find("approval/x")->opened, first + seconds(20)) << "nobody is new";
}

}  // namespace
}  // namespace broadcaster::service
