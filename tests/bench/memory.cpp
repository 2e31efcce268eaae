// The highest memory of an owner that sends to so many, and its time a recipient, from its start to the last request.
#include <fmt/core.h>

#include <algorithm>

#include "tests/bench/figure.hpp"
#include "tests/bench/gateway.hpp"
#include "tests/bench/measures.hpp"
#include "tests/bench/process.hpp"
#include "tests/bench/town.hpp"

namespace broadcaster::bench {
namespace {

using namespace std::chrono_literals;

struct Used {
  double mebibytes = 0;
  double microseconds = 0;  ///< a recipient
};

Used send_to(int recipients) {
  Gateway gateway;
  Town town(gateway.url());
  {
    const auto plan = town.plan(town.audience("+9991", recipients), alert::Urgency::expected);
    const auto store = town.open();
    town.release(*store, plan, Town::Rows::to_expand);
  }
  gateway.watch_for("");
  const auto begin = std::chrono::steady_clock::now();
  const auto owner = start_owner(town.state(), town.url());
  const auto end = gateway.reached(recipients, 1800s);
  if (!end) throw std::runtime_error(fmt::format("{} of {} were sent", gateway.count(), recipients));
  owner.check();
  const auto took = std::chrono::duration<double, std::micro>(*end - begin);
  return {owner.peak_memory(), took.count() / recipients};
}

}  // namespace

void measure_memory(Size size) {
  std::vector<double> memories, times;
  for (const int whole : {10'000, 100'000, 1'000'000}) {
    const int recipients = size.of(whole, whole / 100);
    const auto used = send_to(recipients);
    memories.push_back(used.mebibytes);
    times.push_back(used.microseconds);
    tell({.name = fmt::format("memory.{}", recipients),
          .value = used.mebibytes,
          .unit = "MiB",
          .bar = {Bar::Kind::at_most, 128},
          .beside = {{"us_per_recipient", used.microseconds}}});
  }
  // Flat: a hundred times the people in no more memory than rounding and caches that fill explain.
  tell({.name = "memory.growth",
        .value = memories.back() / memories.front(),
        .unit = "times",
        .bar = size.kind == Size::Kind::whole ? Bar{Bar::Kind::at_most, 1.5} : Bar{},
        .beside = {}});
  // The middle one is the measure, before the longest and after it: in the smallest the start counts, and a machine
  // that others use is not as fast in one minute as in the next.
  const double middle = (times[1] + send_to(size.of(100'000, 1'000)).microseconds) / 2;
  tell({.name = "memory.time_per_recipient",
        .value = times[2] / middle,
        .unit = "times",
        .bar = size.kind == Size::Kind::whole ? Bar{Bar::Kind::at_most, 1.1} : Bar{},
        .beside = {{"against_the_smallest", times[2] / times[0]}}});
}

}  // namespace broadcaster::bench
