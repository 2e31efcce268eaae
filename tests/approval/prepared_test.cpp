// A prepared alert: who signs it, who fires it, what voids it, and that a restart checks all of it again.
#include "broadcaster/approval/prepared.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/approval/form_file.hpp"
#include "broadcaster/approval/sound.hpp"
#include "tests/approval/prepared_fixture.hpp"

namespace broadcaster::approval {
namespace {

using namespace std::chrono_literals;

std::string opened(const StoredRelease& stored) {
  const auto again = reopen(stored);
  return again ? "open" : again.error().text.id;
}

TEST(Prepared, OneOfficerWhoIsNamedReleasesItAlone) {
  const Night night_of;
  EXPECT_EQ(night_of.voids(), Strings{});
  EXPECT_EQ(night_of.refusals(night_of.fired()), Strings{});
  const auto made = night_of.release(night_of.fired());
  ASSERT_TRUE(made) << made.error().text.id;
  const auto& release = std::get<Release<alert::Mode::live>>(*made);
  EXPECT_EQ(release.authority(), Authority::prepared);
  EXPECT_EQ(release.plan().expires, night(5, 3)) << "its life counts from when it was fired";
  const auto& text = std::get<plan::Pieces>(release.plan().messages.front().body);
  EXPECT_EQ(plan::fill(text, release.filling()).substr(0, 15), "BPBD 09.3509.03");
  EXPECT_EQ(release.plan().alert.infos.front().headline, "Tsunami di Pantai");
  ASSERT_TRUE(release.stored().fired);
  EXPECT_EQ(release.stored().fired->canonical_form, night_of.form.canonical) << "both digests are kept";
}

TEST(Prepared, NobodyElseFiresIt) {
  const Night night_of;
  EXPECT_EQ(night_of.refusals(night_of.fired("ratna", Role::approver)), Strings{"approval.fire_not_named"});
  EXPECT_EQ(night_of.refusals(night_of.fired("hendra", Role::author)), Strings{"approval.doubt_no_role"});
  EXPECT_EQ(firing_role(night_of.form, night_of.people, "hendra").value(), Role::duty_officer);
  EXPECT_EQ(firing_role(night_of.form, night_of.people, "ratna").error().text.id, "approval.fire_not_named");
}

TEST(Prepared, AKeyThatIsNewerThanTheFormFiresNothing) {
  Night night_of;
  auto form = sample_form();
  form.may_fire = {{"hendra", {"0000000000000000"}}, {"bayu", keys_of("bayu")}};
  night_of.form = signed_form(form);
  EXPECT_EQ(night_of.refusals(night_of.fired()), Strings{"approval.fire_new_key"});
  EXPECT_EQ(ids(judge_form(night_of.form, night_of.people, night_of.today, night(2, 0)).warnings),
            Strings{"approval.firer_lost"});
}

TEST(Prepared, ASignatureForOtherZonesOrAnotherArrivalIsWorthNothing) {
  const Night night_of;
  auto firing = night_of.fired();
  firing.arrival = night(2, 36);
  EXPECT_EQ(night_of.refusals(firing), Strings{"approval.doubt_unfit"});
  firing = night_of.fired();
  firing.zones = {alert::ZoneId("teluk")};
  EXPECT_EQ(night_of.refusals(firing), (Strings{"approval.doubt_unfit", "plan.fire_zone"}));
  firing = night_of.fired();
  firing.signature.at += 1ms;
  EXPECT_EQ(night_of.refusals(firing), Strings{"approval.doubt_unfit"});
  // An approval is no firing, and a firing no approval.
  firing.signature = night_of.form.signatures[1];
  EXPECT_NE(night_of.outcome(firing), "released");
  auto form = night_of.form;
  form.signatures.back() = night_of.fired("bayu", Role::approver).signature;
  EXPECT_NE(judge_form_signatures(form, night_of.people, night(2, 0)).approvals, 2);
}

TEST(Prepared, NothingAfterItsLastMoment) {
  Night night_of;
  EXPECT_EQ(night_of.voids(night_of.form.form.last), Strings{});
  EXPECT_EQ(night_of.voids(night_of.form.form.last + 1ms), Strings{"plan.form_over"});
  auto form = sample_form();
  form.last = form.plan.made_at + 181 * days;
  night_of.form = signed_form(form);
  EXPECT_EQ(night_of.voids(), Strings{"plan.form_last_late"}) << "whatever a file says";
}

TEST(Prepared, AnArrivalThatHasPassedOrAStaleHandRefuses) {
  const Night night_of;
  EXPECT_EQ(night_of.refusals(night_of.fired(), night(2, 13)), Strings{});
  EXPECT_EQ(night_of.refusals(night_of.fired(), night(2, 14)), Strings{"approval.fire_stale"});
  const auto soon = night_of.fired("hendra", Role::duty_officer, night(2, 13));
  EXPECT_EQ(night_of.refusals(soon, night(2, 13)), Strings{"approval.fire_arrival_passed"});
  EXPECT_EQ(night_of.refusals(night_of.fired("hendra", Role::duty_officer, night(2, 12))),
            Strings{"plan.fire_arrival_range"});
}

TEST(Prepared, AFormThatWasEditedAfterSigningIsVoid) {
  Night night_of;
  night_of.form.form.tolerance_percent = 50;
  night_of.form.canonical = plan::canonical(night_of.form.form);
  const auto voids = night_of.voids();
  ASSERT_FALSE(voids.empty());
  EXPECT_EQ(voids.front(), "approval.doubt_unfit");
  EXPECT_NE(night_of.outcome(night_of.fired()), "released");
  night_of = {};
  night_of.form.form.tolerance_percent = 50;
  EXPECT_EQ(night_of.voids().front(), "approval.plan_differs") << "the value is not the bytes";
}

TEST(Prepared, WaitsForItsOwnQuorum) {
  Night night_of;
  night_of.form.signatures.pop_back();
  EXPECT_EQ(night_of.voids(), Strings{"approval.quorum_missing"});
  night_of = {};
  night_of.people.prepared_quorum = 3;
  EXPECT_EQ(night_of.voids(), Strings{"approval.quorum_missing"});
  auto drill = signed_form(sample_form(alert::Mode::drill));
  EXPECT_EQ(judge_form_signatures(drill, night_of.people, night(2, 0)).needed, 1) << "a drill's as its order";
}

TEST(Prepared, PeopleWhoSignedAndWereRemovedVoidIt) {
  Agency changed;
  Night night_of;
  night_of.people.persons.erase(std::ranges::find(night_of.people.persons, "ratna", &Person::id));
  EXPECT_EQ(night_of.voids(), (Strings{"approval.quorum_missing", "approval.doubt_unknown_person"}));
  night_of = {};
  for (const auto* id : {"hendra", "bayu"})
    night_of.people.persons.erase(std::ranges::find(night_of.people.persons, id, &Person::id));
  const auto voids = night_of.voids();
  EXPECT_NE(std::ranges::find(voids, "approval.form_nobody_left"), voids.end());
}

TEST(Prepared, AChangeOfWhatItRestsOnVoidsIt) {
  Night night_of;
  night_of.today.basis.front().digest = std::string(64, 'c');
  EXPECT_EQ(night_of.voids(), Strings{"plan.void_agency"});
  EXPECT_EQ(night_of.outcome(night_of.fired()), "plan.void_agency") << "refused in the same words";
}

TEST(Prepared, ADrillFormMakesADrillRelease) {
  Night night_of;
  night_of.form = signed_form(sample_form(alert::Mode::drill));
  night_of.today = today_of(night_of.form.form);
  const auto made = night_of.release(night_of.fired());
  ASSERT_TRUE(made) << made.error().text.id;
  EXPECT_TRUE(std::holds_alternative<Release<alert::Mode::drill>>(*made));
}

TEST(Prepared, APlanWithAnOpenSlotIsUnsound) {
  EXPECT_EQ(ids(faults(sample_form().plan)).front(), "approval.message_slots");
}

TEST(Prepared, ARestartChecksEverythingAgainFromWhatIsStored) {
  const Night night_of;
  const auto stored = night_of.stored();
  EXPECT_EQ(opened(stored), "open");
  const auto back = stored_release_from_json(to_json(stored), "journal");
  ASSERT_TRUE(back) << back.error().text.id << back.error().key;
  EXPECT_EQ(to_json(*back), to_json(stored));
  EXPECT_EQ(opened(*back), "open");

  const auto broken = [&](auto change) {
    auto other = stored;
    change(other);
    return opened(other);
  };
  EXPECT_NE(broken([](StoredRelease& s) { s.canonical_plan.replace(s.canonical_plan.find("naik"), 4, "turu"); }),
            "open");
  EXPECT_NE(broken([](StoredRelease& s) { s.signatures.pop_back(); }), "open");
  EXPECT_NE(broken([](StoredRelease& s) { s.fired->firing.arrival = night(2, 36); }), "open");
  EXPECT_NE(broken([](StoredRelease& s) { s.fired->firing.zones.clear(); }), "open");
  EXPECT_NE(broken([](StoredRelease& s) { s.fired.reset(); }), "open");
  EXPECT_NE(broken([](StoredRelease& s) { s.authority = Authority::quorum; }), "open")
      << "the form's signatures are none over the plan";
  EXPECT_NE(broken([](StoredRelease& s) { s.false_alarm = true; }), "open");
}

TEST(Prepared, IsTakenBackLikeAnyOther) {
  const Night night_of;
  const auto stored = night_of.stored();
  const auto whole = plan::parse_plan(stored.canonical_plan, "plan").value();
  const auto now = night(2, 10);
  FalseAlarmRequest wanted;
  wanted.cancellers = {
      sign(agency().keys.at("ratna"), Role::canceller, whole.mode, base::sha256(stored.canonical_plan), now).value()};
  wanted.now = now;
  wanted.in_force_since = stored.released_at;
  wanted.filling = false_alarm_filling(stored, whole.alert.sender, "TP-2026-0013", "TP13", now);
  const auto made = release_false_alarm(stored, night_of.people, wanted);
  ASSERT_TRUE(made) << made.error().text.id;
  EXPECT_EQ(opened(std::get<Release<alert::Mode::live>>(*made).stored()), "open");
}

TEST(Prepared, WhomItsFalseAlarmLeavesOutIsSignedByNameAndStandsInWhatIsReleased) {
  auto form = sample_form();
  EXPECT_EQ(to_accept(form), Strings{});
  const alert::ZoneId hill("bukit");
  const plan::Blocked gap{plan::EndpointName("sms"), alert::Language("id"), hill, "sms", {"plan.form_untold", {}}, 7};
  form.untold = {{hill, {alert::ZoneId("pantai")}, {gap}}};
  EXPECT_EQ(to_accept(form), Strings{"blocked"});
  Night night_of;
  night_of.form = signed_form(form);
  const auto stored = night_of.stored();
  const auto whole = plan::parse_plan(stored.canonical_plan, "plan").value();
  EXPECT_EQ(whole.false_alarm->blocked, std::vector<plan::Blocked>{gap});
  EXPECT_EQ(opened(stored), "open");
  auto left_out = night_of.form;
  left_out.form.untold.clear();
  EXPECT_NE(plan::canonical(left_out.form), night_of.form.canonical) << "it is in the bytes that are signed";
}

TEST(Beside, JoinsTheSameZonesAFewMinutesApartAndNothingElseThatMeets) {
  const alert::ZoneId beach("pantai"), hill("bukit");
  const auto firing = [](std::vector<alert::ZoneId> zones, std::optional<base::WallTime> arrival) {
    Firing out;
    out.zones = std::move(zones);
    out.arrival = arrival;
    return out;
  };
  const auto first = firing({beach}, night(2, 35));
  EXPECT_EQ(beside(first, firing({beach}, night(2, 35))), Beside::same);
  EXPECT_EQ(beside(first, firing({beach}, night(2, 40))), Beside::same);
  EXPECT_EQ(beside(first, firing({beach}, night(2, 30))), Beside::same);
  EXPECT_EQ(beside(first, firing({beach}, night(2, 40) + 1ms)), Beside::other);
  EXPECT_EQ(beside(first, firing({beach, hill}, night(2, 35))), Beside::other);
  EXPECT_EQ(beside(firing({beach, hill}, night(2, 35)), first), Beside::other);
  EXPECT_EQ(beside(first, firing({hill}, night(2, 35))), Beside::none);
  EXPECT_EQ(beside(firing({hill}, {}), firing({hill}, {})), Beside::same) << "who says no arrival says the same";
}

TEST(FormFile, ComesBackWholeAndIsToldFromAPlan) {
  const auto form = signed_form();
  const auto text = form_file_text(form);
  EXPECT_TRUE(is_form_file(text));
  EXPECT_FALSE(is_form_file(plan_file_text(approved_plan())));
  const auto back = parse_form_file(text, "x.form");
  ASSERT_TRUE(back) << back.error().text.id << back.error().key;
  EXPECT_EQ(form_file_text(*back), text);
  EXPECT_FALSE(parse_plan_file(text, "x.form"));
  EXPECT_FALSE(parse_form_file(plan_file_text(approved_plan()), "x.plan"));
}

TEST(Firers, AreWhoHasTheRoleOrIsNamedAndHasAKey) {
  const auto people = agency().people();
  const auto both = firers(people, {"duty_officer"}, {"bayu"}, at(2, 0));
  ASSERT_TRUE(both);
  EXPECT_EQ(*both,
            (std::vector<plan::Firer>{{"bayu", keys_of("bayu")}, {"hendra", keys_of("hendra"), {"duty_officer"}}}));
  EXPECT_EQ(firers(people, {"boss"}, {}, at(2, 0)).error().front().text.id, "approval.role_unknown");
  EXPECT_EQ(firers(people, {}, {"nobody"}, at(2, 0)).error().front().text.id, "approval.firer_unknown");
}

TEST(FormConfirmation, NamesThatItIsPrepared) {
  EXPECT_EQ(expected_form_confirmation(sample_form()), "LIVE PREPARED tsunami 1");
  EXPECT_TRUE(form_confirmed("live prepared TSUNAMI 1", sample_form()));
  EXPECT_FALSE(form_confirmed("LIVE tsunami 1", sample_form())) << "an alert's words sign no blank cheque";
}

}  // namespace
}  // namespace broadcaster::approval
