#include "broadcaster/alert/lint.hpp"

#include <algorithm>
#include <set>

#include "broadcaster/alert/all_clear.hpp"
#include "broadcaster/alert/cap_rules.hpp"
#include "broadcaster/alert/mark.hpp"
#include "broadcaster/alert/text_rules.hpp"
#include "broadcaster/alert/touched.hpp"
#include "broadcaster/alert/wording.hpp"

namespace broadcaster::alert {
namespace {

using base::Text;

/// Everything but the description, which is in the info's language.
bool same_place(const Area& a, const Area& b) {
  return a.polygons == b.polygons && a.circles == b.circles && a.geocodes == b.geocodes &&
         a.altitude_feet == b.altitude_feet && a.ceiling_feet == b.ceiling_feet;
}

class Linter {
 public:
  Linter(const Alert& alert, const Zones& zones, base::WallTime now) : alert_(alert), zones_(zones), now_(now) {}

  std::vector<LintFinding> run() {
    area();
    meaning();
    for (auto& fault : all_clear_faults(alert_)) error(fault.rule, fault.element, std::move(fault.text));
    for (std::size_t i = 0; i < alert_.infos.size(); ++i) info(alert_.infos[i], "info[" + std::to_string(i) + "]");
    languages();
    exercise();
    texts();
    errors_.insert(errors_.end(), warnings_.begin(), warnings_.end());
    return std::move(errors_);
  }

 private:
  void error(std::string rule, std::string element, Text text) {
    errors_.push_back({std::move(rule), LintSeverity::error, std::move(text), std::move(element)});
  }
  void warning(std::string rule, std::string element, Text text) {
    warnings_.push_back({std::move(rule), LintSeverity::warning, std::move(text), std::move(element)});
  }

  /// Fail closed: without a zone of ours nobody is meant, and nothing widens it to everybody.
  void area() {
    if (needs_area(alert_.type) && alert_.zones.empty()) error("no_area", "zones", {"alert.lint_no_area", {}});
    for (std::size_t i = 0; i < alert_.zones.size(); ++i)
      if (!zones_.find(alert_.zones[i].zone))
        error("unknown_zone", "zones[" + std::to_string(i) + "]", unknown_zone(alert_.zones[i].zone, zones_));
    if (is_all_clear(alert_)) return;  // it speaks to those who were alerted
    for (const auto& id : reachable_but_not_alerted(alert_, zones_)) {
      const auto& zone = *zones_.find(id);
      warning("not_alerted", "zones",
              {"alert.lint_not_alerted",
               {{"zone", zone.short_names.empty() ? id.value : zone.short_names.begin()->second},
                {"people", zone.people}}});
    }
  }

  void meaning() {
    if (!needs_info(alert_.type)) return;
    if (alert_.hazard.empty()) error("no_hazard", "hazard", {"alert.lint_no_hazard", {}});
    if (alert_.infos.empty()) error("no_info", "info", {"alert.lint_no_info", {}});
  }

  void info(const Info& info, const std::string& path) {
    const bool guided = !info.instruction.empty() ||
                        std::ranges::any_of(info.responses, [](ResponseType r) { return r != ResponseType::none; });
    if (!guided) error("no_guidance", path, {"alert.lint_no_guidance", {{"language", info.language.value}}});
    if (info.onset && *info.onset <= now_) {
      const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(now_ - *info.onset).count();
      warning("onset_past", path + ".onset", {"alert.lint_onset_past", {{"minutes", std::int64_t{minutes}}}});
    }
    if (info.onset && info.expires && *info.expires <= *info.onset)
      warning("expires_before_onset", path + ".expires", {"alert.lint_expires_before_onset", {}});
    unknown(info.urgency == Urgency::unknown, path + ".urgency");
    unknown(info.severity == Severity::unknown, path + ".severity");
    unknown(info.certainty == Certainty::unknown, path + ".certainty");
    repeats(info, path);
  }

  void unknown(bool is, const std::string& path) {
    if (is) warning("unknown", path, {"alert.lint_unknown", {{"element", path.substr(path.rfind('.') + 1)}}});
  }

  void repeats(const Info& info, const std::string& path) {
    if (!info.headline.empty() && info.headline == info.description)
      warning("repeats", path + ".description", {"alert.lint_repeats", {{"element", "headline"}}});
    if (!info.description.empty() && info.description == info.instruction)
      warning("repeats", path + ".instruction", {"alert.lint_repeats", {{"element", "description"}}});
  }

