#include "broadcaster/plan/make_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <future>

#include "broadcaster/plan/estimate.hpp"
#include "broadcaster/plan/lint.hpp"
#include "broadcaster/plan/rehearse.hpp"
#include "tests/plan/example.hpp"
#include "tests/support/places.hpp"

namespace broadcaster::plan {
namespace {

using alert::Status;
using example::has;
using example::order;
using example::plan_of;

const Plan& drill() {
  static const Plan plan = [] {
    auto made = plan_of(order(Status::exercise));
    if (!made) throw std::runtime_error(example::lines(made.error()));
    return *made;
  }();
  return plan;
}

std::vector<const Message*> of_form(const Plan& plan, std::string_view form) {
  std::vector<const Message*> out;
  for (const auto& message : plan.messages)
    if (message.form == form) out.push_back(&message);
  return out;
}

std::string text(const Message& message) { return fill(std::get<Pieces>(message.body), example::filling()); }

Templates templates_with(const std::function<void(Template&)>& change) {
  auto templates = example::town().templates;
  for (auto& one : templates.all) change(one);
  return templates;
}

TEST(Plan, EveryWayOutGetsItsMessages) {
  EXPECT_EQ(of_form(drill(), "post").size(), 2u) << "a language each";
  EXPECT_EQ(of_form(drill(), "event").size(), 2u);
  EXPECT_EQ(of_form(drill(), "sms").size(), 2u * 3 * 2) << "two audiences, three zones, two languages";
  ASSERT_EQ(of_form(drill(), "siren").size(), 3u) << "a zone each";
  const auto& siren = std::get<SirenProgram>(of_form(drill(), "siren")[0]->body);
  EXPECT_EQ(siren.targets, (std::vector<std::string>{"siren-01", "siren-02", "siren-03", "siren-04", "siren-05"}));
  EXPECT_EQ(siren.voice_texts.size(), 2u);
  EXPECT_TRUE(drill().blocked.empty());
  for (const auto& message : drill().messages)
    if (message.form != "siren") EXPECT_TRUE(message.missing.empty()) << message.endpoint.value;
}

TEST(Plan, WhatNobodySeesAndWhatCallsStrangersIsRefusedWhereItWasTyped) {
  auto alert = order(Status::actual);
  alert.infos[0].headline = "Tsunami\u202e";
  alert.infos[0].description = "Naik.\n\nSekarang.";
  alert.slots.push_back({"refuge", "tanya @bmkg"});
  const auto made = plan_of(alert);
  ASSERT_FALSE(made);
  const auto said = example::lines(made.error());
  EXPECT_NE(said.find("info[0].headline: plan.characters"), std::string::npos) << said;
  EXPECT_NE(said.find("slots.refuge: plan.mention"), std::string::npos) << said;
  EXPECT_EQ(said.find("description"), std::string::npos) << "a text may have lines";
}

TEST(Plan, IsDeterministic) {
  EXPECT_EQ(canonical(*plan_of(order(Status::exercise))), canonical(*plan_of(order(Status::exercise))));
  EXPECT_EQ(canonical(*plan_of(order(Status::actual))), canonical(*plan_of(order(Status::actual))));
}

TEST(Plan, AnSmsIsOneSegmentLiveAndAsADrill) {
  for (const auto status : {Status::actual, Status::exercise})
    for (const auto arrival : {example::Arrival::known, example::Arrival::unknown}) {
      const auto plan = plan_of(order(status, arrival));
      ASSERT_TRUE(plan) << example::lines(plan.error());
      EXPECT_TRUE(plan->blocked.empty() && plan->false_alarm->blocked.empty());
      for (const auto* source : {&*plan, plan->false_alarm.get()})
        for (const auto* message : of_form(*source, "sms")) {
          EXPECT_EQ(message->length.segments, 1) << text(*message);
          EXPECT_EQ(message->length.unit, "gsm7") << text(*message);
          EXPECT_LE(message->length.used, message->length.limit);
        }
    }
}

TEST(Plan, TheMarkComesFromTheStatusAlone) {
  const auto live = *plan_of(order(Status::actual));
  for (const auto* message : of_form(live, "sms")) {
    EXPECT_FALSE(mark_in(example::town().templates.marks, text(*message)));
    const auto* twin = find_message(
        drill(), EndpointName(message->endpoint.value.substr(0, message->endpoint.value.rfind('-')) + "-drill"),
        message->language, message->zone);
    ASSERT_TRUE(twin) << message->endpoint.value;
    const auto word = std::string(message->language.value == "id" ? "LATIHAN" : "EXERCISE");
    EXPECT_EQ(text(*twin), word + ": " + text(*message) + " " + word + ".");
  }
  EXPECT_EQ(std::get<SirenProgram>(of_form(live, "siren")[0]->body).program, "tsunami-evacuate");
  EXPECT_EQ(std::get<SirenProgram>(of_form(drill(), "siren")[0]->body).program, "exercise");
  EXPECT_EQ(std::get<SirenProgram>(of_form(*live.false_alarm, "siren")[0]->body).program, "all-safe");
  EXPECT_EQ(std::get<SirenProgram>(of_form(*drill().false_alarm, "siren")[0]->body).program, "exercise-over");
}

TEST(Plan, TheFalseAlarmReachesEverybodyWhomTheAlertIsFor) {
  const auto& inner = *drill().false_alarm;
  EXPECT_EQ(inner.alert.type, alert::MessageType::cancel);
  EXPECT_TRUE(inner.alert.references.empty()) << "filled at release";
  EXPECT_EQ(inner.priority, drill().priority);
  EXPECT_GT(inner.expires, drill().expires);
  EXPECT_EQ(inner.audiences, drill().audiences);
  EXPECT_EQ(inner.endpoints, drill().endpoints);
  ASSERT_EQ(inner.messages.size(), drill().messages.size());
  for (const auto& message : drill().messages)
    EXPECT_TRUE(find_message(inner, message.endpoint, message.language, message.zone)) << message.endpoint.value;
  EXPECT_FALSE(inner.false_alarm);
}

TEST(Plan, AVoiceThatCalmsNeverNamesTheHazard) {
  const auto templates =
      templates_with([](Template& one) { one.false_alarm.siren.voice = "Tidak ada tsunami. {agency}"; });
  const auto plan = plan_of(order(Status::actual), example::town().of_mode(alert::Mode::live), templates);
  ASSERT_TRUE(plan);
  EXPECT_TRUE(of_form(*plan->false_alarm, "siren").empty());
  EXPECT_EQ(plan->false_alarm->blocked.front().reason.id, "plan.voice_names_hazard");
  EXPECT_TRUE(std::ranges::find(plan->findings, "false_alarm_blocked", &Finding::rule) != plan->findings.end());
}

TEST(Plan, OneBadMessageDoesNotStopSirens) {
  const auto templates = templates_with([](Template& one) {
    if (one.language.value == "id") one.order.forms["sms"][0].pattern += std::string(200, 'x');
    one.order.forms["event"][0].pattern += " {nothing}";
  });
  const auto plan = plan_of(order(Status::actual), example::town().of_mode(alert::Mode::live), templates);
  ASSERT_TRUE(plan) << example::lines(plan.error());
  EXPECT_EQ(of_form(*plan, "siren").size(), 3u);
  EXPECT_EQ(of_form(*plan, "post").size(), 2u);
  EXPECT_EQ(of_form(*plan, "sms").size(), 2u * 3) << "English goes";
  EXPECT_EQ(plan->blocked.size(), 2u * 3 + 2);
  const auto gap = std::ranges::find(plan->blocked, std::string("sms"), &Blocked::form);
  ASSERT_NE(gap, plan->blocked.end());
  EXPECT_EQ(gap->reason.id, "plan.too_long");
  EXPECT_EQ(gap->recipients, 40) << "who gets nothing";
}

TEST(Plan, ATextWithoutGuidanceIsBlocked) {
  const auto templates = templates_with([](Template& one) {
    one.order.guidance_words = {"turn off ventilation"};
    one.order.siren.voice += " Turn off ventilation.";
  });
  const auto plan = plan_of(order(Status::actual), example::town().of_mode(alert::Mode::live), templates);
  ASSERT_TRUE(plan);
  EXPECT_EQ(of_form(*plan, "sms").size(), 0u);
  EXPECT_EQ(plan->blocked.front().reason.id, "plan.element_missing");
}

TEST(Plan, FaultsOfTheAlertRefuseEverything) {
  struct Case {
    std::string id;
    std::function<void(alert::Alert&)> change;
  };
  const Case cases[] = {
      {"plan.no_template", [](auto& alert) { alert.hazard = "locusts"; }},
      {"plan.no_expiry",
       [](auto& alert) {
         for (auto& info : alert.infos) info.expires.reset();
       }},
      {"alert.lint_no_area", [](auto& alert) { alert.zones.clear(); }},
      {"alert.zone_unknown", [](auto& alert) { alert.zones[0].zone = alert::ZoneId("atlantis"); }},
      {"alert.expires_before_now",
       [](auto& alert) {
         for (auto& info : alert.infos) info.expires = example::night() - std::chrono::hours(1);
       }},
  };
  for (const auto& test : cases) {
    auto alert = order(Status::exercise);
    test.change(alert);
    const auto plan = plan_of(alert);
    ASSERT_FALSE(plan) << test.id;
    EXPECT_TRUE(has(plan.error(), test.id)) << test.id << "\n" << example::lines(plan.error());
  }
}

TEST(Plan, AnEndpointOfTheOtherModeIsRefused) {
  const auto plan = plan_of(order(Status::exercise), example::town().endpoints, example::town().templates);
  ASSERT_FALSE(plan);
  EXPECT_TRUE(has(plan.error(), "plan.mode_conflict"));
  EXPECT_EQ(plan.error().front().kind, base::ErrorKind::refused);
  EXPECT_TRUE(has(plan_of(order(Status::exercise), {}, example::town().templates).error(), "plan.no_endpoints"));
}

TEST(Plan, ADrillMarkTypedIntoALiveAlertIsRefused) {
  auto alert = order(Status::actual);
  alert.infos[0].headline = "LATIHAN: Tsunami";
  EXPECT_FALSE(plan_of(alert));
  alert.infos[0].headline = "Kumpul di Balai Latihan Kerja";
  EXPECT_TRUE(plan_of(alert));
}

TEST(Plan, SystemGoesToStaffAndNeverToThePublic) {
  const auto status = Status::system;
  const auto plan = plan_of(order(status));
  ASSERT_TRUE(plan) << example::lines(plan.error());
  ASSERT_FALSE(plan->endpoints.empty());
  for (const auto& endpoint : plan->endpoints) EXPECT_TRUE(endpoint.name.value.starts_with("sms-staff"));
}

TEST(Plan, ADraftCanBePlanned) { EXPECT_TRUE(plan_of(order(Status::draft))); }

TEST(Plan, NamesWhoIsNotAlerted) {
  ASSERT_EQ(drill().not_alerted.size(), 1u);
  EXPECT_EQ(drill().not_alerted[0].id.value, "karang");
}

TEST(Plan, FillsTheTextsThatAPersonLeftOut) {
  for (const auto& info : drill().alert.infos) {
    EXPECT_FALSE(info.headline.empty());
    EXPECT_FALSE(info.instruction.empty());
  }
  auto alert = order(Status::exercise);
  alert.infos[0].headline = "Segera naik";
  EXPECT_EQ(plan_of(alert)->alert.infos[0].headline, "Segera naik");
}

TEST(Plan, NamesWhatWasTypedBesideTheTemplatesOwnWords) {
  auto alert = order(Status::actual);
  const auto plain = plan_of(alert);
  ASSERT_TRUE(plain) << example::lines(plain.error());
  EXPECT_EQ(plain->free_text, std::vector<std::string>{});
  alert.infos.front().headline = plain->alert.infos.front().headline;
  EXPECT_EQ(plan_of(alert)->free_text, std::vector<std::string>{}) << "the same words, typed";
  alert.infos.front().headline += " Hati-hati.";
  alert.slots.push_back({"refuge", "Masjid Agung"});
  EXPECT_EQ(plan_of(alert)->free_text, (std::vector<std::string>{"slots.refuge", "infos[0].headline"}));
}

TEST(Plan, EveryZoneSpeaksOfItsOwnArrival) {
  auto alert = order(Status::actual);
  alert.zones[2].onset = example::night() + std::chrono::minutes(45);
  const auto plan = *plan_of(alert);
  const auto said = [&](const char* zone) {
    return text(*find_message(plan, EndpointName("sms-live"), alert::Language("id"), alert::ZoneId(zone)));
  };
  EXPECT_NE(said("muara").find("mulai 02.35 di Muara"), std::string::npos) << said("muara");
  EXPECT_NE(said("teluk").find("mulai 03.00 di Teluk"), std::string::npos) << said("teluk");
}

TEST(Estimate, CountsThoseWhoseTurnComesAfterTheWave) {
  auto plan = drill();
  for (auto& endpoint : plan.endpoints) endpoint.rate_per_second = 1;
  plan.zones[0].onset = plan.made_at + std::chrono::seconds(300);  // muara, third
  plan.zones[1].onset = plan.made_at + std::chrono::seconds(60);   // pasir, second: 50 to 100
  plan.zones[2].onset = plan.made_at + std::chrono::seconds(20);   // teluk, first: 0 to 50
  const auto route = estimate(plan).front();
  EXPECT_EQ(route.recipients, 150);
  EXPECT_EQ(route.last, std::chrono::seconds(150));
  ASSERT_EQ(route.zones.size(), 3u);
  EXPECT_EQ(route.zones[0].zone.value, "teluk");
  EXPECT_EQ(route.zones[0].late, 30);
  EXPECT_EQ(route.zones[1].zone.value, "pasir");
  EXPECT_EQ(route.zones[1].late, 40);
  EXPECT_EQ(route.zones[2].late, 0);
}

TEST(Estimate, LatenessNeverRefusesAnAlert) {
  auto alert = order(Status::actual);
  for (auto& info : alert.infos) info.onset = example::night() + std::chrono::seconds(1);
  EXPECT_TRUE(plan_of(alert));
}

TEST(Rehearsal, TheExampleHasNoGapInAnyZoneLiveOrDrill) {
  const auto& town = example::town();
  const auto found = rehearse({.agency = town.agency,
                               .zones = town.zones,
                               .sirens = town.sirens,
                               .endpoints = town.endpoints,
                               .traits = example::traits(),
                               .templates = town.templates,
                               .now = example::night()});
  EXPECT_TRUE(found.refused.empty()) << example::lines(found.refused);
  for (const auto& gap : found.gaps) ADD_FAILURE() << gap.blocked.endpoint.value << " " << gap.blocked.reason.id;
  // 2 modes, arrival known and not, order and false alarm, and two all-clears: 2 + 2 posts, 2 lists in 2 languages a
  // zone, and every zone with sirens. A hazard that the map puts nowhere can be everywhere.
  std::int64_t expected = 0;
  for (const auto& hazard : town.templates.hazards()) {
    const std::int64_t modes = town.templates.find(hazard, alert::Language("id"))->mode ? 1 : 2;
    const auto reached = [&](const alert::Zone& zone) {
      return std::ranges::find(zone.hazards, hazard) != zone.hazards.end();
    };
    const bool mapped = std::ranges::any_of(town.zones.all(), reached);
    expected += modes * (2 * 2 + 2) * (2 + 2);
    for (const auto& zone : town.zones.all()) {
      if (mapped && !reached(zone)) continue;
      const bool sirens = std::ranges::find(town.sirens, zone.id, &alert::Siren::zone) != town.sirens.end();
      expected += modes * (2 * 2 + 2) * (2 * 2 + (sirens ? 1 : 0));
    }
  }
  EXPECT_EQ(found.messages, expected);
}

TEST(Rehearsal, HazardsMayBeRehearsedOnSeveralThreadsAtOnce) {
  const auto& town = example::town();
  const RehearsalInput input{.agency = town.agency,
                             .zones = town.zones,
                             .sirens = town.sirens,
                             .endpoints = town.endpoints,
                             .traits = example::traits(),
                             .templates = town.templates,
                             .now = example::night()};
  const auto alone = rehearse(input, "tsunami");
  std::vector<std::future<Rehearsal>> others;
  for (const auto* hazard : {"tsunami", "flood", "tsunami"})
    others.push_back(std::async(std::launch::async, [&, hazard] { return rehearse(input, hazard); }));
  EXPECT_EQ(others[0].get().messages, alone.messages);
  EXPECT_GT(others[1].get().messages, 0);
  const auto again = others[2].get();
  EXPECT_EQ(again.messages, alone.messages);
  EXPECT_EQ(again.warnings, alone.warnings);
}

TEST(Rehearsal, AZoneWithALongNameIsFoundByDay) {
  const auto& town = example::town();
  auto zones = town.zones.all();
  for (auto& zone : zones)
    if (zone.id.value == "karang") zone.short_names = {{"id", std::string(60, 'K')}, {"en", "Karang"}};
  const alert::Zones map(zones);
  const auto found = rehearse({.agency = town.agency,
                               .zones = map,
                               .sirens = town.sirens,
                               .endpoints = town.endpoints,
                               .traits = example::traits(),
                               .templates = town.templates,
                               .now = example::night()});
  ASSERT_FALSE(found.gaps.empty());
  for (const auto& gap : found.gaps) {
    EXPECT_EQ(gap.blocked.zone.value, "karang");
    EXPECT_EQ(gap.blocked.language.value, "id");
    EXPECT_EQ(gap.blocked.reason.id, "plan.too_long");
  }
}

std::vector<std::pair<std::string, SnapshotRequest>> needed_for(const alert::Alert& alert,
                                                                const std::vector<alert::Siren>& sirens,
                                                                const std::filesystem::path& audiences,
                                                                const std::filesystem::path& snapshots) {
  const auto& town = example::town();
  const auto endpoints = town.of_mode(alert::Mode::drill);
  return snapshots_needed({.alert = alert,
                           .agency = town.agency,
                           .zones = town.zones,
                           .sirens = sirens,
                           .endpoints = endpoints,
                           .traits = example::traits(),
                           .templates = town.templates,
                           .audiences = audiences,
                           .snapshots = snapshots});
}

TEST(SnapshotsNeeded, OneAnAudienceForTheAlertedZones) {
  const auto& town = example::town();
  const auto needed = needed_for(order(Status::exercise), town.sirens, "audiences", "snapshots");
  ASSERT_EQ(needed.size(), 2u);
  EXPECT_EQ(needed[0].first, "residents");
  EXPECT_EQ(needed[0].second.file, std::filesystem::path("audiences/residents.csv"));
  EXPECT_EQ(needed[0].second.zones.size(), 3u);
  EXPECT_EQ(needed[0].second.languages.size(), 2u);
}

TEST(SnapshotsNeeded, TheExampleAudiencesAreGood) {
  const auto& town = example::town();
  const example::Folder folder;
  for (const auto& [name, request] :
       needed_for(order(Status::exercise), town.sirens, places::source("config/audiences"), folder.path)) {
    const auto info = make_snapshot(request);
    ASSERT_TRUE(info) << example::lines(info.error());
    EXPECT_GT(info->recipients, 0) << name;
  }
}

}  // namespace
}  // namespace broadcaster::plan
