#include "broadcaster/plan/ending.hpp"

#include "broadcaster/base/files.hpp"
#include "broadcaster/plan/wording_reader.hpp"

namespace broadcaster::plan {
namespace {

using base::Errors;
using base::Fields;

Wording read_one(Fields& parent, std::string_view key, Speech speech, Errors& errors) {
  const auto* node = parent.child(key);
  if (!node) return {};
  Fields fields(*node, parent.path_of(key), errors);
  return read_wording(fields, speech, {}, errors);
}

/// What follows is about the event that the order names.
std::optional<Wording> of_event(Wording words, const Wording& order) {
  if (const auto event = order.cap.find("event"); event != order.cap.end()) words.cap["event"] = event->second;
  return words;
}

}  // namespace

base::Checked<Endings> parse_endings(const std::string& text, const std::string& file) {
  const auto root = base::parse_yaml(text, file);
  if (!root) return std::unexpected(root.error());
  Errors errors;
  Endings out;
  {
    Fields fields(*root, "", errors);
    if (const auto* node = fields.child("languages")) {
      Fields languages(*node, "languages", errors);
      for (const auto& entry : node->entries) {
        const auto* child = languages.child(entry.key);
        if (!child) continue;
        Fields language(*child, languages.path_of(entry.key), errors);
        out[entry.key] = {read_one(language, "all_clear", Speech::all_clear, errors),
                          read_one(language, "not_yet", Speech::not_yet, errors)};
      }
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return out;
}

base::Checked<Endings> read_endings(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return Endings();
  const auto text = base::read_file(path, 1 << 20);
  if (!text) return std::unexpected(Errors{text.error()});
  return parse_endings(*text, path.string());
}

void take_endings(const Endings& shared, Template& words) {
  const auto found = shared.find(words.language.value);
  if (found == shared.end()) return;
  if (!words.all_clear) words.all_clear = of_event(found->second.all_clear, words.order);
  if (!words.not_yet) words.not_yet = of_event(found->second.not_yet, words.order);
}

Speech speech_of(alert::Ending ending) {
  switch (ending) {
    case alert::Ending::may_return:
      return Speech::all_clear;
    case alert::Ending::not_yet:
      return Speech::not_yet;
  }
  return Speech::not_yet;
}

}  // namespace broadcaster::plan
