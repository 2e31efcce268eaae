// Engine: what an attempt taught, for its delivery and for its endpoint.
#include <algorithm>

#include "broadcaster/dispatch/engine.hpp"

namespace broadcaster::dispatch {
namespace {

template <class... Ts>
struct Overload : Ts... {
  using Ts::operator()...;
};

/// Whose fault ends the delivery, and whose shuts the endpoint and keeps the delivery waiting.
bool ends_the_delivery(delivery::Cause cause) {
  switch (cause) {
    case delivery::Cause::message:
    case delivery::Cause::recipient:
      return true;
    case delivery::Cause::credentials:
    case delivery::Cause::quota:
    case delivery::Cause::endpoint:
      return false;
  }
  return false;
}

}  // namespace

void Engine::settle(Flight flight, const delivery::Outcome& outcome) {
  const auto& what = flight.what;
  auto* alert = find(what.row.alert);
  delivery::Settle settle{.attempt = what.attempt,
                          .to = State::unknown,
                          .outcome = std::string(name(outcome)),
                          .why = why(outcome),
                          .ref = {},
                          .memo = what.row.memo,
                          .due = {},
                          .at = now_.wall};
  // This try was not taken; an earlier one that was unknown still is.
  const auto waits = what.row.state == State::unknown ? State::unknown : State::pending;
  const auto again = [&](std::optional<base::milliseconds> after) {
    settle.to = waits;
    settle.due = alert ? next_try(*alert, what, after) : due_now_;
  };
  std::visit(Overload{[&](const delivery::Accepted& o) {
                        settle.to = State::accepted;
                        settle.ref = o.ref;
                      },
                      [&](const delivery::NotSent& o) {
                        // The endpoint's own gate holds it back; only a recipient's fault delays the row itself.
                        if (o.scope == delivery::NotSent::Scope::recipient) return again(o.after);
                        settle.to = waits;
                        settle.due = first_in_line(what);
                      },
                      [&](const delivery::Refused& o) {
                        if (ends_the_delivery(o.cause))
                          settle.to = State::failed;
                        else
                          again(base::milliseconds(0));
                      },
                      [&](const delivery::Unknown&) {
                        settle.to = State::unknown;
                        settle.due = due_now_ + until_asked(alert, what);
                      },
                      [&](const delivery::Continues& o) {
                        settle.to = waits;
                        settle.memo = o.memo;
                        settle.due = due_now_ + o.after;
                      }},
             outcome);
  if (alert && settle.due && flight.proven == Flight::Proven::no) {
    auto row = what.row;
    row.state = settle.to;
    row.attempts = what.attempt.number;
    row.endpoint = what.endpoint;
    row.memo = settle.memo;
    keep(*alert, std::move(row), *settle.due);
  }
  change(std::move(settle));
}

/// Whom a gateway throttles keeps his place before those who stand behind him in the list: in a long one he would wait
/// for hours otherwise. A row that does so time and again must not keep everybody waiting.
base::WallTime Engine::first_in_line(const Try& what) const {
  constexpr int most_tries = 3;
  return what.row.state == State::pending && what.attempt.number <= most_tries ? base::WallTime{} : due_now_;
}

/// An unknown row is asked about, and perhaps sent again, in the endpoint's own time; of a long list not before its
/// turn.
base::milliseconds Engine::until_asked(const AlertState* alert, const Try& what) {
  const auto* order = order_of(what);
  if (!alert || !order) return std::chrono::seconds(30);
  if (order->load == EndpointOrder::Load::few || is_urgent(*alert)) return order->reconcile_after;
  return std::max<base::milliseconds>(order->reconcile_after, until_turn(what.endpoint));
}

/// Books it.
base::milliseconds Engine::until_turn(const EndpointName& endpoint) {
  const auto turn = lanes_.at(endpoint).budget.book(RetryBudget::Cost::no_answer, now_.mono);
  return std::chrono::ceil<base::milliseconds>(turn - now_.mono);
}

base::WallTime Engine::next_try(const AlertState& alert, const Try& what, std::optional<base::milliseconds> after) {
  if (after && after->count() == 0) return due_now_;
  const auto wait = draw(backoff_of(alert.order.urgency), what.attempt.number, random_);
  return due_now_ + std::max(wait, after.value_or(base::milliseconds(0)));
}

void Engine::teach_endpoint(const Flight& flight, const delivery::Outcome& outcome) {
  const auto& name = flight.what.endpoint;
  auto& endpoint = pace(name);
  const auto* alert = find(flight.what.row.alert);
  const auto backoff = backoff_of(alert ? alert->order.urgency : alert::Urgency::unknown);
  const bool was_shut = endpoint.is_shut();
  const auto place = *flight.place;
  const auto answered = [&] {
    lanes_.at(name).answered();
    endpoint.succeeded(place);
  };
  std::visit(Overload{[&](const delivery::Accepted&) { answered(); }, [&](const delivery::Continues&) { answered(); },
                      [&](const delivery::NotSent& o) {
                        if (o.scope == delivery::NotSent::Scope::recipient)
                          endpoint.ended(place);
                        else
                          endpoint.failed(place, o.after, backoff, random_, now_.mono);
                      },
                      [&](const delivery::Unknown&) { endpoint.doubted(place, backoff, random_, now_.mono); },
                      [&](const delivery::Refused& o) {
                        if (ends_the_delivery(o.cause)) return answered();
                        endpoint.shut(place, now_.mono);
                        actions_.push_back(Alarm{
                            "shut/" + name.value,
                            base::Text{"dispatch.shut",
                                       {{"endpoint", name.value},
                                        {"cause", base::Key{"dispatch.cause_" + std::string(delivery::name(o.cause))}},
                                        {"why", o.why}}}});
                      }},
             outcome);
  if (was_shut && !endpoint.is_shut()) actions_.push_back(Alarm{"shut/" + name.value, std::nullopt});
}

}  // namespace broadcaster::dispatch
