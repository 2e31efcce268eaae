// Small helps for errors about what a person wrote. Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace broadcaster::alert {

/// A value as an error shows it: in quotes, on one line, at most 60 characters.
std::string shown(std::string_view value);

/// The candidate that was probably meant (at most two slips of the finger away, small and capital letters the same);
/// empty when none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// Names that stand in topics, paths and URLs (zones, sirens): small letters, digits and hyphens, 1 to 32.
bool is_id(std::string_view text);

/// YYYY-MM-DD of a day that exists.
bool is_date(std::string_view text);

/// A decimal number as CAP and YAML write it ("-12.05"): no exponent, no "inf". Nothing else around it.
bool parse_decimal(std::string_view text, double& out);
/// Shortest form that parse_decimal reads back as the same number.
std::string format_decimal(double value);

}  // namespace broadcaster::alert
