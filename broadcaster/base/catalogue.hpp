// The message catalogue: every prompt, error, table heading and report text, in Indonesian and English.
//
// Entries are ICU MessageFormat patterns with named arguments, in broadcaster/base/texts/<part>.<language>.yaml
// (flat: `key: "pattern"`), one pair of files a part, built into the program. A test reads the sources and fails when a
// key is missing in a language, unused, or asks for other arguments than its sister.
// Thread rule: any thread; immutable after the first call.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broadcaster/base/error.hpp"

namespace broadcaster::base {

class Catalogue {
 public:
  /// "id", "en"; regions are ignored ("id-ID"); anything else gives English.
  static const Catalogue& of(std::string_view language);
  static std::vector<std::string> languages();

  std::string_view language() const;

  /// A missing key or argument is a bug: the answer names it in double angle brackets, and tests look for those.
  std::string say(const Text& text) const;
  /// "file:line:column: key: what was expected, what was found"; the parts that are not known are left out.
  std::string say(const Error& error) const;
  bool has(std::string_view id) const;

 private:
  explicit Catalogue(std::string_view language);
  ~Catalogue();
  struct Entries;
  Entries* entries_;
};

}  // namespace broadcaster::base
