#include "broadcaster/cli/screen.hpp"

#include <boost/json/serialize.hpp>

#include "broadcaster/service/progress.hpp"

namespace broadcaster::cli {
namespace {

void put(std::FILE* file, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), file);
  std::fputc('\n', file);
  std::fflush(file);
}

}  // namespace

Screen::Screen(std::string_view language)
    : words_(base::Catalogue::of(language)),
      error_colour_(service::style_of(stderr, {}).colour == service::Colour::yes ? Colour::yes : Colour::no) {}

void Screen::line(const base::Text& text) const { put(stdout, say(text)); }

void Screen::text(std::string_view text) const { put(stdout, text); }

void Screen::note(const base::Text& text) const { put(stderr, say(text)); }

void Screen::json(const boost::json::value& value) const { put(stdout, boost::json::serialize(value)); }

void Screen::complain(std::string_view line) const {
  switch (error_colour_) {
    case Colour::no:
      return put(stderr, line);
    case Colour::yes:
      return put(stderr, "\033[31m" + std::string(line) + "\033[0m");
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
