#include "broadcaster/approval/plan_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "broadcaster/approval/judge.hpp"
#include "tests/approval/fixture.hpp"

namespace broadcaster::approval {
namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto where = text.find(from);
  EXPECT_NE(where, std::string::npos) << from;
  return text.replace(where, from.size(), to);
}

TEST(PlanFile, ComesBackAsItWasSigned) {
  const auto folder = std::filesystem::temp_directory_path() / ("broadcaster-plan-" + base::random_uuid());
  std::filesystem::create_directories(folder);
  const auto plan = approved_plan();
  ASSERT_TRUE(write_plan_file(folder / "plan.json", plan).has_value());
  const auto read = read_plan_file(folder / "plan.json");
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(read.has_value()) << read.error().text.id << " " << read.error().key;
  EXPECT_EQ(read->canonical, plan.canonical);
  EXPECT_EQ(read->signatures, plan.signatures);
  EXPECT_TRUE(judge(*read, agency().people(), at(2, 3)).may_be_released());
}

TEST(PlanFile, MayBeReindentedByAnEditor) {
  const auto text = replaced(plan_file_text(approved_plan()), "{\"format\":2,", "{ \"format\" : 2,\n  ");
  const auto read = parse_plan_file(text, "plan.json");
  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(judge(*read, agency().people(), at(2, 3)).approved());
}

TEST(PlanFile, EditedAfterApprovalNamesEverySignatureThatDoesNotFit) {
  const auto text = replaced(plan_file_text(approved_plan()), "naik sekarang", "tetap tenang");
  const auto read = parse_plan_file(text, "plan.json");
  ASSERT_TRUE(read.has_value()) << read.error().text.id;
  const auto judgement = judge(*read, agency().people(), at(2, 3));
  EXPECT_EQ(judgement.approvals, 0);
  EXPECT_FALSE(judgement.author_signed);
  ASSERT_EQ(judgement.signatures.size(), 3u);
  for (const auto& verdict : judgement.signatures) EXPECT_EQ(verdict.doubt, Doubt::unfit) << verdict.signature.person;
  ASSERT_GE(judgement.refusals.size(), 3u);
  EXPECT_EQ(judgement.refusals[0].id, "approval.doubt_unfit");
  EXPECT_EQ(judgement.refusals[2].id, "approval.doubt_unfit");
}

TEST(PlanFile, WithAnyByteOfThePlanChangedIsNeverApproved) {
  const auto plan = approved_plan();
  const auto people = agency().people();
  const auto text = plan_file_text(plan);
  const auto begin = text.find(plan.canonical);
  int parsed = 0;
  for (std::size_t i = begin; i < begin + plan.canonical.size(); ++i) {
    auto changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto read = parse_plan_file(changed, "plan.json");
    if (!read) continue;
    ++parsed;
    const auto judgement = judge(*read, people, at(2, 3));
    ASSERT_EQ(judgement.approvals, 0) << "byte " << i - begin;
    ASSERT_FALSE(judgement.author_signed) << "byte " << i - begin;
  }
  EXPECT_GT(parsed, 100) << "most letters can be changed and still parse";
}

TEST(PlanFile, CutAnywhereIsAnErrorAndNeverAPlan) {
  const auto text = plan_file_text(approved_plan());
  for (std::size_t size = 0; size + 2 < text.size(); size += 7)
    ASSERT_FALSE(parse_plan_file(text.substr(0, size), "plan.json").has_value()) << size;
}

TEST(PlanFile, OfANewerProgramIsRefused) {
  const auto read = parse_plan_file(replaced(plan_file_text(approved_plan()), "{\"format\":2", "{\"format\":3"), "p");
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().kind, base::ErrorKind::refused);
  EXPECT_EQ(read.error().text.id, "approval.plan_file_newer");
}

