// bench [--quick] [NAME…]: measures, and prints one JSON line a figure (tools/bench --help).
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <functional>
#include <string_view>

#include "broadcaster/base/digest.hpp"
#include "tests/bench/measures.hpp"

namespace {

using broadcaster::bench::Size;

struct Measure {
  std::string_view name;
  void (*measure)(Size);
};
constexpr Measure measures[] = {
    {"journal", broadcaster::bench::measure_journal},   {"record", broadcaster::bench::measure_record},
    {"recovery", broadcaster::bench::measure_recovery}, {"urgency", broadcaster::bench::measure_urgency},
    {"memory", broadcaster::bench::measure_memory},     {"fanout", broadcaster::bench::measure_fanout}};

int run(std::vector<std::string_view> names) {
  Size size;
  if (std::erase(names, "--quick") > 0) size.kind = Size::Kind::quick;
  for (const auto name : names)
    if (std::ranges::find(measures, name, &Measure::name) == std::end(measures)) {
      fmt::print(stderr, "bench measures journal, record, recovery, urgency, memory and fanout; not {}\n", name);
      return 2;
    }
  for (const auto& each : measures)
    if (names.empty() || std::ranges::find(names, each.name) != names.end()) each.measure(size);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    broadcaster::base::init_crypto();
    const std::vector<std::string_view> words(argv + 1, argv + argc);
    if (words.size() == 3 && words[0] == "--own")
      return broadcaster::bench::own(std::string(words[1]), std::string(words[2]));
    return run(words);
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench: {}\n", error.what());
    return 5;
  }
}
