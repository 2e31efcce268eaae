// From the plan to delivery rows: who, in what order, and that it can stop anywhere.
#include "tests/journal/sample.hpp"

namespace broadcaster::journal {
namespace {

using namespace sample;  // NOLINT

constexpr auto residents =
    "+99900000001,id,hill\n+99900000002,en,hill\n+99900000003,id,coast\n+99900000004,en,coast\n"
    "+99900000005,id,port\n+99900000006,en,port\n+99900000007,id,hill\n";

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

TEST(Expansion, AChangedSnapshotIsRefusedAndBreaksNothing) {
  Folder folder;
  const auto audience = snapshot(folder.path(), residents);
  std::filesystem::remove(folder.path() / "snapshots" / (audience + ".db"));
  const auto store = open(folder.path());
  const auto what = plan(audience);
  const auto alert = must(store->insert_release(release(), std::string(digest), what)).alert;
  // Sirens and accounts do not wait for a list that is missing.
  EXPECT_EQ(must(store->expand(alert, what, 6)).added.at(sirens), 4);
  EXPECT_FALSE(store->expand(alert, what, 100));
  EXPECT_FALSE(store->broken());
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
