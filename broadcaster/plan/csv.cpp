#include "broadcaster/plan/csv.hpp"

#include <cerrno>
#include <cstring>

namespace broadcaster::plan {
namespace {

constexpr std::size_t longest_record = 4096;

}  // namespace

base::Result<CsvReader> CsvReader::open(const std::filesystem::path& path) {
  std::error_code ignored;
  const bool folder = std::filesystem::is_directory(path, ignored);
  auto* file = folder ? nullptr : std::fopen(path.c_str(), "rb");
  if (!file)
    return std::unexpected(base::Error{
        .kind = base::ErrorKind::bad_input,
        .text = {"plan.audience_unreadable", {{"reason", std::string(std::strerror(folder ? EISDIR : errno))}}},
        .place = base::Place{path.string(), 0, 0},
        .key = {}});
  CsvReader reader(file);
  // The byte-order mark that spreadsheets write.
  char mark[3];
  if (std::fread(mark, 1, 3, file) != 3 || std::memcmp(mark, "\xef\xbb\xbf", 3) != 0) std::rewind(file);
  return reader;
}

int CsvReader::get() {
  const int c = getc_unlocked(file_.get());
  if (c == '\n') ++next_line_;
  return c;
}

CsvReader::Step CsvReader::next(std::vector<std::string>& fields) {
  enum class State { begin, plain, quoted, quote_in_quoted };
  fields.assign(1, {});
  line_ = next_line_;
  auto state = State::begin;
  std::size_t size = 0;
  bool anything = false;
  for (;;) {
    int c = get();
    if (c == EOF) {
      if (state == State::quoted) return Step::open_quote;
      if (!anything) return Step::end;
      return size > longest_record ? Step::too_long : Step::record;
    }
    anything = true;
    if (++size > longest_record) {
      // The rest is only looked at for its end.
      fields.assign(1, {});
    }
    switch (state) {
      case State::quoted:
        if (c == '\n') return Step::open_quote;
        if (c == '"')
          state = State::quote_in_quoted;
        else
          fields.back() += static_cast<char>(c);
        continue;
      case State::quote_in_quoted:
        if (c == '"') {
          fields.back() += '"';
          state = State::quoted;
          continue;
        }
        state = State::plain;
        break;
      case State::begin:
        if (c == '"') {
          state = State::quoted;
          continue;
        }
        state = State::plain;
        break;
      case State::plain:
        break;
    }
    if (c == '\n') {
      if (!fields.back().empty() && fields.back().back() == '\r') fields.back().pop_back();
      return size > longest_record ? Step::too_long : Step::record;
    }
    if (c == ',') {
      fields.emplace_back();
      state = State::begin;
    } else {
      fields.back() += static_cast<char>(c);
    }
  }
}

}  // namespace broadcaster::plan
