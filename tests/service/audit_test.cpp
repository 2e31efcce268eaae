// What the auditor finds, and what it must not cry about.
#include "broadcaster/service/audit.hpp"

#include <gtest/gtest.h>

namespace broadcaster::service {
namespace {

using delivery::RouteIndex;
using delivery::State;
using std::chrono::seconds;

constexpr RouteIndex sms{0};
constexpr base::WallTime release{std::chrono::milliseconds(1'795'500'000'000)};

base::Now after(seconds passed) { return {release + passed, base::MonoTime(seconds(1000) + passed)}; }

AuditedAlert alert_of(std::int64_t planned, journal::StateCounts counters) {
  AuditedAlert out;
  out.id = delivery::AlertId(1);
  out.in_force.code = "TP12";
  out.released_at = release;
  out.routes = {{sms, "sms"}};
  out.expected = {{sms, {planned, journal::ExpectedRows::How::exactly}}};
  out.pulse.expanded = true;
  out.pulse.counters = {{sms, std::move(counters)}};
  return out;
}

AuditReading reading(AuditedAlert alert) { return {.alerts = {std::move(alert)}, .free_bytes = {}, .no_ballast = {}}; }

std::vector<std::string> keys(const std::vector<AuditFinding>& findings) {
  std::vector<std::string> out;
  for (const auto& one : findings) out.push_back(one.key);
  return out;
}
using Keys = std::vector<std::string>;

TEST(Audit, PlannedIsTheSumOfTheStates) {
  EXPECT_FALSE(planned_finding(alert_of(10, {{State::pending, 3}, {State::confirmed, 7}}), sms));
  const auto lost = planned_finding(alert_of(10, {{State::pending, 3}, {State::confirmed, 6}}), sms);
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->key, "planned/TP12/sms");
  EXPECT_TRUE(planned_finding(alert_of(10, {{State::confirmed, 11}}), sms)) << "and nobody is invented";
}

TEST(Audit, WhileItIsExpandedThereMayBeFewerButNeverMore) {
  auto alert = alert_of(10, {{State::pending, 3}});
  alert.pulse.expanded = false;
  EXPECT_FALSE(planned_finding(alert, sms));
  alert.pulse.counters[sms][State::pending] = 11;
  EXPECT_TRUE(planned_finding(alert, sms));
}

TEST(Audit, WhoStandsOnTwoListsIsOneDelivery) {
  auto alert = alert_of(10, {{State::confirmed, 8}});
  alert.expected[sms].how = journal::ExpectedRows::How::at_most;
  EXPECT_FALSE(planned_finding(alert, sms));
}

TEST(Audit, ARouteThatThePlanDoesNotKnowHasNoDeliveries) {
  auto alert = alert_of(0, {{State::pending, 1}});
  alert.expected.clear();
  EXPECT_TRUE(planned_finding(alert, sms));
}

TEST(Audit, RowsAreHeldAgainstTheCounters) {
  const auto alert = alert_of(10, {});
  const journal::StateCounts whole{{State::pending, 4}, {State::confirmed, 6}};
  EXPECT_FALSE(count_finding(alert, sms, {.before = whole, .after = whole, .rows = whole}));
  EXPECT_TRUE(count_finding(alert, sms, {whole, whole, {{State::pending, 4}, {State::confirmed, 5}}}));
  EXPECT_TRUE(count_finding(alert, sms, {whole, whole, {{State::pending, 5}, {State::confirmed, 5}}}))
      << "the same total in other states";
}

TEST(Audit, WhatMovedWhileItWasCountedIsComparedByItsTotal) {
  const auto alert = alert_of(10, {});
  const journal::StateCounts before{{State::pending, 4}, {State::confirmed, 6}}, after{{State::confirmed, 10}};
  EXPECT_FALSE(count_finding(alert, sms, {before, after, {{State::pending, 1}, {State::confirmed, 9}}}));
  EXPECT_TRUE(count_finding(alert, sms, {before, after, {{State::confirmed, 9}}}));
}

TEST(Audit, AZeroIsNoDifference) {
  const auto alert = alert_of(1, {});
  EXPECT_FALSE(count_finding(
      alert, sms, {{{State::pending, 0}, {State::accepted, 1}}, {{State::accepted, 1}}, {{State::accepted, 1}}}));
}

struct Waiting : testing::Test {
  AuditReading waiting(base::WallTime due) {
    auto alert = alert_of(10, {{State::pending, 10}});
    alert.pulse.oldest_due[sms] = due;
    return reading(std::move(alert));
  }
  Audit audit{AuditLimits{.waiting = seconds(120), .free_bytes = 0}};
};

TEST_F(Waiting, DueAndNothingMovesForTwoMinutesIsAFinding) {
  EXPECT_EQ(keys(audit.judge(waiting(base::WallTime()), after(seconds(0)))), Keys{});
  EXPECT_EQ(keys(audit.judge(waiting(base::WallTime()), after(seconds(119)))), Keys{});
  EXPECT_EQ(keys(audit.judge(waiting(base::WallTime()), after(seconds(120)))), Keys{"waiting/TP12/sms"});
}

TEST_F(Waiting, AMillionThatAreServedInTurnMayWait) {
  for (int minute = 0; minute < 10; ++minute) {
    auto now = waiting(base::WallTime());
    now.alerts[0].pulse.counters[sms] = {{State::pending, 10 - minute}, {State::accepted, minute}};
    EXPECT_EQ(keys(audit.judge(now, after(seconds(60 * minute)))), Keys{}) << minute;
  }
}

TEST_F(Waiting, WhatIsDueLaterDoesNotWait) {
  audit.judge(waiting(release + seconds(3600)), after(seconds(0)));
  EXPECT_EQ(keys(audit.judge(waiting(release + seconds(3600)), after(seconds(600)))), Keys{});
}

TEST_F(Waiting, AClockThatJumpsAheadIsNoWait) {
  audit.judge(waiting(release), after(seconds(0)));
  auto jumped = after(seconds(10));
  jumped.wall += std::chrono::hours(1);
  EXPECT_EQ(keys(audit.judge(waiting(release), jumped)), Keys{});
}

TEST_F(Waiting, TheLongestWaitIsSinceTheReleaseForWhatIsDueAtOnce) {
  EXPECT_EQ(Audit::oldest_waiting(waiting(base::WallTime()), release + seconds(7)), seconds(7));
  EXPECT_EQ(Audit::oldest_waiting(waiting(release + seconds(30)), release + seconds(7)), std::nullopt);
}

TEST(Audit, ADiskThatIsNearlyFullIsAFinding) {
  Audit audit({.waiting = seconds(120), .free_bytes = 512 << 20});
  EXPECT_EQ(keys(audit.judge({.alerts = {}, .free_bytes = 600 << 20, .no_ballast = {}}, after(seconds(0)))), Keys{});
  EXPECT_EQ(keys(audit.judge({.alerts = {}, .free_bytes = 500 << 20, .no_ballast = {}}, after(seconds(0)))),
            Keys{"disk"});
  EXPECT_EQ(keys(audit.judge({.alerts = {}, .free_bytes = {}, .no_ballast = base::Text{"journal.no_ballast", {}}},
                             after(seconds(0)))),
            Keys{"ballast"});
}

}  // namespace
}  // namespace broadcaster::service
