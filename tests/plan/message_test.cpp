#include <gtest/gtest.h>

#include "broadcaster/plan/plan.hpp"
#include "tests/plan/example.hpp"

namespace broadcaster::plan {
namespace {

using example::filling;

TEST(Message, HolesAreFilledByConcatenation) {
  const Pieces pieces{"BPBD ",    Hole{HoleKind::time_of_issue, "HH.mm", std::chrono::hours(7)},
                      ": naik! ", Hole{.kind = HoleKind::code, .pattern = {}},
                      " (bukan ", Hole{HoleKind::original_time_of_issue, "HH:mm", std::chrono::hours(7)},
                      ")"};
  EXPECT_EQ(fill(pieces, filling()), "BPBD 02.15: naik! TP12 (bukan 01:59)");
}

TEST(Message, TimesCrossMidnightAndYearsByTheirOffset) {
  auto new_year = filling();
  new_year.time_of_issue = *base::parse_utc("2026-12-31T23:30:05.000Z");
  const auto at = [&](std::chrono::minutes offset) {
    return fill({Hole{HoleKind::time_of_issue, "dd-MM-yyyy HH:mm:ss", offset}}, new_year);
  };
  EXPECT_EQ(at(std::chrono::hours(7)), "01-01-2027 06:30:05");
  EXPECT_EQ(at(std::chrono::minutes(0)), "31-12-2026 23:30:05");
  EXPECT_EQ(at(-std::chrono::minutes(210)), "31-12-2026 20:00:05");
}

TEST(Message, TheLongestFillingIsNeverShorterThanARealOne) {
  const Pieces pieces{Hole{.kind = HoleKind::identifier, .pattern = {}}, Hole{.kind = HoleKind::code, .pattern = {}},
                      Hole{.kind = HoleKind::original_code, .pattern = {}},
                      Hole{HoleKind::time_of_issue, "HH.mm", std::chrono::hours(7)}};
  EXPECT_EQ(fill_longest(pieces).size(), 40u + 8u + 8u + 5u);
  EXPECT_GE(fill_longest(pieces).size(), fill(pieces, filling()).size());
}

alert::Alert alert_with(alert::Status status, alert::Urgency urgency, alert::Severity severity) {
  alert::Alert alert;
  alert.status = status;
  alert.infos.emplace_back();
  alert.infos.back().urgency = urgency;
  alert.infos.back().severity = severity;
  return alert;
}

TEST(Priority, LifeThreatsGoBeforeEverything) {
  using alert::Severity;
  using alert::Status;
  using alert::Urgency;
  EXPECT_EQ(priority(alert_with(Status::actual, Urgency::immediate, Severity::extreme)), 0);
  EXPECT_EQ(priority(alert_with(Status::actual, Urgency::immediate, Severity::severe)), 0);
  EXPECT_EQ(priority(alert_with(Status::actual, Urgency::immediate, Severity::minor)), 1);
  EXPECT_EQ(priority(alert_with(Status::actual, Urgency::expected, Severity::extreme)), 2);
  EXPECT_EQ(priority(alert_with(Status::actual, Urgency::future, Severity::extreme)), 3);
  EXPECT_EQ(priority(alert_with(Status::system, Urgency::immediate, Severity::extreme)), 5);
  EXPECT_EQ(priority(alert_with(Status::exercise, Urgency::immediate, Severity::extreme)), 6);
  EXPECT_EQ(priority(alert_with(Status::test, Urgency::immediate, Severity::extreme)), 7);
  EXPECT_EQ(priority(alert_with(Status::draft, Urgency::immediate, Severity::extreme)), 7);
}

TEST(FindMessage, TakesTheZonesOwnElseTheOneForAllAndNeverAnotherLanguage) {
  Plan plan;
  const EndpointName sms("sms");
  const alert::Language id("id"), en("en");
  const auto add = [&](const EndpointName& endpoint, const alert::Language& language, const char* zone) {
    Message message;
    message.endpoint = endpoint;
    message.language = language;
    message.zone = alert::ZoneId(zone);
    plan.messages.push_back(message);
  };
  add(sms, id, "");
  add(sms, id, "muara");
  add(EndpointName("other"), en, "muara");
  const auto* own = find_message(plan, sms, id, alert::ZoneId("muara"));
  ASSERT_NE(own, nullptr);
  EXPECT_EQ(own->zone.value, "muara");
  const auto* for_all = find_message(plan, sms, id, alert::ZoneId("pasir"));
  ASSERT_NE(for_all, nullptr);
  EXPECT_TRUE(for_all->zone.value.empty());
  EXPECT_EQ(find_message(plan, sms, en, alert::ZoneId("muara")), nullptr);
}

}  // namespace
}  // namespace broadcaster::plan
