// What IPAWS and Google want beyond the standard.
#include "broadcaster/alert/cap/profile.hpp"

#include <gtest/gtest.h>

#include "tests/alert/cap/documents.hpp"

namespace broadcaster::alert::cap {
namespace {

using alert::testing::Lines;
using testing::read_one;
using testing::whole;

/// "error rule element", with the text checked to be in both languages of the catalogue.
Lines said(Profile profile, const Alert& alert) {
  Lines out;
  for (const auto& f : profile_findings(profile, alert)) {
    out.push_back((f.severity == LintSeverity::error ? "error " : "warning ") + f.rule + " " + f.element);
    for (const auto* language : {"en", "id"})
      EXPECT_EQ(base::Catalogue::of(language).say(f.text).find("<<"), std::string::npos) << f.rule;
  }
  return out;
}

Alert ipaws() {
  auto alert = read_one(whole).alert;
  alert.codes = {"IPAWSv1.0"};
  auto& info = alert.infos[0];
  info.effective.reset();
  info.onset.reset();
  info.parameters = {{"EAS-ORG", "CIV"},
                     {"CMAMtext", "Tsunami danger on the coast. Go to high ground now."},
                     {"CMAMlongtext", std::string(360, 'x')},
                     {"WEAHandling", "Imminent Threat"}};
  info.areas[0].geocodes = {{"SAME", "006037"}};
  return alert;
}

TEST(Ipaws, AGoodAlertHasNoFindings) { EXPECT_EQ(said(Profile::ipaws, ipaws()), Lines{}); }

struct Row {
  const char* name;
  void (*spoil)(Alert&);
  Lines expected;
};

TEST(Ipaws, EachRuleHasItsFinding) {
  const Row table[] = {
      {"no code", [](Alert& a) { a.codes.clear(); }, {"error ipaws_code code"}},
      {"no info", [](Alert& a) { a.infos.clear(); }, {"error ipaws_no_info info"}},
      {"another event in the second language",
       [](Alert& a) {
         a.infos.push_back(a.infos[0]);
         a.infos[1].event_codes = {{"SAME", "EVI"}};
       },
       {"error ipaws_differs info[1].eventCode"}},
      {"two SAME codes",
       [](Alert& a) { a.infos[0].event_codes.push_back({"SAME", "EVI"}); },
       {"error ipaws_same_event info[0].eventCode"}},
      {"a SAME code of two letters",
       [](Alert& a) { a.infos[0].event_codes = {{"SAME", "TS"}}; },
       {"error ipaws_same_letters info[0].eventCode"}},
      {"no expiry", [](Alert& a) { a.infos[0].expires.reset(); }, {"error ipaws_expires info[0].expires"}},
      {"an onset", [](Alert& a) { a.infos[0].onset = a.sent; }, {"warning ipaws_effective info[0].onset"}},
      {"no instruction", [](Alert& a) { a.infos[0].instruction.clear(); }, {"warning ipaws_text info[0].instruction"}},
      {"no area", [](Alert& a) { a.infos[0].areas.clear(); }, {"error ipaws_area info[0].area"}},
      {"a SAME area of five digits",
       [](Alert& a) { a.infos[0].areas[0].geocodes = {{"SAME", "06037"}}; },
       {"error ipaws_same_area info[0].area[0].geocode"}},
      {"no SAME area",
       [](Alert& a) { a.infos[0].areas[0].geocodes.clear(); },
       {"warning ipaws_no_same_area info[0].area[0].geocode"}},
      {"an unknown channel to block",
       [](Alert& a) { a.infos[0].parameters.push_back({"BLOCKCHANNEL", "WEA"}); },
       {"error ipaws_block info[0].parameter"}},
      {"an unknown originator",
       [](Alert& a) { a.infos[0].parameters[0].value = "BPBD"; },
       {"error ipaws_originator info[0].parameter"}},
      {"no originator",
       [](Alert& a) { a.infos[0].parameters.erase(a.infos[0].parameters.begin()); },
       {"error ipaws_no_originator info[0].parameter"}},
      {"91 characters for telephones",
       [](Alert& a) { a.infos[0].parameters[1].value = std::string(91, 'x'); },
       {"error ipaws_wea_long info[0].parameter"}},
      {"88 characters and two euros, which count twice",
       [](Alert& a) { a.infos[0].parameters[1].value = std::string(87, 'x') + "€€"; },
       {"error ipaws_wea_long info[0].parameter"}},
      {"361 characters",
       [](Alert& a) { a.infos[0].parameters[2].value += "x"; },
       {"error ipaws_wea_long info[0].parameter"}},
      {"a wave in a text for telephones",
       [](Alert& a) { a.infos[0].parameters[1].value = "Tsunami 🌊"; },
       {"error ipaws_wea_alphabet info[0].parameter"}},
      {"no text for telephones",
       [](Alert& a) { a.infos[0].parameters.erase(a.infos[0].parameters.begin() + 1); },
       {"warning ipaws_no_wea_text info[0].parameter"}},
      {"telephones blocked, so their texts do not count",
       [](Alert& a) {
         a.infos[0].parameters = {{"EAS-ORG", "CIV"}, {"BLOCKCHANNEL", "CMAS"}, {"CMAMtext", std::string(99, 'x')}};
       },
       {}},
      {"no imminent threat",
       [](Alert& a) { a.infos[0].severity = Severity::minor; },
       {"warning ipaws_not_wea info[0].urgency"}},
      {"public safety may be less",
       [](Alert& a) {
         a.infos[0].severity = Severity::minor;
         a.infos[0].parameters[3].value = "Public Safety";
       },
       {}},
      {"an unknown handling",
       [](Alert& a) { a.infos[0].parameters[3].value = "Broadcast"; },
       {"warning ipaws_handling info[0].parameter"}},
  };
  for (const auto& row : table) {
    auto alert = ipaws();
    row.spoil(alert);
    EXPECT_EQ(said(Profile::ipaws, alert), row.expected) << row.name;
  }
}

TEST(Ipaws, ErrorsComeFirst) {
  auto alert = ipaws();
  alert.infos[0].onset = alert.sent;
  alert.infos[0].areas.clear();
  EXPECT_EQ(said(Profile::ipaws, alert),
            (Lines{"error ipaws_area info[0].area", "warning ipaws_effective info[0].onset"}));
}

TEST(Google, EachRuleHasItsFinding) {
  EXPECT_EQ(said(Profile::google, read_one(whole).alert), (Lines{}));
  const Row table[] = {
      {"no info", [](Alert& a) { a.infos.clear(); }, {"error google_no_info info"}},
      {"a cancel needs none",
       [](Alert& a) {
         a.infos.clear();
         a.type = MessageType::cancel;
       },
       {}},
      {"two of a language",
       [](Alert& a) { a.infos.push_back(a.infos[0]); },
       {"error google_language_twice info[1].language"}},
      {"no headline", [](Alert& a) { a.infos[0].headline.clear(); }, {"error google_headline info[0].headline"}},
      {"a long headline",
       [](Alert& a) { a.infos[0].headline = std::string(140, 'x'); },
       {"error google_headline_long info[0].headline"}},
      {"139 will do", [](Alert& a) { a.infos[0].headline = std::string(139, 'x'); }, {}},
      {"no description",
       [](Alert& a) { a.infos[0].description.clear(); },
       {"error google_description info[0].description"}},
      {"no web", [](Alert& a) { a.infos[0].web.clear(); }, {"error google_web info[0].web"}},
      {"no expiry", [](Alert& a) { a.infos[0].expires.reset(); }, {"error google_expires info[0].expires"}},
      {"nothing to do",
       [](Alert& a) { a.infos[0].instruction.clear(); },
       {"warning google_instruction info[0].instruction"}},
      {"nobody speaks",
       [](Alert& a) { a.infos[0].sender_name.clear(); },
       {"warning google_sender_name info[0].senderName"}},
      {"no area", [](Alert& a) { a.infos[0].areas.clear(); }, {"error google_area info[0].area"}},
      {"an area that cannot be drawn",
       [](Alert& a) {
         a.infos[0].areas[0].polygons.clear();
         a.infos[0].areas[0].circles.clear();
       },
       {"error google_shape info[0].area[0]"}},
      {"a code that it knows",
       [](Alert& a) {
         a.infos[0].areas[0].polygons.clear();
         a.infos[0].areas[0].circles.clear();
         a.infos[0].areas[0].geocodes = {{"SAME", "006037"}};
       },
       {}},
  };
  for (const auto& row : table) {
    auto alert = read_one(whole).alert;
    row.spoil(alert);
    EXPECT_EQ(said(Profile::google, alert), row.expected) << row.name;
  }
}

TEST(Gsm7, CountsSeptets) {
  EXPECT_EQ(gsm7_septets("abc ÄÖÜ ß"), 9u);
  EXPECT_EQ(gsm7_septets("[€]"), 6u);
  EXPECT_EQ(gsm7_septets("ç"), std::nullopt) << "only its capital is in the alphabet";
  EXPECT_EQ(gsm7_septets(""), 0u);
}

}  // namespace
}  // namespace broadcaster::alert::cap
