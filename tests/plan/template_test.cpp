#include <gtest/gtest.h>

#include "broadcaster/base/files.hpp"
#include "tests/plan/example.hpp"
#include "tests/support/places.hpp"

namespace broadcaster::plan {
namespace {

using example::has;

std::string file(const std::string& name) {
  return *base::read_file(std::filesystem::path(places::source("templates")) / name);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(Pattern, OnlyNamesThatAreKnownAndUsedAsTheyAre) {
  using Kind = SlotName::Kind;
  const std::vector<SlotName> known{{"zones", Kind::text}, {"count", Kind::number}, {"code", Kind::hole}};
  struct Case {
    std::string pattern;
    std::string id;  // empty: good
  };
  const Case cases[] = {
      {"Leave {zones} now. {code}", ""},
      {"Quittez l’{zones}", ""},
      {"Quittez l'eau {zones}", ""},
      {"{count, plural, one {# street} other {# streets in {zones}}}", ""},
      {"{zones, select, x {a} other {b}}", ""},
      {"Leave {area} now", "plan.pattern_unknown_slot"},
      {"{count, plural, one {# {street}} other {#}}", "plan.pattern_unknown_slot"},
      {"Leave {0} now", "plan.pattern_numbered"},
      {"Quittez l'{zones}", "plan.pattern_apostrophe"},
      {"Quittez l''{zones}", "plan.pattern_apostrophe"},
      {"{count, plural, one {# street}}", "plan.pattern_syntax"},
      {"Leave {zones now", "plan.pattern_syntax"},
      {"Leave }", "plan.pattern_syntax"},
      {"{zones, plural, other {#}}", "plan.pattern_slot_kind"},
      {"{code, select, other {x}}", "plan.pattern_slot_kind"},
      {"{count, number}", "plan.pattern_formatted"},
      {"{zones, date}", "plan.pattern_formatted"},
  };
  for (const auto& test : cases) {
    const auto wrong = check_pattern(test.pattern, known);
    EXPECT_EQ(wrong ? wrong->id : "", test.id) << test.pattern;
  }
}

TEST(Pattern, AMissingOrEmptyValueIsAnErrorAndNeverABrace) {
  const alert::Language en("en");
  EXPECT_EQ(*format_pattern("Go to {zones}", en, {{"zones", "Pasir"}}), "Go to Pasir");
  EXPECT_EQ(format_pattern("Go to {zones}", en, {}).error().text.id, "plan.slot_empty");
  EXPECT_EQ(format_pattern("Go to {zones}", en, {{"zones", ""}}).error().text.id, "plan.slot_empty");
  EXPECT_EQ(format_pattern("Go to {zones}", en, {{"zones", "{x}"}}).error().text.id, "plan.text_brace");
  EXPECT_EQ(*format_pattern("{n, plural, one {# zone} other {# zones}}", en, {{"n", std::int64_t{2}}}), "2 zones");
}

TEST(Template, TheShippedOnesAreGood) {
  const auto& templates = example::town().templates;
  EXPECT_EQ(templates.hazards(),
            (std::vector<std::string>{"broken-siren", "chemical-release", "civil-danger", "dam-failure", "earthquake",
                                      "exercise-notice", "exercise-turned-real", "extreme-wind", "flash-flood", "flood",
                                      "landslide", "nuclear", "rumour", "tsunami", "tsunami-lowered", "volcano",
                                      "wildfire"}));
  for (const auto& hazard : templates.hazards())
    for (const auto* language : {"id", "en"}) EXPECT_TRUE(templates.find(hazard, alert::Language(language))) << hazard;
  EXPECT_FALSE(templates.find("meteor", alert::Language("id")));
}

TEST(Template, EveryMistakeHasItsLine) {
  const auto good = file("tsunami/id.yaml");
  struct Case {
    std::string text;
    std::string id;
  };
  const Case cases[] = {
      {replaced(good, "di {zones_short}.", "di {zone_short}."), "plan.pattern_unknown_slot"},
      {replaced(good, "segera tiba di {zones_short}.\"", "segera tiba {arrival}.\""), "plan.fragment_arrival"},
      {replaced(good, "clock: HH.mm", "clock: H.mm"), "plan.template_clock"},
      {replaced(good, "    - optional: \" Jauhi pantai dan sungai.\"", "    - maybe: \" Jauhi\""),
       "plan.fragment_need"},
      {replaced(good, "duration: 60s", "duration: 1h"), "plan.siren_long"},
      {replaced(good, "Ini perintah {agency}", "Mulai {arrival} {agency}"), "plan.pattern_unknown_slot"},
      {replaced(good, "language: id", "language: id\nslots: {agency: \"Siapa?\"}"), "plan.slot_name"},
      {replaced(good, "language: id", "language: id\ncolour: red"), "base.unknown_key"},
      {replaced(good, "response: Evacuate", "response: Run"), "base.expected_one_of"},
      {replaced(good, "category: Geo\n", ""), "base.missing"},
      {replaced(good, "  event:\n    - required: \"{agency}, {issued}",
                "  morse:\n    - required: \"{agency}, {issued}"),
       "base.unknown_key"},
      {replaced(good, "Pesan {original_issued} untuk", "Pesan {arrival} untuk"), "plan.pattern_unknown_slot"},
  };
  for (const auto& test : cases) {
    const auto read = parse_template(test.text, "id.yaml");
    ASSERT_FALSE(read) << test.id;
    EXPECT_TRUE(has(read.error(), test.id)) << test.id << "\n" << example::lines(read.error());
    EXPECT_GT(read.error().front().place->line, 0);
  }
}

TEST(Templates, LanguagesOfAHazardAgreeAndDrillsHaveTheirOwnSound) {
  const example::Folder folder;
  folder.write("marks.yaml", replaced(file("marks.yaml"), "program: exercise\n", "program: all-safe\n"));
  folder.write("tsunami/id.yaml", file("tsunami/id.yaml"));
  folder.write("tsunami/en.yaml", replaced(file("tsunami/en.yaml"), "tsunami-evacuate", "flood-evacuate"));
  folder.write("tsunami/jv.yaml", file("tsunami/en.yaml"));
  folder.write("flood/id.yaml", file("tsunami/id.yaml"));
  folder.write("volcano/id.yaml", file("volcano/id.yaml"));
  folder.write("volcano/en.yaml", replaced(file("volcano/en.yaml"), "response: Evacuate", "response: Shelter"));
  const auto read = read_templates(folder.path);
  ASSERT_FALSE(read);
  for (const auto* id : {"plan.template_siren_differs", "plan.marks_live_program", "plan.marks_siren_differs",
                         "plan.template_file", "plan.template_folder", "plan.template_cap_differs"})
    EXPECT_TRUE(has(read.error(), id)) << id << "\n" << example::lines(read.error());
}

TEST(Templates, ALanguageWithoutADrillMarkIsRefused) {
  const example::Folder folder;
  const auto marks = file("marks.yaml");
  folder.write("marks.yaml", marks.substr(0, marks.find("  en:\n")));
  folder.write("tsunami/en.yaml", file("tsunami/en.yaml"));
  const auto read = read_templates(folder.path);
  ASSERT_FALSE(read);
  EXPECT_TRUE(has(read.error(), "plan.marks_language")) << example::lines(read.error());
}

TEST(Marks, AMarkIsAPlaceNotAWord) {
  const auto& marks = example::town().templates.marks;
  for (const auto* marked : {"LATIHAN: BPBD", "latihan: BPBD", "  EXERCISE: x", "Tsunami di Pasir LATIHAN."})
    EXPECT_TRUE(mark_in(marks, marked)) << marked;
  for (const auto* plain : {"Pergi ke Balai Latihan Kerja", "Ke Balai Latihan.", "Latihan dihentikan. NYATA!", ""})
    EXPECT_FALSE(mark_in(marks, plain)) << plain;
}

}  // namespace
}  // namespace broadcaster::plan
