// From the plan to delivery rows: who, in what order, and that it can stop anywhere.
#include <algorithm>

#include "tests/journal/sample.hpp"

namespace broadcaster::journal {
namespace {

using namespace sample;  // NOLINT

constexpr auto residents =
    "+99900000001,id,hill\n+99900000002,en,hill\n+99900000003,id,coast\n+99900000004,en,coast\n"
    "+99900000005,id,port\n+99900000006,en,port\n+99900000007,id,hill\n";

/// Each gateway has a list of its own.
plan::Plan plan_of_two(const std::string& first, const std::string& second) {
  auto out = plan(first);
  out.endpoints[3].audience = "volunteers";
  out.audiences.push_back({.name = "volunteers", .digest = second, .counts = {}, .skipped = 0});
  return out;
}

std::vector<std::string> claimed(SqliteStore& store, AlertId alert, RouteIndex route) {
  std::vector<std::string> out;
  for (const auto& row : must(store.claim(alert, route, at(1), 1000)).rows)
    out.push_back(row.recipient + " " + row.language.value + " " + row.zone.value);
  return out;
}

TEST(Expansion, NearestOnsetFirstThenMostPeopleThenNumber) {
  Folder folder;
  const auto store = open(folder.path());
  const auto alert = released(*store, snapshot(folder.path(), residents));
  // siren-02 stands in two zones' programs and sounds once, for the one that comes first.
  EXPECT_EQ(claimed(*store, alert, sirens),
            (std::vector<std::string>{"siren-02  port", "siren-03  port", "siren-04  port", "siren-01  coast"}));
  EXPECT_EQ(claimed(*store, alert, toots), (std::vector<std::string>{"en en ", "id id "}));
  // English for the hill is blocked at both gateways, for the coast at one.
  EXPECT_EQ(claimed(*store, alert, sms),
            (std::vector<std::string>{"+99900000005 id port", "+99900000006 en port", "+99900000003 id coast",
                                      "+99900000004 en coast", "+99900000001 id hill", "+99900000007 id hill"}));
}

TEST(Expansion, InAnyStepsAndOverRestartsGivesTheSameRows) {
  std::vector<std::vector<std::string>> results;
  for (const int step : {1, 2, 3, 5000}) {
    Folder folder;
    const auto audience = snapshot(folder.path(), residents);
    const auto what = plan(audience);
    auto store = open(folder.path());
    const auto alert = must(store->insert_release(release(), std::string(digest), what)).alert;
    std::map<RouteIndex, std::int64_t> added;
    for (auto progress = Expanded::Progress::more; progress == Expanded::Progress::more;) {
      const auto expanded = must(store->expand(alert, what, step));
      for (const auto& [route, n] : expanded.added) added[route] += n;
      progress = expanded.progress;
      store.reset();
      store = open(folder.path());
    }
    EXPECT_EQ(added, (std::map<RouteIndex, std::int64_t>{{sirens, 4}, {toots, 2}, {sms, 6}}));
    const auto again = must(store->expand(alert, what, step));
    EXPECT_EQ(again.progress, Expanded::Progress::complete);
    EXPECT_TRUE(again.added.empty());
    EXPECT_TRUE(must(store->alert(must(store->alerts()).front())).expanded);
    auto rows = claimed(*store, alert, sirens);
    for (const auto route : {toots, sms})
      for (auto& row : claimed(*store, alert, route)) rows.push_back(row);
    results.push_back(rows);
  }
  for (const auto& result : results) EXPECT_EQ(result, results.front());
}

TEST(Expansion, AnAudienceThatCannotBeReadHoldsItsOwnPeopleAndNobodyElse) {
  Folder folder;
  const auto lost = snapshot(folder.path(), residents);
  const auto file = folder.path() / "snapshots" / (lost + ".db");
  const auto other = snapshot(folder.path(), "+99900000003,id,coast\n+99900000008,id,hill\n+99900000009,id,port\n");
  const auto what = plan_of_two(lost, other);
  std::filesystem::rename(file, folder.path() / "away");
  const auto store = open(folder.path());
  const auto alert = must(store->insert_release(release(), std::string(digest), what)).alert;
  const auto expand = [&](int limit) { return must(store->expand(alert, what, limit)); };
  Expanded expanded;
  std::map<RouteIndex, std::int64_t> added;
  do {
    expanded = expand(2);
    for (const auto& [route, n] : expanded.added) added[route] += n;
  } while (expanded.progress == Expanded::Progress::more);
  EXPECT_EQ(added, (std::map<RouteIndex, std::int64_t>{{sirens, 4}, {toots, 2}, {sms, 3}}));
  EXPECT_EQ(expanded.progress, Expanded::Progress::held);
  ASSERT_TRUE(expanded.held);
  EXPECT_FALSE(store->broken());
  const auto head = store->record_head();
  EXPECT_EQ(expand(2).progress, Expanded::Progress::held);
  EXPECT_EQ(store->record_head(), head) << "a try that finds nothing writes nothing";

  std::filesystem::rename(folder.path() / "away", file);
  do {
    expanded = expand(2);
    for (const auto& [route, n] : expanded.added) added[route] += n;
  } while (expanded.progress == Expanded::Progress::more);
  EXPECT_EQ(expanded.progress, Expanded::Progress::complete);
  EXPECT_FALSE(expanded.held);
  EXPECT_EQ(added.at(sms), 8) << "who stands on both lists has one row";
}

TEST(Expansion, AHeldAudienceIsStillToBeDoneAfterARestart) {
  Folder folder;
  const auto lost = snapshot(folder.path(), residents);
  const auto file = folder.path() / "snapshots" / (lost + ".db");
  const auto what = plan_of_two(lost, snapshot(folder.path(), "+99900000008,id,hill\n"));
  std::filesystem::rename(file, folder.path() / "away");
  auto store = open(folder.path());
  const auto alert = must(store->insert_release(release(), std::string(digest), what)).alert;
  while (must(store->expand(alert, what, 3)).progress != Expanded::Progress::held) {
  }
  store.reset();
  std::filesystem::rename(folder.path() / "away", file);
  store = open(folder.path());
  EXPECT_EQ(must(store->open_alerts()), (std::vector<AlertId>{alert}));
  while (must(store->expand(alert, what, 3)).progress != Expanded::Progress::complete) {
  }
  EXPECT_EQ(must(store->status(alert)).routes.at(sms).at(State::pending), 7);
}

/// How often this process holds a list of people open.
std::int64_t lists_open(const std::string& audience) {
  return std::ranges::count_if(std::filesystem::directory_iterator("/proc/self/fd"), [&](const auto& entry) {
    std::error_code gone;
    return std::filesystem::read_symlink(entry.path(), gone).filename() == audience + ".db";
  });
}

TEST(Expansion, AnAlertThatWasStoppedInTheMiddleLeavesNoListOpen) {
  struct : base::Clock {
    base::Now now() const override { return {at(10), {}}; }
  } clock;
  Folder folder;
  const auto audience = snapshot(folder.path(), residents);
  const auto what = plan(audience);
  const auto store = open(folder.path(), {.vfs = {}, .clock = &clock});
  const auto alert = must(store->insert_release(release(), std::string(digest), what)).alert;
  must(store->expand(alert, what, 7));  // sirens, accounts, and one person
  ASSERT_EQ(lists_open(audience), 1);
  store->tend();
  EXPECT_EQ(lists_open(audience), 1) << "a pause; opening it again would read it whole";
  commit(*store, {delivery::Stop{alert, "halted", at(5)}});
  store->tend();
  EXPECT_EQ(lists_open(audience), 0);
}

/// One round of an update's life: released in place of `before`, and expanded to its end.
AlertId update(SqliteStore& store, const plan::Plan& what, AlertId before, const std::string& name) {
  const auto id = must(store.insert_follow_up(release("urn:" + name), base::hex(base::sha256(name)), what, before,
                                              "updated by " + name))
                      .alert;
  while (must(store.expand(id, what, 2)).progress != Expanded::Progress::complete) {
  }
  return id;
}

std::vector<std::string> numbers(SqliteStore& store, AlertId alert) {
  std::vector<std::string> out;
  for (const auto& row : must(store.claim(alert, sms, at(1), 1000)).rows)
    out.push_back(row.zone.value + " " + row.recipient.substr(row.recipient.size() - 1));
  return out;
}

TEST(Expansion, AnUpdateGoesToThoseFirstWhomNoRevisionHasReached) {
  Folder folder;
  const auto store = open(folder.path());
  auto what = plan(snapshot(folder.path(),
                            "+99900000001,id,hill\n+99900000002,id,coast\n+99900000003,id,coast\n"
                            "+99900000004,id,coast\n+99900000005,id,coast\n+99900000006,id,coast\n"));
  const auto first = must(store->insert_release(release(), std::string(digest), what)).alert;
  while (must(store->expand(first, what, 100)).progress != Expanded::Progress::complete) {
  }
  auto rows = must(store->claim(first, sms, at(1), 4)).rows;                      // coast 2 to 5
  commit(*store, {intend(rows[0], "kannel-a"), settle(rows[0], State::accepted),  //
                  intend(rows[1], "kannel-a"), settle(rows[1], State::unknown),   //
                  intend(rows[2], "kannel-a"), settle(rows[2], State::failed),    //
                  intend(rows[3], "kannel-a"), settle(rows[3], State::accepted)});
  what.alert.type = alert::MessageType::update;
  const auto second = update(*store, what, first, "second");
  EXPECT_EQ(numbers(*store, second),
            (std::vector<std::string>{"coast 4", "coast 6", "coast 3", "coast 2", "coast 5", "hill 1"}))
      << "nearest onset first, and there: nothing, perhaps, the others";

  // It has come to 4 alone when the next one follows: who has any revision is behind who has none.
  rows = must(store->claim(second, sms, at(1), 1000)).rows;
  EXPECT_TRUE(rows.empty()) << "all are claimed";
  const auto lines = must(store->deliveries(second, delivery::DeliveryId(0), 100));
  delivery::Row four{};
  for (const auto& line : lines)
    if (line.route == sms && four.id.value == 0) four.id = line.id;
  commit(*store, {intend(four, "kannel-a"), settle(four, State::accepted)});
  EXPECT_EQ(numbers(*store, update(*store, what, second, "third")),
            (std::vector<std::string>{"coast 6", "coast 3", "coast 2", "coast 4", "coast 5", "hill 1"}));
}

TEST(Expansion, WhatIsNoUpdateKeepsItsOrder) {
  Folder folder;
  const auto store = open(folder.path());
  const auto what = plan(snapshot(folder.path(), "+99900000002,id,coast\n+99900000003,id,coast\n"));
  const auto first = must(store->insert_release(release(), std::string(digest), what)).alert;
  while (must(store->expand(first, what, 100)).progress != Expanded::Progress::complete) {
  }
  const auto rows = must(store->claim(first, sms, at(1), 1)).rows;
  commit(*store, {intend(rows[0], "kannel-a"), settle(rows[0], State::accepted)});
  EXPECT_EQ(numbers(*store, update(*store, what, first, "all-clear")),
            (std::vector<std::string>{"coast 2", "coast 3"}));
}

TEST(Expansion, CountsStandInTheStatusUnderTheFirstEndpoint) {
  Folder folder;
  const auto store = open(folder.path());
  const auto alert = released(*store, snapshot(folder.path(), residents));
  const auto status = must(store->status(alert));
  EXPECT_EQ(status.routes.at(sms).at(State::pending), 6);
  EXPECT_EQ(status.endpoints.at(plan::EndpointName("kannel-a")).at(State::pending), 6);
  EXPECT_EQ(status.endpoints.count(plan::EndpointName("kannel-b")), 0U);
}

TEST(Expansion, ReportsShowNumbersAsHashesOnly) {
  Folder folder;
  const auto store = open(folder.path());
  const auto alert = released(*store, snapshot(folder.path(), residents));
  std::set<std::string> hashes;
  for (const auto& line : must(store->deliveries(alert, delivery::DeliveryId(0), 1000))) {
    EXPECT_EQ(line.recipient.find("+999"), std::string::npos);
    if (line.route == sms) hashes.insert(line.recipient);
  }
  EXPECT_EQ(hashes.size(), 6U);
  for (const auto& hash : hashes) EXPECT_EQ(hash.size(), 32U);
  for (const auto& entry : must(store->record(0, 100)))
    EXPECT_EQ(entry.entry.find("+9990000"), std::string::npos) << entry.entry;
}

}  // namespace
}  // namespace broadcaster::journal
