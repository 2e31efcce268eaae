#include "broadcaster/approval/release.hpp"

#include <gtest/gtest.h>

#include <type_traits>

#include "broadcaster/approval/content.hpp"
#include "tests/approval/fixture.hpp"

namespace broadcaster::approval {
namespace {

using Live = Release<alert::Mode::live>;
using Drill = Release<alert::Mode::drill>;

static_assert(!std::is_default_constructible_v<Live>, "only approval makes a release");
static_assert(!std::is_convertible_v<Drill, Live>, "a drill release is no live release");

std::string refusal(const SignedPlan& plan, const ReleaseRequest& how) {
  const auto made = release(plan, agency().people(), how);
  if (made) return "released";
  EXPECT_EQ(base::exit_status(made.error().kind), 4);
  return made.error().text.id;
}

TEST(Release, CarriesPlanFillingAuthorityAndWhatWillOpenItAgain) {
  const auto plan = approved_plan();
  const auto made = release(plan, agency().people(), request(at(2, 5)));
  ASSERT_TRUE(made.has_value()) << made.error().text.id;
  const auto& live = std::get<Live>(*made);
  EXPECT_EQ(live.authority(), Authority::quorum);
  EXPECT_EQ(live.released_at(), at(2, 5));
  EXPECT_EQ(live.plan_digest(), base::hex(plan::digest(plan.plan)));
  EXPECT_EQ(plan::canonical(live.plan()), plan.canonical);
  EXPECT_EQ(live.filling().identifier, "TP-2026-0012");
  EXPECT_EQ(live.stored().canonical_plan, plan.canonical);
  EXPECT_EQ(live.stored().signatures, plan.signatures);
  EXPECT_EQ(live.stored().people_yaml, agency().people_text());
  EXPECT_EQ(live.stored().released_by, "bayu");
  EXPECT_FALSE(live.stored().false_alarm);
  EXPECT_EQ(fill_content(live)->size(), 2u);
}

TEST(Release, OfADrillIsADrill) {
  const auto made = release(approved_plan(alert::Mode::drill), agency().people(), request(at(2, 5)));
  ASSERT_TRUE(made.has_value());
  EXPECT_TRUE(std::holds_alternative<Drill>(*made));
}

TEST(Release, IsRefusedForWhatJudgeRefuses) {
  auto plan = approved_plan();
  EXPECT_EQ(refusal(plan, request(at(6, 0))), "approval.expired");
  EXPECT_EQ(refusal(plan, request(at(2, 20))), "approval.approve_again");
  plan.signatures.pop_back();
  EXPECT_EQ(refusal(plan, request(at(2, 5))), "approval.quorum_missing");
  plan.signatures.clear();
  EXPECT_EQ(refusal(plan, request(at(2, 5))), "approval.author_missing");
}

TEST(Release, IsRefusedForAFillingOutsideItsBounds) {
  auto how = request(at(2, 5));
  how.filling.code.clear();
  EXPECT_EQ(refusal(approved_plan(), how), "approval.hole_wrong");
}

TEST(Release, TakesTheSignedBytesNotTheValueBesideThem) {
  auto plan = approved_plan();
  std::get<plan::Pieces>(plan.plan.messages[0].body)[0] = std::string("TETAP TENANG ");
  EXPECT_EQ(refusal(plan, request(at(2, 5))), "approval.plan_differs");
}

TEST(Release, WithAnyByteOfThePlanChangedLosesEveryApproval) {
  const auto plan = approved_plan();
  const auto people = agency().people();
  for (std::size_t i = 0; i < plan.canonical.size(); ++i) {
    auto changed = plan;
    changed.canonical[i] = static_cast<char>(changed.canonical[i] ^ 0x20);
    const auto judgement = judge_signatures(changed, people, at(2, 5));
    ASSERT_EQ(judgement.approvals, 0) << i;
    ASSERT_FALSE(judgement.author_signed) << i;
  }
}

TEST(Authority, HasItsNameOnTheRecord) {
  EXPECT_EQ(name(Authority::quorum), "quorum");
  EXPECT_EQ(name(Authority::prepared), "prepared");
  EXPECT_EQ(name(Authority::break_glass), "break_glass");
  EXPECT_EQ(name(Authority::canceller), "canceller");
}

}  // namespace
}  // namespace broadcaster::approval
