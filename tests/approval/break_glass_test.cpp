// One person alone: when, who, and what it leaves behind.
#include "broadcaster/approval/break_glass.hpp"

#include <gtest/gtest.h>

#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/approval/judge.hpp"
#include "broadcaster/base/catalogue.hpp"
#include "tests/approval/fixture.hpp"

namespace broadcaster::approval {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

/// Written and signed by sari; the approvers were paged at 02:01 and nobody has answered.
struct Night {
  explicit Night(plan::Plan of = sample_plan()) : plan(unsigned_plan(std::move(of))) {
    plan.signatures = {agency().sign("sari", Role::author, plan, at(2, 0))};
  }
  Strings refusals(base::WallTime now = at(2, 3)) const {
    return ids(glass_refusals(plan, agency().people(), the_case, now));
  }
  Glass broken_by(const std::string& person, Role role, base::WallTime now = at(2, 3)) const {
    return break_glass(agency().keys.at(person), role, plan, reason, *the_case.paged_at, now).value();
  }
  std::string outcome(const Glass& glass, base::WallTime now = at(2, 3)) const {
    const auto made = release_alone(plan, agency().people(), the_case, glass, request(now));
    return made ? "released" : made.error().text.id;
  }
  StoredRelease stored() const {
    const auto made =
        release_alone(plan, agency().people(), the_case, broken_by("bayu", Role::approver), request(at(2, 3)));
    return std::get<Release<alert::Mode::live>>(made.value()).stored();
  }
  SignedPlan plan;
  GlassCase the_case{.policy = plan::BreakGlass{.after = 60s, .zones = 4}, .paged_at = at(2, 1)};
  std::string reason = "both approvers asleep, water is rising";
};

plan::Plan changed(void (*change)(plan::Plan&), alert::Mode mode = alert::Mode::live) {
  auto plan = sample_plan(mode);
  change(plan);
  return plan;
}

TEST(BreakGlass, AnApproverReleasesAloneAfterTheOthersWerePaged) {
  const Night night;
  EXPECT_EQ(night.refusals(), Strings{});
  EXPECT_EQ(night.outcome(night.broken_by("bayu", Role::approver)), "released");
  const auto stored = night.stored();
  EXPECT_EQ(stored.authority, Authority::break_glass);
  ASSERT_TRUE(stored.glass);
  EXPECT_EQ(stored.glass->reason, night.reason);
  EXPECT_EQ(stored.glass->signature.person, "bayu");
}

TEST(BreakGlass, TheDutyOfficerMayToo) {
  const Night night;
  EXPECT_EQ(night.outcome(night.broken_by("hendra", Role::duty_officer)), "released");
}

TEST(BreakGlass, TheAuthorMayNotApproveTheirOwnPlanThisWayEither) {
  const Night night;
  EXPECT_EQ(night.outcome(night.broken_by("sari", Role::approver)), "approval.glass_by_author");
  EXPECT_EQ(night.outcome(night.broken_by("dewi", Role::duty_officer)), "approval.doubt_no_role");
  EXPECT_EQ(glass_role(agency().people(), night.plan.plan, "bayu").value(), Role::approver);
  EXPECT_EQ(glass_role(agency().people(), night.plan.plan, "hendra").value(), Role::duty_officer);
  EXPECT_EQ(glass_role(agency().people(), night.plan.plan, "sari").error().text.id, "approval.glass_by_author");
  EXPECT_EQ(glass_role(agency().people(), night.plan.plan, "nobody").error().text.id, "approval.glass_role");
}

TEST(BreakGlass, IsOfferedOnlyWhereThePolicyAllowsIt) {
  Night night;
  night.the_case.policy.reset();
  EXPECT_EQ(night.refusals(), Strings{"approval.glass_not_offered"});
}

TEST(BreakGlass, WaitsForThePagedAndNotForThoseWhoWereNeverPaged) {
  Night night;
  EXPECT_EQ(night.refusals(at(2, 1) + 59s), Strings{"approval.glass_early"});
  EXPECT_EQ(night.refusals(at(2, 2)), Strings{});
  night.the_case.policy->after = 0s;
  EXPECT_EQ(night.refusals(at(2, 1)), Strings{});
  night.the_case.paged_at.reset();
  EXPECT_EQ(night.refusals(), Strings{"approval.glass_not_paged"});
}

TEST(BreakGlass, NotForModerateOrExpected) {
  EXPECT_EQ(Night(changed([](plan::Plan& p) { p.alert.infos[0].severity = alert::Severity::moderate; })).refusals(),
            Strings{"approval.glass_grade"});
  EXPECT_EQ(Night(changed([](plan::Plan& p) { p.alert.infos[0].urgency = alert::Urgency::expected; })).refusals(),
            Strings{"approval.glass_grade"});
  EXPECT_EQ(Night(changed([](plan::Plan& p) { p.alert.infos[0].severity = alert::Severity::severe; })).refusals(),
            Strings{});
}

TEST(BreakGlass, AnExerciseIsADrillOfItAndATestIsNone) {
  const auto drill = Night(sample_plan(alert::Mode::drill));
  EXPECT_EQ(drill.refusals(), Strings{});
  const auto made = release_alone(drill.plan, agency().people(), drill.the_case,
                                  drill.broken_by("bayu", Role::approver), request(at(2, 3)));
  ASSERT_TRUE(made);
  EXPECT_TRUE(std::holds_alternative<Release<alert::Mode::drill>>(*made));
  const auto refused = Night(changed([](plan::Plan& p) { p.alert.status = alert::Status::test; }, alert::Mode::drill));
  const auto why = refused.refusals();
  EXPECT_NE(std::ranges::find(why, "approval.glass_status"), why.end());
}

TEST(BreakGlass, FreeTextRefused) {
  const auto typed = Night(changed([](plan::Plan& p) { p.free_text = {"slots.refuge"}; }));
  EXPECT_EQ(typed.refusals(), Strings{"approval.glass_free_text"});
}

TEST(BreakGlass, OnlyWithinTheZoneLimit) {
  Night night;
  night.the_case.policy->zones = 0;
  EXPECT_EQ(night.refusals(), Strings{"approval.glass_zones"});
}

TEST(BreakGlass, NeverForACancelOrAnAllClear) {
  EXPECT_EQ(Night(changed([](plan::Plan& p) { p.alert.type = alert::MessageType::cancel; })).refusals(),
            Strings{"approval.glass_type"});
  const auto all_clear = Night(changed([](plan::Plan& p) {
                           p.alert.type = alert::MessageType::update;
                           p.alert.infos[0].responses = {alert::ResponseType::all_clear};
                         })).refusals();
  EXPECT_NE(std::ranges::find(all_clear, "approval.glass_type"), all_clear.end());
}

TEST(BreakGlass, WhereTheQuorumHasSignedItIsNotNeeded) {
  Night night;
  night.plan = approved_plan();
  EXPECT_EQ(night.refusals(), Strings{"approval.glass_not_needed"});
}

TEST(BreakGlass, TheAuthorsOwnSignatureMustBeThere) {
  Night night;
  night.plan.signatures.clear();
  EXPECT_EQ(night.refusals(), Strings{"approval.author_missing"});
}

TEST(BreakGlass, WhatSpeaksAgainstAnyReleaseSpeaksAgainstThisOneToo) {
  const auto expired = Night(changed([](plan::Plan& p) { p.expires = at(2, 2); })).refusals();
  EXPECT_NE(std::ranges::find(expired, "approval.expired"), expired.end());
  const auto unmarked =
      Night(changed([](plan::Plan& p) { p.endpoints[0].fingerprint = std::string(64, '0'); })).refusals();
  EXPECT_NE(std::ranges::find(unmarked, "approval.destination_fingerprint"), unmarked.end());
}

TEST(BreakGlass, TheSignatureIsOverReasonPageAndPlanAndIsNoApproval) {
  const Night night;
  auto glass = night.broken_by("bayu", Role::approver);
  glass.reason += "!";
  EXPECT_EQ(night.outcome(glass), "approval.doubt_unfit");

  Night other = night;
  other.the_case.paged_at = at(2, 0) + 30s;
  EXPECT_EQ(other.outcome(night.broken_by("bayu", Role::approver)), "approval.glass_other_page");

  auto approval_instead = night.broken_by("bayu", Role::approver);
  approval_instead.signature = agency().sign("bayu", Role::approver, night.plan, at(2, 3));
  EXPECT_EQ(night.outcome(approval_instead), "approval.doubt_unfit");

  auto plan = night.plan;
  plan.signatures.push_back(night.broken_by("bayu", Role::approver).signature);
  plan.signatures.push_back(night.broken_by("ratna", Role::approver).signature);
  EXPECT_EQ(judge(plan, agency().people(), at(2, 3)).approvals, 0);

  auto relabelled = night.broken_by("hendra", Role::duty_officer);
  relabelled.signature.role = Role::canceller;
  EXPECT_NE(night.outcome(relabelled), "released");
}

TEST(BreakGlass, ASignatureFromBeforeThePageOrFromLongAgoIsRefused) {
  const Night night;
  EXPECT_EQ(night.outcome(night.broken_by("bayu", Role::approver, at(2, 0))), "approval.glass_stale");
  EXPECT_EQ(night.outcome(night.broken_by("bayu", Role::approver, at(2, 3)), at(2, 14)), "approval.glass_stale");
}

TEST(BreakGlass, ShortReasonsAreNone) {
  Night night;
  night.reason = "because";
  EXPECT_EQ(night.outcome(night.broken_by("bayu", Role::approver)), "approval.glass_reason");
}

TEST(BreakGlass, ARestartOpensItAgainByItsOwnSignatureAlone) {
  const auto stored = Night().stored();
  const auto text = to_json(stored);
  const auto read = stored_release_from_json(text, "journal");
  ASSERT_TRUE(read) << read.error().text.id;
  EXPECT_EQ(read->glass, stored.glass);
  const auto opened = reopen(*read);
  ASSERT_TRUE(opened) << opened.error().text.id;
  EXPECT_EQ(std::get<Release<alert::Mode::live>>(*opened).authority(), Authority::break_glass);

  auto without = stored;
  without.glass.reset();
  EXPECT_EQ(reopen(without).error().text.id, "approval.stored_release_broken");
  auto changed_reason = stored;
  changed_reason.glass->reason = "another reason altogether";
  EXPECT_EQ(reopen(changed_reason).error().text.id, "approval.stored_release_broken");
  auto as_quorum = stored;
  as_quorum.authority = Authority::quorum;
  EXPECT_EQ(reopen(as_quorum).error().text.id, "approval.stored_release_broken");
  auto quorum =
      std::get<Release<alert::Mode::live>>(release(approved_plan(), agency().people(), request(at(2, 5))).value())
          .stored();
  EXPECT_EQ(to_json(quorum).find("glass"), std::string::npos);
  quorum.authority = Authority::break_glass;
  EXPECT_EQ(reopen(quorum).error().text.id, "approval.stored_release_broken");
}

TEST(BreakGlass, EveryRefusalCanBeSaidInBothLanguages) {
  Night night(changed([](plan::Plan& p) {
    p.alert.infos[0].severity = alert::Severity::minor;
    p.alert.type = alert::MessageType::cancel;
    p.free_text = {"slots.refuge"};
  }));
  night.the_case.policy->zones = 0;
  for (const auto& language : base::Catalogue::languages())
    for (const auto& refusal : glass_refusals(night.plan, agency().people(), night.the_case, at(2, 1)))
      EXPECT_EQ(base::Catalogue::of(language).say(refusal).find("<<"), std::string::npos) << refusal.id;
}

TEST(BreakGlass, NorAsTheDutyOfficerWhoTheyAreToo) {
  Night night(changed([](plan::Plan& p) { p.author = "hendra"; }));
  EXPECT_EQ(glass_role(agency().people(), night.plan.plan, "hendra").error().text.id, "approval.glass_by_author");
  auto text = agency().people_text();
  text.replace(text.find("roles: [canceller, duty_officer]"), 32, "roles: [author, duty_officer]");
  const auto people = parse_people(text, "people.yaml").value();
  night.plan.signatures = {agency().sign("hendra", Role::author, night.plan, at(2, 0))};
  const auto made = release_alone(night.plan, people, night.the_case, night.broken_by("hendra", Role::duty_officer),
                                  request(at(2, 3)));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().text.id, "approval.glass_by_author") << "one person wrote it and would let it out";
}

}  // namespace
}  // namespace broadcaster::approval
