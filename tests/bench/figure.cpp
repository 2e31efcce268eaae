#include "tests/bench/figure.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace broadcaster::bench {
namespace {

/// Four digits say all that such a measurement knows.
std::string rounded(double value) {
  if (std::abs(value) >= 1000) return fmt::format("{:.0f}", value);
  return fmt::format("{:.4g}", value);
}

}  // namespace

std::optional<bool> reached(const Figure& figure) {
  switch (figure.bar.kind) {
    case Bar::Kind::none:
      return std::nullopt;
    case Bar::Kind::at_least:
      return figure.value >= figure.bar.value;
    case Bar::Kind::at_most:
      return figure.value <= figure.bar.value;
  }
  return std::nullopt;
}

void tell(const Figure& figure) {
  std::string bar = "null", ok = "null", beside;
  if (const auto good = reached(figure)) {
    bar = fmt::format("\"{} {:g}\"", figure.bar.kind == Bar::Kind::at_least ? ">=" : "<=", figure.bar.value);
    ok = *good ? "true" : "false";
  }
  for (const auto& [name, value] : figure.beside)
    beside += fmt::format("{}\"{}\":{}", beside.empty() ? "" : ",", name, rounded(value));
  // By hand: Boost.JSON writes a number that is no whole one as 2.502E2. No name here needs an escape.
  fmt::print(R"({{"name":"{}","value":{},"unit":"{}","bar":{},"ok":{},"beside":{{{}}}}})"
             "\n",
             figure.name, rounded(figure.value), figure.unit, bar, ok, beside);
  std::fflush(stdout);
}

double quantile(std::vector<double> values, double share) {
  std::ranges::sort(values);
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  return values.at(rank == 0 ? 0 : rank - 1);
}

}  // namespace broadcaster::bench
