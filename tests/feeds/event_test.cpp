// Several bulletins as one alert.
#include "broadcaster/feeds/event.hpp"

#include "tests/feeds/support.hpp"

namespace broadcaster::feeds {
namespace {

using alert::Severity;
using testing::now;
using testing::zones_of;
using namespace std::chrono_literals;

Source source(const std::string& name, Severity severity, const std::vector<std::string>& zones) {
  Source out;
  out.name = name;
  out.sent = now;
  out.draft.hazard = "tsunami";
  out.draft.source = name;
  out.draft.infos.emplace_back();
  out.draft.infos[0].severity = severity;
  out.draft.infos[0].headline = name;
  for (const auto& zone : zones) out.draft.zones.push_back({alert::ZoneId(zone), std::nullopt});
  return out;
}

TEST(Event, TheMostSevereSpeaksForAllZones) {
  const auto alert =
      merged({source("a", Severity::moderate, {"muara"}), source("b", Severity::extreme, {"teluk", "muara"}),
              source("c", Severity::extreme, {"bukit"})});
  EXPECT_EQ(alert.infos[0].headline, "b");
  EXPECT_EQ(zones_of(alert), (std::vector<std::string>{"teluk", "muara", "bukit"}));
  EXPECT_EQ(alert.source, "b; a; c") << "every source by its name";
}

TEST(Event, WhatIsTakenBackSpeaksForNobodyBesideWhatStands) {
  auto sources =
      std::vector{source("a", Severity::extreme, {"muara", "teluk"}), source("b", Severity::minor, {"teluk"})};
  sources[0].says = Source::Says::over;
  const auto alert = merged(sources);
  EXPECT_EQ(alert.infos[0].headline, "b");
  EXPECT_EQ(zones_of(alert), std::vector<std::string>{"teluk"});
  EXPECT_EQ(alert.source, "b");
}

TEST(Event, WhatIsTakenBackIsNoEventToJoin) {
  Matter matter;
  matter.sources = {source("a", Severity::severe, {"muara"})};
  EXPECT_TRUE(same_event(matter, source("b", Severity::severe, {"muara"}), 30min));
  matter.sources[0].says = Source::Says::over;
  EXPECT_FALSE(same_event(matter, source("b", Severity::severe, {"muara"}), 30min));
}

TEST(Event, WhereAllIsOverNothingIsNarrowed) {
  auto sources = std::vector{source("a", Severity::severe, {"muara"}), source("b", Severity::minor, {"teluk"})};
  const auto before = merged(sources);
  for (auto& one : sources) one.says = Source::Says::over;
  EXPECT_EQ(merged(sources), before);
}

TEST(Event, IsOneHazardInOneZoneAtOneTime) {
  Matter matter;
  matter.sources = {source("a", Severity::severe, {"muara", "teluk"})};
  auto other = source("b", Severity::severe, {"teluk"});
  EXPECT_TRUE(same_event(matter, other, 30min));
  other.sent = now + 31min;
  EXPECT_FALSE(same_event(matter, other, 30min));
  other.sent = now - 30min;
  EXPECT_TRUE(same_event(matter, other, 30min)) << "whichever came first";
  other.draft.hazard = "flood";
  EXPECT_FALSE(same_event(matter, other, 30min));
  other.draft.hazard.clear();
  matter.sources[0].draft.hazard.clear();
  EXPECT_FALSE(same_event(matter, other, 30min)) << "two unknown hazards are not one";
  matter.sources[0].draft.incidents = "gempa-1 gempa-2";
  other.draft.incidents = "gempa-2";
  EXPECT_TRUE(same_event(matter, other, 30min));
  EXPECT_FALSE(same_event(matter, source("c", Severity::severe, {"bukit"}), 30min));
}

TEST(Event, ABulletinIsInForceUntilItExpiresOrItsCentreSaysOtherwise) {
  Known known;
  auto& matter = known.matters["a"];
  matter.sources = {source("a", Severity::severe, {"muara"}), source("b", Severity::severe, {"teluk"})};
  matter.sources[0].expires = now + 1h;
  const std::vector<alert::ZoneId> muara{alert::ZoneId("muara")};
  EXPECT_EQ(in_force(known, muara, now), (std::vector<BulletinInForce>{{"a", matter.sources[0].feed}}));
  EXPECT_TRUE(in_force(known, muara, now + 1h).empty());
  EXPECT_TRUE(in_force(known, {alert::ZoneId("bukit")}, now).empty());
  matter.sources[0].says = Source::Says::over;
  EXPECT_TRUE(in_force(known, muara, now).empty());
}

TEST(Event, ABulletinThatNamesNoneOfOurZonesIsInForceInAllOfThem) {
  Known known;
  known.matters["a"].sources = {source("a", Severity::severe, {})};
  EXPECT_EQ(in_force(known, {alert::ZoneId("bukit")}, now).size(), 1u) << "it means us by a region: nobody knows where";
}

TEST(Event, DroppedZonesAreNamed) {
  const auto dropped = zones_dropped(source("a", Severity::minor, {"muara", "teluk"}).draft,
                                     source("b", Severity::minor, {"teluk", "bukit"}).draft);
  EXPECT_EQ(dropped, (std::vector<alert::ZoneId>{alert::ZoneId("muara")}));
}

}  // namespace
}  // namespace broadcaster::feeds
