// One ICU MessageFormat pattern of a template: checked when it is read, formatted when a plan is made.
//
// MessageFormat itself is too lenient for texts that lives hang on: a missing argument prints "{area}" and succeeds,
// and a straight apostrophe before a brace quotes the slot away in silence. So every name is looked up beforehand, and
// a result with a brace in it is an error. Thread rule: any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "broadcaster/alert/vocabulary.hpp"
#include "broadcaster/base/error.hpp"

namespace broadcaster::plan {

using Value = std::variant<std::string, std::int64_t>;
using Values = std::map<std::string, Value>;

/// A name that a pattern may use. Only numbers may stand in {n, plural, …}; a place that release fills can neither be
/// counted nor chosen by.
struct SlotName {
  enum class Kind { text, number, hole };
  std::string name;
  Kind kind;
};

/// The names in a pattern, nested ones too, each once. Empty for a pattern that does not parse.
std::vector<std::string> names_in(const std::string& pattern);

/// What is wrong with it; nothing when it is good.
std::optional<base::Text> check_pattern(const std::string& pattern, std::span<const SlotName> known);

/// Errors: a name without a value; a value that ICU cannot take; a brace in the result, or nothing at all.
base::Result<std::string> format_pattern(const std::string& pattern, const alert::Language& language,
                                         const Values& values);

}  // namespace broadcaster::plan
