// Which alarm wakes somebody, and which only shows in `status`.
//
// One row a kind of alarm, by its key (dispatch::Driver::alarms()). A row that wakes says what the page reads; its
// arguments are the alarm's own. An alarm that no row knows wakes somebody: it is new, and nobody has said yet that it
// may wait for the morning. Thread rule: pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "broadcaster/base/error.hpp"

namespace broadcaster::service {

struct PageRow {
  /// Parts of the key between '/': "*" is any one part, "**" at the end is any rest.
  std::string_view pattern;
  enum class Wakes { nobody, somebody } wakes = Wakes::nobody;
  /// Is the same alarm with another text news for somebody who has acknowledged it? A countdown is; a counter is not.
  enum class News { no, another_text } news = News::no;
  std::string_view text;  ///< key of the catalogue; empty where nobody is woken
  /// Alarms of one cause make one page; empty: each has its own.
  std::string_view page = {};
};

/// The row of this alarm, or the one for what none knows.
const PageRow& page_row(std::string_view alarm);

/// The key of the page that this alarm makes.
std::string page_key(const PageRow& row, std::string_view alarm);

/// What the page reads, with the alarm's arguments; of an alarm that no row knows, its key. Arguments that only count
/// up do not come along, unless another text is news.
base::Text page_text(const PageRow& row, std::string_view alarm, const base::Text& text);

}  // namespace broadcaster::service
