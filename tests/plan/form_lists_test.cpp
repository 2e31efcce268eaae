// The lists of a prepared alert: whose people are told when it is fired, and whose are not.
#include "broadcaster/plan/form_lists.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "broadcaster/plan/form_audiences.hpp"
#include "tests/plan/form_example.hpp"

namespace broadcaster::plan {
namespace {

using namespace form_example;
using example::Folder;
using Zones = std::vector<alert::ZoneId>;

/// So many of its people are on the list "residents"; 50 were signed for each zone.
Slots with_residents(std::int64_t in_muara, std::int64_t in_pasir = 50) {
  auto out = slots(ids({"muara", "pasir"}));
  for (auto& audience : out.audiences)
    if (audience.name == "residents")
      audience.counts = {{alert::Language("id"), alert::ZoneId("muara"), in_muara},
                         {alert::Language("id"), alert::ZoneId("pasir"), in_pasir}};
  return out;
}

std::size_t told_by_sms(const Plan& plan, const std::string& zone) {
  return static_cast<std::size_t>(std::ranges::count_if(
      plan.messages, [&](const Message& m) { return m.endpoint.value == "sms-drill" && m.zone.value == zone; }));
}

TEST(Bounds, AreTheToleranceOrAFewPeople) {
  const auto bound = bounds(form(), "residents", ids({"muara", "pasir"}));
  EXPECT_EQ(bound.as_signed, 100);
  EXPECT_EQ(bound.least, 90);
  EXPECT_EQ(bound.most, 110);
  auto tiny = form();
  tiny.people = {{"residents", {alert::Language("id"), ids({"muara"}), 5}}};
  EXPECT_EQ(bounds(tiny, "residents", ids({"muara"})).least, 2);
  EXPECT_EQ(bounds(tiny, "residents", ids({"muara"})).most, 8);
  tiny.people.front().standing.people = 2;
  EXPECT_EQ(bounds(tiny, "residents", ids({"muara"})).least, 1) << "who had somebody and has nobody is always named";
  EXPECT_EQ(bounds(tiny, "residents", ids({"pasir"})).least, 0);
}

TEST(FillForm, AZoneOutsideItsToleranceGetsNothingAndEverybodyElseIsTold) {
  for (const std::int64_t inside : {45, 50, 55}) {
    const auto plan = fill_form(form(), with_residents(inside));
    EXPECT_GT(told_by_sms(plan, "muara"), 0u) << inside;
    EXPECT_TRUE(plan.blocked.empty());
  }
  for (const std::int64_t outside : {0, 44, 56, 5000}) {
    const auto plan = fill_form(form(), with_residents(outside));
    EXPECT_EQ(told_by_sms(plan, "muara"), 0u) << outside;
    EXPECT_GT(told_by_sms(plan, "pasir"), 0u) << "a zone holds its own people alone";
    ASSERT_FALSE(plan.blocked.empty());
    EXPECT_EQ(plan.blocked.front().reason.id, "plan.audience_zone");
    EXPECT_EQ(plan.blocked.front().zone.value, "muara");
    EXPECT_FALSE(plan.messages.empty()) << "sirens and posts do not wait for a list";
    EXPECT_EQ(told_by_sms(*plan.false_alarm, "muara"), 0u) << "nobody is calmed who was not woken";
  }
}

TEST(FillForm, TwoZonesThatHaveChangedPlacesInAListAreNotHiddenByTheirSum) {
  const auto plan = fill_form(form(), with_residents(0, 100));
  EXPECT_EQ(told_by_sms(plan, "muara") + told_by_sms(plan, "pasir"), 0u) << "one town would read the text of another";
  EXPECT_EQ(plan.blocked.size(), 4u) << "two zones in two languages, each by its name";
}

TEST(FillForm, AListThatCouldNotBeReadIsSaidToBeUnreadNotEmpty) {
  auto of = slots(ids({"muara", "pasir"}));
  for (auto& audience : of.audiences) audience = {audience.name, "", {}, 0};
  const auto plan = fill_form(form(), of);
  EXPECT_EQ(told_by_sms(plan, "muara"), 0u);
  ASSERT_FALSE(plan.blocked.empty());
  EXPECT_EQ(plan.blocked.front().reason.id, "plan.audience_unread");
  EXPECT_GT(plan.blocked.front().recipients, 0) << "who was signed, where nobody can be counted";
  EXPECT_TRUE(parse_plan(canonical(plan), "plan")) << "a plan like any other";
}

/// Numbers of 20 people a zone alone, and so many who stand in the given zones.
std::string list_with(const std::vector<std::pair<Zones, int>>& doubles) {
  std::string out = "number,language,zone\n";
  int number = 9990000;
  const auto person = [&](const Zones& zones) {
    ++number;
    for (const auto& zone : zones) out += "+1202" + std::to_string(number) + ",id," + zone.value + "\n";
  };
  for (const auto* zone : {"muara", "pasir", "teluk"})
    for (int i = 0; i < 20; ++i) person(ids({zone}));
  for (const auto& [zones, people] : doubles)
    for (int i = 0; i < people; ++i) person(zones);
  return out;
}

/// As `prepare` counts this file.
Form prepared_with(const Folder& folder) {
  auto out = form();
  out.people.clear();
  std::filesystem::create_directories(folder.path / "snapshots");
  for (const auto& audience : out.plan.audiences) {
    const auto info = make_snapshot({.file = folder.path / (audience.name + ".csv"),
                                     .folder = folder.path / "snapshots",
                                     .languages = {alert::Language("id")},
                                     .zones = ids({"muara", "pasir", "teluk"}),
                                     .map = &example::town().zones,
                                     .count = SnapshotRequest::Count::standing});
    EXPECT_TRUE(info);
    for (const auto& standing : info->standing) out.people.push_back({audience.name, standing});
  }
  return out;
}

TEST(HeldLists, TheSameFileIsInsideForEveryChoiceOfZones) {
  const std::vector<std::vector<std::pair<Zones, int>>> towns = {
      {},
      {{ids({"muara", "pasir"}), 60}},
      {{ids({"pasir", "muara"}), 60}, {ids({"teluk", "muara"}), 40}},
      {{ids({"teluk", "pasir", "muara"}), 200}, {ids({"muara", "teluk"}), 5}, {ids({"muara", "muara"}), 9}}};
  for (const auto& doubles : towns) {
    const Folder folder;
    for (const auto* name : {"residents.csv", "staff.csv"}) folder.write(name, list_with(doubles));
    const auto of = prepared_with(folder);
    for (const auto& zones : all_choices()) {
      const auto now =
          audiences_now(of, zones, example::town().zones, folder.path, folder.path / "snapshots").audiences;
      EXPECT_EQ(held_lists(of, zones, now), std::vector<Held>{}) << zones.size();
      EXPECT_EQ(bounds(of, "residents", zones).as_signed, recipients(now.front(), zones)) << "counted as it is fired";
    }
  }
}

TEST(HeldLists, PeopleWhoAreGoneAreMissedAlsoWhereTheyStoodInTwoZones) {
  const Folder folder;
  for (const auto* name : {"residents.csv", "staff.csv"})
    folder.write(name, list_with({{ids({"muara", "pasir"}), 60}}));
  const auto of = prepared_with(folder);
  for (const auto* name : {"residents.csv", "staff.csv"}) folder.write(name, list_with({}));
  for (const auto& zones : {ids({"muara"}), ids({"pasir"}), ids({"muara", "pasir"})}) {
    const auto now = audiences_now(of, zones, example::town().zones, folder.path, folder.path / "snapshots").audiences;
    EXPECT_FALSE(held_lists(of, zones, now).empty()) << zones.size();
  }
  const auto teluk =
      audiences_now(of, ids({"teluk"}), example::town().zones, folder.path, folder.path / "snapshots").audiences;
  EXPECT_TRUE(held_lists(of, ids({"teluk"}), teluk).empty()) << "nobody of these was hers";
}

}  // namespace
}  // namespace broadcaster::plan
