// Every rule for a rendered message, with a text that breaks it and one that keeps it.
#include "broadcaster/plan/lint_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "broadcaster/plan/zone_languages.hpp"
#include "tests/plan/example.hpp"

namespace broadcaster::plan {
namespace {

const std::string good = "BPBD Tirtapura: TSUNAMI di Pasir 02.35. PERGI SEKARANG ke bukit.";
const Hole code{.kind = HoleKind::code, .pattern = {}};
const Hole issued{HoleKind::time_of_issue, "HH.mm", std::chrono::hours(7)};
const Hole original{HoleKind::original_code, {}, {}};

/// One message and what it is held against.
struct Said {
  Pieces plain{good + " ", issued, std::string(" "), code};
  LintContext context{.language = alert::Language("id"),
                      .measure = Measure::sms_segments,
                      .mark = alert::Mark::forbidden,
                      .marks = &example::town().templates.marks,
                      .frame = {"LATIHAN: ", " LATIHAN."},
                      .sources = {"BPBD Kota Tirtapura", "BPBD Tirtapura"},
                      .hazards = {"tsunami"},
                      .places = {"Kelurahan Pasir", "Pasir"},
                      .zones = {{"pasir", {"Kelurahan Pasir", "Pasir"}}},
                      .times = {"02.35"},
                      .guidance = {"PERGI SEKARANG"},
                      .priority = 0,
                      .time_name = "WIB",
                      .foreign = {{"matikan AC", "chemical-release"}},
                      .unsafe_shelters = {"Balai Warga Muara"},
                      .taken_back = {}};
  std::string before, after;  ///< as it goes out

  Said text(const std::string& text) && {
    plain = {text + " ", issued, std::string(" "), code};
    return std::move(*this);
  }
  Said pieces(Pieces given) && {
    plain = std::move(given);
    return std::move(*this);
  }
  Said drill(std::string front, std::string back) && {
    context.mark = alert::Mark::required;
    before = std::move(front);
    after = std::move(back);
    return std::move(*this);
  }
  Said post() && {
    context.measure = Measure::mastodon_characters;
    return std::move(*this);
  }
  Said correction(const std::string& text) && {
    context.hazards = {"TIDAK ADA TSUNAMI"};
    context.guidance = {"Anda aman"};
    context.taken_back = {"PERGI SEKARANG"};
    context.foreign = {};
    plain = {"BPBD Tirtapura ", issued, " WIB: " + text + " ", original, std::string(" "), code};
    return std::move(*this);
  }

  Said over(const std::string& text) && {
    auto out = std::move(*this).correction(text);
    out.context.speech = Speech::all_clear;
    out.context.hazards = {"BAHAYA SELESAI"};
    out.context.guidance = {"boleh pulang"};
    out.context.stop = {"Berhenti mengungsi"};
    out.context.never = {"Tetap di tempat aman"};
    out.plain = {"BPBD Tirtapura ", issued, " WIB: " + text + " ", code};
    return out;
  }
  Said some_wait() && {
    std::swap(context.wait, context.never);
    return std::move(*this);
  }

