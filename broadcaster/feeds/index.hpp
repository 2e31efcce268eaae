// An index of bulletins: Atom (RFC 4287) or RSS 2.0, read leniently. Entries that hold their whole alert have no link
// here: the reader of CAP finds those. Thread rule: pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "broadcaster/alert/cap/element.hpp"
#include "broadcaster/base/error.hpp"
#include "broadcaster/base/time.hpp"

namespace broadcaster::feeds {

struct Entry {
  std::string id;                      ///< Atom id, RSS guid; else the link
  std::string link;                    ///< absolute; empty: none that could be one
  std::string updated;                 ///< as written; a changed one makes it news again
  std::optional<base::WallTime> time;  ///< the same, where it can be read
  bool operator==(const Entry&) const = default;
};

/// More than any centre has in force; what is beyond is counted.
constexpr std::size_t most_entries = 1000;

struct Index {
  std::vector<Entry> entries;
  std::int64_t left_out = 0;
};

/// Whether the document is an index at all.
bool is_index(const alert::cap::Element& root);
/// `url`: where the document came from; its relative links begin there.
Index read_index(const alert::cap::Element& root, const std::string& url);

}  // namespace broadcaster::feeds
