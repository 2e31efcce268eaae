// What the lenient reader made of a document that is not as the standard wants it: never in silence.
//
// Thread rule: plain values.
#pragma once

#include <string>
#include <vector>

#include "broadcaster/base/error.hpp"

namespace broadcaster::alert::cap {

/// `repaired`: read in spite of a defect. `lost`: could not be read, and is not in the alert; a person must look.
enum class NoteKind { repaired, lost };

struct Note {
  NoteKind kind = NoteKind::repaired;
  int line = 0;
  std::string element;  ///< CAP path, as "info[0].area[1].polygon[0]"
  base::Text text;      ///< what was found, and what was made of it
  bool operator==(const Note&) const = default;
};

/// More than this many are counted, not listed: a file of a million defects must not become a million lines.
constexpr std::size_t most_notes = 500;

struct Notes {
  std::vector<Note> list;
  std::int64_t not_listed = 0;
  bool operator==(const Notes&) const = default;

  void add(NoteKind kind, int line, std::string element, base::Text text) {
    if (list.size() >= most_notes)
      ++not_listed;
    else
      list.push_back({kind, line, std::move(element), std::move(text)});
  }
};

}  // namespace broadcaster::alert::cap
