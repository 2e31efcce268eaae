// The live table: a row an endpoint, drawn from an alert of the status document.
//
// "accepted" (the far side took it) and "proven" (it sounded, arrived, stands there) differ by word and sign, not by
// colour alone. Narrow windows lose columns, never rows. Thread rule: pure; ProgressScreen writes to its file.
#pragma once

#include <boost/json/object.hpp>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace broadcaster::service {

enum class Colour { no, yes };

struct ScreenStyle {
  std::string language = "en";
  int width = 80;
  Colour colour = Colour::no;
};

/// Lines of at most `style.width` columns, without line ends.
std::vector<std::string> progress_lines(const boost::json::object& alert, const ScreenStyle& style);

/// What a terminal can do: its width, and colour unless NO_COLOR says no. A file or pipe: 100 columns, no colour.
ScreenStyle style_of(std::FILE* file, std::string language);

/// Redraws in place on a terminal; on a pipe writes a block only when something changed, once a second at most.
class ProgressScreen {
 public:
  ProgressScreen(std::FILE* file, ScreenStyle style);
  /// `now_ms`: monotonic.
  void show(const std::vector<std::string>& lines, std::int64_t now_ms);
  /// Leaves the last picture on the screen; on a pipe writes it if it was held back.
  void finish();

 private:
  void write(const std::vector<std::string>& lines);
  std::FILE* file_;
  ScreenStyle style_;
  bool terminal_;
  std::vector<std::string> shown_, waiting_;
  std::int64_t written_at_ = -1'000'000;
};

/// Columns of a terminal that the text takes (East Asian wide characters count two; combining marks none).
int columns_of(std::string_view text);

}  // namespace broadcaster::service
