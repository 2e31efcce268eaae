#include "broadcaster/plan/templates.hpp"

#include <algorithm>
#include <set>

#include "broadcaster/plan/ending.hpp"
#include "broadcaster/plan/lint.hpp"

namespace broadcaster::plan {
namespace {

namespace fs = std::filesystem;
using base::Errors;

void complain(Errors& errors, const fs::path& file, std::string key, base::Text text) {
  errors.push_back({.kind = base::ErrorKind::bad_input,
                    .text = std::move(text),
                    .place = base::Place{file.string(), 0, 0},
                    .key = std::move(key)});
}

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) out.push_back(entry.path());
  std::ranges::sort(out);
  return out;
}

struct File {
  fs::path path;
  Template content;
};

std::vector<File> read_all(const fs::path& folder, Errors& errors) {
  std::vector<File> files;
  for (const auto& hazard : sorted_entries(folder)) {
    if (!fs::is_directory(hazard)) continue;
    for (const auto& path : sorted_entries(hazard)) {
      if (path.extension() != ".yaml") continue;
      auto content = read_template(path);
      if (!content) {
        errors.insert(errors.end(), content.error().begin(), content.error().end());
        continue;
      }
      if (content->hazard != hazard.filename())
        complain(errors, path, "hazard", {"plan.template_folder", {{"expected", hazard.filename().string()}}});
      if (content->language.value != path.stem())
        complain(errors, path, "language", {"plan.template_file", {{"expected", path.stem().string()}}});
      files.push_back({path, std::move(*content)});
    }
  }
  return files;
}

std::set<std::string> slot_names(const Template& content) {
  std::set<std::string> names;
  for (const auto& slot : content.slots) names.insert(slot.name);
  return names;
}

/// What the shared words must have for this hazard; a file's own are checked where it is read.
void check_shared_forms(const File& file, const fs::path& shared_file, Errors& errors) {
  for (const auto speech : {Speech::all_clear, Speech::not_yet}) {
    const auto* words = wording(file.content, speech);
    const std::string key = speech == Speech::all_clear ? "all_clear" : "not_yet";
    for (const auto& [form, fragments] : file.content.order.forms)
      if (words && !words->forms.contains(form))
        complain(errors, shared_file, "languages." + file.content.language.value + "." + key,
                 {"plan." + key + "_form", {{"form", form}}});
  }
}

/// One siren speaks all languages, and one alert answers the slots of all: they must agree.
void check_sisters(const File& first, const File& second, Errors& errors) {
  const auto same = [](const SirenWords& a, const SirenWords& b) {
    return a.program == b.program && a.duration == b.duration;
  };
  const std::string other = first.path.string();
  for (const auto& [speech, key] : {std::pair{Speech::order, "siren"},
                                    {Speech::false_alarm, "false_alarm.siren"},
                                    {Speech::all_clear, "all_clear.siren"},
                                    {Speech::not_yet, "not_yet.siren"}}) {
    const auto *mine = wording(first.content, speech), *theirs = wording(second.content, speech);
    // A language that has no words for an ending does not speak it.
    if (mine && theirs && !same(mine->siren, theirs->siren))
      complain(errors, second.path, key, {"plan.template_siren_differs", {{"other", other}}});
  }
  if (slot_names(first.content) != slot_names(second.content))
    complain(errors, second.path, "slots", {"plan.template_slots_differ", {{"other", other}}});
  if (first.content.levels != second.content.levels)
    complain(errors, second.path, "levels", {"plan.template_levels_differ", {{"other", other}}});
  if (first.content.category != second.content.category || first.content.response != second.content.response ||
      first.content.mode != second.content.mode)
    complain(errors, second.path, "category", {"plan.template_cap_differs", {{"other", other}}});
}

