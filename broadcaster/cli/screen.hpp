// Where a command speaks: sentences of the catalogue to standard output, errors to standard error, in one language.
//
// Colour only on a terminal, and never with NO_COLOR (no-color.org). Thread rule: one thread.
#pragma once

#include <boost/json/value.hpp>
#include <cstdio>
#include <string>
#include <string_view>

#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/base/error.hpp"

namespace broadcaster::cli {

class Screen {
 public:
  explicit Screen(std::string_view language);

  const base::Catalogue& words() const { return words_; }
  std::string say(const base::Text& text) const { return words_.say(text); }

  /// A sentence on a line of its own; on a terminal broken between words (wrap.hpp).
  void line(const base::Text& text) const;
  /// As it is, with a line end.
  void text(std::string_view text) const;
  /// A line that has our own colours in it; every other one shows what would be a terminal's command as U+FFFD.
  void coloured(std::string_view line) const;
  /// A warning or a note that is no result: to standard error, so that a program reads results alone.
  void note(const base::Text& text) const;
  void json(const boost::json::value& value) const;
  /// A question as it is to be written: broken as a line is.
  std::string prompt(const std::string& question) const;

  /// Each error on its line of standard error; gives the exit status of the first.
  int fail(const base::Error& error) const;
  int fail(const base::Errors& errors) const;
  /// For an error without a place.
  int fail(base::ErrorKind kind, base::Text text) const;

 private:
  void complain(std::string_view complaint) const;
  const base::Catalogue& words_;
  enum class Colour { no, yes } error_colour_;
};

}  // namespace broadcaster::cli
