#include "broadcaster/plan/template.hpp"

#include <algorithm>

#include "broadcaster/base/files.hpp"
#include "broadcaster/base/unicode.hpp"
#include "broadcaster/base/yaml.hpp"
#include "broadcaster/plan/wording_reader.hpp"

namespace broadcaster::plan {
namespace {

using base::Errors;
using base::Fields;

bool is_slot_name(std::string_view name) {
  return !name.empty() && name.size() <= 32 && name.front() >= 'a' && name.front() <= 'z' &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

std::vector<Slot> read_slots(Fields& parent, Errors& errors) {
  std::vector<Slot> slots;
  const auto* node = parent.maybe_child("slots");
  if (!node) return slots;
  Fields fields(*node, parent.path_of("slots"), errors);
  for (const auto& entry : node->entries) {
    slots.push_back({entry.key, fields.text(entry.key)});
    for (const auto use : {PatternUse::order_form, PatternUse::false_alarm_form, PatternUse::ending_form}) {
      const auto names = built_in_slots(use);
      if (is_slot_name(entry.key) && std::ranges::find(names, entry.key, &SlotName::name) == names.end()) continue;
      fields.complain(entry.key, {"plan.slot_name", {}});
      break;
    }
  }
  return slots;
}

std::vector<Level> read_levels(Fields& parent, Errors& errors) {
  std::vector<Level> levels;
  const auto* node = parent.maybe_child("levels");
  if (!node) return levels;
  Fields all(*node, parent.path_of("levels"), errors);
  for (const auto& entry : node->entries) {
    const auto* grades = all.child(entry.key);
    if (!grades) continue;
    Fields fields(*grades, all.path_of(entry.key), errors);
    levels.push_back({std::string(entry.key), fields.choice("urgency", alert::choices<alert::Urgency>()),
                      fields.choice("severity", alert::choices<alert::Severity>()),
                      fields.choice("certainty", alert::choices<alert::Certainty>())});
  }
  return levels;
}

void check_clock(Fields& fields, const std::string& clock) {
  // Only what release can fill in without ICU (Hole::pattern).
  const auto stray = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\''; };
  auto rest = clock;
  for (const std::string_view letters : {"HH", "mm"}) {
    const auto at = rest.find(letters);
    if (at == std::string::npos) return fields.complain("clock", {"plan.template_clock", {}});
    rest.erase(at, letters.size());
  }
  if (std::ranges::any_of(rest, stray)) fields.complain("clock", {"plan.template_clock", {}});
}

}  // namespace

std::vector<SlotName> built_in_slots(PatternUse use) {
  using Kind = SlotName::Kind;
  std::vector<SlotName> names{{"agency", Kind::text}, {"agency_short", Kind::text}};
  if (use == PatternUse::voice) return names;
  const auto add = [&](std::initializer_list<SlotName> more) { names.insert(names.end(), more); };
  add({{"level", Kind::text},
       {"zones", Kind::text},
       {"zones_short", Kind::text},
       {"zone_count", Kind::number},
       {"zone_time_suffix", Kind::text},
       {"until", Kind::text}});
  switch (use) {
    case PatternUse::voice:
    case PatternUse::cap:
      break;
    case PatternUse::ending_cap:
      add({{"confirmation", Kind::text}, {"event", Kind::text}});
      break;
    case PatternUse::order_form:
      add({{"issued", Kind::hole}, {"code", Kind::hole}, {"arrival", Kind::text}});
      break;
    case PatternUse::false_alarm_form:
      add({{"issued", Kind::hole},
           {"code", Kind::hole},
           {"original_issued", Kind::hole},
           {"original_code", Kind::hole}});
      break;
    case PatternUse::ending_form:
      add({{"issued", Kind::hole},
           {"code", Kind::hole},
           {"confirmation", Kind::text},
           {"event", Kind::text},
           {"zones_not_yet", Kind::text},
           {"zones_not_yet_short", Kind::text}});
      break;
  }
  return names;
}

const Wording* wording(const Template& words, Speech speech) {
  switch (speech) {
    case Speech::order:
      return &words.order;
    case Speech::false_alarm:
      return &words.false_alarm;
    case Speech::all_clear:
      return words.all_clear ? &*words.all_clear : nullptr;
    case Speech::not_yet:
      return words.not_yet ? &*words.not_yet : nullptr;
  }
  return nullptr;
}

bool says_arrival(const Template& words) {
  for (const auto& [_, fragments] : words.order.forms)
    for (const auto& fragment : fragments) {
      const auto names = names_in(fragment.pattern);
      if (std::ranges::find(names, "arrival") != names.end()) return true;
    }
  return false;
}

base::Checked<Template> parse_template(const std::string& text, const std::string& file) {
  const auto root = base::parse_yaml(text, file);
  if (!root) return std::unexpected(root.error());
  Errors errors;
  Template out;
  {
    Fields fields(*root, "", errors);
    out.hazard = fields.text("hazard");
    out.language = alert::Language(fields.text("language"));
    out.clock = fields.text("clock");
    if (!out.clock.empty()) check_clock(fields, out.clock);
    out.category = fields.choice("category", alert::choices<alert::Category>());
    out.response = fields.choice("response", alert::choices<alert::ResponseType>());
    out.mode = fields.maybe_choice("mode", alert::choices<alert::Mode>());
    out.slots = read_slots(fields, errors);
    out.levels = read_levels(fields, errors);
    out.order = read_wording(fields, Speech::order, out.slots, errors);
    const auto inner = [&](const base::Node& node, const char* key, Speech speech) {
      Fields of(node, key, errors);
      return read_wording(of, speech, out.slots, errors);
    };
    if (const auto* node = fields.child("false_alarm"))
      out.false_alarm = inner(*node, "false_alarm", Speech::false_alarm);
    if (const auto* node = fields.maybe_child("all_clear"))
      out.all_clear = inner(*node, "all_clear", Speech::all_clear);
    if (const auto* node = fields.maybe_child("not_yet")) out.not_yet = inner(*node, "not_yet", Speech::not_yet);
    if (errors.empty()) {
      check_has_forms(fields, "false_alarm", out.order, out.false_alarm);
      if (out.all_clear) check_has_forms(fields, "all_clear", out.order, *out.all_clear);
      if (out.not_yet) check_has_forms(fields, "not_yet", out.order, *out.not_yet);
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  const auto& event = out.order.cap["event"];
  out.false_alarm.cap["event"] = event;
  for (auto* own : {&out.all_clear, &out.not_yet})
    if (*own) (*own)->cap["event"] = event;
  return out;
}

base::Checked<Template> read_template(const std::filesystem::path& path) {
  const auto text = base::read_file(path, 1 << 20);
  if (!text) return std::unexpected(Errors{text.error()});
  return parse_template(*text, path.string());
}

}  // namespace broadcaster::plan
