// Zones as an officer types them when he fires a prepared alert.
#include "broadcaster/cli/fire_choice.hpp"

#include <gtest/gtest.h>

namespace broadcaster::cli {
namespace {

using Ids = std::vector<std::string>;

plan::Form form() {
  plan::Form out;
  const auto zone = [&](const char* id, const char* name, const char* in_english) {
    out.plan.zones.push_back({.id = alert::ZoneId(id),
                              .names = {{"id", name}, {"en", in_english}},
                              .people = 0,
                              .floor_percent = 0,
                              .sirens = {},
                              .onset = std::nullopt});
  };
  zone("muara", "Kelurahan Muara", "Muara ward");
  zone("pasir", "Kelurahan Pasir", "Pasir ward");
  zone("pasir-2", "Kelurahan Pasir Putih", "Pasir ward");
  out.lists = {{alert::Language("id"),
                " dan ",
                ", ",
                ", dan ",
                {{alert::ZoneId("muara"), "Kelurahan Muara", "Mra"},
                 {alert::ZoneId("pasir"), "Kelurahan Pasir", "Psr"},
                 {alert::ZoneId("pasir-2"), "Kelurahan Pasir Putih", "Psr Putih"}}}};
  return out;
}

/// The ids, or why not.
Ids read(const std::string& text) {
  const auto zones = read_fired_zones(form(), text);
  if (!zones) return {zones.error().text.id};
  Ids out;
  for (const auto& zone : *zones) out.push_back(zone.value);
  return out;
}

TEST(FiredZones, AreIdsOrNamesInAnyCase) {
  EXPECT_EQ(read("muara,pasir"), (Ids{"muara", "pasir"}));
  EXPECT_EQ(read("Pasir, MUARA"), (Ids{"muara", "pasir"})) << "in the order of the form";
  EXPECT_EQ(read("muara pasir"), (Ids{"muara", "pasir"}));
  EXPECT_EQ(read("Kelurahan Muara, psr"), (Ids{"muara", "pasir"}));
  EXPECT_EQ(read("muara ward"), Ids{"muara"});
  EXPECT_EQ(read("psr putih"), Ids{"pasir-2"});
}

TEST(FiredZones, OneThatIsNamedTwiceCountsOnce) { EXPECT_EQ(read("muara,muara, Kelurahan Muara"), Ids{"muara"}); }

TEST(FiredZones, AllIsAWordInEitherLanguageAndNeverAnEmptyAnswer) {
  const Ids all{"muara", "pasir", "pasir-2"};
  for (const auto* text : {"all", "ALL", "semua", " Semua ", "*"}) EXPECT_EQ(read(text), all) << text;
  for (const auto* text : {"", " ", ",", " , "}) EXPECT_EQ(read(text), Ids{"plan.fire_no_zone"}) << text;
}

TEST(FiredZones, AWordThatIsNoZoneOrSeveralIsRefused) {
  EXPECT_EQ(read("muara,hutan"), Ids{"plan.fire_zone"});
  EXPECT_EQ(read("muara,all"), Ids{"plan.fire_zone"});
  EXPECT_EQ(read("Pasir ward"), Ids{"cli.fire_zone_several"});
}

}  // namespace
}  // namespace broadcaster::cli
