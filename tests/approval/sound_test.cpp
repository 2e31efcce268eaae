// What a plan's own bytes must be, whoever made them and whoever signed.
#include "broadcaster/approval/sound.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "broadcaster/approval/judge.hpp"
#include "broadcaster/plan/document.hpp"
#include "tests/approval/fixture.hpp"

namespace broadcaster::approval {
namespace {

using Ids = std::vector<std::string>;
using alert::Mode;

/// The refusals of a plan that was changed and then signed by all who must.
Ids refusals(const std::function<void(plan::Plan&)>& change, Mode mode = Mode::live) {
  auto value = sample_plan(mode);
  change(value);
  auto plan = unsigned_plan(value);
  plan.signatures = {agency().sign("sari", Role::author, plan, at(2, 0)),
                     agency().sign("bayu", Role::approver, plan, at(2, 1)),
                     agency().sign("ratna", Role::approver, plan, at(2, 2))};
  return ids(judge(plan, agency().people(), at(2, 5)).refusals);
}

/// The false-alarm plan inside, changed.
void change_calming(plan::Plan& plan, const std::function<void(plan::Plan&)>& change) {
  auto calming = *plan.false_alarm;
  change(calming);
  plan.false_alarm = std::make_shared<const plan::Plan>(std::move(calming));
}

void say(plan::Plan& plan, const std::string& text) { plan.messages[0].body = plan::Pieces{text}; }

TEST(Sound, ThePlansOfTheTestsAre) {
  for (const auto mode : {Mode::live, Mode::drill}) EXPECT_EQ(refusals([](plan::Plan&) {}, mode), Ids{});
}

TEST(Sound, ADrillsTextBeginsWithItsMark) {
  const auto drill = [](const std::string& text) {
    return refusals([&](plan::Plan& p) { say(p, text); }, Mode::drill);
  };
  EXPECT_EQ(drill("EXERCISE: go up."), Ids{});
  EXPECT_EQ(drill("TSUNAMI. Naik sekarang. LATIHAN."), Ids{"approval.mark_missing"});
  EXPECT_EQ(drill("Latihan: naik sekarang."), Ids{"approval.mark_missing"}) << "a mark is written one way";
  EXPECT_EQ(drill("LATIHAN naik sekarang."), Ids{"approval.mark_missing"});
}

TEST(Sound, ALiveTextDoesNotBeginWithAMark) {
  const auto live = [](const std::string& text) { return refusals([&](plan::Plan& p) { say(p, text); }); };
  EXPECT_EQ(live("LATIHAN: naik sekarang."), Ids{"approval.mark_in_live"});
  EXPECT_EQ(live("Pergi ke Balai Latihan Kerja."), Ids{}) << "a shelter’s name is no mark";
  EXPECT_EQ(live("Balai Latihan: pintu timur."), Ids{});
}

/// A document as the writer makes it, with holes where a release fills them.
plan::Pieces document_of(const std::string& status, const std::string& rest = "", const std::string& type = "Alert") {
  using plan::Hole;
  using plan::HoleKind;
  return {
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n  "
      "<identifier>",
      Hole{.kind = HoleKind::identifier, .pattern = {}}, "</identifier>\n  <sender>bpbd.example</sender>\n  <sent>",
      Hole{.kind = HoleKind::time_of_issue, .pattern = std::string(plan::document_time)},
      "</sent>\n  <status>" + status + "</status>\n  <msgType>" + type + "</msgType>\n  <scope>Public</scope>\n" +
          rest + "</alert>\n"};
}

/// What is said against a plan whose first message is this document, at an endpoint of this channel.
Ids said_of(plan::Pieces document, Mode mode, const std::string& channel = "cap_feed",
            const std::string& form = "cap") {
  return refusals(
      [&](plan::Plan& p) {
        p.messages[0].body = std::move(document);
        p.messages[0].form = form;
        p.messages[0].length = {"bytes", 0, 1 << 20, 1};
        auto& endpoint = p.endpoints[0];
        endpoint.destination = "channel=" + channel + "\nmode=" + std::string(alert::name(mode)) + "\n";
        endpoint.fingerprint = base::hex(base::sha256(endpoint.destination));
        change_calming(p, [&](plan::Plan& calming) {
          calming.endpoints = p.endpoints;
          std::erase_if(calming.messages, [&](const auto& one) { return one.endpoint == endpoint.name; });
        });
      },
      mode);
}

TEST(Sound, ADocumentSaysTheStatusAndTypeOfItsAlert) {
  EXPECT_EQ(said_of(document_of("Actual"), Mode::live), Ids{});
  EXPECT_EQ(said_of(document_of("Exercise"), Mode::drill), Ids{});
  const Ids wrong{"approval.document_status"};
  EXPECT_EQ(said_of(document_of("Actual"), Mode::drill), wrong);
  EXPECT_EQ(said_of(document_of("Exercise"), Mode::live), wrong);
  EXPECT_EQ(said_of(document_of("Test"), Mode::drill), wrong) << "an exercise is no test";
  EXPECT_EQ(said_of(document_of("Draft"), Mode::live), wrong);
  EXPECT_EQ(said_of(document_of("Exercise", "", "Cancel"), Mode::drill), wrong);
}

TEST(Sound, ADocumentHidesNoOtherStatus) {
  const Ids wrong{"approval.document_status"};
  for (const auto* hidden :
       {"<status>Actual</status>", "<!-- x -->", "<note><![CDATA[x]]></note>", "<?x?>", "<status  >Actual</status>",
        "<a:status xmlns:a='urn:oasis:names:tc:emergency:cap:1.2'>Actual</a:status>", "</alert><alert>"})
    EXPECT_EQ(said_of(document_of("Exercise", hidden), Mode::drill), wrong) << hidden;
  auto commented = document_of("Exercise");
  std::get<std::string>(commented[2]) = "</identifier>\n  <sender>x</sender><!-- \n  <sent>";
  EXPECT_EQ(said_of(commented, Mode::drill), wrong);
  auto other_hole = document_of("Exercise");
  std::get<plan::Hole>(other_hole[1]).kind = plan::HoleKind::code;
  EXPECT_EQ(said_of(other_hole, Mode::drill), wrong);
  EXPECT_EQ(said_of({"EXERCISE: all is well"}, Mode::drill), wrong) << "a text is no document";
}

TEST(Sound, OnlyDocumentsGoWhereDocumentsGo) {
  const Ids wrong{"approval.document_place"};
  EXPECT_EQ(said_of(document_of("Exercise"), Mode::drill, "sms"), wrong);
  EXPECT_EQ(said_of(document_of("Exercise"), Mode::drill, "sms\nnote=channel=cap_feed"), wrong);
  EXPECT_EQ(said_of({"EXERCISE: go up"}, Mode::drill, "cap_feed", "post"), wrong);
}

TEST(Sound, ALiveSirenDoesNotSpeakAMark) {
  EXPECT_EQ(refusals([](plan::Plan& p) {
              std::get<plan::SirenProgram>(p.messages[1].body).voice_texts = {"EXERCISE: go up"};
            }),
            Ids{"approval.mark_in_live"});
}

TEST(Sound, TheFalseAlarmInsideIsHeldToTheSame) {
  EXPECT_EQ(refusals([](plan::Plan& p) {
              change_calming(p, [](plan::Plan& calming) { say(calming, "LATIHAN: tidak ada tsunami."); });
            }),
            Ids{"approval.mark_in_live"});
  EXPECT_EQ(refusals([](plan::Plan& p) { change_calming(p, [](plan::Plan& calming) { say(calming, "Aman."); }); },
                     Mode::drill),
            Ids{"approval.mark_missing"});
}

TEST(Sound, AMessageSaysSomething) {
  EXPECT_EQ(refusals([](plan::Plan& p) { say(p, " \n"); }), Ids{"approval.message_empty"});
  EXPECT_EQ(refusals([](plan::Plan& p) { p.messages.clear(); }), Ids{"approval.nothing_to_say"});
  EXPECT_EQ(refusals([](plan::Plan& p) { std::get<plan::SirenProgram>(p.messages[1].body).targets.clear(); }),
            Ids{"approval.message_empty"});
}

TEST(Sound, AMessageIsNoLongerThanWasSigned) {
  const auto live = [](const std::string& text) { return refusals([&](plan::Plan& p) { say(p, text); }); };
  EXPECT_EQ(live(std::string(160, 'a')), Ids{});
  EXPECT_EQ(live(std::string(161, 'a')), Ids{"approval.message_long"});
  EXPECT_EQ(live("Naik → bukit"), Ids{"approval.message_long"}) << "signed as GSM-7, of which there is no arrow";
  EXPECT_EQ(refusals([](plan::Plan& p) { p.messages[0].length.unit = "words"; }), Ids{"approval.message_long"});
  EXPECT_EQ(refusals([](plan::Plan& p) {
              std::get<plan::SirenProgram>(p.messages[1].body).duration = std::chrono::seconds(301);
            }),
            Ids{"approval.message_long"});
}

TEST(Sound, AHoleCountsAtItsLongest) {
  const auto with_code = [](std::size_t letters) {
    return refusals([&](plan::Plan& p) {
      p.messages[0].body =
          plan::Pieces{std::string(letters, 'a'), plan::Hole{plan::HoleKind::code, "", std::chrono::minutes(0)}};
    });
  };
  EXPECT_EQ(with_code(152), Ids{});
  EXPECT_EQ(with_code(153), Ids{"approval.message_long"});
}

TEST(Sound, EveryDestinationIsOfThePlansModeAndHasItsOwnFingerprint) {
  const auto both = [](plan::Plan& p, const std::function<void(plan::PlannedEndpoint&)>& change) {
    change(p.endpoints[0]);
    change_calming(p, [&](plan::Plan& calming) { calming.endpoints = p.endpoints; });
  };
  const Ids mode(2, "approval.destination_mode"), fingerprint(2, "approval.destination_fingerprint");
  for (const auto* other : {"channel=sms\nmode=drill\n", "channel=sms\nthemode=live\n", ""})
    EXPECT_EQ(refusals([&](plan::Plan& p) {
                both(p, [&](plan::PlannedEndpoint& e) {
                  e.destination = other;
                  e.fingerprint = base::hex(base::sha256(e.destination));
                });
              }),
              mode);
  EXPECT_EQ(refusals([&](plan::Plan& p) {
              both(p, [](plan::PlannedEndpoint& e) { e.destination += "url=https://elsewhere.example\n"; });
            }),
            fingerprint);
}

TEST(Sound, AMessageIsForAnEndpointOfThePlan) {
  EXPECT_EQ(refusals([](plan::Plan& p) { p.messages[0].endpoint = plan::EndpointName("elsewhere"); }),
            Ids{"approval.message_endpoint"});
}

TEST(Sound, WhoeverIsWokenIsCalmedByTheSameWays) {
  const Ids other{"approval.false_alarm_reach"};
  EXPECT_EQ(refusals([](plan::Plan& p) { change_calming(p, [](plan::Plan& c) { c.endpoints.pop_back(); }); }), other);
  EXPECT_EQ(refusals([](plan::Plan& p) { change_calming(p, [](plan::Plan& c) { c.zones.clear(); }); }), other);
  EXPECT_EQ(refusals([](plan::Plan& p) {
              change_calming(p, [](plan::Plan& c) { c.audiences = {{.name = "others", .digest = "", .counts = {}}}; });
            }),
            other);
}

plan::PlannedZone hill() {
  plan::PlannedZone out;
  out.id = alert::ZoneId("bukit");
  return out;
}

TEST(Sound, WhoHearsASirenIsCalmedTooAndNobodyBesides) {
  const Ids other{"approval.false_alarm_reach"};
  const auto with_hill = [](plan::Plan& p) {
    p.audiences = {{.name = "residents", .digest = "a", .counts = {}}};
    change_calming(p, [](plan::Plan& c) {
      c.zones.push_back(hill());
      c.audiences = {{.name = "residents", .digest = "a", .counts = {{{}, alert::ZoneId("bukit"), 7}}}};
    });
  };
  EXPECT_EQ(refusals(with_hill), Ids{});
  EXPECT_EQ(refusals([&](plan::Plan& p) {
              with_hill(p);
              std::erase_if(p.messages, [](const plan::Message& m) { return m.form == "siren"; });
            }),
            other)
      << "no siren, nobody who heard one";
  EXPECT_EQ(refusals([&](plan::Plan& p) {
              with_hill(p);
              change_calming(p, [](plan::Plan& c) { std::swap(c.zones.front(), c.zones.back()); });
            }),
            other);
  EXPECT_EQ(refusals([&](plan::Plan& p) {
              with_hill(p);
              auto siren = p.messages.back();
              siren.zone = alert::ZoneId("bukit");
              change_calming(p, [&](plan::Plan& c) { c.messages.push_back(siren); });
            }),
            other)
      << "a siren that was silent stays silent";
}

/// Sari's plan as an all-clear that everybody signed.
void end_it(plan::Plan& plan) {
  plan.alert.type = alert::MessageType::update;
  plan.alert.references = {{"bpbd.example", "TP12-1", "2026-11-24T02:15:00-00:00"}};
  plan.alert.confirmation = "BMKG 06.31 WIB";
  plan.alert.zones = {{alert::ZoneId("pantai"), {}, alert::Ending::may_return}};
  plan.false_alarm.reset();
}

TEST(Sound, AnAllClearIsConfirmedAndAnswersEveryZone) {
  EXPECT_EQ(refusals(end_it), Ids{});
  EXPECT_EQ(refusals([](plan::Plan& p) {
              end_it(p);
              p.alert.confirmation = " ";
            }),
            Ids{"alert.lint_all_clear_confirmation"});
  EXPECT_EQ(refusals([](plan::Plan& p) {
              end_it(p);
              p.alert.zones.front().ending.reset();
            }),
            Ids{"alert.lint_all_clear_zone"});
  EXPECT_EQ(refusals([](plan::Plan& p) {
              end_it(p);
              p.zones.push_back(p.zones.front());
              p.zones.back().id = alert::ZoneId("bukit");
            }),
            Ids{"alert.lint_all_clear_zone"});
}

TEST(Sound, AnAllClearIsNeverPrepared) {
  EXPECT_EQ(refusals([](plan::Plan& p) {
              const auto prepared = p.false_alarm;
              end_it(p);
              p.false_alarm = prepared;
            }),
            Ids{"approval.all_clear_prepared"});
  EXPECT_EQ(refusals([](plan::Plan& p) {
              change_calming(p, [](plan::Plan& calming) { calming.alert.confirmation = "BMKG 06.31 WIB"; });
            }),
            Ids{"approval.all_clear_prepared"});
}

TEST(Sound, NobodyIsToldToReturnByAnythingElse) {
  EXPECT_EQ(refusals([](plan::Plan& p) {
              p.alert.infos.resize(1);
              p.alert.infos.front().responses = {alert::ResponseType::all_clear};
            }),
            Ids{"alert.lint_all_clear_unconfirmed"});
}

}  // namespace
}  // namespace broadcaster::approval
