// Names that cannot be mixed up: an endpoint's name is no zone id although both are text.
//
//   using ZoneId = base::Strong<struct ZoneIdTag>;
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace broadcaster::base {

template <class Tag, class Value = std::string>
struct Strong {
  Value value{};

  constexpr Strong() = default;
  constexpr explicit Strong(Value v) : value(std::move(v)) {}
  auto operator<=>(const Strong&) const = default;
};

}  // namespace broadcaster::base

template <class Tag, class Value>
struct std::hash<broadcaster::base::Strong<Tag, Value>> {
  std::size_t operator()(const broadcaster::base::Strong<Tag, Value>& s) const { return std::hash<Value>{}(s.value); }
};
