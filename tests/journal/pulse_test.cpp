// What the auditor reads, and what it holds it against.
#include <gtest/gtest.h>

#include "broadcaster/journal/expected.hpp"
#include "tests/journal/sample.hpp"

namespace broadcaster::journal {
namespace {

using namespace sample;  // NOLINT

std::int64_t sum(const StateCounts& counts) {
  std::int64_t out = 0;
  for (const auto& [_, n] : counts) out += n;
  return out;
}

TEST(Pulse, ExpectsWhatExpansionMakes) {
  Folder folder;
  const auto audience = snapshot(folder.path(),
                                 "+628111111101,id,coast\n+628111111102,en,coast\n+628111111103,id,port\n"
                                 "+628111111104,en,hill\n+628111111105,id,hill\n");
  auto what = plan(audience);
  what.audiences[0].counts = {{alert::Language("id"), alert::ZoneId("coast"), 1},
                              {alert::Language("en"), alert::ZoneId("coast"), 1},
                              {alert::Language("id"), alert::ZoneId("port"), 1},
                              {alert::Language("en"), alert::ZoneId("hill"), 1},
                              {alert::Language("id"), alert::ZoneId("hill"), 1}};
  auto store = open(folder.path());
  const auto alert = must(store->insert_release(release(), std::string(digest), what)).alert;
  EXPECT_FALSE(must(store->pulse(alert)).expanded);
  while (must(store->expand(alert, what, 2)).progress == Expanded::Progress::more) {
  }
  const auto expected = expected_rows(what);
  const auto pulse = must(store->pulse(alert));
  EXPECT_TRUE(pulse.expanded);
  ASSERT_EQ(pulse.counters.size(), expected.size());
  for (const auto& [route, n] : expected) {
    EXPECT_EQ(sum(pulse.counters.at(route)), n.rows) << route.value;
    EXPECT_EQ(n.how, ExpectedRows::How::exactly);
  }
  EXPECT_EQ(expected.at(sms).rows, 4) << "English for the hill is blocked everywhere";
  EXPECT_EQ(pulse.oldest_due.at(sms), base::WallTime()) << "at once";
}

TEST(Pulse, TwoAudiencesOfOneRouteMayShareAPerson) {
  auto what = plan("aa");
  what.endpoints[3].audience = "staff";
  what.audiences[0].counts = {{alert::Language("id"), alert::ZoneId("port"), 3}};
  what.audiences.push_back(
      {.name = "staff", .digest = "bb", .counts = {{alert::Language("id"), alert::ZoneId("port"), 2}}, .skipped = 0});
  EXPECT_EQ(expected_rows(what).at(sms), (ExpectedRows{5, ExpectedRows::How::at_most}));
}

TEST(Pulse, AnUpdateMakesNoMoreRowsThanAnAlert) {
  auto what = plan("aa");
  what.audiences[0].counts = {{alert::Language("id"), alert::ZoneId("port"), 3}};
  const auto alert = expected_rows(what);
  what.alert.type = alert::MessageType::update;
  EXPECT_EQ(expected_rows(what), alert);
}

TEST(Pulse, TellsTheOldestThatIsDueAndTheStop) {
  Folder folder;
  auto store = open(folder.path());
  const auto alert = released(*store);
  const auto rows = must(store->claim(alert, toots, at(1), 10)).rows;
  ASSERT_EQ(rows.size(), 2u);
  commit(*store, {intend(rows[0], "toots"), intend(rows[1], "toots")});
  EXPECT_FALSE(must(store->pulse(alert)).oldest_due.contains(toots)) << "what is in flight does not wait";
  commit(*store, {settle(rows[0], State::pending, {}, at(50)), settle(rows[1], State::unknown, {}, at(40))});
  EXPECT_EQ(must(store->pulse(alert)).oldest_due.at(toots), at(40));
  commit(*store, {delivery::Stop{alert, "halted", at(60)}});
  EXPECT_EQ(must(store->pulse(alert)).stopped_at, at(60));
}

TEST(Pulse, CountsTheRowsThemselvesInPages) {
  Folder folder;
  auto store = open(folder.path());
  const auto alert = released(*store);
  const auto rows = must(store->claim(alert, sirens, at(1), 1)).rows;
  commit(*store, {intend(rows[0], "sirens")});
  StateCounts counted;
  std::string after;
  for (int page = 0;; ++page) {
    const auto some = must(store->count_rows(alert, sirens, after, 3));
    for (const auto& [state, n] : some.states) counted[state] += n;
    after = some.last;
    if (some.progress == CountedRows::Progress::complete) break;
    ASSERT_LT(page, 3);
  }
  EXPECT_EQ(counted, (StateCounts{{State::pending, siren_count - 1}, {State::sent, 1}}));
}

TEST(Pulse, OfNoAlertIsAnError) {
  Folder folder;
  auto store = open(folder.path());
  EXPECT_EQ(store->pulse(AlertId(7)).error().kind, base::ErrorKind::bad_input);
}

}  // namespace
}  // namespace broadcaster::journal
