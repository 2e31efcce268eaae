#include "broadcaster/cli/screen.hpp"

#include <unistd.h>

#include <boost/json/serialize.hpp>

#include "broadcaster/base/unicode.hpp"
#include "broadcaster/cli/wrap.hpp"
#include "broadcaster/service/progress.hpp"

namespace broadcaster::cli {
namespace {

/// For a person; a program reads whole lines.
std::string in_window(std::FILE* file, std::string_view line) {
  if (::isatty(::fileno(file)) == 0) return std::string(line);
  return wrapped_line(line, service::style_of(file, {}).width);
}

void put(std::FILE* file, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), file);
  std::fputc('\n', file);
  std::fflush(file);
}

}  // namespace

Screen::Screen(std::string_view language)
    : words_(base::Catalogue::of(language)),
      error_colour_(service::style_of(stderr, {}).colour == service::Colour::yes ? Colour::yes : Colour::no) {}

void Screen::line(const base::Text& text) const { put(stdout, in_window(stdout, base::shown_plainly(say(text)))); }

void Screen::text(std::string_view text) const { put(stdout, base::shown_plainly(text)); }

void Screen::coloured(std::string_view line) const { put(stdout, line); }

void Screen::note(const base::Text& text) const { put(stderr, in_window(stderr, base::shown_plainly(say(text)))); }

void Screen::json(const boost::json::value& value) const { put(stdout, boost::json::serialize(value)); }

std::string Screen::prompt(const std::string& question) const {
  return in_window(stdout, base::shown_plainly(question));
}

void Screen::complain(std::string_view complaint) const {
  const auto line = in_window(stderr, base::shown_plainly(complaint));
  switch (error_colour_) {
    case Colour::no:
      return put(stderr, line);
    case Colour::yes:
      return put(stderr, "\033[31m" + line + "\033[0m");
  }
}

int Screen::fail(const base::Error& error) const {
  complain(words_.say(error));
  return base::exit_status(error.kind);
}

int Screen::fail(const base::Errors& errors) const {
  for (const auto& error : errors) complain(words_.say(error));
  return base::exit_status(errors.front().kind);
}

int Screen::fail(base::ErrorKind kind, base::Text text) const {
  return fail(base::Error{.kind = kind, .text = std::move(text), .place = {}, .key = {}});
}

}  // namespace broadcaster::cli
