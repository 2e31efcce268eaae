#include "broadcaster/alert/vocabulary.hpp"

#include <gtest/gtest.h>

#include <set>

namespace broadcaster::alert {
namespace {

TEST(Vocabulary, TheTableOfStatus) {
  struct Row {
    Status status;
    Mode mode;
    Reach reach;
    Mark mark;
  };
  const Row table[] = {
      {Status::actual, Mode::live, Reach::public_live, Mark::forbidden},
      {Status::exercise, Mode::drill, Reach::drill, Mark::required},
      {Status::system, Mode::live, Reach::staff_and_devices, Mark::forbidden},
      {Status::test, Mode::drill, Reach::drill, Mark::required},
      {Status::draft, Mode::drill, Reach::nobody, Mark::required},
  };
  ASSERT_EQ(status_rules().size(), std::size(table));
  for (const auto& row : table) {
    const auto& rule = rule_of(row.status);
    EXPECT_EQ(rule.status, row.status);
    EXPECT_EQ(rule.mode, row.mode) << name(row.status);
    EXPECT_EQ(rule.reach, row.reach) << name(row.status);
    EXPECT_EQ(rule.mark, row.mark) << name(row.status);
  }
}

TEST(Vocabulary, OnlyActualReachesThePublic) {
  for (const auto& rule : status_rules())
    EXPECT_EQ(rule.reach == Reach::public_live, rule.status == Status::actual) << name(rule.status);
}

TEST(Vocabulary, ADrillIsMarkedAndALiveTextIsNot) {
  for (const auto& rule : status_rules())
    EXPECT_EQ(rule.mark == Mark::required, rule.mode == Mode::drill) << name(rule.status);
}

template <class E>
void round_trip(std::initializer_list<std::string_view> spellings) {
  std::set<std::string_view> seen;
  ASSERT_EQ(choices<E>().size(), spellings.size());
  auto expected = spellings.begin();
  for (const auto& [spelling, value] : choices<E>()) {
    EXPECT_EQ(spelling, *expected++);
    EXPECT_EQ(name(value), spelling);
    EXPECT_TRUE(seen.insert(spelling).second);
  }
}

// CAP 1.2 §3.2.1 and §3.2.2, letter for letter.
TEST(Vocabulary, SpelledAndOrderedAsCapDoes) {
  round_trip<Status>({"Actual", "Exercise", "System", "Test", "Draft"});
  round_trip<MessageType>({"Alert", "Update", "Cancel", "Ack", "Error"});
  round_trip<Scope>({"Public", "Restricted", "Private"});
  round_trip<Category>(
      {"Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"});
  round_trip<ResponseType>(
      {"Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"});
  round_trip<Urgency>({"Immediate", "Expected", "Future", "Past", "Unknown"});
  round_trip<Severity>({"Extreme", "Severe", "Moderate", "Minor", "Unknown"});
  round_trip<Certainty>({"Observed", "Likely", "Possible", "Unlikely", "Unknown"});
  round_trip<Mode>({"live", "drill"});
}

}  // namespace
}  // namespace broadcaster::alert
