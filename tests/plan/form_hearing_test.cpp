// What a prepared alert cannot say, named so that people sign it: the false alarm for zones in hearing, and documents.
#include "broadcaster/plan/form_hearing.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "broadcaster/plan/fill_form.hpp"
#include "broadcaster/plan/form_preview.hpp"
#include "broadcaster/plan/make_form.hpp"
#include "tests/plan/example.hpp"

namespace broadcaster::plan {
namespace {

using namespace std::chrono_literals;
using alert::ZoneId;
using example::night;
using example::town;

/// A siren of muara is heard in pasir, which may be fired, too, and on the hill, which is not in the form.
std::vector<alert::Siren> sirens() {
  auto out = town().sirens;
  for (auto& siren : out)
    if (siren.id.value == "siren-01") siren.heard_in = {ZoneId("bukit"), ZoneId("pasir")};
  return out;
}

std::map<std::string, SnapshotInfo> people() {
  auto out = example::audiences();
  for (auto& [_, info] : out) info.counts.push_back({alert::Language("id"), ZoneId("bukit"), 7});
  return out;
}

Form form_over(const std::vector<Endpoint>& endpoints) {
  const auto order = example::order(alert::Status::exercise);
  const auto audiences = people();
  const auto heard = sirens();
  FormTerms terms;
  terms.last = night() + 100 * 24h;
  terms.lasts = 3h;
  terms.arrival = ArrivalRange{10min, 2h};
  auto made = make_form({.plan = {.alert = order,
                                  .agency = town().agency,
                                  .zones = town().zones,
                                  .sirens = heard,
                                  .endpoints = endpoints,
                                  .traits = example::traits(),
                                  .templates = town().templates,
                                  .audiences = audiences,
                                  .author = "sari.wulandari",
                                  .now = night()},
                         .terms = terms,
                         .may_fire = {{"bayu.pratama", {"0123456789abcdef"}}},
                         .basis = {}});
  EXPECT_TRUE(made) << example::lines(made.error());
  return std::move(*made);
}

Form form() { return form_over(town().of_mode(alert::Mode::drill)); }

Plan fired(const Form& form, const std::vector<ZoneId>& zones) {
  auto slots = sample_slots(form, zones, night() + 1h);
  slots.arrival = slots.at + 20min;
  return fill_form(form, slots);
}

/// "zone: recipients" of everybody whom the false alarm leaves out because they only heard a siren.
std::vector<std::string> untold(const Plan& plan) {
  std::vector<std::string> out;
  for (const auto& gap : plan.false_alarm->blocked)
    if (gap.reason.id == "plan.form_untold") out.push_back(gap.zone.value + ": " + std::to_string(gap.recipients));
  std::ranges::sort(out);
  return out;
}

TEST(FormHearing, WhoHearsASirenAndIsNotFiredIsNamedInTheFalseAlarm) {
  const auto made = form();
  const auto alone = fired(made, {ZoneId("muara")});
  const auto left_out = untold(alone);
  EXPECT_NE(std::ranges::find(left_out, "bukit: 7"), left_out.end()) << "outside of the form";
  EXPECT_NE(std::ranges::find(left_out, "pasir: 40"), left_out.end()) << "in the form, and not fired";
  const auto both = untold(fired(made, {ZoneId("muara"), ZoneId("pasir")}));
  ASSERT_FALSE(both.empty());
  EXPECT_TRUE(std::ranges::all_of(both, [](const std::string& one) { return one.starts_with("bukit"); }))
      << "pasir is told itself";
}

TEST(FormHearing, WhereTheSirenIsSilentNobodyIsLeftOut) {
  EXPECT_TRUE(untold(fired(form(), {ZoneId("teluk")})).empty());
  auto endpoints = town().of_mode(alert::Mode::drill);
  std::erase_if(endpoints, [](const Endpoint& endpoint) { return endpoint.channel == "siren"; });
  EXPECT_TRUE(form_over(endpoints).untold.empty());
}

TEST(FormHearing, AnAccountIsLeftOutOnlyWhereItSpeaksToNoFiredZone) {
  auto endpoints = town().of_mode(alert::Mode::drill);
  for (auto& endpoint : endpoints)
    if (endpoint.channel == "mastodon") endpoint.zones = {ZoneId("pasir")};
  const auto made = form_over(endpoints);
  const auto left_out = untold(fired(made, {ZoneId("muara")}));
  EXPECT_NE(std::ranges::find(left_out, "pasir: 0"), left_out.end());
  const auto both = fired(made, {ZoneId("muara"), ZoneId("pasir")});
  EXPECT_TRUE(std::ranges::none_of(untold(both), [](const std::string& one) { return one == "pasir: 0"; }));
}

TEST(FormHearing, TheFalseAlarmSpeaksToTheFiredZonesAndNobodyElse) {
  const auto plan = fired(form(), {ZoneId("muara")});
  ASSERT_EQ(plan.false_alarm->zones.size(), 1u);
  EXPECT_EQ(plan.false_alarm->alert.zones.size(), 1u);
  EXPECT_EQ(plan.false_alarm->audiences, plan.audiences);
  for (const auto& message : plan.false_alarm->messages)
    EXPECT_TRUE(message.zone.value.empty() || message.zone == ZoneId("muara")) << message.zone.value;
}

TEST(FormHearing, IsInTheSignedBytesAndOnTheFirstPage) {
  const auto made = form();
  const auto again = parse_form(canonical(form()), "form");
  EXPECT_FALSE(again) << "the parts of the configuration are missing";
  EXPECT_NE(canonical(made).find("\"sirens_of\":[\"muara\"]"), std::string::npos);
  const auto page = preview(made, {.language = "en", .width = 100});
  EXPECT_NE(page.find("NOT TOLD OF A FALSE ALARM: bukit, which hears the sirens of muara"), std::string::npos) << page;
}

std::vector<Endpoint> with_a_feed() {
  const example::Folder folder;
  const auto file = folder.write("endpoints.yaml",
                                 "endpoints:\n  - {name: feed, channel: cap_feed, mode: drill, url: "
                                 "\"https://a.example/cap\", title: T, signer: \"0\", signing_key: \"env:K\"}\n");
  auto out = town().of_mode(alert::Mode::drill);
  out.push_back(read_endpoints(file, example::traits()).value().front());
  return out;
}

TEST(FormDocument, IsBlockedInTheOrderAndInTheFalseAlarm) {
  const auto plan = fired(form_over(with_a_feed()), {ZoneId("muara"), ZoneId("teluk")});
  for (const auto* one : {&plan, plan.false_alarm.get()}) {
    EXPECT_TRUE(std::ranges::none_of(one->messages, [](const Message& m) { return m.endpoint.value == "feed"; }));
    const auto gap = std::ranges::find(one->blocked, EndpointName("feed"), &Blocked::endpoint);
    ASSERT_NE(gap, one->blocked.end());
    EXPECT_EQ(gap->reason.id, "plan.form_document");
  }
}

}  // namespace
}  // namespace broadcaster::plan
