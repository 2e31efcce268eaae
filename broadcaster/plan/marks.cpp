#include "broadcaster/plan/marks.hpp"

#include <algorithm>

#include "broadcaster/alert/mark.hpp"
#include "broadcaster/base/files.hpp"
#include "broadcaster/base/yaml.hpp"
#include "broadcaster/plan/template.hpp"

namespace broadcaster::plan {
namespace {

using base::Errors;
using base::Fields;

constexpr std::string_view blank = " \n\t";

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(blank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool begins_with(std::string_view text, std::string_view token) {
  return text.size() >= token.size() &&
         std::ranges::equal(text.substr(0, token.size()), token, [](char a, char b) { return lower(a) == lower(b); });
}

/// By form; absent: an update's text begins like any other.
void read_update(Fields& parent, LanguageMarks& out, Errors& errors) {
  const auto* node = parent.maybe_child("update");
  if (!node) return;
  Fields fields(*node, parent.path_of("update"), errors);
  for (const auto& entry : node->entries) {
    out.update[entry.key] = fields.text(entry.key);
    // It would be taken for the mark of a drill, or hide it.
    if (alert::begins_with_drill_mark(out.update[entry.key])) fields.complain(entry.key, {"plan.update_is_drill", {}});
  }
}

void read_frames(Fields& parent, LanguageMarks& out, Errors& errors) {
  const auto* node = parent.child("frames");
  if (!node) return;
  Fields frames(*node, parent.path_of("frames"), errors);
  for (const auto& entry : node->entries) {
    const auto* child = frames.child(entry.key);
    if (!child) continue;
    Fields fields(*child, frames.path_of(entry.key), errors);
    const Frame frame{fields.text("before"), fields.text("after")};
    // A frame that ends in no mark of its own could not be told from an ordinary sentence.
    if (trimmed(frame.before).size() < 3)
      fields.complain("before", {"plan.mark_short", {}});
    else if (!alert::begins_with_drill_mark(frame.before))
      fields.complain("before", {"plan.mark_not_fixed", {}});
    if (trimmed(frame.after).size() < 3) fields.complain("after", {"plan.mark_short", {}});
    out.frames[entry.key] = frame;
  }
}

SirenMark read_siren(Fields& parent, std::string_view key, Errors& errors) {
  const auto* node = parent.child(key);
  if (!node) return {};
  Fields fields(*node, parent.path_of(key), errors);
  SirenMark out{fields.text("program"), fields.text("voice")};
  if (auto wrong = check_pattern(out.voice, built_in_slots(PatternUse::voice)); wrong && !out.voice.empty())
    fields.complain("voice", std::move(*wrong));
  return out;
}

}  // namespace

base::Checked<Marks> parse_marks(const std::string& text, const std::string& file) {
  const auto root = base::parse_yaml(text, file);
  if (!root) return std::unexpected(root.error());
  Errors errors;
  Marks out;
  {
    Fields fields(*root, "", errors);
    if (const auto* node = fields.child("languages")) {
      Fields languages(*node, "languages", errors);
      for (const auto& entry : node->entries) {
        const auto* child = languages.child(entry.key);
        if (!child) continue;
        Fields language(*child, languages.path_of(entry.key), errors);
        auto& marks = out.languages[entry.key];
        read_frames(language, marks, errors);
        read_update(language, marks, errors);
        marks.siren = read_siren(language, "siren", errors);
        marks.siren_false_alarm = read_siren(language, "siren_false_alarm", errors);
        marks.siren_not_yet =
            language.maybe_child("siren_not_yet") ? read_siren(language, "siren_not_yet", errors) : marks.siren;
      }
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return out;
}

base::Checked<Marks> read_marks(const std::filesystem::path& path) {
  const auto text = base::read_file(path, 1 << 20);
  if (!text) return std::unexpected(Errors{text.error()});
  return parse_marks(*text, path.string());
}

std::string framed(const Frame& frame, std::string_view text) { return frame.before + std::string(text) + frame.after; }

bool bears(const Frame& frame, std::string_view text) {
  return text.size() >= frame.before.size() + frame.after.size() && text.starts_with(frame.before) &&
         text.ends_with(frame.after);
}

std::optional<std::string> mark_in(const Marks& marks, std::string_view text) {
  const auto body = trimmed(text);
  for (const auto& [language, of_language] : marks.languages)
    for (const auto& [form, frame] : of_language.frames) {
      if (begins_with(body, trimmed(frame.before))) return std::string(trimmed(frame.before));
      // Exactly, letter for letter: a live text may well end with "… Balai Latihan."
      if (body.ends_with(trimmed(frame.after))) return std::string(trimmed(frame.after));
    }
  return std::nullopt;
}

}  // namespace broadcaster::plan
