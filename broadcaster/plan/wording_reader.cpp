#include "broadcaster/plan/wording_reader.hpp"

#include <algorithm>
#include <array>

namespace broadcaster::plan {
namespace {

using base::Errors;
using base::Fields;
using base::Node;

constexpr std::array known_forms{"sms", "post", "event"};
constexpr std::array cap_names{"event", "headline", "description", "instruction"};
constexpr auto longest_cycle = std::chrono::seconds(300);

PatternUse form_use(Speech speech) {
  switch (speech) {
    case Speech::order:
      return PatternUse::order_form;
    case Speech::false_alarm:
      return PatternUse::false_alarm_form;
    case Speech::all_clear:
    case Speech::not_yet:
      return PatternUse::ending_form;
  }
  return PatternUse::order_form;
}

PatternUse cap_use(Speech speech) {
  return form_use(speech) == PatternUse::ending_form ? PatternUse::ending_cap : PatternUse::cap;
}

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

  Fragment fragment(const Node& node, const std::string& path, Speech speech) const {
    Fields fields(node, path, errors);
    const auto use = form_use(speech);
    Fragment out;
    int given = 0;
    const auto take = [&](const char* key, Fragment::Need need) {
      const auto text = fields.maybe_text(key);
      if (!text) return;
      ++given;
      out.need = need;
      out.pattern = *text;
      check(fields, key, out.pattern, use);
    };
    take("required", Fragment::Need::required);
    take("optional", Fragment::Need::optional);
    if (speech == Speech::all_clear) take("where_not_yet", Fragment::Need::where_not_yet);
    out.without_arrival = fields.maybe_text("without_arrival");
    if (given != 1) fields.complain("required", {"plan.fragment_need", {}});
    if (!out.without_arrival) return out;
    check(fields, "without_arrival", *out.without_arrival, use);
    const auto names = names_in(*out.without_arrival);
    if (std::ranges::find(names, "arrival") != names.end())
      fields.complain("without_arrival", {"plan.fragment_arrival", {}});
    return out;
  }

  std::vector<Fragment> form(const Node& node, const std::string& path, Speech speech) const {
    std::vector<Fragment> out;
    for (std::size_t i = 0; i < node.items.size(); ++i)
      out.push_back(fragment(node.items[i], path + "[" + std::to_string(i) + "]", speech));
    return out;
  }

  void forms(Fields& parent, Speech speech, Wording& wording) const {
    const auto* node = parent.child("forms");
    if (!node) return;
    Fields fields(*node, parent.path_of("forms"), errors);
    for (const std::string name : known_forms) {
      const auto* list = fields.maybe_child(name);
      if (!list) continue;
      if (list->kind != Node::Kind::list || list->items.empty()) {
        fields.complain(name, {"plan.form_list", {}});
        continue;
      }
      wording.forms[name] = form(*list, fields.path_of(name), speech);
    }
  }

  void words(Fields& parent, Speech speech, Wording& wording) const {
    const auto* node = parent.child("words");
    if (!node) return;
    Fields fields(*node, parent.path_of("words"), errors);
    wording.hazard_words = fields.texts("hazard");
    wording.guidance_words = fields.texts("guidance");
    if (speech == Speech::all_clear)
      wording.stop_words = fields.texts("stop");
    else
      wording.action_words = fields.maybe_texts("actions");
  }

  void cap(Fields& parent, Speech speech, Wording& wording) const {
    const auto* node = parent.child("cap");
    if (!node) return;
    Fields fields(*node, parent.path_of("cap"), errors);
    for (const std::string name : cap_names) {
      // What follows is about the same event.
      if (speech != Speech::order && name == "event") continue;
      wording.cap[name] = fields.text(name);
      check(fields, name, wording.cap[name], cap_use(speech));
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

  void wording(Fields& fields, Speech speech, Wording& out) const {
    words(fields, speech, out);
    cap(fields, speech, out);
    forms(fields, speech, out);
    siren(fields, out);
  }
};

}  // namespace

Wording read_wording(Fields& fields, Speech speech, const std::vector<Slot>& slots, Errors& errors) {
  Wording out;
  Reader{errors, slots}.wording(fields, speech, out);
  return out;
}

void check_has_forms(Fields& fields, std::string_view key, const Wording& order, const Wording& other) {
  for (const auto& [form, fragments] : order.forms)
    if (!other.forms.contains(form)) fields.complain(key, {"plan." + std::string(key) + "_form", {{"form", form}}});
}

}  // namespace broadcaster::plan
