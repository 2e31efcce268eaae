// simulate --seeds N [--first S] [--trace]: N worlds from seed S on; ends with "N seeds, 0 violations".
//
// A seed that breaks a promise is printed with what it broke; `--seeds 1 --first SEED --trace` plays it again.
#include <fmt/core.h>
#include <malloc.h>
#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "tests/simulation/world.hpp"

namespace {

using namespace broadcaster::simulation;

struct Arguments {
  std::uint64_t seeds = 0, first = 1;
  Process::World::Trace trace = Process::World::Trace::no;
};

std::optional<Arguments> read(int count, char** words) {
  Arguments out;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (word == "--trace") {
      out.trace = Process::World::Trace::yes;
      continue;
    }
    auto* value = word == "--seeds" ? &out.seeds : word == "--first" ? &out.first : nullptr;
    if (!value || ++i == count) return std::nullopt;
    const std::string_view text = words[i];
    if (std::from_chars(text.data(), text.data() + text.size(), *value).ptr != text.data() + text.size())
      return std::nullopt;
  }
  if (out.seeds == 0) return std::nullopt;
  return out;
}

/// An assertion of the product ends the program: the seed must not be lost with it.
std::string running_seed;
void on_abort(int) {
  [[maybe_unused]] const auto ignored = write(STDOUT_FILENO, running_seed.data(), running_seed.size());
}

}  // namespace

int main(int count, char** words) {
  const auto arguments = read(count, words);
  if (!arguments) {
    fmt::print(stderr, "simulate --seeds N [--first S] [--trace]\n");
    return 2;
  }
  signal(SIGABRT, on_abort);
  // Every seed makes its files anew in memory: pages that were given back to the system cost more than the rest.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  const auto began = std::chrono::steady_clock::now();
  Stage stage;
  Tally all;
  std::uint64_t violations = 0;
  for (auto seed = arguments->first; seed < arguments->first + arguments->seeds; ++seed) {
    running_seed = fmt::format("seed {} ended in an assertion\n", seed);
    try {
      all += World(stage, seed, arguments->trace).run();
    } catch (const std::exception& broken) {
      ++violations;
      fmt::print("seed {}: {}\n", seed, broken.what());
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  fmt::print(
      "{} events, {} deliveries, {} sends, {} crashes ({} power cuts), {} resends of unknowns, {} duplicates, {:.1f} "
      "s\n",
      all.events, all.deliveries, all.sends, all.crashes, all.power_cuts, all.resends, all.duplicates, took.count());
  fmt::print("{} seeds, {} violations\n", arguments->seeds, violations);
  return violations == 0 ? 0 : 1;
}
