// One alert through the night: its updates, what ends it, and what its accounts have said before.
#include "tests/journal/sample.hpp"

namespace broadcaster::journal {
namespace {

using namespace sample;  // NOLINT: a test's own helpers

TEST(Revisions, AreFoundFromAnyOfThemOldestFirst) {
  Folder folder;
  const auto store = open(folder.path());
  const auto first = must(store->insert_release(release("urn:1"), std::string(64, 'a'), plan())).alert;
  const auto second =
      must(store->insert_follow_up(release("urn:2"), std::string(64, 'b'), plan(), first, "update TP2")).alert;
  const auto third =
      must(store->insert_follow_up(release("urn:3"), std::string(64, 'c'), plan(), second, "update TP3")).alert;
  for (const auto any : {first, second, third}) {
    const auto known = must(store->revisions(any));
    EXPECT_EQ(known.ids, (std::vector{first, second, third}));
    EXPECT_EQ(known.taken_back_by, std::nullopt);
  }
  auto taking_back = release("urn:4");
  taking_back.false_alarm = true;
  const auto said =
      must(store->insert_follow_up(taking_back, std::string(64, 'c'), plan(), third, "false alarm TP4")).alert;
  for (const auto any : {first, third, said}) EXPECT_EQ(must(store->revisions(any)).taken_back_by, said);
  EXPECT_EQ(must(store->revisions(said)).ids.size(), 3u) << "a false alarm is no revision";
}

// Of two that are judged in the same millisecond one is written.
TEST(Revisions, AnAllClearAndAFalseAlarmDoNotBothEndAnAlert) {
  Folder folder;
  const auto store = open(folder.path());
  auto over = plan();
  over.alert.confirmation = "BMKG 06.31 WIB";
  auto taking_back = release("urn:2");
  taking_back.false_alarm = true;
  const auto one = must(store->insert_release(release("urn:1"), std::string(64, 'a'), plan())).alert;
  ASSERT_TRUE(store->insert_follow_up(taking_back, std::string(64, 'a'), plan(), one, "false alarm TP2"));
  const auto late = store->insert_follow_up(release("urn:3"), std::string(64, 'b'), over, one, "all-clear TP3");
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().text.id, "journal.taken_back_already");

  const auto other = must(store->insert_release(release("urn:4"), std::string(64, 'd'), plan())).alert;
  ASSERT_TRUE(store->insert_follow_up(release("urn:5"), std::string(64, 'e'), over, other, "all-clear TP5"));
  auto second = release("urn:6");
  second.false_alarm = true;
  EXPECT_FALSE(store->insert_follow_up(second, std::string(64, 'd'), plan(), other, "false alarm TP6"));
}

TEST(Revisions, TheConfirmationIsOnTheRecord) {
  Folder folder;
  const auto store = open(folder.path());
  auto over = plan();
  over.alert.confirmation = "BMKG 06.31 WIB";
  const auto one = must(store->insert_release(release("urn:1"), std::string(64, 'a'), plan())).alert;
  must(store->insert_follow_up(release("urn:2"), std::string(64, 'b'), over, one, "all-clear TP2"));
  std::string all;
  for (const auto& entry : must(store->record(0, 100))) all += entry.entry;
  EXPECT_NE(all.find("\"confirmation\":\"BMKG 06.31 WIB\""), std::string::npos) << all;
}

/// The next revision, expanded; its rows at the account.
std::vector<delivery::Row> follow(SqliteStore& store, AlertId before, const std::string& number, AlertId& id) {
  const auto what = plan();
  id = must(store.insert_follow_up(release("urn:" + number), std::string(64, number.front()), what, before,
                                   "update TP" + number))
           .alert;
  while (must(store.expand(id, what, 5000)).progress == Expanded::Progress::more) {
  }
  return must(store.claim(id, toots, at(1), 10)).rows;
}

TEST(Earlier, AFollowUpKnowsWhatTheAccountHasAcceptedBefore) {
  Folder folder;
  const auto store = open(folder.path());
  auto alert = released(*store);
  for (const auto& row : must(store->claim(alert, toots, at(1), 10)).rows) {
    EXPECT_TRUE(row.earlier.empty()) << "it follows nothing";
    if (row.language.value != "id") continue;
    commit(*store, {intend(row, "toots")});
    commit(*store, {settle(row, State::accepted, "post-1")});
  }
  AlertId second, third;
  for (const auto& row : follow(*store, alert, "2", second)) {
    if (row.language.value == "en") {
      EXPECT_TRUE(row.earlier.empty()) << "nothing was accepted in English";
      continue;
    }
    EXPECT_EQ(row.earlier, (std::vector<delivery::Earlier>{{plan::EndpointName("toots"), "post-1"}}));
    commit(*store, {intend(row, "toots")});
    commit(*store, {settle(row, State::accepted, "post-2")});
  }
  for (const auto& row : follow(*store, second, "3", third))
    if (row.language.value == "id") {
      EXPECT_EQ(row.earlier, (std::vector<delivery::Earlier>{{plan::EndpointName("toots"), "post-2"},
                                                             {plan::EndpointName("toots"), "post-1"}}))
          << "the newest first";
    }
}

TEST(Earlier, AListOfPeopleIsNotLookedUp) {
  Folder folder;
  const auto store = open(folder.path());
  const auto digest_of = snapshot(folder.path(), "+6281200000001,id,port\n");
  const auto alert = released(*store, digest_of);
  const auto what = plan(digest_of);
  const auto id =
      must(store->insert_follow_up(release("urn:2"), std::string(64, '2'), what, alert, "update TP2")).alert;
  while (must(store->expand(id, what, 5000)).progress == Expanded::Progress::more) {
  }
  const auto rows = must(store->claim(id, sms, at(1), 10)).rows;
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_TRUE(rows.front().earlier.empty());
}

}  // namespace
}  // namespace broadcaster::journal
