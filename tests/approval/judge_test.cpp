// Who counts and why not. Times are in times_test.cpp.
#include "broadcaster/approval/judge.hpp"

#include <gtest/gtest.h>

#include "broadcaster/base/catalogue.hpp"
#include "tests/approval/fixture.hpp"

namespace broadcaster::approval {
namespace {

const People& people() {
  static const People the_people = agency().people();
  return the_people;
}

/// The last signature of `plan`, as judged at 02:05.
std::optional<Doubt> doubt_of_last(const SignedPlan& plan, const People& by) {
  const auto judgement = judge(plan, by, at(2, 5));
  for (const auto& verdict : judgement.signatures)
    if (verdict.signature == plan.signatures.back()) return verdict.doubt;
  ADD_FAILURE() << "the signature was not judged";
  return std::nullopt;
}

/// The plan of sari with her signature and bayu's: one approval is missing.
SignedPlan half_approved() {
  auto plan = approved_plan();
  plan.signatures.pop_back();
  return plan;
}

void expect_not_counted(Signature signature, Doubt doubt, const People& by = people()) {
  auto plan = half_approved();
  plan.signatures.push_back(std::move(signature));
  EXPECT_EQ(doubt_of_last(plan, by), doubt);
  const auto judgement = judge(plan, by, at(2, 5));
  EXPECT_EQ(judgement.approvals, 1);
  EXPECT_FALSE(judgement.approved());
  EXPECT_FALSE(judgement.may_be_released());
}

TEST(Judge, AuthorAndTwoOthersApprove) {
  const auto judgement = judge(approved_plan(), people(), at(2, 5));
  EXPECT_TRUE(judgement.approved());
  EXPECT_TRUE(judgement.may_be_released()) << ids(judgement.refusals)[0];
  EXPECT_EQ(judgement.approvals, 2);
  EXPECT_EQ(judgement.needed, 2);
  EXPECT_EQ(judgement.approved_at, at(2, 2));
  EXPECT_EQ(judgement.last_approval, at(2, 2));
}

TEST(Judge, OneOfTwoIsNotEnough) {
  const auto judgement = judge(half_approved(), people(), at(2, 5));
  EXPECT_EQ(ids(judgement.refusals), (std::vector<std::string>{"approval.quorum_missing"}));
  EXPECT_EQ(judgement.approved_at, std::nullopt);
}

TEST(Judge, TheAuthorCannotApprove) {
  const auto plan = half_approved();
  expect_not_counted(agency().sign("sari", Role::approver, plan, at(2, 3)), Doubt::by_author);
}

TEST(Judge, ASignatureAsAuthorIsNoApproval) {
  const auto plan = half_approved();
  // By another person with the role author: not the author of this plan, and no approval either.
  expect_not_counted(agency().sign("dewi", Role::author, plan, at(2, 3)), Doubt::not_the_author);
  // Relabelled as approval by whoever carries the file.
  auto relabelled = agency().sign("ratna", Role::author, plan, at(2, 3));
  relabelled.role = Role::approver;
  expect_not_counted(relabelled, Doubt::given_otherwise);
}

TEST(Judge, ASignatureAsCancellerIsNoApproval) {
  const auto plan = half_approved();
  expect_not_counted(agency().sign("ratna", Role::canceller, plan, at(2, 3)), Doubt::other_role);
  auto relabelled = agency().sign("ratna", Role::canceller, plan, at(2, 3));
  relabelled.role = Role::approver;
  expect_not_counted(relabelled, Doubt::given_otherwise);
}

TEST(Judge, ASignatureForADrillIsWorthNothingLive) {
  const auto plan = half_approved();
  const auto for_drill =
      sign(agency().keys.at("ratna"), Role::approver, alert::Mode::drill, digest(plan), at(2, 3)).value();
  expect_not_counted(for_drill, Doubt::given_otherwise);
  // The drill's own plan is other bytes altogether.
  const auto drill = unsigned_plan(sample_plan(alert::Mode::drill));
  expect_not_counted(agency().sign("ratna", Role::approver, drill, at(2, 3)), Doubt::unfit);
}

TEST(Judge, OnePersonCountsOnce) {
  const auto plan = half_approved();
  auto twice = plan;
  twice.signatures.push_back(agency().sign("bayu", Role::approver, plan, at(2, 4)));
  const auto judgement = judge(twice, people(), at(2, 5));
  EXPECT_EQ(judgement.approvals, 1);
  EXPECT_EQ(judgement.signatures[1].doubt, Doubt::replaced) << "the earlier of the two";
  EXPECT_EQ(judgement.last_approval, at(2, 4));
  EXPECT_EQ(ids(judgement.refusals), (std::vector<std::string>{"approval.quorum_missing", "approval.doubt_replaced"}));
  // The order in the file does not matter.
  std::swap(twice.signatures[1], twice.signatures[2]);
  EXPECT_EQ(judge(twice, people(), at(2, 5)).last_approval, at(2, 4));
}

TEST(Judge, OnePersonWithTwoKeysCountsOnce) {
  const auto second = unlock(new_key("bayu", "x", cheap).value(), "x").value();
  Agency with_second;
  const auto plan = unsigned_plan(sample_plan());
  auto text = with_second.people_text();
  const auto bayu = base::base64(with_second.keys.at("bayu").public_key());
  text.insert(text.find(bayu) + bayu.size() + 1, "\n      - public: \"" + base::base64(second.public_key()) + "\"");
  const auto by = parse_people(text, "people.yaml").value();
  auto signed_twice = plan;
  signed_twice.signatures = {with_second.sign("sari", Role::author, plan, at(2, 0)),
                             with_second.sign("bayu", Role::approver, plan, at(2, 1)),
                             sign(second, Role::approver, alert::Mode::live, digest(plan), at(2, 2)).value()};
  EXPECT_EQ(judge(signed_twice, by, at(2, 5)).approvals, 1);
}

TEST(Judge, AnUnknownKeyDoesNotCount) {
  const auto plan = half_approved();
  const auto stranger = unlock(new_key("ratna", "x", cheap).value(), "x").value();
  expect_not_counted(sign(stranger, Role::approver, alert::Mode::live, digest(plan), at(2, 3)).value(),
                     Doubt::unknown_key);
  const auto nobody = unlock(new_key("orang.asing", "x", cheap).value(), "x").value();
  expect_not_counted(sign(nobody, Role::approver, alert::Mode::live, digest(plan), at(2, 3)).value(),
                     Doubt::unknown_person);
}

TEST(Judge, AKeyOfAnotherPersonDoesNotCount) {
  auto signature = agency().sign("bayu", Role::approver, half_approved(), at(2, 3));
  signature.person = "ratna";
  expect_not_counted(signature, Doubt::key_of_another);
}

TEST(Judge, WhoHasNotTheRoleDoesNotCount) {
  expect_not_counted(agency().sign("hendra", Role::approver, half_approved(), at(2, 3)), Doubt::no_role);
}

TEST(Judge, ARevokedOrExpiredKeyDoesNotCount) {
  Agency changed;
  const auto plan = unsigned_plan(sample_plan());
  auto signed_plan = plan;
  signed_plan.signatures = {changed.sign("sari", Role::author, plan, at(2, 0)),
                            changed.sign("bayu", Role::approver, plan, at(2, 1)),
                            changed.sign("ratna", Role::approver, plan, at(2, 2))};
  ASSERT_TRUE(judge(signed_plan, changed.people(), at(2, 5)).approved());
  changed.key_lines["ratna"] = "revoked: true";
  EXPECT_EQ(doubt_of_last(signed_plan, changed.people()), Doubt::revoked);
  changed.key_lines["ratna"] = "revoked: 2026-11-24T02:05:00+00:00";
  EXPECT_EQ(doubt_of_last(signed_plan, changed.people()), Doubt::revoked) << "signed before, judged after";
  changed.key_lines["ratna"] = "revoked: 2026-11-24T02:05:01+00:00";
  EXPECT_EQ(doubt_of_last(signed_plan, changed.people()), std::nullopt);
  changed.key_lines["ratna"] = "expires: 2026-11-24T02:04:59+00:00";
  EXPECT_EQ(doubt_of_last(signed_plan, changed.people()), Doubt::expired);
  changed.key_lines["ratna"] = "expires: 2026-11-24T02:05:00+00:00";
  EXPECT_EQ(doubt_of_last(signed_plan, changed.people()), std::nullopt);
}

TEST(Judge, WhoseKeyCountsNoMoreIsSaidWithNameAndDate) {
  Agency changed;
  const auto plan = unsigned_plan(sample_plan());
  auto signed_plan = plan;
  signed_plan.signatures = {changed.sign("sari", Role::author, plan, at(2, 0)),
                            changed.sign("ratna", Role::approver, plan, at(2, 2))};
  const auto said = [&](const std::string& line) {
    changed.key_lines["ratna"] = line;
    const auto judgement = judge(signed_plan, changed.people(), at(2, 5));
    return base::Catalogue::of("en").say(judgement.signatures.back().reason);
  };
  EXPECT_NE(said("revoked: 2026-11-24T09:00:00+07:00").find(" is revoked since 2026-11-24T09:00:00+07:00"),
            std::string::npos);
  EXPECT_NE(said("expires: 2026-11-24T09:00:00+07:00").find(" expired on 2026-11-24T09:00:00+07:00"),
            std::string::npos);
  EXPECT_TRUE(said("revoked: true").ends_with(" is revoked"));
}

TEST(Judge, WithoutTheAuthorsOwnSignatureNothingIsReleased) {
  auto plan = approved_plan();
  plan.signatures.erase(plan.signatures.begin());
  const auto judgement = judge(plan, people(), at(2, 5));
  EXPECT_EQ(judgement.approvals, 2);
  EXPECT_EQ(ids(judgement.refusals), (std::vector<std::string>{"approval.author_missing"}));
}

TEST(Judge, AnotherAuthorsNameInThePlanDoesNotLetTheAuthorApprove) {
  // Sari writes dewi's name as author, so that she may approve herself: then dewi's signature is missing.
  auto value = sample_plan();
  value.author = "dewi";
  auto plan = unsigned_plan(value);
  plan.signatures = {agency().sign("sari", Role::author, plan, at(2, 0)),
                     agency().sign("sari", Role::approver, plan, at(2, 1)),
                     agency().sign("bayu", Role::approver, plan, at(2, 2))};
  const auto judgement = judge(plan, people(), at(2, 5));
  EXPECT_FALSE(judgement.author_signed);
  EXPECT_FALSE(judgement.may_be_released());
}

TEST(Judge, ASignatureThatDoesNotCountIsNamedAndStandsInNobodysWay) {
  auto plan = approved_plan();
  auto broken = plan.signatures[2];
  broken.person = "hendra";
  plan.signatures.insert(plan.signatures.begin() + 1, broken);
  const auto judgement = judge(plan, people(), at(2, 5));
  EXPECT_TRUE(judgement.may_be_released()) << ids(judgement.refusals)[0];
  EXPECT_EQ(ids(judgement.warnings), (std::vector<std::string>{"approval.doubt_key_of_another"}));
}

TEST(Judge, TheQuorumIsTheStatuss) {
  auto plan = approved_plan(alert::Mode::drill);
  plan.signatures.pop_back();
  const auto judgement = judge(plan, people(), at(2, 5));
  EXPECT_EQ(judgement.needed, 1);
  EXPECT_TRUE(judgement.may_be_released());
}

}  // namespace
}  // namespace broadcaster::approval
