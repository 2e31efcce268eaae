// Two keys in one hand: seen where the signatures say so, and never a reason to refuse.
#include "broadcaster/approval/same_login.hpp"

#include <gtest/gtest.h>

#include "broadcaster/approval/judge.hpp"
#include "broadcaster/base/catalogue.hpp"
#include "tests/approval/fixture.hpp"

namespace broadcaster::approval {
namespace {

SignedPlan plan_from(const std::vector<Login>& logins) {
  auto plan = approved_plan();
  for (std::size_t i = 0; i < logins.size(); ++i) plan.signatures.at(i).login = logins[i];
  return plan;
}

TEST(SameLogin, NamesWhoSignedFromOneSessionOfOneMachine) {
  const Login one{"eoc-1", "audit 12, boot 1a2b3c4d", "pts/3"}, other{"eoc-1", "audit 13, boot 1a2b3c4d", "pts/4"};
  const auto plan = plan_from({other, one, one});
  const auto same = same_logins(plan.signatures);
  ASSERT_EQ(same.size(), 1u);
  EXPECT_EQ(same.front().persons, (std::vector<std::string>{"bayu", "ratna"}));
  EXPECT_EQ(base::Catalogue::of("en").say(text_of(same.front())),
            "NOTE: bayu, ratna signed from one login session (eoc-1, audit 12, boot 1a2b3c4d). Make sure that each of "
            "them was there");
}

TEST(SameLogin, RefusesNothing) {
  const Login one{"eoc-1", "audit 12, boot 1a2b3c4d", "pts/3"};
  const auto plan = plan_from({one, one, one});
  EXPECT_EQ(same_logins(plan.signatures).front().persons.size(), 3u);
  EXPECT_TRUE(judge(plan, agency().people(), at(2, 5)).may_be_released());
}

TEST(SameLogin, SaysNothingOfWhatIsNotKnown) {
  EXPECT_TRUE(same_logins(approved_plan().signatures).empty());
  const Login unknown{"eoc-1", "?", ""};
  EXPECT_TRUE(same_logins(plan_from({unknown, unknown, unknown}).signatures).empty());
  const Login here{"eoc-1", "audit 1, boot aa", ""}, there{"eoc-2", "audit 1, boot aa", ""};
  EXPECT_TRUE(same_logins(plan_from({here, there}).signatures).empty());
}

TEST(SameLogin, TravelsWithThePlanFile) {
  const auto plan = plan_from({Login{"eoc-1", "audit 12, boot 1a2b3c4d", "pts/3"}});
  const auto read = parse_plan_file(plan_file_text(plan), "x.plan");
  ASSERT_TRUE(read.has_value()) << read.error().text.id;
  EXPECT_EQ(read->signatures, plan.signatures);
}

TEST(SameLogin, OnePersonTwiceIsNobodyElse) {
  auto plan = plan_from({Login{"m", "audit 1, boot aa", ""}});
  plan.signatures = {plan.signatures[0], plan.signatures[0]};
  EXPECT_TRUE(same_logins(plan.signatures).empty());
}

}  // namespace
}  // namespace broadcaster::approval
