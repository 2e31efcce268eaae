// An all-clear on its way into a plan: each zone reads its own answer, and nobody reads the other's.
#include <gtest/gtest.h>

#include <algorithm>

#include "broadcaster/plan/ending.hpp"
#include "broadcaster/plan/lint.hpp"
#include "tests/plan/example.hpp"

namespace broadcaster::plan {
namespace {

using alert::Ending;
using example::all_clear;

std::string text_of(const Message& message) {
  if (const auto* pieces = std::get_if<Pieces>(&message.body)) return fill(*pieces, example::filling());
  std::string out;
  for (const auto& voice : std::get<SirenProgram>(message.body).voice_texts) out += voice + "\n";
  return out;
}

/// muara and pasir may return, teluk must wait.
Plan mixed(alert::Status status = alert::Status::actual) {
  auto alert = all_clear(example::order(status));
  alert.zones.back().ending = Ending::not_yet;
  auto plan = example::plan_of(alert);
  EXPECT_TRUE(plan) << example::lines(plan.error());
  return std::move(*plan);
}

TEST(AllClearPlan, EachZoneReadsItsOwnAnswer) {
  const auto plan = mixed();
  EXPECT_TRUE(plan.blocked.empty());
  int sms = 0;
  for (const auto& message : plan.messages) {
    if (message.form != "sms") continue;
    ++sms;
    const bool waits = message.zone.value == "teluk";
    const auto text = text_of(message);
    EXPECT_EQ(says(text, "boleh pulang") || says(text, "You can go home"), !waits) << text;
    EXPECT_EQ(says(text, "Tetap di tempat aman") || says(text, "Stay in a safe place"), waits) << text;
  }
  EXPECT_GT(sms, 0);
}

TEST(AllClearPlan, AnAccountTellsThoseWhoMayReturnAndNamesThoseWhoWait) {
  for (const auto& message : mixed().messages) {
    if (message.form != "post" || message.language.value != "en") continue;
    const auto text = text_of(message);
    EXPECT_TRUE(says(text, "TSUNAMI DANGER IS OVER in Muara ward and Pasir ward.")) << text;
    EXPECT_TRUE(says(text, "NOT SAFE YET in Teluk ward. Stay in a safe place")) << text;
    EXPECT_TRUE(says(text, "Confirmed: BMKG 06.31 WIB.")) << text;
  }
}

TEST(AllClearPlan, WhereEverybodyWaitsNothingSaysThatItIsOver) {
  auto alert = all_clear(example::order(alert::Status::actual));
  for (auto& order : alert.zones) order.ending = Ending::not_yet;
  const auto plan = example::plan_of(alert);
  ASSERT_TRUE(plan) << example::lines(plan.error());
  for (const auto& message : plan->messages) {
    EXPECT_FALSE(says(text_of(message), "boleh pulang")) << text_of(message);
    EXPECT_FALSE(says(text_of(message), "go home")) << text_of(message);
  }
}

TEST(AllClearPlan, ASirenStopsAndSpeaksItsZonesAnswer) {
  for (const auto& message : mixed().messages) {
    const auto* program = std::get_if<SirenProgram>(&message.body);
    if (!program) continue;
    EXPECT_EQ(program->program, message.zone.value == "teluk" ? "stay-where-safe" : "all-clear-tsunami");
    EXPECT_FALSE(says(text_of(message), "tsunami")) << "a spoken text never names the danger that is over";
  }
  for (const auto& message : mixed(alert::Status::exercise).messages)
    if (const auto* program = std::get_if<SirenProgram>(&message.body)) {
      EXPECT_EQ(program->program, message.zone.value == "teluk" ? "exercise-wait" : "exercise-over");
    }
}

TEST(AllClearPlan, InCapNobodyIsToldToReturnWhereItIsNotSafe) {
  const auto plan = mixed();
  ASSERT_EQ(plan.alert.infos.size(), 4u) << "two answers in two languages";
  for (const auto& info : plan.alert.infos) {
    EXPECT_EQ(info.urgency, alert::Urgency::past);
    const auto wanted = info.ending == Ending::may_return ? alert::ResponseType::all_clear : alert::ResponseType::avoid;
    EXPECT_EQ(info.responses, std::vector{wanted});
    EXPECT_EQ(says(info.headline, "Teluk"), info.ending == Ending::not_yet) << info.headline;
    EXPECT_TRUE(says(info.description, "BMKG 06.31 WIB")) << info.description;
  }
}

TEST(AllClearPlan, TextsThatAPersonTypedAreReplacedByTheTemplates) {
  auto alert = all_clear(example::order(alert::Status::actual));
  alert.zones.back().ending = Ending::not_yet;
  for (auto& info : alert.infos) info.instruction = "Everybody may go home.";
  const auto plan = example::plan_of(alert);
  ASSERT_TRUE(plan);
  for (const auto& info : plan->alert.infos) EXPECT_FALSE(says(info.instruction, "Everybody")) << info.instruction;
}

TEST(AllClearPlan, IsAsUrgentAsTheAlertAndNeverPrepared) {
  const auto order = example::plan_of(example::order(alert::Status::actual));
  const auto over = mixed();
  EXPECT_EQ(over.priority, order->priority);
  EXPECT_EQ(over.false_alarm, nullptr);
  EXPECT_TRUE(over.not_alerted.empty());
  EXPECT_EQ(over.endpoints, order->endpoints) << "where the alert went";
}

TEST(AllClearPlan, NeedsAConfirmationAndAnAnswerForEveryZone) {
  auto nobody = all_clear(example::order(alert::Status::actual));
  nobody.confirmation = " ";
  EXPECT_TRUE(example::has(example::plan_of(nobody).error(), "alert.lint_all_clear_confirmation"));
  auto no_answer = all_clear(example::order(alert::Status::actual));
  no_answer.zones.back().ending.reset();
  EXPECT_TRUE(example::has(example::plan_of(no_answer).error(), "alert.lint_all_clear_zone"));
  auto slip = example::order(alert::Status::actual);
  for (auto& info : slip.infos) info.responses = {alert::ResponseType::all_clear};
  EXPECT_TRUE(example::has(example::plan_of(slip).error(), "alert.lint_all_clear_unconfirmed"));
  auto marked = all_clear(example::order(alert::Status::actual));
  marked.confirmation = "LATIHAN: BMKG 06.31";
  EXPECT_TRUE(example::has(example::plan_of(marked).error(), "alert.lint_drill_mark"));
}

TEST(AllClearPlan, APolicyForOrdersDoesNotForbidIt) {
  const auto policy =
      parse_policy("rules:\n  - {hazard: tsunami, channels: [sms], responses: [Evacuate]}\n", "p", example::traits());
  ASSERT_TRUE(policy);
  const auto alert = all_clear(example::order(alert::Status::actual));
  const auto people = example::audiences();
  const auto endpoints = example::town().of_mode(alert::Mode::live);
  const auto plan = make_plan({.alert = alert,
                               .agency = example::town().agency,
                               .zones = example::town().zones,
                               .sirens = example::town().sirens,
                               .endpoints = endpoints,
                               .traits = example::traits(),
                               .templates = example::town().templates,
                               .audiences = people,
                               .author = "sari.wulandari",
                               .now = example::night(),
                               .policy = *policy});
  ASSERT_TRUE(plan) << example::lines(plan.error());
  EXPECT_FALSE(plan->messages.empty());
}

TEST(AllClearPlan, ReadsBackAsItWasWritten) {
  const auto plan = mixed();
  const auto back = parse_plan(canonical(plan), "p");
  ASSERT_TRUE(back);
  EXPECT_EQ(back->alert, plan.alert);
  EXPECT_EQ(canonical(*back), canonical(plan));
}

// ---- the words

TEST(Endings, EveryHazardHasBothAnswersInBothLanguages) {
  for (const auto& words : example::town().templates.all) {
    if (words.language.value != "id" && words.language.value != "en") continue;
    EXPECT_TRUE(words.all_clear && words.not_yet) << words.hazard << " " << words.language.value;
  }
  for (const auto* language : {"ar", "hi"}) {
    const auto* words = example::town().templates.find("tsunami", alert::Language(language));
    ASSERT_NE(words, nullptr);
    EXPECT_TRUE(words->all_clear && words->not_yet) << language;
  }
}

TEST(Endings, AHazardsOwnWordsStandInThePlaceOfTheShared) {
  const auto& templates = example::town().templates;
  const auto* own = templates.find("tsunami", alert::Language("en"));
  const auto* shared = templates.find("flood", alert::Language("en"));
  EXPECT_EQ(own->all_clear->hazard_words, std::vector<std::string>{"TSUNAMI DANGER IS OVER"});
  EXPECT_EQ(shared->all_clear->hazard_words, std::vector<std::string>{"DANGER IS OVER"});
  EXPECT_EQ(own->not_yet->hazard_words, shared->not_yet->hazard_words);
  EXPECT_EQ(shared->all_clear->cap.at("event"), "Flood") << "about the same event";
}

TEST(Endings, EveryMistakeIsNamed) {
  const auto good = std::string(
      "languages:\n  en:\n    all_clear:\n      words: {hazard: [OVER], guidance: [go home], stop: [stop]}\n"
      "      cap: {headline: a, description: b, instruction: c}\n"
      "      forms: {sms: [{required: \"OVER {zones} {event} {confirmation}\"}, {where_not_yet: "
      "\"{zones_not_yet}\"}]}\n"
      "      siren: {program: x, duration: 10s, voice: v}\n"
      "    not_yet:\n      words: {hazard: [WAIT], guidance: [stay]}\n"
      "      cap: {headline: a, description: b, instruction: c}\n"
      "      forms: {sms: [{required: WAIT}]}\n      siren: {program: y, duration: 10s, voice: v}\n");
  const auto with = [&](const std::string& from, const std::string& to) {
    auto text = good;
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return parse_endings(text.replace(at, from.size(), to), "all-clear.yaml");
  };
  ASSERT_TRUE(parse_endings(good, "all-clear.yaml"));
  EXPECT_TRUE(example::has(with(", stop: [stop]", "").error(), "base.missing"));
  EXPECT_TRUE(example::has(with("{confirmation}", "{original_code}").error(), "plan.pattern_unknown_slot"));
  EXPECT_TRUE(example::has(with("{required: WAIT}", "{where_not_yet: WAIT}").error(), "plan.fragment_need"))
      << "whoever waits is not told so besides";
  EXPECT_TRUE(read_endings("/nowhere/all-clear.yaml")) << "no shared words";
}

}  // namespace
}  // namespace broadcaster::plan
