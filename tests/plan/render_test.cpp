#include "broadcaster/plan/render.hpp"

#include <gtest/gtest.h>

#include "broadcaster/plan/values.hpp"
#include "tests/plan/example.hpp"

namespace broadcaster::plan {
namespace {

using Need = Fragment::Need;

const Template& words() { return *example::town().templates.find("tsunami", alert::Language("id")); }

Shape shape(int limit, alert::Mark mark) { return {Measure::utf8_bytes, limit, {"LATIHAN: ", " LATIHAN."}, mark}; }

base::Result<Rendered> rendered(const std::vector<Fragment>& fragments, const Values& values, const Shape& how) {
  return render(words(), fragments, values, std::chrono::hours(7), how);
}

std::string text_of(const base::Result<Rendered>& result) {
  return result ? fill(result->pieces, example::filling()) : result.error().text.id;
}

TEST(Render, HolesBecomePiecesAndEverythingElseIsFinal) {
  const auto result = rendered({{Need::required, "BPBD {issued}: {zones} {code}", {}}}, {{"zones", "Pasir"}},
                               shape(200, alert::Mark::forbidden));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->pieces, (Pieces{"BPBD ", Hole{HoleKind::time_of_issue, "HH.mm", std::chrono::hours(7)}, ": Pasir ",
                                    Hole{.kind = HoleKind::code, .pattern = {}}}));
  EXPECT_EQ(text_of(result), "BPBD 02.15: Pasir TP12");
}

TEST(Render, OptionalFragmentsAreDroppedWholeFromTheEnd) {
  const std::vector<Fragment> fragments{{Need::required, "AAAA", {}},
                                        {Need::optional, " bbbb", {}},
                                        {Need::optional, " cccc", {}},
                                        {Need::required, " DDDD", {}}};
  // 18 of frame.
  EXPECT_EQ(text_of(rendered(fragments, {}, shape(18 + 19, alert::Mark::forbidden))), "AAAA bbbb cccc DDDD");
  EXPECT_EQ(text_of(rendered(fragments, {}, shape(18 + 18, alert::Mark::forbidden))), "AAAA bbbb DDDD");
  EXPECT_EQ(text_of(rendered(fragments, {}, shape(18 + 13, alert::Mark::forbidden))), "AAAA DDDD");
  EXPECT_EQ(text_of(rendered(fragments, {}, shape(18 + 8, alert::Mark::forbidden))), "plan.too_long");
}

TEST(Render, ADrillRehearsesTheTextOfTheLiveAlert) {
  const std::vector<Fragment> fragments{{Need::required, "AAAA", {}}, {Need::optional, " bbbb", {}}};
  for (int limit = 18 + 4; limit < 18 + 12; ++limit) {
    const auto live = rendered(fragments, {}, shape(limit, alert::Mark::forbidden));
    const auto drill = rendered(fragments, {}, shape(limit, alert::Mark::required));
    EXPECT_EQ("LATIHAN: " + text_of(live) + " LATIHAN.", text_of(drill)) << limit;
    EXPECT_EQ(live->plain, drill->plain);
  }
}

TEST(Render, HolesCountAtTheirLongest) {
  const std::vector<Fragment> fragments{{Need::required, "{code}", {}}};
  EXPECT_EQ(text_of(rendered(fragments, {}, shape(18 + 7, alert::Mark::forbidden))), "plan.too_long");
  EXPECT_EQ(rendered(fragments, {}, shape(18 + 8, alert::Mark::forbidden))->length.used, 8);
}

TEST(Render, AnUnknownArrivalHasItsOwnWordsOrBlocksOrIsDropped) {
  const auto how = shape(200, alert::Mark::forbidden);
  const Values known{{"arrival", "02.35"}};
  const Fragment both{Need::required, "mulai {arrival}", "segera"};
  EXPECT_EQ(text_of(rendered({both}, known, how)), "mulai 02.35");
  EXPECT_EQ(text_of(rendered({both}, {}, how)), "segera");
  EXPECT_EQ(text_of(rendered({{Need::required, "mulai {arrival}", {}}}, {}, how)), "plan.arrival_unknown");
  EXPECT_EQ(text_of(rendered({{Need::required, "AA", {}}, {Need::optional, " {arrival}", {}}}, {}, how)), "AA");
}

TEST(Render, ASlotThatNobodyFilledBlocksARequiredFragmentOnly) {
  const auto how = shape(200, alert::Mark::forbidden);
  EXPECT_EQ(text_of(rendered({{Need::required, "AA {level}", {}}}, {}, how)), "plan.slot_empty");
  EXPECT_EQ(text_of(rendered({{Need::required, "AA", {}}, {Need::optional, " {level}", {}}}, {}, how)), "AA");
}

TEST(Render, AValueCannotSmuggleAHoleOrASlot) {
  for (const auto* value : {"\xee\x80\x82", "{code}", "a\nb", "\x07", "\xff", "a\u202eb", "a\u200bb", "a\u0085b"})
    EXPECT_EQ(
        text_of(rendered({{Need::required, "{level}", {}}}, {{"level", value}}, shape(99, alert::Mark::forbidden))),
        "plan.slot_characters");
}

TEST(Render, TextIsInNormalFormC) {
  EXPECT_EQ(
      text_of(rendered({{Need::required, "{level}", {}}}, {{"level", "e\u0301"}}, shape(99, alert::Mark::forbidden))),
      "\u00e9");
}

Values values(const alert::Alert& alert, const char* language, const char* time_zone) {
  const auto& town = example::town();
  Addressees all{{}, time_zone};
  for (const auto& order : alert.zones) all.zones.push_back(town.zones.find(order.zone));
  return slot_values(alert, town.agency, *town.templates.find("tsunami", alert::Language(language)), all,
                     example::night());
}

TEST(Values, TimesAreWrittenInTheZonesTimeAndTheLanguagesWay) {
  const auto alert = example::order(alert::Status::actual);
  EXPECT_EQ(values(alert, "id", "Asia/Jakarta").at("arrival"), Value("02.35"));
  EXPECT_EQ(values(alert, "en", "Asia/Jakarta").at("arrival"), Value("02:35"));
  EXPECT_EQ(values(alert, "id", "Asia/Makassar").at("arrival"), Value("03.35"));
  EXPECT_EQ(values(alert, "id", "Asia/Jakarta").at("zone_time_suffix"), Value("WIB"));
  EXPECT_EQ(values(alert, "id", "Asia/Makassar").at("zone_time_suffix"), Value("WITA"));
}

TEST(Values, AFarTimeNamesItsDay) {
  auto alert = example::order(alert::Status::actual);
  for (auto& info : alert.infos) info.onset = example::night() + std::chrono::hours(24);
  EXPECT_EQ(values(alert, "id", "Asia/Jakarta").at("arrival"), Value("25 November 02.15"));
}

TEST(Values, TheEarliestZoneSpeaksForAll) {
  auto alert = example::order(alert::Status::actual);
  alert.zones[2].onset = example::night() + std::chrono::minutes(12);
  EXPECT_EQ(values(alert, "id", "Asia/Jakarta").at("arrival"), Value("02.27"));
  EXPECT_EQ(values(alert, "id", "Asia/Jakarta").at("zones_short"), Value("Muara, Pasir, Teluk"));
  EXPECT_EQ(values(alert, "id", "Asia/Jakarta").at("zones"),
            Value("Kelurahan Muara, Kelurahan Pasir, dan Kelurahan Teluk"));
}

}  // namespace
}  // namespace broadcaster::plan
