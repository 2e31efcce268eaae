// Whoever heard a siren is told that it was a false alarm, alerted or not (R44).
#include "broadcaster/plan/hearing.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "broadcaster/plan/preview.hpp"
#include "tests/plan/example.hpp"

namespace broadcaster::plan {
namespace {

using alert::Status;
using alert::ZoneId;

/// The example's town, where bukit hears a siren of muara and one of karang, which is not alerted.
std::vector<alert::Siren> heard_on_the_hill() {
  auto sirens = example::town().sirens;
  for (auto& siren : sirens)
    if (siren.id.value == "siren-01" || siren.id.value == "siren-16") siren.heard_in = {ZoneId("bukit")};
  return sirens;
}

std::map<std::string, SnapshotInfo> people() {
  auto out = example::audiences();
  for (auto& [_, info] : out) info.counts.push_back({alert::Language("id"), ZoneId("bukit"), 7});
  return out;
}

Plan planned(const std::vector<alert::Siren>& sirens, std::vector<Endpoint> endpoints) {
  const auto& town = example::town();
  const auto audiences = people();
  auto made = make_plan({.alert = example::order(Status::actual),
                         .agency = town.agency,
                         .zones = town.zones,
                         .sirens = sirens,
                         .endpoints = endpoints,
                         .traits = example::traits(),
                         .templates = town.templates,
                         .audiences = audiences,
                         .author = "sari.wulandari",
                         .now = example::night()});
  EXPECT_TRUE(made) << example::lines(made.error());
  return std::move(*made);
}

Plan planned() { return planned(heard_on_the_hill(), example::town().of_mode(alert::Mode::live)); }

std::vector<const Message*> to(const Plan& plan, const char* zone) {
  std::vector<const Message*> out;
  for (const auto& message : plan.messages)
    if (message.zone.value == zone) out.push_back(&message);
  return out;
}

TEST(Hearing, TheFalseAlarmReachesAZoneThatHeardASirenAndTheAlertDoesNot) {
  const auto plan = planned();
  EXPECT_TRUE(to(plan, "bukit").empty());
  const auto calmed = to(*plan.false_alarm, "bukit");
  ASSERT_EQ(calmed.size(), 2u) << "one for each audience";
  EXPECT_EQ(fill(std::get<Pieces>(calmed[0]->body), example::filling()),
            "BPBD Tirtapura 02.15 WIB: TIDAK ADA TSUNAMI. Pesan 01.59 untuk Muara KELIRU. Anda aman. Berhenti "
            "mengungsi, boleh pulang. TP12")
      << "it names the zone whose siren they heard: no message was for them";
  EXPECT_EQ(plan.zones.size(), 3u);
  ASSERT_EQ(plan.false_alarm->zones.size(), 4u);
  EXPECT_EQ(plan.false_alarm->zones.back().id.value, "bukit");
  EXPECT_EQ(plan.false_alarm->alert.zones.back().zone.value, "bukit");
}

TEST(Hearing, ThePeopleOfTheAlertAreCountedWithoutThem) {
  const auto plan = planned();
  for (const auto& count : plan.audiences.front().counts) EXPECT_NE(count.zone.value, "bukit");
  const auto& counts = plan.false_alarm->audiences.front().counts;
  EXPECT_NE(std::ranges::find(counts, ZoneId("bukit"), &AudienceCount::zone), counts.end());
  EXPECT_EQ(plan.audiences.front().digest, plan.false_alarm->audiences.front().digest) << "one list";
}

TEST(Hearing, ItsOwnSirensStaySilentAndAccountsNameTheAlertedZonesAlone) {
  auto sirens = heard_on_the_hill();
  sirens.push_back({alert::SirenId("siren-21"), ZoneId("bukit"), "Bukit", {-12.02, 100.06}});
  const auto plan = planned(sirens, example::town().of_mode(alert::Mode::live));
  const auto sounding = commanded_sirens(*plan.false_alarm);
  EXPECT_EQ(std::ranges::find(sounding, "siren-21"), sounding.end());
  for (const auto& message : plan.false_alarm->messages)
    if (message.form == "post")
      EXPECT_EQ(fill(std::get<Pieces>(message.body), example::filling()).find("Bukit"), std::string::npos);
}

TEST(Hearing, AnAccountThatServesNobodyElseSpeaksToThem) {
  auto endpoints = example::town().of_mode(alert::Mode::live);
  for (auto& endpoint : endpoints)
    if (endpoint.channel == "mastodon") endpoint.zones = {ZoneId("bukit")};
  const auto plan = planned(heard_on_the_hill(), endpoints);
  const auto post = [](const Message& message) { return message.form == "post"; };
  EXPECT_TRUE(std::ranges::none_of(plan.messages, post));
  EXPECT_TRUE(std::ranges::any_of(plan.false_alarm->messages, post));
}

TEST(Hearing, WithoutASirenThatSoundsNobodyIsAdded) {
  auto endpoints = example::town().of_mode(alert::Mode::live);
  std::erase_if(endpoints, [](const Endpoint& endpoint) { return endpoint.channel == "siren"; });
  EXPECT_EQ(planned(heard_on_the_hill(), endpoints).false_alarm->zones.size(), 3u);
  EXPECT_EQ(planned(example::town().sirens, example::town().of_mode(alert::Mode::live)).false_alarm->zones.size(), 3u);
}

TEST(Hearing, IsReadByThoseWhoSign) {
  const auto page = preview(planned(), {.language = "en", .width = 100});
  EXPECT_NE(page.find("It goes also to zones that are not alerted and hear the sirens:\n  Bukit ward: 17,380 people"),
            std::string::npos)
      << page;
}

}  // namespace
}  // namespace broadcaster::plan
