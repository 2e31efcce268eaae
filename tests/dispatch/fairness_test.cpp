// Two alerts of one class at one endpoint: each gets half of it, whatever the endpoint's limit is.
#include "broadcaster/dispatch/engine.hpp"
#include "tests/dispatch/script.hpp"

namespace broadcaster::dispatch::test {
namespace {

/// An engine with a store of endless lists and a far side that takes everything after `round_trip`.
class Town {
 public:
  Town(int in_flight, int rate, base::milliseconds round_trip) : round_trip_(round_trip) {
    now_.wall = base::WallTime(std::chrono::hours(500000));
    endpoint_ = {.name = EndpointName("kannel"),
                 .rate_per_second = rate,
                 .in_flight = in_flight,
                 .on_unknown = plan::OnUnknown::resend,
                 .says = {{alert::Language("id"), alert::ZoneId()}}};
  }

  void release(AlertId id) {
    step(Released{{.id = id,
                   .priority = 0,
                   .urgency = alert::Urgency::immediate,
                   .expires = now_.wall + std::chrono::hours(9),
                   .routes = {{RouteIndex(0), "kannel", {endpoint_}}},
                   .follows = {}},
                  {}});
    step(RowsExpanded{id, {{{RouteIndex(0), 1'000'000}}, journal::Expanded::Progress::complete, {}}});
  }

  /// Virtual time in steps of a millisecond.
  void run(base::milliseconds time) {
    for (const auto end = now_.mono + time; now_.mono < end;) {
      now_.mono += base::milliseconds(1);
      now_.wall += base::milliseconds(1);
      while (!answers_.empty() && answers_.begin()->first <= now_.mono) {
        const auto attempt = answers_.extract(answers_.begin()).mapped();
        step(Finished{attempt, delivery::Accepted{}});
      }
      if (wake_ && *wake_ <= now_.mono) step(Woken{});
      // The store answers a millisecond later.
      for (auto& event : std::exchange(store_, {})) step(std::move(event));
    }
  }

  std::map<AlertId, int> sent;

 private:
  void step(Event event) {
    for (auto& action : engine_.step(std::move(event), now_)) {
      if (const auto* claim = std::get_if<Claim>(&action)) {
        journal::Claimed claimed{{}, now_.wall};
        for (int i = 0; i < claim->limit; ++i) {
          auto row = Script::row(++last_);
          row.alert = claim->alert;
          owner_[row.id] = claim->alert;
          claimed.rows.push_back(std::move(row));
        }
        store_.push_back(RowsClaimed{claim->alert, claim->route, std::move(claimed)});
      }
      if (const auto* commit = std::get_if<Commit>(&action)) store_.push_back(written(*commit));
      if (const auto* start = std::get_if<Start>(&action))
        for (const auto& what : start->tries) {
          ++sent[what.row.alert];
          answers_.emplace(now_.mono + round_trip_, what.attempt);
        }
      if (const auto* wake = std::get_if<WakeAt>(&action)) wake_ = wake->at;
    }
  }

  Committed written(const Commit& commit) {
    Committed done{commit.token, {}};
    const auto moved = [&](DeliveryId id, State from, State to) {
      done.moved.push_back({id, owner_.at(id), RouteIndex(0), endpoint_.name, from, to, now_.wall});
    };
    for (const auto& change : commit.changes) {
      if (const auto* intend = std::get_if<delivery::Intend>(&change))
        moved(intend->attempt.delivery, State::pending, State::sent);
      if (const auto* settle = std::get_if<delivery::Settle>(&change))
        moved(settle->attempt.delivery, State::sent, settle->to);
    }
    return done;
  }

  EndpointOrder endpoint_;
  base::milliseconds round_trip_;
  Middle random_;
  Engine engine_{random_};
  base::Now now_;
  std::optional<base::MonoTime> wake_;
  std::vector<Event> store_;
  std::multimap<base::MonoTime, AttemptId> answers_;
  std::map<DeliveryId, AlertId> owner_;
  std::int64_t last_ = 0;
};

struct Limit {
  const char* name;
  int in_flight, rate, round_trip;
};

class TwoAlertsAt : public testing::TestWithParam<Limit> {};

TEST_P(TwoAlertsAt, OneEndpointHaveHalfOfItEach) {
  const auto& limit = GetParam();
  Town town(limit.in_flight, limit.rate, base::milliseconds(limit.round_trip));
  town.release(AlertId(1));
  town.release(AlertId(2));
  town.run(std::chrono::seconds(60));
  const int all = town.sent[AlertId(1)] + town.sent[AlertId(2)];
  EXPECT_GT(all, 200);
  EXPECT_NEAR(town.sent[AlertId(1)], all / 2, all / 20);
}

/// Who comes later is not made to wait, and does not catch up on what it was not there for.
TEST_P(TwoAlertsAt, OneEndpointHaveHalfOfItEachFromTheMomentOfTheSecond) {
  const auto& limit = GetParam();
  Town town(limit.in_flight, limit.rate, base::milliseconds(limit.round_trip));
  town.release(AlertId(1));
  town.run(std::chrono::seconds(60));
  const int before = town.sent[AlertId(1)];
  town.release(AlertId(2));
  town.run(std::chrono::seconds(60));
  const int all = town.sent[AlertId(1)] + town.sent[AlertId(2)] - before;
  EXPECT_GT(all, 200);
  EXPECT_NEAR(town.sent[AlertId(2)], all / 2, all / 20);
}

INSTANTIATE_TEST_SUITE_P(Engine, TwoAlertsAt,
                         testing::Values(Limit{"AWindowOfOne", 1, 0, 20}, Limit{"AWindowOfFour", 4, 0, 35},
                                         Limit{"AWideWindow", 64, 0, 50}, Limit{"ASlowContract", 8, 5, 40},
                                         Limit{"AFastContract", 64, 100, 40}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace broadcaster::dispatch::test
