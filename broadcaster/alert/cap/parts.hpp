// One element of CAP taken apart leniently: its children by name whatever their order, with a note of every defect.
// Used by read.cpp and read_info.cpp only. Thread rule: plain values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broadcaster/alert/cap/note.hpp"
#include "broadcaster/alert/cap/schema.hpp"
#include "broadcaster/alert/vocabulary.hpp"
#include "broadcaster/alert/wording.hpp"

namespace broadcaster::alert::cap {

class Parts {
 public:
  /// `path` as "info[0]", empty for the alert itself. All references must outlive this.
  Parts(const Element& element, std::string path, std::span<const Rule> rules, Notes& notes);

  int line() const { return element_.line; }
  std::string path_of(std::string_view name) const;

  /// The elements of this name that are not empty.
  const std::vector<const Element*>& all(std::string_view name) const;
  /// The first; the others are noted as lost.
  const Element* one(std::string_view name);
  /// Its text, repaired (lenient_text); empty: not there.
  std::string text(std::string_view name);
  std::string text_of(const Element& element, const std::string& path);

  /// A word of CAP, in whatever capitals; nothing (noted with `instead`, what is taken instead) for another word.
  template <class E>
  std::optional<E> word(const Element& element, const std::string& path, std::string_view instead) {
    const auto found = trimmed(element.text);
    for (const auto& [spelling, value] : choices<E>()) {
      if (found == spelling) return value;
      if (!same_but_case(found, spelling)) continue;
      repaired(element.line, path, shown(found), std::string(spelling));
      return value;
    }
    notes_.add(NoteKind::lost, element.line, path,
               {"cap.no_such_word", {{"found", shown(found)}, {"made", std::string(instead)}}});
    return std::nullopt;
  }
  template <class E>
  E word(std::string_view name, E missing) {
    const auto* element = one(name);
    const std::string instead(alert::name(missing));
    if (!element) {
      notes_.add(NoteKind::lost, line(), path_of(name), {"cap.missing", {{"made", instead}}});
      return missing;
    }
    return word<E>(*element, path_of(name), instead).value_or(missing);
  }

  void repaired(int line, std::string path, std::string found, std::string made);
  void lost(int line, std::string path, std::string_view text_id, std::string_view found);

 private:
  static bool same_but_case(std::string_view a, std::string_view b);
  void sort(std::span<const Rule> rules);
  std::vector<std::string> missing_of(std::span<const Rule> rules) const;
  const Rule* meant(const Element& child, std::span<const Rule> rules, const std::vector<std::string>& missing);

  const Element& element_;
  std::string path_;
  Notes& notes_;
  int guesses_ = 0;  ///< names that were compared with those that are missing
  std::map<std::string_view, std::vector<const Element*>> by_name_;
};

}  // namespace broadcaster::alert::cap