TEST(PlanFile, WhoseSignaturesDoNotSayWhenIsMadeAgain) {
  const auto read = parse_plan_file(replaced(plan_file_text(approved_plan()), "{\"format\":2", "{\"format\":1"), "p");
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().kind, base::ErrorKind::refused);
  EXPECT_EQ(read.error().text.id, "approval.plan_file_older");
}

TEST(PlanFile, LosesNoSignatureOfPeopleWhoSignAtTheSameMoment) {
  const auto folder = std::filesystem::temp_directory_path() / ("broadcaster-plan-" + base::random_uuid());
  std::filesystem::create_directories(folder);
  auto plan = unsigned_plan(sample_plan());
  ASSERT_TRUE(write_plan_file(folder / "plan.json", plan).has_value());
  constexpr int each = 20;
  const auto sign_often = [&](const std::string& person) {
    for (int i = 0; i < each; ++i) {
      const auto signature = agency().sign(person, Role::approver, plan, at(2, i));
      const auto changed = change_plan_file(folder / "plan.json", [&](SignedPlan& now) -> base::Result<void> {
        now.signatures.push_back(signature);
        return {};
      });
      EXPECT_TRUE(changed.has_value());
    }
  };
  {
    const std::jthread one(sign_often, "bayu"), other(sign_often, "ratna");
  }
  const auto read = read_plan_file(folder / "plan.json");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->signatures.size(), 2u * each);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1) << "the lock leaves nothing behind";
  std::filesystem::remove_all(folder);
}

TEST(PlanFile, StaysAsItWasWhenTheChangeIsRefused) {
  const auto folder = std::filesystem::temp_directory_path() / ("broadcaster-plan-" + base::random_uuid());
  std::filesystem::create_directories(folder);
  const auto plan = approved_plan();
  ASSERT_TRUE(write_plan_file(folder / "plan.json", plan).has_value());
  const auto changed = change_plan_file(folder / "plan.json", [&](SignedPlan& now) -> base::Result<void> {
    now.signatures.clear();
    return base::fail(base::ErrorKind::refused, {"approval.author_missing", {}});
  });
  ASSERT_FALSE(changed.has_value());
  EXPECT_EQ(changed.error().text.id, "approval.author_missing");
  EXPECT_EQ(read_plan_file(folder / "plan.json")->signatures, plan.signatures);
  std::filesystem::remove_all(folder);
  EXPECT_FALSE(change_plan_file(folder / "plan.json", [](SignedPlan&) -> base::Result<void> { return {}; }));
}

TEST(PlanFile, WithSomethingElseInItSaysWhere) {
  const auto text = plan_file_text(approved_plan());
  struct Case {
    std::string text;
    const char *key, *id;
  };
  for (const auto& c :
       {Case{replaced(text, "\"priority\":0", "\"priority\":0.5"), "plan", "approval.plan_whole_numbers"},
        Case{replaced(text, "\"signatures\":", "\"notes\":[],\"signatures\":"), "notes", "base.unknown_key"},
        Case{replaced(text, "\"role\":\"author\"", "\"role\":\"boss\""), "signatures[0].role", "base.expected_one_of"},
        Case{replaced(text, "\"at\":\"2026", "\"at\":\"yesterday"), "signatures[0].at", "base.bad_time"}}) {
    const auto read = parse_plan_file(c.text, "plan.json");
    ASSERT_FALSE(read.has_value()) << c.id;
    EXPECT_EQ(read.error().text.id, c.id);
    EXPECT_EQ(read.error().key, c.key);
    EXPECT_EQ(read.error().place->file, "plan.json");
  }
}

TEST(PlanFile, HoldsABoundedNumberOfSignatures) {
  auto plan = approved_plan();
  plan.signatures.resize(101, plan.signatures[1]);
  const auto read = parse_plan_file(plan_file_text(plan), "plan.json");
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().text.id, "approval.too_many_signatures");
}

}  // namespace
}  // namespace broadcaster::approval
