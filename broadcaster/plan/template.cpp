#include "broadcaster/plan/template.hpp"

#include <algorithm>
#include <array>

#include "broadcaster/base/files.hpp"
#include "broadcaster/base/unicode.hpp"
#include "broadcaster/base/yaml.hpp"

namespace broadcaster::plan {
namespace {

using base::Errors;
using base::Fields;
using base::Node;

constexpr std::array form_names{"sms", "post", "event"};
constexpr std::array cap_names{"event", "headline", "description", "instruction"};
constexpr auto longest_cycle = std::chrono::seconds(300);

enum class Part { order, false_alarm };

struct Reader {
  Errors& errors;
  const std::vector<Slot>& slots;

  std::vector<SlotName> known(PatternUse use) const {
    auto names = built_in_slots(use);
    if (use != PatternUse::voice)
      for (const auto& slot : slots) names.push_back({slot.name, SlotName::Kind::text});
    return names;
  }

  void check(Fields& fields, std::string_view key, const std::string& pattern, PatternUse use) const {
    if (pattern.empty()) return;  // reported, or absent
    if (auto wrong = check_pattern(pattern, known(use))) fields.complain(key, std::move(*wrong));
  }

  Fragment fragment(const Node& node, const std::string& path, PatternUse use) const {
    Fields fields(node, path, errors);
    Fragment out;
    const auto required = fields.maybe_text("required");
    const auto optional = fields.maybe_text("optional");
    out.need = required ? Fragment::Need::required : Fragment::Need::optional;
    out.pattern = required.value_or(optional.value_or(""));
    out.without_arrival = fields.maybe_text("without_arrival");
    if (required.has_value() == optional.has_value()) fields.complain("required", {"plan.fragment_need", {}});
    check(fields, required ? "required" : "optional", out.pattern, use);
    if (!out.without_arrival) return out;
    check(fields, "without_arrival", *out.without_arrival, use);
    const auto names = names_in(*out.without_arrival);
    if (std::ranges::find(names, "arrival") != names.end())
      fields.complain("without_arrival", {"plan.fragment_arrival", {}});
    return out;
  }

  std::vector<Fragment> form(const Node& node, const std::string& path, PatternUse use) const {
    std::vector<Fragment> out;
    for (std::size_t i = 0; i < node.items.size(); ++i)
      out.push_back(fragment(node.items[i], path + "[" + std::to_string(i) + "]", use));
    return out;
  }

  void forms(Fields& parent, Part part, Wording& wording) const {
    const auto* node = parent.child("forms");
    if (!node) return;
    Fields fields(*node, parent.path_of("forms"), errors);
    for (const std::string name : form_names) {
      const auto* list = fields.maybe_child(name);
      if (!list) continue;
      if (list->kind != Node::Kind::list || list->items.empty()) {
        fields.complain(name, {"plan.form_list", {}});
        continue;
      }
      wording.forms[name] = form(*list, fields.path_of(name),
                                 part == Part::order ? PatternUse::order_form : PatternUse::false_alarm_form);
    }
  }

  void words(Fields& parent, Wording& wording) const {
    const auto* node = parent.child("words");
    if (!node) return;
    Fields fields(*node, parent.path_of("words"), errors);
    wording.hazard_words = fields.texts("hazard");
    wording.guidance_words = fields.texts("guidance");
    wording.action_words = fields.maybe_texts("actions");
  }

  void cap(Fields& parent, Part part, Wording& wording) const {
    const auto* node = parent.child("cap");
    if (!node) return;
    Fields fields(*node, parent.path_of("cap"), errors);
    for (const std::string name : cap_names) {
      // A false alarm is about the same event.
      if (part == Part::false_alarm && name == "event") continue;
      wording.cap[name] = fields.text(name);
      check(fields, name, wording.cap[name], PatternUse::cap);
    }
  }

  void siren(Fields& parent, Wording& wording) const {
    const auto* node = parent.child("siren");
    if (!node) return;
    Fields fields(*node, parent.path_of("siren"), errors);
    wording.siren = {fields.text("program"), fields.duration("duration"), fields.text("voice")};
    check(fields, "voice", wording.siren.voice, PatternUse::voice);
    if (wording.siren.duration > longest_cycle)
      fields.complain("duration", {"plan.siren_long", {{"limit", std::int64_t{longest_cycle.count()}}}});
  }

  void wording(Fields& fields, Part part, Wording& out) const {
    words(fields, out);
    cap(fields, part, out);
    forms(fields, part, out);
    siren(fields, out);
  }
};

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
    for (const auto use : {PatternUse::order_form, PatternUse::false_alarm_form}) {
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

/// A form that can order must be able to take it back.
void check_both_have_forms(Fields& fields, const Template& out) {
  for (const auto& [form, fragments] : out.order.forms)
    if (!out.false_alarm.forms.contains(form))
      fields.complain("false_alarm", {"plan.false_alarm_form", {{"form", form}}});
}

}  // namespace

std::vector<SlotName> built_in_slots(PatternUse use) {
  using Kind = SlotName::Kind;
  std::vector<SlotName> names{{"agency", Kind::text}, {"agency_short", Kind::text}};
  if (use == PatternUse::voice) return names;
  names.insert(names.end(), {{"level", Kind::text},
                             {"zones", Kind::text},
                             {"zones_short", Kind::text},
                             {"zone_count", Kind::number},
                             {"zone_time_suffix", Kind::text},
                             {"until", Kind::text}});
  if (use == PatternUse::cap) return names;
  names.insert(names.end(), {{"issued", Kind::hole}, {"code", Kind::hole}});
  if (use == PatternUse::order_form) names.push_back({"arrival", Kind::text});
  if (use == PatternUse::false_alarm_form)
    names.insert(names.end(), {{"original_issued", Kind::hole}, {"original_code", Kind::hole}});
  return names;
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
    const Reader reader{errors, out.slots};
    reader.wording(fields, Part::order, out.order);
    if (const auto* node = fields.child("false_alarm")) {
      Fields inner(*node, "false_alarm", errors);
      reader.wording(inner, Part::false_alarm, out.false_alarm);
    }
    if (errors.empty()) check_both_have_forms(fields, out);
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  out.false_alarm.cap["event"] = out.order.cap["event"];
  return out;
}

base::Checked<Template> read_template(const std::filesystem::path& path) {
  const auto text = base::read_file(path, 1 << 20);
  if (!text) return std::unexpected(Errors{text.error()});
  return parse_template(*text, path.string());
}

}  // namespace broadcaster::plan
