// Steps an Engine by hand: events in, actions out, no clock and no store.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "broadcaster/dispatch/engine.hpp"

namespace broadcaster::dispatch::test {

/// Always the middle of the range: waits are foreseeable.
class Middle final : public base::Random {
 public:
  std::uint64_t below(std::uint64_t bound) override { return bound / 2; }
};

class Script {
 public:
  static constexpr AlertId alert{1};
  static constexpr RouteIndex route{0};

  Script() { now_.wall = base::WallTime(std::chrono::hours(500000)); }

  AlertOrder order(plan::Intent intent = plan::Intent::before_the_byte) const {
    EndpointOrder endpoint{.name = EndpointName("kannel"),
                           .intent = intent,
                           .on_unknown = plan::OnUnknown::resend,
                           .says = {{alert::Language("id"), alert::ZoneId()}}};
    AlertOrder order{.id = alert,
                     .priority = 0,
                     .urgency = alert::Urgency::immediate,
                     .expires = now_.wall + std::chrono::hours(1),
                     .routes = {{route, "kannel", {endpoint}}},
                     .follows = {}};
    return order;
  }

  /// Everything that the step wants done, WakeAt last.
  const std::vector<Action>& step(Event event) {
    actions_ = engine_.step(std::move(event), now_);
    return actions_;
  }
  void pass(base::milliseconds time) {
    now_.wall += time;
    now_.mono += time;
  }

  template <class A>
  std::vector<A> all() const {
    std::vector<A> found;
    for (const auto& action : actions_)
      if (const auto* a = std::get_if<A>(&action)) found.push_back(*a);
    return found;
  }
  template <class A>
  A only() const {
    const auto found = all<A>();
    EXPECT_EQ(found.size(), 1u);
    return found.empty() ? A{} : found.front();
  }
  /// The one change of this kind in the one commit of the last step.
  template <class C>
  C change() const {
    for (const auto& commit : all<Commit>())
      for (const auto& change : commit.changes)
        if (const auto* c = std::get_if<C>(&change)) return *c;
    ADD_FAILURE() << "no such change";
    return C{};
  }

  /// How far it had come before a restart: as many rows are unknown, some of them held.
  static journal::HowFar before(std::int64_t unknown, std::vector<DeliveryId> held = {}) {
    journal::HowFar out{.routes = {{route, {{State::unknown, unknown}}}}, .held = {}};
    if (!held.empty()) out.held[EndpointName("kannel")] = std::move(held);
    return out;
  }

  static delivery::Row row(std::int64_t id, State state = State::pending, int attempts = 0) {
    return {.id = DeliveryId(id),
            .alert = alert,
            .route = route,
            .recipient = "+9990000" + std::to_string(id),
            .language = alert::Language("id"),
            .zone = alert::ZoneId("muara"),
            .state = state,
            .attempts = attempts,
            .endpoint = attempts > 0 ? EndpointName("kannel") : EndpointName(),
            .memo = {}};
  }

  /// Released, expanded, claimed: `rows` are in the engine's hands.
  void release(std::vector<delivery::Row> rows, AlertOrder what) {
    step(Released{std::move(what), {}});
    step(RowsExpanded{alert,
                      {{{route, static_cast<std::int64_t>(rows.size())}}, journal::Expanded::Progress::complete, {}}});
    ASSERT_EQ(all<Claim>().size(), 1u);
    step(RowsClaimed{alert, route, {std::move(rows), std::nullopt}});
  }
  /// The commit of the last step is on disk, and every change did what it says.
  void committed() {
    const auto commit = only<Commit>();
    std::vector<delivery::Moved> done;
    for (const auto& change : commit.changes) {
      if (const auto* intend = std::get_if<delivery::Intend>(&change))
        done.push_back(moved(intend->attempt.delivery.value, State::pending, State::sent));
      if (const auto* settle = std::get_if<delivery::Settle>(&change))
        done.push_back(moved(settle->attempt.delivery.value, State::sent, settle->to));
      if (const auto* move = std::get_if<delivery::Move>(&change))
        done.push_back(moved(move->delivery.value, move->from, move->to));
    }
    step(Committed{commit.token, std::move(done)});
  }
  /// It is on disk, and proof had overtaken all of it.
  void overtaken() { step(Committed{only<Commit>().token, {}}); }

  static delivery::Moved moved(std::int64_t id, State from, State to) {
    return {DeliveryId(id), alert, route, EndpointName("kannel"), from, to, {}};
  }

  Engine& engine() { return engine_; }
  base::Now now() const { return now_; }
  base::Now& set_now() { return now_; }

 private:
  Middle random_;
  Engine engine_{random_};
  base::Now now_;
  std::vector<Action> actions_;
};

}  // namespace broadcaster::dispatch::test
