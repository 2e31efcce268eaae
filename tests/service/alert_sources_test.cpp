// Which alerts are open, for whoever hears that a bulletin has ended.
#include "broadcaster/service/alert_sources.hpp"

#include "tests/dispatch/stage.hpp"

namespace broadcaster::service {
namespace {

using dispatch::test::Stage;

struct Sourced : Stage {
  std::vector<feeds::OpenAlert> open(base::WallTime now) {
    std::optional<std::vector<feeds::OpenAlert>> out;
    store.run(
        [this, now](journal::SqliteStore& s) { return sources.open_alerts(s, now); },
        [&](base::Result<std::vector<feeds::OpenAlert>> found) { out = journal::sample::must(std::move(found)); });
    until([&] { return out.has_value(); });
    return *out;
  }
  /// Before it is signed.
  void rests_on(const std::string& source) {
    auto plan = signed_plan.plan;
    plan.alert.source = source;
    signed_plan = approval::unsigned_plan(std::move(plan));
    const auto& people = approval::agency();
    signed_plan.signatures = {people.sign("sari", approval::Role::author, signed_plan, approval::at(2, 0)),
                              people.sign("bayu", approval::Role::approver, signed_plan, approval::at(2, 1))};
  }
  AlertSources sources;  ///< the store's thread only
};

TEST_F(Sourced, AnOpenAlertIsNamedWithWhatItRestsOnUntilItEnds) {
  rests_on("bmkg.example,PD-2,2026-11-24T02:00:00-00:00");
  EXPECT_TRUE(open(clock.now().wall).empty());
  const auto alert = release();
  const std::vector<feeds::OpenAlert> expected{{"TP12", "bmkg.example,PD-2,2026-11-24T02:00:00-00:00"}};
  EXPECT_EQ(open(clock.now().wall), expected);
  EXPECT_EQ(open(clock.now().wall), expected) << "the second time from memory";
  EXPECT_TRUE(open(approval::at(5, 0)).empty()) << "expired";
  halt(alert);
  EXPECT_TRUE(open(clock.now().wall).empty());
}

}  // namespace
}  // namespace broadcaster::service
