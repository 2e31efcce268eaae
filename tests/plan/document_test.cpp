// A message that is the alert itself: how it is known for one, and what a plan makes of it.
#include "broadcaster/plan/document.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "broadcaster/plan/make_plan.hpp"
#include "broadcaster/plan/zone_languages.hpp"
#include "tests/plan/example.hpp"

namespace broadcaster::plan {
namespace {

using alert::Status;

std::string feed(const std::string& name, const std::string& mode, const std::string& more = "") {
  return "  - {name: " + name + ", channel: cap_feed, mode: " + mode + ", url: \"https://" + name +
         ".example/cap\", title: T, signer: \"0\", signing_key: \"env:K\"" + more + "}\n";
}

base::Checked<std::vector<Endpoint>> read(const std::string& text) {
  const example::Folder folder;
  return read_endpoints(folder.write("endpoints.yaml", "endpoints:\n" + text), example::traits());
}

Endpoint a_feed() { return read(feed("a", "drill")).value().front(); }

std::vector<Endpoint> drill_and_a_feed() {
  auto out = example::town().of_mode(alert::Mode::drill);
  out.push_back(a_feed());
  return out;
}

TEST(DocumentHead, IsReadAtItsPlacesAlone) {
  const auto made = example::plan_of(example::order(Status::exercise), drill_and_a_feed(), example::town().templates);
  ASSERT_TRUE(made) << example::lines(made.error());
  const auto document = std::ranges::find_if(made->messages, is_document);
  ASSERT_NE(document, made->messages.end());
  const auto pieces = std::get<Pieces>(document->body);
  EXPECT_EQ(head_of_document(pieces), (DocumentHead{Status::exercise, "Alert"}));
  EXPECT_EQ(head_of_document({}), std::nullopt);
  auto turned = pieces;
  std::swap(turned[1], turned[3]);
  EXPECT_EQ(head_of_document(turned), std::nullopt);
  auto moved = pieces;
  std::get<Hole>(moved[3]).utc_offset = std::chrono::minutes(60);
  EXPECT_EQ(head_of_document(moved), std::nullopt) << "its time says that it is UTC";
  auto more = pieces;
  more.emplace_back("<status>Actual</status>");
  EXPECT_EQ(head_of_document(more), std::nullopt);
  auto behind = pieces;
  std::get<std::string>(behind.back()) += "<!-- -->";
  EXPECT_EQ(head_of_document(behind), std::nullopt);
}

TEST(DocumentPlan, AFeedGetsOneMessageWhateverTheLanguages) {
  const auto made = example::plan_of(example::order(Status::exercise), drill_and_a_feed(), example::town().templates);
  ASSERT_TRUE(made) << example::lines(made.error());
  EXPECT_EQ(std::ranges::count_if(made->messages, is_document), 1);
  EXPECT_EQ(std::ranges::count_if(made->false_alarm->messages, is_document), 1);
  const auto document = std::ranges::find_if(made->messages, is_document);
  EXPECT_EQ(document->endpoint.value, "a");
  EXPECT_EQ(document->zone.value, "");
  EXPECT_TRUE(made->blocked.empty());
}

TEST(DocumentPlan, ADocumentSpeaksToNobodyInTheStreet) {
  alert::Zone zone;
  zone.id = alert::ZoneId("muara");
  zone.languages = {alert::Language("id")};
  Plan plan;
  plan.zones.push_back({.id = zone.id, .names = {}, .people = 0, .floor_percent = 0, .sirens = {}, .onset = {}});
  plan.messages.push_back({.endpoint = EndpointName("a"),
                           .language = alert::Language("id"),
                           .zone = {},
                           .form = "post",
                           .body = Pieces{},
                           .length = {},
                           .missing = {}});
  EXPECT_TRUE(unspoken_languages(plan, alert::Zones({zone})).empty());
  // A tone, and a file for agencies: that is a siren without words.
  plan.messages.push_back(plan.messages[0]);
  plan.messages[1].language = {};
  plan.messages[1].form = "siren";
  plan.messages[1].body = SirenProgram{"tone", std::chrono::seconds(60), {"siren-01"}, {}};
  EXPECT_TRUE(sirens_have_words(plan));
  plan.messages[0].form = std::string(document_form);
  EXPECT_FALSE(sirens_have_words(plan));
  EXPECT_EQ(unspoken_languages(plan, alert::Zones({zone})).size(), 1u);
}

TEST(DocumentEndpoints, WhatWouldCutADocumentIsRefused) {
  for (const auto* more : {", zones: [muara]", ", languages: [id]", ", time_zone: Asia/Jakarta"}) {
    const auto endpoints = read(feed("a", "drill", more));
    ASSERT_FALSE(endpoints) << more;
    EXPECT_TRUE(example::has(endpoints.error(), "plan.endpoint_document"));
  }
}

TEST(DocumentEndpoints, ADrillsPlaceIsNeverALiveOne) {
  const auto both = [](const std::string& drill, const std::string& live) {
    const auto endpoints = read(feed("a", "drill", drill) + feed("b", "live", live));
    return !endpoints && example::has(endpoints.error(), "plan.endpoint_place_modes");
  };
  EXPECT_FALSE(both(", folder: x", ", folder: y"));
  EXPECT_TRUE(both(", folder: x", ", folder: x"));
  EXPECT_TRUE(both(", folder: x", ", folder: ./y/../x/"));
  const auto same =
      "  - {name: b, channel: cap_feed, mode: live, url: \"https://a.example/cap/\", title: T, signer: "
      "\"0\", signing_key: \"env:K\"}\n";
  const auto endpoints = read(feed("a", "drill") + same);
  ASSERT_FALSE(endpoints);
  EXPECT_TRUE(example::has(endpoints.error(), "plan.endpoint_place_modes"));
}

TEST(DocumentEndpoints, TheDestinationNamesTheKeyAndNoSecret) {
  const auto& traits = *find_traits(example::traits(), "cap_feed");
  EXPECT_EQ(destination(a_feed(), traits),
            "channel=cap_feed\nmode=drill\nsigner=0\ntitle=T\nurl=https://a.example/cap\n");
}

TEST(DocumentText, ShapesAreShortForPeople) {
  EXPECT_EQ(without_shapes("<area><polygon>1,2 3,4 5,6 1,2</polygon></area><polygon>7,8</polygon>"),
            "<area><polygon>1,2 … (4)</polygon></area><polygon>7,8 … (1)</polygon>");
  EXPECT_EQ(without_shapes("<a/>"), "<a/>");
}

}  // namespace
}  // namespace broadcaster::plan
