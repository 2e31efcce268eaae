// What changed, as it is read before it is signed.
#include "broadcaster/approval/set_changes.hpp"

#include <gtest/gtest.h>

#include "broadcaster/approval/set_values.hpp"
#include "broadcaster/base/catalogue.hpp"
#include "tests/approval/fixture.hpp"

namespace broadcaster::approval {
namespace {

std::vector<std::string> said(const std::string& file, const std::string& from, const std::string& to,
                              const std::string& language = "en") {
  std::vector<std::string> out;
  for (const auto& text : changes_in_words({{file, from}}, {{file, to}}))
    out.push_back(base::Catalogue::of(language).say(text));
  return out;
}
using Said = std::vector<std::string>;

std::string with(std::string text, const std::string& from, const std::string& to) {
  EXPECT_NE(text.find(from), std::string::npos) << from;
  return text.replace(text.find(from), from.size(), to);
}

TEST(SetChanges, AQuorumThatIsLoweredStandsOut) {
  const auto people = agency().people_text();
  EXPECT_EQ(said("people.yaml", people, with(people, "Actual: 2", "Actual: 1")),
            (Said{"FEWER MUST APPROVE: Actual 2 → 1", "FEWER MUST APPROVE: all_clear 2 → 1",
                  "FEWER MUST APPROVE: prepared 2 → 1"}));
  EXPECT_EQ(said("people.yaml", people, with(people, "Actual: 2", "Actual: 1"), "id").front(),
            "LEBIH SEDIKIT YANG HARUS MENYETUJUI: Actual 2 → 1");
}

TEST(SetChanges, PeopleAndTheirRolesAndKeysAreNamed) {
  const auto people = agency().people_text();
  auto without = people;
  const auto begin = without.find("  - id: dewi");
  without.erase(begin, without.find("quorum:") - begin);
  EXPECT_EQ(said("people.yaml", without, people), Said{"NEW PERSON dewi (Ibu/Bapak dewi): author, 1 key"});
  EXPECT_EQ(said("people.yaml", people, without), Said{"dewi is gone (author)"});
  EXPECT_EQ(said("people.yaml", people, with(people, "roles: [author]", "roles: [author, approver]")),
            Said{"dewi: roles author → author, approver"});
  const auto id = key_id(agency().keys.at("sari").public_key());
  const auto line = people.find('\n', people.find("- public:")) + 1;
  auto revoked = people;
  revoked.insert(line, "        revoked: 2026-11-24T02:15:00+07:00\n");
  EXPECT_EQ(said("people.yaml", people, revoked), Said{"sari, key " + id + ": revoked – → 2026-11-24T02:15:00+07:00"});
}

TEST(SetChanges, ADestinationIsNamedByItsEndpoint) {
  const std::string endpoints = "endpoints:\n  - {name: sms, channel: sms, url: \"https://a\", languages: [id]}\n";
  EXPECT_EQ(said("endpoints.yaml", endpoints, with(endpoints, "https://a", "https://b")),
            Said{"endpoints.yaml: endpoints[sms].url: https://a → https://b"});
  EXPECT_EQ(said("endpoints.yaml", endpoints, with(endpoints, "[id]", "[id, en]")),
            Said{"endpoints.yaml: endpoints[sms].languages: id → id, en"});
  EXPECT_EQ(said("endpoints.yaml", endpoints, endpoints + "  - {name: x, channel: webhook, url: \"https://c\"}\n"),
            Said{"endpoints.yaml: NEW endpoints[x]: name x; channel webhook; url https://c"});
  EXPECT_EQ(said("endpoints.yaml", endpoints + "  - {name: x, channel: webhook}\n", endpoints),
            Said{"endpoints.yaml: endpoints[x] is gone (name x; channel webhook)"});
}

TEST(SetChanges, AZoneOfAnotherAreaIsNamed) {
  const std::string zones =
      R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"muara","people":10},)"
      R"("geometry":{"type":"Polygon","coordinates":[[[1,2],[3,4],[5,6],[1,2]]]}}]})";
  EXPECT_EQ(said("zones.geojson", zones, with(zones, "[3,4]", "[3,5]")),
            Said{"zones.geojson: another AREA: features[muara].geometry.coordinates"});
  EXPECT_EQ(said("zones.geojson", zones, with(zones, "\"people\":10", "\"people\":11")),
            Said{"zones.geojson: features[muara].properties.people: 10 → 11"});
}

