#include "broadcaster/approval/content.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "tests/approval/fixture.hpp"

namespace broadcaster::approval {
namespace {

std::string hole_of(const base::Result<void>& result) {
  if (result) return "fine";
  EXPECT_EQ(result.error().kind, base::ErrorKind::refused);
  EXPECT_EQ(result.error().text.id, "approval.hole_wrong");
  return std::get<base::Key>(result.error().text.arguments[0].second).id;
}

std::string checked(const std::function<void(plan::Filling&)>& change, const plan::Plan& plan = sample_plan()) {
  auto filling = sample_filling(at(2, 5));
  change(filling);
  return hole_of(check_filling(plan, filling, at(2, 5)));
}

TEST(Filling, OfTheSampleIsFine) {
  EXPECT_EQ(checked([](plan::Filling&) {}), "fine");
}

TEST(Filling, IdentifierIsAlwaysThereAndPlain) {
  for (const char* bad : {"", "TP 12", "TP,12", "TP<12", "TP&12", "TPé", "12345678901234567890123456789012345678901"})
    EXPECT_EQ(checked([&](plan::Filling& f) { f.identifier = bad; }), "approval.hole_identifier") << bad;
}

TEST(Filling, CodeBeginsWithThePlansPrefixAndIsShort) {
  for (const char* bad : {"", "XX12", "TP 1", "TP1234567", "TP[1]"})
    EXPECT_EQ(checked([&](plan::Filling& f) { f.code = bad; }), "approval.hole_code") << bad;
}

TEST(Filling, TimeOfIssueIsNow) {
  for (const auto bad : {base::WallTime{}, at(2, 3), at(2, 7)})
    EXPECT_EQ(checked([&](plan::Filling& f) { f.time_of_issue = bad; }), "approval.hole_time_of_issue");
}

TEST(Filling, OfAFollowUpRefersToTheOriginal) {
  const auto plan = *sample_plan().false_alarm;
  const auto good = [](plan::Filling& f) {
    f.references = "s,i,t";
    f.original_code = "TP11";
    f.original_time_of_issue = at(2, 0);
  };
  EXPECT_EQ(checked(good, plan), "fine");
  const auto but = [&](const std::function<void(plan::Filling&)>& change) {
    return checked(
        [&](plan::Filling& f) {
          good(f);
          change(f);
        },
        plan);
  };
  EXPECT_EQ(but([](plan::Filling& f) { f.references.clear(); }), "approval.hole_references");
  EXPECT_EQ(but([](plan::Filling& f) { f.original_code.clear(); }), "approval.hole_original_code");
  EXPECT_EQ(but([](plan::Filling& f) { f.original_code = "TP1100000"; }), "approval.hole_original_code");
  EXPECT_EQ(but([](plan::Filling& f) { f.original_time_of_issue = {}; }), "approval.hole_original_time");
  EXPECT_EQ(but([](plan::Filling& f) { f.original_time_of_issue = at(2, 6); }), "approval.hole_original_time");
}

TEST(Content, IsTheSignedPiecesWithTheHolesFilled) {
  const auto content = fill_content(sample_plan(), sample_filling(at(2, 5)));
  ASSERT_TRUE(content.has_value());
  ASSERT_EQ(content->size(), 2u);
  EXPECT_EQ(std::get<std::string>((*content)[0].body), "BPBD 09.05 TSUNAMI. Pantai: naik sekarang. TP12");
  EXPECT_EQ((*content)[0].endpoint, plan::EndpointName("sms"));
  EXPECT_EQ((*content)[0].zone, alert::ZoneId("pantai"));
  EXPECT_EQ((*content)[1].index, 1u);
  EXPECT_EQ(std::get<plan::SirenProgram>((*content)[1].body),
            std::get<plan::SirenProgram>(sample_plan().messages[1].body));
}

TEST(Content, LongerThanWhatWasMeasuredIsRefused) {
  auto filling = sample_filling(at(2, 5));
  filling.code = "TP1234567890";
  const auto content = fill_content(sample_plan(), filling);
  ASSERT_FALSE(content.has_value());
  EXPECT_EQ(content.error().text.id, "approval.text_longer_than_measured");
}

}  // namespace
}  // namespace broadcaster::approval