  Lint lint() const {
    auto whole = plain;
    whole.insert(whole.begin(), before);
    whole.emplace_back(after);
    return plan::lint(plain, whole, context);
  }
};

struct Case {
  std::vector<Said> breaks;
  std::vector<Said> keeps;
};

const std::string wrong = "TIDAK ADA TSUNAMI. Pesan untuk Pasir KELIRU. Anda aman.";

const std::string over = "BAHAYA SELESAI di Pasir. Berhenti mengungsi, boleh pulang.";

std::map<std::string, Case> cases() {
  std::map<std::string, Case> all;
  all["element"] = {{Said().text("BPBD Tirtapura: TSUNAMI di Pasir 02.35.")}, {Said()}};
  all["evacuation_as_hazard"] = {{Said().text("BPBD Tirtapura: EVAKUASI Pasir 02.35. PERGI SEKARANG ke bukit.")},
                                 {Said(), Said().text(good + " Gedung evakuasi terbuka.")}};
  all["your_area"] = {{Said().text("BPBD Tirtapura: TSUNAMI di wilayah Anda 02.35. PERGI SEKARANG ke bukit.")},
                      {Said().text("BPBD Tirtapura: TSUNAMI di wilayah Anda, Pasir, 02.35. PERGI SEKARANG.")}};
  all["foreign_guidance"] = {{Said().text(good + " Matikan ac.")}, {Said()}};
  all["shelter_in_zone"] = {{Said().text(good + " Ke Balai Warga Muara.")},
                            {Said().text(good + " Ke Balai Warga Bukit.")}};
  all["mark_missing"] = {{Said().drill("", ""), Said().drill("LATIHAN: ", ""), Said().drill("", " LATIHAN.")},
                         {Said().drill("LATIHAN: ", " LATIHAN."), Said()}};
  all["denies_drill"] = {{Said().text(good + " Ini BUKAN LATIHAN!").drill("LATIHAN: ", " LATIHAN.")},
                         {Said().text(good + " Ini BUKAN LATIHAN!"),
                          Said().text(good + " Ke Balai Latihan Kerja.").drill("LATIHAN: ", " LATIHAN.")}};
  all["mark_in_live"] = {{Said().text("LATIHAN: " + good), Said().text("exercise: " + good)},
                         {Said(), Said().text(good + " Ke Balai Latihan Kerja.")}};
  all["correction_state"] = {
      {Said().correction("Kami mohon maaf. " + wrong), Said().correction("Pesan keliru. " + wrong)},
      {Said().correction(wrong), Said(), Said().over(over)}};
  all["correction_state"].breaks.push_back(Said().over("Kami mohon maaf menunggu lama. " + over));
  all["correction_repeats"] = {
      {Said().correction(wrong + " Pesan PERGI SEKARANG keliru."), Said().over(over + " Tadi PERGI SEKARANG.")},
      {Said().correction(wrong), Said(), Said().over(over)}};
  all["correction_of_what"] = {{Said().correction(wrong).pieces({"BPBD Tirtapura: " + wrong + " ", issued, code})},
                               {Said().correction(wrong), Said(), Said().over(over)}};
  all["ending_stop"] = {{Said().over("BAHAYA SELESAI di Pasir. Anda boleh pulang.")}, {Said().over(over), Said()}};
  all["ending_wait"] = {{Said().over(over + " BELUM AMAN di Teluk.").some_wait()},
                        {Said().over(over + " Teluk: Tetap di tempat aman.").some_wait(), Said().over(over)}};
  all["ending_contradicts"] = {{Said().over(over + " Tetap di tempat aman.")}, {Said().over(over), Said()}};
  all["characters"] = {{Said().text(good + "\x07")}, {Said()}};
  all["mention"] = {{Said().text(good + " @bmkg").post()}, {Said().text(good + " @bmkg")}};
  all["foreign_test"] = {{Said().text("TEST--" + good)}, {Said(), Said().text(good + " Jalan Test 1.")}};
  all["ucs2"] = {{Said().text(good + " – segera")}, {Said(), Said().text(good + " – segera").post()}};
  all["sms_parts"] = {{Said().text(good + std::string(100, 'a'))},
                      {Said(), Said().text(good + std::string(100, 'a')).post()}};
  all["code_missing"] = {{Said().pieces({good + " ", issued})}, {Said()}};
  all["issued_missing"] = {{Said().pieces({good + " ", code})}, {Said()}};
  all["zone_missing"] = {{Said().text("BPBD Tirtapura: TSUNAMI di Teluk 02.35. PERGI SEKARANG.")}, {Said()}};
  return all;
}

bool breaks(const Said& said, const LintRule& rule) {
  const auto found = said.lint();
  const auto& list = rule.severity == alert::LintSeverity::error ? found.errors : found.warnings;
  return std::ranges::find(list, rule.id, &Remark::rule) != list.end();
}

TEST(LintRules, EveryRuleHasATextThatBreaksItAndOneThatDoesNot) {
  const auto all = cases();
  for (const auto& rule : lint_rules()) {
    const auto found = all.find(std::string(rule.id));
    ASSERT_NE(found, all.end()) << rule.id;
    for (std::size_t i = 0; i < found->second.breaks.size(); ++i)
      EXPECT_TRUE(breaks(found->second.breaks[i], rule)) << rule.id << " " << i;
    for (std::size_t i = 0; i < found->second.keeps.size(); ++i)
      EXPECT_FALSE(breaks(found->second.keeps[i], rule)) << rule.id << " " << i;
  }
  EXPECT_EQ(lint_rules().size(), all.size());
}

TEST(LintRules, TheRulesOfAnyTextHoldForARenderedOne) {
  const auto found = Said().text(good + " Level 2.").lint();
  EXPECT_NE(std::ranges::find(found.warnings, "jargon", &Remark::rule), found.warnings.end());
  const auto left = Said().text(good + " Ke [tempat].").lint();
  EXPECT_NE(std::ranges::find(left.errors, "unfilled", &Remark::rule), left.errors.end());
}

TEST(LintRules, LongNamesOfManyZonesAreNoLongSentence) {
  auto said = Said().text(
      "BPBD Tirtapura: TSUNAMI di Kelurahan Pasir, Kelurahan Pasir, Kelurahan Pasir, Kelurahan Pasir, "
      "Kelurahan Pasir, Kelurahan Pasir, Kelurahan Pasir, Kelurahan Pasir, Kelurahan Pasir, Kelurahan "
      "Pasir, Kelurahan Pasir, Kelurahan Pasir, Kelurahan Pasir 02.35. PERGI SEKARANG.");
  const auto found = said.lint();
  EXPECT_EQ(std::ranges::find(found.warnings, "long_sentence", &Remark::rule), found.warnings.end());
}

TEST(LintRules, ALiveVoiceSaysWhoSpeaksAndWhatToDoAndNoNumber) {
  const Said said;
  const auto rules = [&](const std::string& voice, alert::Mark mark) {
    auto context = said.context;
    context.mark = mark;
    const auto found = lint_voice(voice, context);
    std::vector<std::string> out;
    for (const auto* list : {&found.errors, &found.warnings})
      for (const auto& remark : *list) out.push_back(remark.rule);
    return out;
  };
  using Rules = std::vector<std::string>;
  EXPECT_EQ(rules("Tsunami! BPBD Tirtapura. Pergi sekarang ke bukit!", alert::Mark::forbidden), Rules{});
  EXPECT_EQ(rules("Tsunami! BPBD Tirtapura.", alert::Mark::forbidden), Rules{"voice_element"});
  EXPECT_EQ(rules("Tsunami! Pergi sekarang!", alert::Mark::forbidden), Rules{"voice_element"});
  EXPECT_EQ(rules("BPBD Tirtapura. Pergi sekarang! Matikan AC.", alert::Mark::forbidden), Rules{"foreign_guidance"});
  EXPECT_EQ(rules("BPBD Tirtapura. Pergi sekarang, pukul 3!", alert::Mark::forbidden), Rules{"voice_number"});
  EXPECT_EQ(rules("Ini latihan.", alert::Mark::required), Rules{});
}

/// The worst that a copied template can do: a shipped order, given what another hazard’s order tells people to do.
TEST(ForeignGuidance, EveryShippedOrderRefusesTheGuidanceOfEveryOther) {
  const auto& templates = example::town().templates;
  std::vector<std::string> accepted;
  for (const auto& words : templates.all) {
    const auto foreign = templates.foreign_to(words);
    for (const auto& other : templates.all) {
      if (other.language != words.language || other.hazard == words.hazard) continue;
      auto told = other.order.guidance_words;
      told.insert(told.end(), other.order.action_words.begin(), other.order.action_words.end());
      const bool refused = std::ranges::any_of(told, [&](const std::string& phrase) {
        return std::ranges::find(foreign, phrase, &ForeignGuidance::phrase) != foreign.end();
      });
      if (!refused)
        accepted.push_back(words.language.value + " " + words.hazard + " accepts what is said of " + other.hazard);
    }
  }
  // From both one climbs at once, and never through water; and one tsunami is like another.
  EXPECT_EQ(accepted, (std::vector<std::string>{"en dam-failure accepts what is said of flash-flood",
                                                "id dam-failure accepts what is said of flash-flood",
                                                "en exercise-turned-real accepts what is said of tsunami",
                                                "id exercise-turned-real accepts what is said of tsunami",
                                                "en flash-flood accepts what is said of dam-failure",
                                                "en tsunami accepts what is said of exercise-turned-real",
                                                "id tsunami accepts what is said of exercise-turned-real"}));
}

TEST(ForeignGuidance, TypedIntoTheAlertItRefusesTheAlert) {
  auto alert = example::order(alert::Status::actual);
  alert.infos[0].instruction = "Pergi sekarang. Tutup pintu dan jendela, matikan AC.";
  const auto plan = example::plan_of(alert);
  ASSERT_FALSE(plan);
  EXPECT_TRUE(example::has(plan.error(), "plan.foreign_guidance")) << example::lines(plan.error());
  EXPECT_EQ(plan.error().front().key, "info[0].instruction");
}

TEST(Shelter, ATextThatSendsPeopleIntoTheDangerIsBlocked) {
  const auto& town = example::town();
  auto templates = town.templates;
  for (auto& words : templates.all)
    for (auto& [form, fragments] : words.order.forms)
      if (form == "post") fragments[2].pattern += " Balai Muara.";
  std::vector<alert::Shelter> shelters(1);
  shelters[0].names = {{"id", "Balai Muara"}};
  shelters[0].position = {-12.052, 100.047};  // in muara
  const auto people = example::audiences();
  const auto endpoints = town.of_mode(alert::Mode::live);
  const auto alert = example::order(alert::Status::actual);
  const auto planned = [&](const std::vector<alert::Shelter>& known) {
    return make_plan({.alert = alert,
                      .agency = town.agency,
                      .zones = town.zones,
                      .sirens = town.sirens,
                      .endpoints = endpoints,
                      .traits = example::traits(),
                      .templates = templates,
                      .audiences = people,
                      .author = "sari.wulandari",
                      .now = example::night(),
                      .shelters = known});
  };
  EXPECT_TRUE(planned({})->blocked.empty());
  const auto plan = planned(shelters);
  ASSERT_TRUE(plan);
  ASSERT_FALSE(plan->blocked.empty());
  for (const auto& gap : plan->blocked) EXPECT_EQ(rule_of(gap), "shelter_in_zone");
  shelters[0].kind = alert::Shelter::Kind::vertical;
  EXPECT_TRUE(planned(shelters)->blocked.empty());
}

TEST(ZoneLanguages, ALanguageThatIsReadThereAndNotSpokenIsAWarning) {
  auto all = example::town().zones.all();
  for (auto& zone : all)
    if (zone.id.value == "muara") zone.languages = {alert::Language("id"), alert::Language("ar")};
  const auto plan = *example::plan_of(example::order(alert::Status::actual));
  std::vector<std::string> said;
  for (const auto& found : unspoken_languages(plan, alert::Zones(all)))
    said.push_back(found.zone.value + " " + found.language.value);
  EXPECT_EQ(said, std::vector<std::string>{"muara ar"});
}

}  // namespace
}  // namespace broadcaster::plan