TEST(SetChanges, NothingIsPassedOverInSilence) {
  EXPECT_EQ(said("policy.yaml", "rules: []\n", "rules: [] # now\n"),
            Said{"policy.yaml: only comments, order or spaces"});
  EXPECT_EQ(said("policy.yaml", "rules: []\n", "rules: ["),
            Said{"policy.yaml: cannot be compared value by value; read it yourself"});
  EXPECT_EQ(said("policy.yaml", "rules: []\n", "rules: []\nbreak_glass: {after: 0s, zones: 9}\n"),
            (Said{"policy.yaml: break_glass.after: – → 0s", "policy.yaml: break_glass.zones: – → 9"}));
  EXPECT_EQ(ids(changes_in_words({{"policy.yaml", "a"}}, {})),
            std::vector<std::string>{"approval.change_file_removed"});
  EXPECT_EQ(ids(changes_in_words({}, {{"policy.yaml", "a"}})), std::vector<std::string>{"approval.change_file_added"});
  EXPECT_TRUE(changes_in_words({{"policy.yaml", "a"}}, {{"policy.yaml", "a"}}).empty());
}

TEST(SetValues, TwoItemsOfOneNameDoNotHideEachOther) {
  const auto values = set_values("endpoints.yaml", "endpoints: [{name: a, url: x}, {name: a, url: y}]\n");
  ASSERT_TRUE(values.has_value());
  EXPECT_EQ(values->values.at("endpoints[a].url").shown, "x");
  EXPECT_EQ(values->values.at("endpoints[a]#2.url").shown, "y");
}

const std::string one_zone =
    R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"muara","people":10},)"
    R"("geometry":{"type":"Polygon","coordinates":[[[1,2],[3,4],[5,6],[1,2]]]}}]})";

TEST(SetChanges, AMemberWhoseNameLooksLikeAPlaceHidesNoZoneThatWasMoved) {
  auto moved = with(one_zone, "[3,4]", "[8,4]");
  moved = with(moved, R"("people":10})", R"("people":99})");
  moved = with(moved, R"("geometry":{)", R"("geometry.coordinates":"0a1b","properties.people":"10","geometry":{)");
  EXPECT_EQ(said("zones.geojson", one_zone, moved),
            (Said{"zones.geojson: another AREA: features[muara].geometry.coordinates",
                  "zones.geojson: features[muara].properties.people: 10 → 99",
                  "zones.geojson: features[muara].geometry\\.coordinates: – → 0a1b",
                  "zones.geojson: features[muara].properties\\.people: – → 10"}));
}

TEST(SetChanges, WhatReadsAlikeAndIsNotTheSameIsNamed) {
  EXPECT_EQ(said("endpoints.yaml", "a: [x, y]\n", "a: [\"x, y\"]\n"),
            Said{"endpoints.yaml: a: [=\"x\", =\"y\"] → [\"x, y\"]"});
  EXPECT_EQ(said("policy.yaml", "a: true\n", "a: \"true\"\n"), Said{"policy.yaml: a: =\"true\" → \"true\""});
  EXPECT_EQ(said("policy.yaml", "a: 1\n", "a: 1\nb: {}\n"), Said{"policy.yaml: b: – → {}"});
  EXPECT_EQ(said("policy.yaml", "a: []\n", "a:\n"), Said{"policy.yaml: a: [] → null"});
}

TEST(SetChanges, AnotherOrderOfAListIsNamedAndOfFieldsIsForm) {
  const std::string ab = "endpoints: [{name: a, url: x}, {name: b, url: y}]\n";
  EXPECT_EQ(said("endpoints.yaml", ab, "endpoints: [{name: b, url: y}, {name: a, url: x}]\n"),
            Said{"endpoints.yaml: endpoints: in another ORDER"});
  EXPECT_EQ(said("endpoints.yaml", ab, "endpoints: [{url: x, name: a}, {url: y, name: b}]\n"),
            Said{"endpoints.yaml: only comments, order or spaces"});
}

TEST(SetChanges, WhatLiesInAListOfANewItemIsSaidWithIt) {
  const std::string none = "endpoints: []\n";
  const auto words = said("endpoints.yaml", none, "endpoints: [{name: a, ways: [{id: w, to: evil}]}]\n");
  ASSERT_FALSE(words.empty());
  EXPECT_NE(words.front().find("to evil"), std::string::npos) << words.front();
}

TEST(SetChanges, PeopleInAnotherOrderAreNotOnlyForm) {
  const auto people = agency().people_text();
  EXPECT_EQ(said("people.yaml", people, people + "# now\n"), Said{"people.yaml: only comments, order or spaces"});
  EXPECT_EQ(said("people.yaml", people, with(people, "Actual: 2", "Actual: \"2\"")).empty(), false);
}

TEST(SetValues, TwoValuesOfOnePlaceAreAnError) {
  EXPECT_FALSE(set_values("p.yaml", "a: [{b: y}, {name: \"1\", b: x}]\n").has_value());
}

}  // namespace
}  // namespace broadcaster::approval