  /// CAP §3.2.2: infos of one alert are its languages, and say the same of the danger. In a planned all-clear those who
  /// may return and those who may not read infos of their own.
  void languages() {
    std::set<std::pair<std::optional<Ending>, Language>> seen;
    for (std::size_t i = 0; i < alert_.infos.size(); ++i) {
      const auto& one = alert_.infos[i];
      const auto path = "info[" + std::to_string(i) + "]";
      if (!seen.emplace(one.ending, one.language).second)
        error("language_twice", path, {"alert.lint_language_twice", {{"language", one.language.value}}});
      const auto& first = *std::ranges::find(alert_.infos, one.ending, &Info::ending);
      const bool same = one.categories == first.categories && one.responses == first.responses &&
                        one.urgency == first.urgency && one.severity == first.severity &&
                        one.certainty == first.certainty && one.event_codes == first.event_codes &&
                        one.effective == first.effective && one.onset == first.onset && one.expires == first.expires &&
                        std::ranges::equal(one.areas, first.areas, same_place);
      if (!same) error("languages_differ", path, {"alert.lint_languages_differ", {{"language", one.language.value}}});
      const bool copied = &one != &first && ((!one.instruction.empty() && one.instruction == first.instruction) ||
                                             (!one.description.empty() && one.description == first.description) ||
                                             (!one.headline.empty() && one.headline == first.headline));
      if (copied) warning("not_translated", path, {"alert.lint_not_translated", {{"language", one.language.value}}});
    }
  }

  /// CAP §3.2.1: an exercise says in its note which one it is.
  void exercise() {
    if (alert_.status == Status::exercise && alert_.note.empty())
      warning("exercise_note", "note", {"alert.lint_exercise_note", {}});
  }

  /// Words that a person typed, or that CAP’s readers get. The mark itself comes from the status alone, when messages
  /// are rendered.
  void texts() {
    for (std::size_t i = 0; i < alert_.infos.size(); ++i) {
      const auto& info = alert_.infos[i];
      const auto path = "info[" + std::to_string(i) + "].";
      text(info.event, path + "event");
      text(info.headline, path + "headline");
      text(info.description, path + "description");
      text(info.instruction, path + "instruction");
      if (const auto word = evacuation_word(info.event))
        warning("evacuation_event", path + "event", {"alert.lint_evacuation_event", {{"word", *word}}});
    }
    for (const auto& slot : alert_.slots) text(slot.value, "slots." + slot.name);
    text(alert_.confirmation, "confirmation");
  }

  void text(const std::string& text, const std::string& path) {
    mark(text, path);
    denies(text, path);
    for (const auto& rule : text_rules()) {
      auto found = rule.look(text);
      if (!found) continue;
      switch (rule.severity) {
        case LintSeverity::error:
          error(std::string(rule.id), path, std::move(*found));
          break;
        case LintSeverity::warning:
          warning(std::string(rule.id), path, std::move(*found));
          break;
      }
    }
  }

  /// In a drill: a sentence that denies the mark around it.
  void denies(const std::string& text, const std::string& path) {
    switch (rule_of(alert_.status).mark) {
      case Mark::forbidden:
        return;
      case Mark::required:
        break;
    }
    if (const auto phrase = denial_of_drill(text))
      error("denies_drill", path, {"alert.lint_denies_drill", {{"phrase", *phrase}}});
  }

  void mark(const std::string& text, const std::string& path) {
    switch (rule_of(alert_.status).mark) {
      case Mark::required:
        return;
      case Mark::forbidden:
        break;
    }
    if (begins_with_drill_mark(text))
      error("drill_mark", path, {"alert.lint_drill_mark", {{"status", std::string(name(alert_.status))}}});
    else if (const auto token = foreign_test_token(text))
      warning("test_token", path, {"alert.lint_test_token", {{"token", *token}}});
  }

  const Alert& alert_;
  const Zones& zones_;
  base::WallTime now_;
  std::vector<LintFinding> errors_;
  std::vector<LintFinding> warnings_;
};

}  // namespace

std::vector<LintFinding> lint_alert(const Alert& alert, const Zones& zones, base::WallTime now) {
  return Linter(alert, zones, now).run();
}

std::vector<ZoneId> reachable_but_not_alerted(const Alert& alert, const Zones& zones) {
  std::vector<ZoneId> out;
  const auto drawn = zones_touched(drawn_areas(alert), zones);
  for (const auto& zone : zones.all()) {
    const bool reached = std::ranges::find(zone.hazards, alert.hazard) != zone.hazards.end() ||
                         std::ranges::find(drawn, zone.id, &TouchedZone::zone) != drawn.end();
    const bool alerted = std::ranges::find(alert.zones, zone.id, &ZoneOrder::zone) != alert.zones.end();
    if (reached && !alerted) out.push_back(zone.id);
  }
  return out;
}

}  // namespace broadcaster::alert
