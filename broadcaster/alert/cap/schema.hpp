// The structure of CAP 1.2 as a table, from the element tables of the standard (OASIS CAP 1.2, 1 July 2010, §3.2) and
// the constraints of its schema (§3.4): which elements, in which order, how often, of which type.
//
// The strict side judges with it what we write; the lenient reader takes names and order from it. Thread rule: pure
// functions over constants.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "broadcaster/alert/cap/element.hpp"
#include "broadcaster/base/error.hpp"

namespace broadcaster::alert::cap {

enum class Type { text, time, language, whole, decimal, uri, word, group };

/// One element inside another; the order of the table is the order in the document (xs:sequence).
struct Rule {
  std::string_view name;
  int least = 0;
  int most = 1;  ///< 0: any number
  Type type = Type::text;
  std::span<const std::string_view> words = {};  ///< Type::word
  std::span<const Rule> children = {};           ///< Type::group
};

std::span<const Rule> alert_rules();     // §3.2.1
std::span<const Rule> info_rules();      // §3.2.2
std::span<const Rule> resource_rules();  // §3.2.3
std::span<const Rule> area_rules();      // §3.2.4
std::span<const Rule> pair_rules();      // valueName, value

const Rule* find_rule(std::span<const Rule> rules, std::string_view name);

struct SchemaFault {
  int line = 0;
  std::string element;  ///< "info[0].area[1].ceiling"
  base::Text text;
};

/// Everything in which the document is not valid; empty: it is.
std::vector<SchemaFault> schema_faults(const Element& root);

}  // namespace broadcaster::alert::cap
