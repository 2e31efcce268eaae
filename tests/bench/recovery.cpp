// From the start of a process whose forerunner was killed to the first request at the gateway.
#include "tests/bench/figure.hpp"
#include "tests/bench/gateway.hpp"
#include "tests/bench/measures.hpp"
#include "tests/bench/process.hpp"
#include "tests/bench/town.hpp"

namespace broadcaster::bench {

using namespace std::chrono_literals;

void measure_recovery(Size size) {
  const int recipients = size.of(1'000'000, 20'000);
  const int before_a_kill = size.of(2'000, 500);
  Gateway gateway;
  Town town(gateway.url());
  {
    const auto plan = town.plan(town.audience("+9991", recipients), alert::Urgency::expected);
    const auto store = town.open();
    town.release(*store, plan, Town::Rows::complete);
  }
  std::vector<double> starts;
  for (int kill = 0; kill <= size.of(5, 2); ++kill) {
    gateway.watch_for("");
    const auto begin = std::chrono::steady_clock::now();
    auto owner = start_owner(town.state(), town.url());
    const auto first = gateway.first(60s);
    if (!first) throw std::runtime_error("nothing was sent within a minute of the start");
    // The first start follows no kill.
    if (kill > 0) starts.push_back(std::chrono::duration<double>(*first - begin).count());
    if (!gateway.reached(before_a_kill, 60s)) throw std::runtime_error("the sending has stopped");
    owner.kill();
  }
  tell({.name = "recovery",
        .value = quantile(starts, 1),
        .unit = "s",
        .bar = {Bar::Kind::at_most, 2},
        .beside = {{"median", quantile(starts, 0.5)}, {"open_deliveries", recipients}, {"kills", starts.size()}}});
}

}  // namespace broadcaster::bench
