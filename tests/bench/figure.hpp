// One measured figure, and how it is told: one JSON line. Thread rule: plain functions.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace broadcaster::bench {

/// What must be reached. `none`: reported beside those that must.
struct Bar {
  enum class Kind { none, at_least, at_most } kind = Kind::none;
  double value = 0;
};

struct Figure {
  std::string name;  ///< "journal.sequential"
  double value = 0;
  std::string unit;
  Bar bar;
  /// What the same machine did in the same run without the product, or another view of the same run.
  std::vector<std::pair<std::string, double>> beside;
};

/// nullopt: it has no bar.
std::optional<bool> reached(const Figure& figure);
/// Prints its line at once.
void tell(const Figure& figure);

/// The value that `share` (0 to 1) of them do not exceed. At least one value.
double quantile(std::vector<double> values, double share);

}  // namespace broadcaster::bench
