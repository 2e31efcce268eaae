#include "broadcaster/plan/lint.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/plan/example.hpp"

namespace broadcaster::plan {
namespace {

const std::string good = "BPBD Tirtapura: TSUNAMI di Pasir 02.35. PERGI SEKARANG ke bukit.";

LintContext context(alert::Mark mark) {
  return {.language = alert::Language("id"),
          .measure = Measure::sms_segments,
          .mark = mark,
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
          .foreign = {},
          .unsafe_shelters = {},
          .taken_back = {}};
}

const Hole code{.kind = HoleKind::code, .pattern = {}};
const Hole issued{HoleKind::time_of_issue, "HH.mm", std::chrono::hours(7)};

Lint live(const std::string& text) { return lint({text}, {text}, context(alert::Mark::forbidden)); }
Lint drill(const std::string& text, const std::string& whole) {
  return lint({text}, {whole}, context(alert::Mark::required));
}

bool has(const std::vector<Remark>& remarks, const std::string& rule) {
  return std::ranges::find(remarks, rule, &Remark::rule) != remarks.end();
}

std::string without(std::string text, const std::string& part) { return text.erase(text.find(part), part.size()); }

TEST(Lint, AGoodTextHasNothingAgainstIt) {
  const Pieces pieces{good + " ", issued, std::string(" "), code};
  const auto found = lint(pieces, pieces, context(alert::Mark::forbidden));
  EXPECT_TRUE(found.errors.empty() && found.warnings.empty() && found.missing.empty());
}

TEST(Lint, LooksForTheFiveElementsInTheTextItself) {
  EXPECT_EQ(live(without(good, "BPBD Tirtapura")).missing, std::vector{Element::source});
  EXPECT_EQ(live(without(good, "TSUNAMI")).missing, std::vector{Element::hazard});
  EXPECT_EQ(live(without(good, "Pasir")).missing, std::vector{Element::location});
  EXPECT_EQ(live(without(good, "02.35")).missing, std::vector{Element::time});
  EXPECT_EQ(live(without(good, "PERGI SEKARANG")).missing, std::vector{Element::guidance});
  EXPECT_TRUE(has(live("Hati-hati!").errors, "element"));
}

TEST(Lint, EveryTextBearsItsCodeAndItsTimeOfIssue) {
  const auto rules = [](const Pieces& pieces) {
    std::vector<std::string> out;
    for (const auto& warning : lint(pieces, pieces, context(alert::Mark::forbidden)).warnings)
      out.push_back(warning.rule);
    return out;
  };
  EXPECT_EQ(rules({good + " ", issued, std::string(" "), code}), std::vector<std::string>{});
  EXPECT_EQ(rules({good + " ", issued}), std::vector<std::string>{"code_missing"});
  EXPECT_EQ(rules({good + " ", code}), std::vector<std::string>{"issued_missing"});
}

TEST(Lint, EveryZoneIsNamedAndALongerNameDoesNotNameAShorter) {
  auto of_two = context(alert::Mark::forbidden);
  of_two.zones = {{"pasir", {"Kelurahan Pasir", "Pasir"}}, {"pasir-selatan", {"Pasir Selatan", ""}}};
  const auto missing = [&](const std::string& text) {
    const Pieces pieces{text, issued, code};
    std::vector<std::string> zones;
    for (const auto& warning : lint(pieces, pieces, of_two).warnings)
      if (warning.rule == "zone_missing") zones.push_back(std::get<std::string>(warning.text.arguments[0].second));
    return zones;
  };
  EXPECT_EQ(missing("TSUNAMI di Pasir, PASIR SELATAN."), std::vector<std::string>{});
  EXPECT_EQ(missing("TSUNAMI di Pasir."), std::vector<std::string>{"pasir-selatan"});
  EXPECT_EQ(missing("TSUNAMI di Pasir Selatan."), std::vector<std::string>{"pasir"});
}

TEST(Lint, AnSmsOnWhichALifeHangsIsOneSegment) {
  const auto parts = [](std::size_t letters, Priority priority) {
    auto held = context(alert::Mark::forbidden);
    held.priority = priority;
    const Pieces pieces{good + std::string(letters, 'a'), issued, code};
    return has(lint(pieces, pieces, held).warnings, "sms_parts");
  };
  const auto room = 160 - good.size() - 5 - 8;
  EXPECT_FALSE(parts(room, 0));
  EXPECT_TRUE(parts(room + 1, 0));
  EXPECT_TRUE(parts(room + 1, 1));
  EXPECT_FALSE(parts(room + 1, 2));
}

TEST(Lint, AMentionIsRefusedWhereItWouldCallSomebody) {
  auto toot = context(alert::Mark::forbidden);
  const auto errors = [&](const std::string& text) { return lint({text}, {text}, toot).errors; };
  EXPECT_FALSE(has(errors(good + " @bmkg"), "mention")) << "an SMS calls nobody";
  toot.measure = Measure::mastodon_characters;
  EXPECT_TRUE(has(errors(good + " @bmkg"), "mention"));
  EXPECT_FALSE(has(errors(good + " info@bpbd.example"), "mention"));
}

TEST(Lint, ATimeOfIssueIsATime) {
  const Pieces pieces{without(good, "02.35"), Hole{HoleKind::time_of_issue, "HH.mm", std::chrono::hours(7)}};
  EXPECT_TRUE(lint(pieces, pieces, context(alert::Mark::forbidden)).missing.empty());
}

TEST(Lint, ADrillMustBearItsMarkAndALiveTextMustNot) {
  EXPECT_TRUE(drill(good, "LATIHAN: " + good + " LATIHAN.").errors.empty());
  EXPECT_TRUE(has(drill(good, good).errors, "mark_missing"));
  EXPECT_TRUE(has(drill(good, "LATIHAN: " + good).errors, "mark_missing"));
  EXPECT_TRUE(has(live("LATIHAN: " + good).errors, "mark_in_live"));
  EXPECT_TRUE(has(live("Exercise: " + good).errors, "mark_in_live"));
  EXPECT_TRUE(has(live(good + " LATIHAN.").errors, "mark_in_live"));
}

TEST(Lint, BalaiLatihanKerjaPassesLive) {
  EXPECT_TRUE(live("BPBD Tirtapura: TSUNAMI di Pasir 02.35. PERGI SEKARANG ke Balai Latihan Kerja.").errors.empty());
}

TEST(Lint, ADrillMustNotDenyThatItIsOne) {
  const auto text = good + " Ini BUKAN LATIHAN!";
  EXPECT_TRUE(has(drill(text, "LATIHAN: " + text + " LATIHAN.").errors, "denies_drill"));
  EXPECT_FALSE(has(live(text).errors, "denies_drill"));
}

TEST(Lint, WarnsOfWhatMakesPeopleDoubtOrMisread) {
  EXPECT_TRUE(has(live("TEST--" + good).warnings, "foreign_test"));
  EXPECT_TRUE(has(live("BPBD TIRTAPURA: TSUNAMI DI PASIR 02.35. PERGI SEKARANG KE BUKIT.").warnings, "all_capitals"));
  EXPECT_TRUE(has(live(good + " http://bpbd.example").warnings, "link_plain"));
  EXPECT_TRUE(has(live("https://bpbd.example " + good).warnings, "link_not_last"));
  EXPECT_FALSE(has(live(good + " https://bpbd.example").warnings, "link_not_last"));
  EXPECT_TRUE(has(live(good + " – segera").warnings, "ucs2"));
}

TEST(Lint, YourAreaIsNoPlace) {
  EXPECT_TRUE(has(live("BPBD Tirtapura: TSUNAMI di wilayah Anda 02.35. PERGI SEKARANG.").errors, "your_area"));
}

TEST(Lint, CharactersThatNobodyCarriesAreErrors) {
  EXPECT_TRUE(has(live(good + "\x07").errors, "characters"));
  EXPECT_TRUE(has(live(good + "\ufffd").errors, "characters"));
}

}  // namespace
}  // namespace broadcaster::plan