void check_marks(const File& file, const Marks& marks, const fs::path& marks_file, Errors& errors) {
  const auto& language = file.content.language.value;
  const auto found = marks.languages.find(language);
  if (found == marks.languages.end())
    return complain(errors, marks_file, "languages." + language, {"plan.marks_language", {}});
  for (const auto& [form, fragments] : file.content.order.forms)
    if (!found->second.frames.contains(form))
      complain(errors, marks_file, "languages." + language + ".frames." + form, {"plan.marks_form", {}});
  for (const auto speech : {Speech::order, Speech::false_alarm, Speech::all_clear, Speech::not_yet}) {
    const auto* words = wording(file.content, speech);
    for (const auto* drill : {&found->second.siren, &found->second.siren_false_alarm, &found->second.siren_not_yet})
      if (words && words->siren.program == drill->program)
        complain(errors, marks_file, "languages." + language + ".siren",
                 {"plan.marks_live_program", {{"program", drill->program}}});
  }
}

void check_marks_agree(const Marks& marks, const fs::path& file, Errors& errors) {
  for (const auto& [language, of_language] : marks.languages) {
    const auto& first = marks.languages.begin()->second;
    if (of_language.siren.program != first.siren.program ||
        of_language.siren_false_alarm.program != first.siren_false_alarm.program ||
        of_language.siren_not_yet.program != first.siren_not_yet.program)
      complain(errors, file, "languages." + language, {"plan.marks_siren_differs", {}});
  }
}

}  // namespace

const Template* Templates::find(const std::string& hazard, const alert::Language& language) const {
  for (const auto& one : all)
    if (one.hazard == hazard && one.language == language) return &one;
  return nullptr;
}

std::vector<std::string> Templates::hazards() const {
  std::vector<std::string> names;
  for (const auto& one : all)
    if (names.empty() || names.back() != one.hazard) names.push_back(one.hazard);
  return names;
}

namespace {

std::vector<std::string> told(const Wording& order) {
  auto out = order.guidance_words;
  out.insert(out.end(), order.action_words.begin(), order.action_words.end());
  return out;
}

}  // namespace

std::vector<ForeignGuidance> Templates::foreign_to(const Template& words) const {
  const auto own = told(words.order);
  // A phrase that lies inside one of its own is its own.
  const auto is_own = [&](const std::string& phrase) {
    return std::ranges::any_of(own, [&](const std::string& mine) { return says(mine, phrase); });
  };
  std::vector<ForeignGuidance> out;
  for (const auto& other : all) {
    if (other.hazard == words.hazard || other.language != words.language) continue;
    for (auto& phrase : told(other.order))
      if (!is_own(phrase) && std::ranges::find(out, phrase, &ForeignGuidance::phrase) == out.end())
        out.push_back({std::move(phrase), other.hazard});
  }
  return out;
}

base::Checked<Templates> read_templates(const fs::path& folder) {
  Errors errors;
  Templates out;
  const auto marks_file = folder / "marks.yaml";
  auto marks = read_marks(marks_file);
  if (!marks) errors = std::move(marks.error());
  const auto shared_file = folder / "all-clear.yaml";
  const auto shared = read_endings(shared_file);
  if (!shared) errors.insert(errors.end(), shared.error().begin(), shared.error().end());
  auto files = read_all(folder, errors);
  if (shared)
    for (auto& file : files) {
      take_endings(*shared, file.content);
      check_shared_forms(file, shared_file, errors);
    }
  if (files.empty() && errors.empty()) complain(errors, folder, "", {"plan.templates_none", {}});
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (marks) check_marks(files[i], *marks, marks_file, errors);
    const auto first =
        std::ranges::find(files, files[i].content.hazard, [](const File& f) { return f.content.hazard; });
    if (&*first != &files[i]) check_sisters(*first, files[i], errors);
  }
  if (marks) check_marks_agree(*marks, marks_file, errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  out.marks = std::move(*marks);
  for (auto& file : files) out.all.push_back(std::move(file.content));
  return out;
}

}  // namespace broadcaster::plan
