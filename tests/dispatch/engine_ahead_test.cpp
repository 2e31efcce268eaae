// Engine: a gateway that answers its whole window while a commit runs is kept busy, and what a crash leaves in doubt
// is bounded.
#include <deque>

#include "broadcaster/dispatch/engine.hpp"
#include "tests/dispatch/script.hpp"

namespace broadcaster::dispatch::test {
namespace {

using delivery::Accepted;
using delivery::NotSent;

/// As many rows as are claimed, one after the other; a claim is answered at once, a commit when it is told.
class Gateway {
 public:
  explicit Gateway(int in_flight) : in_flight_(in_flight) {
    auto order = script.order();
    order.routes[0].endpoints[0].in_flight = in_flight;
    step(Released{order, {}});
    step(
        RowsExpanded{Script::alert, {{{Script::route, 100'000}}, journal::Expanded::Progress::complete, std::nullopt}});
  }

  void step(Event event) {
    stopped_ = stopped_ || std::holds_alternative<Stopped>(event);
    script.step(std::move(event));
    for (const auto& commit : script.all<Commit>()) commit_ = commit;
    last_started = 0;
    for (auto& start : script.all<Start>())
      for (auto& what : start.tries) {
        started.push_back(what);
        ++last_started;
      }
    EXPECT_LE(started.size(), static_cast<std::size_t>(in_flight_));
    for (const auto& claim : script.all<Claim>()) {
      // What was pending is the sweep's then.
      if (stopped_) return step(RowsClaimed{Script::alert, Script::route, {{}, std::nullopt}});
      std::vector<delivery::Row> rows;
      for (int i = 0; i < claim.limit; ++i) rows.push_back(Script::row(++last_row_));
      step(RowsClaimed{Script::alert, Script::route, {std::move(rows), script.now().wall}});
    }
  }
  void answer(std::size_t n) {
    for (; n > 0 && !started.empty(); --n) {
      const auto attempt = started.front().attempt;
      started.pop_front();
      step(Finished{attempt, Accepted{}});
    }
  }
  void written() {
    const auto commit = std::exchange(commit_, std::nullopt);
    ASSERT_TRUE(commit);
    std::vector<delivery::Moved> moved;
    for (const auto& change : commit->changes) {
      if (const auto* intend = std::get_if<delivery::Intend>(&change))
        moved.push_back(Script::moved(intend->attempt.delivery.value, State::pending, State::sent));
      if (const auto* settle = std::get_if<delivery::Settle>(&change))
        moved.push_back(Script::moved(settle->attempt.delivery.value, State::sent, settle->to));
    }
    for (const auto& move : moved) in_doubt += (move.to == State::sent ? 1 : 0) - (move.from == State::sent ? 1 : 0);
    most_in_doubt = std::max(most_in_doubt, in_doubt);
    step(Committed{commit->token, std::move(moved)});
  }
  /// Some commits, during each of which everything that is in flight is answered, and what starts then.
  void run(int commits) {
    for (int i = 0; i < commits; ++i) {
      answer(started.size());
      answer(started.size());
      written();
    }
  }

  Script script;
  std::deque<Try> started;
  std::size_t last_started = 0;
  int in_doubt = 0;  ///< SENT on disk: what a crash now would leave unknown
  int most_in_doubt = 0;

 private:
  int in_flight_;
  bool stopped_ = false;
  std::int64_t last_row_ = 0;
  std::optional<Commit> commit_;
};

TEST(EngineAhead, APlaceThatComesFreeIsTakenAtOnceWhereTheGatewayIsFast) {
  Gateway gateway(32);
  gateway.written();
  ASSERT_EQ(gateway.started.size(), 32u);
  gateway.run(6);
  ASSERT_EQ(gateway.started.size(), 32u);
  gateway.answer(1);
  EXPECT_EQ(gateway.last_started, 1u) << "without waiting for a commit";
}

TEST(EngineAhead, NoMoreThanTheWindowAnd64AreInDoubt) {
  for (const int in_flight : {16, 64, 300}) {
    Gateway gateway(in_flight);
    gateway.written();
    gateway.run(40);
    EXPECT_LE(gateway.most_in_doubt, in_flight + Lane::most_ahead);
    EXPECT_GT(gateway.most_in_doubt, in_flight);
  }
}

TEST(EngineAhead, NothingIsIntendedAheadWhereTheGatewayIsSlow) {
  Gateway gateway(32);
  gateway.written();
  for (int i = 0; i < 40; ++i) {
    gateway.answer(Lane::least_answers - 1);
    gateway.written();
    EXPECT_LE(gateway.script.engine().in_flight(), 32u);
  }
}

TEST(EngineAhead, WhatIsReadyComesBackAtAHalt) {
  Gateway gateway(32);
  gateway.written();
  gateway.run(6);
  const auto in_flight = gateway.started.size();
  ASSERT_GT(gateway.script.engine().in_flight(), in_flight);
  gateway.step(Stopped{Script::alert, "halted by sari", Stopped::Recorded::yes});
  while (gateway.script.engine().in_flight() > in_flight) gateway.written();
  EXPECT_EQ(gateway.script.engine().in_flight(), in_flight) << "those whose bytes have left";
  gateway.answer(1);
  EXPECT_EQ(gateway.last_started, 0u);
}

TEST(EngineAhead, WhatIsReadyComesBackWhenTheGatewayClosesItsDoor) {
  Gateway gateway(32);
  gateway.written();
  gateway.run(6);
  const auto in_flight = gateway.started.size();
  ASSERT_GT(gateway.script.engine().in_flight(), in_flight);
  const auto attempt = gateway.started.front().attempt;
  gateway.started.pop_front();
  gateway.step(Finished{attempt, NotSent{std::chrono::seconds(20), "HTTP 429"}});
  while (gateway.script.engine().in_flight() > in_flight - 1) gateway.written();
  EXPECT_EQ(gateway.script.engine().in_flight(), in_flight - 1) << "nothing waits in doubt behind a closed gate";
}

TEST(EngineAhead, WhatIsReadyComesBackBeforeTheProcessEnds) {
  Gateway gateway(32);
  gateway.written();
  gateway.run(6);
  gateway.step(Drain{});
  while (!gateway.started.empty() || !gateway.script.engine().quiet()) {
    gateway.answer(gateway.started.size());
    if (!gateway.script.engine().quiet()) gateway.written();
  }
  EXPECT_EQ(gateway.in_doubt, 0);
}

TEST(EngineAhead, TheFirstRowsOfAnUrgentAlertAreWrittenBeforeWhatALessUrgentOneHasToWrite) {
  Gateway gateway(32);
  gateway.written();
  auto urgent = gateway.script.order();
  urgent.id = AlertId(2);
  auto& script = gateway.script;
  script.step(Released{urgent, {}});
  script.step(Finished{gateway.started.front().attempt, Accepted{}});
  EXPECT_TRUE(script.all<Commit>().empty()) << "the rows are being made";
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(901)}, std::nullopt}});
  EXPECT_TRUE(script.all<Commit>().empty());
  script.step(Stopped{Script::alert, "halted by sari"});
  EXPECT_EQ(script.change<delivery::Stop>().alert, Script::alert) << "a stop waits for nothing";
  script.step(Committed{script.only<Commit>().token, {}});
  script.step(Finished{gateway.started.back().attempt, Accepted{}});
  EXPECT_TRUE(script.all<Commit>().empty()) << "an answer can wait";
  script.step(RowsExpanded{AlertId(2), {{{Script::route, 1}}, journal::Expanded::Progress::complete, std::nullopt}});
  EXPECT_TRUE(script.all<Commit>().empty()) << "they are being claimed";
  auto row = Script::row(900);
  row.alert = AlertId(2);
  script.step(RowsClaimed{AlertId(2), Script::route, {{row}, std::nullopt}});
  EXPECT_EQ(script.change<delivery::Intend>().attempt.delivery, DeliveryId(900));
}

TEST(EngineAhead, AListThatCannotBeMadeHoldsNobodyElse) {
  Gateway gateway(32);
  gateway.written();
  auto urgent = gateway.script.order();
  urgent.id = AlertId(2);
  gateway.step(Released{urgent, {}});
  gateway.script.pass(std::chrono::milliseconds(100));
  gateway.answer(1);
  gateway.written();
  EXPECT_EQ(gateway.script.engine().in_flight(), 32u);
}

TEST(Lane, TheMostUrgentReadyRowIsTheFirstAndThenTheOldest) {
  Lane lane(0, 8);
  lane.add_ready({3, {}, DeliveryId(1)});
  lane.add_ready({0, {}, DeliveryId(2)});
  lane.add_ready({3, {}, DeliveryId(3)});
  lane.add_ready({0, {}, DeliveryId(4)});
  std::vector<std::int64_t> order;
  for (const auto& row : lane.ready()) order.push_back(row.id.value);
  EXPECT_EQ(order, (std::vector<std::int64_t>{2, 4, 1, 3}));
}

}  // namespace
}  // namespace broadcaster::dispatch::test
