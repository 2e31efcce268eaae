#include "broadcaster/plan/preview.hpp"

#include <algorithm>
#include <span>

#include "broadcaster/alert/all_clear.hpp"
#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/base/unicode.hpp"
#include "broadcaster/plan/document.hpp"
#include "broadcaster/plan/estimate.hpp"
#include "broadcaster/plan/measure/sms.hpp"
#include "broadcaster/plan/preview_lines.hpp"
#include "broadcaster/plan/vocabulary.hpp"

namespace broadcaster::plan {
namespace {

/// Each hole with something of its kind, in brackets that no template uses.
std::string with_sample_holes(const Pieces& pieces, const Plan& plan) {
  const Filling filling{.identifier = "…",
                        .code = plan.code_prefix + "…",
                        .time_of_issue = plan.made_at,
                        .references = "…",
                        .original_code = plan.code_prefix + "…",
                        .original_time_of_issue = plan.made_at};
  std::string out;
  for (const auto& piece : pieces) {
    const bool hole = std::holds_alternative<Hole>(piece);
    out += (hole ? "‹" : "") + fill({piece}, filling) + (hole ? "›" : "");
  }
  return out;
}

class Page {
 public:
  Page(const Plan& plan, const PreviewOptions& options)
      : plan_(plan),
        words_(base::Catalogue::of(options.language)),
        language_(options.language),
        width_(static_cast<std::size_t>(std::max(options.width, narrowest_preview))) {}

  std::string run() {
    // The words come last: they are on the screen when the question comes that asks for the signature.
    banner();
    heading("plan.preview_destinations");
    destinations(plan_);
    if (plan_.false_alarm) false_alarm(*plan_.false_alarm);
    estimates();
    reach();
    findings(plan_);
    blocked(plan_);
    messages(plan_);
    return std::move(out_);
  }

 private:
  std::string say(std::string id, std::vector<std::pair<std::string, base::Argument>> arguments = {}) const {
    return words_.say(base::Text{std::move(id), std::move(arguments)});
  }

  void line(const std::string& text, std::size_t indent = 0) { add_lines(out_, text, width_, indent); }

  void heading(std::string id) {
    const auto text = say(std::move(id));
    out_ += "\n" + text + "\n" + std::string(std::min(width_, base::graphemes(text)), '-') + "\n";
  }

  std::string zone_name(const alert::ZoneId& id) const {
    std::vector lists{&plan_.zones, &plan_.not_alerted};
    if (plan_.false_alarm) lists.push_back(&plan_.false_alarm->zones);
    for (const auto* list : lists)
      for (const auto& zone : *list)
        if (zone.id == id) return name_of(zone);
    return id.value;
  }

  std::string name_of(const PlannedZone& zone) const {
    if (const auto found = zone.names.find(language_); found != zone.names.end()) return found->second;
    return zone.names.empty() ? zone.id.value : zone.names.begin()->second;
  }

  void banner() {
    const auto mode = say(plan_.mode == alert::Mode::live ? "plan.preview_live" : "plan.preview_drill");
    const auto bar =
        std::string(std::min(width_, base::graphemes(mode) + 4), plan_.mode == alert::Mode::live ? '#' : '=');
    out_ += bar + "\n";
    line(mode, 2);
    out_ += bar + "\n";
    line(say("plan.preview_alert", {{"hazard", plan_.alert.hazard},
                                    {"level", plan_.alert.level.empty() ? "–" : plan_.alert.level},
                                    {"status", std::string(alert::name(plan_.alert.status))},
                                    {"author", plan_.author}}));
    if (alert::is_all_clear(plan_.alert))
      all_clear();
    else if (!plan_.alert.references.empty())  // the newest is last; what it replaced itself is out already
      line(say("plan.preview_update", {{"identifier", plan_.alert.references.back().identifier}}));
    line(say("plan.preview_expires", {{"time", local(plan_.expires)}}));
  }

  void all_clear() {
    std::string ended, may_return, not_yet;
    const auto add = [](std::string& list, const std::string& item) { list += (list.empty() ? "" : ", ") + item; };
    for (const auto& reference : plan_.alert.references) add(ended, reference.identifier);
    for (const auto& order : plan_.alert.zones)
      add(order.ending == alert::Ending::may_return ? may_return : not_yet, zone_name(order.zone));
    line(say("plan.preview_all_clear", {{"identifiers", ended}}));
    line(say("plan.preview_confirmation", {{"confirmation", plan_.alert.confirmation}}));
    if (!may_return.empty()) line(say("plan.preview_may_return", {{"zones", may_return}}));
    if (!not_yet.empty()) line(say("plan.preview_not_yet", {{"zones", not_yet}}));
  }

  /// In the time of the first message that names one; the plan itself needs no clock of its own.
  std::string local(base::WallTime time) const {
    for (const auto& message : plan_.messages) {
      const auto* pieces = std::get_if<Pieces>(&message.body);
      for (std::size_t i = 0; pieces && i < pieces->size(); ++i) {
        const auto* hole = std::get_if<Hole>(&(*pieces)[i]);
        // A document says its time in UTC, date and all.
        if (!hole || hole->pattern.empty() || hole->pattern.starts_with("yyyy")) continue;
        const Hole whole{HoleKind::time_of_issue, "yyyy-MM-dd " + hole->pattern, hole->utc_offset};
        return fill({whole}, {.identifier = {},
                              .code = {},
                              .time_of_issue = time,
                              .references = {},
                              .original_code = {},
                              .original_time_of_issue = {}});
      }
    }
    return base::format_utc(time);
  }

  void reach() {
    heading("plan.preview_reach");
    for (const auto& zone : plan_.zones)
      line(say("plan.preview_zone", {{"zone", name_of(zone)},
                                     {"people", zone.people},
                                     {"sirens", static_cast<std::int64_t>(zone.sirens.size())}}),
           2);
    audiences(plan_);
    if (plan_.not_alerted.empty()) return;
    heading("plan.preview_not_alerted");
    for (const auto& zone : plan_.not_alerted)
      line(say("plan.preview_zone", {{"zone", name_of(zone)},
                                     {"people", zone.people},
                                     {"sirens", static_cast<std::int64_t>(zone.sirens.size())}}),
           2);
  }

  void audiences(const Plan& plan) {
    for (const auto& audience : plan.audiences) {
      std::int64_t sum = 0;
      for (const auto& count : audience.counts) sum += count.recipients;
      line(say("plan.preview_audience", {{"audience", audience.name}, {"count", sum}}), 2);
      for (const auto& count : audience.counts)
        line(say("plan.preview_count",
                 {{"zone", zone_name(count.zone)}, {"language", count.language.value}, {"count", count.recipients}}),
             4);
    }
  }

  void messages(const Plan& plan) {
    if (&plan == &plan_) heading("plan.preview_messages");
    for (std::size_t i = 0; i < plan.messages.size(); ++i) {
      const auto& message = plan.messages[i];
      const auto begin = plan.messages.begin();
      const auto same = [&](const Message& other) { return reads_the_same(message, other); };
      // Shown where it stood first, under the names of all who get it.
      if (std::find_if(begin, begin + static_cast<std::ptrdiff_t>(i), same) != begin + static_cast<std::ptrdiff_t>(i))
        continue;
      std::int64_t targets = 0;
      for (const auto& other : plan.messages) {
        if (!same(other)) continue;
        line(whom(other), 2);
        if (const auto* program = std::get_if<SirenProgram>(&other.body))
          targets += static_cast<std::int64_t>(program->targets.size());
      }
      if (const auto* pieces = std::get_if<Pieces>(&message.body))
        text(plan, message, *pieces);
      else
        siren(std::get<SirenProgram>(message.body), targets);
      out_ += "\n";
    }
  }

  std::string whom(const Message& message) const {
    std::string out = message.endpoint.value;
    if (!message.language.value.empty()) out += " · " + message.language.value;
    return out + " · " + (message.zone.value.empty() ? say("plan.preview_all_zones") : zone_name(message.zone));
  }

  static bool reads_the_same(const Message& a, const Message& b) {
    const auto* one = std::get_if<SirenProgram>(&a.body);
    const auto* other = std::get_if<SirenProgram>(&b.body);
    if (one && other)
      return one->program == other->program && one->duration == other->duration &&
             one->voice_texts == other->voice_texts;
    return a.body == b.body && a.language == b.language && a.length == b.length && a.missing == b.missing;
  }

  void text(const Plan& plan, const Message& message, const Pieces& pieces) {
    const auto words = with_sample_holes(pieces, plan);
    line(is_document(message) ? without_shapes(words) : words, 4);
    line(length(message), 2);
    if (is_document(message)) return;
    std::string forced;
    if (message.length.unit == "ucs2")
      for (const auto& character : count_sms(fill_longest(pieces)).forced_ucs2) forced += " " + character;
    if (!forced.empty()) line(say("plan.preview_forced", {{"characters", forced.substr(1)}}), 2);
    line(elements(message), 2);
  }

  std::string length(const Message& message) const {
    const auto& length = message.length;
    const auto unit = base::Key{"plan.unit_" + length.unit};
    if (length.unit == "gsm7" || length.unit == "ucs2")
      return say("plan.preview_sms_length", {{"used", std::int64_t{length.used}},
                                             {"limit", std::int64_t{length.limit}},
                                             {"segments", std::int64_t{length.segments}},
                                             {"unit", unit}});
    return say("plan.preview_length",
               {{"used", std::int64_t{length.used}}, {"limit", std::int64_t{length.limit}}, {"unit", unit}});
  }

  std::string elements(const Message& message) const {
    if (message.missing.empty()) return say("plan.preview_elements_found");
    std::string names;
    for (const auto element : message.missing)
      names += (names.empty() ? "" : ", ") + say("plan.element_" + std::string(name(element)));
    return say("plan.preview_elements_missing", {{"elements", names}});
  }

  void siren(const SirenProgram& program, std::int64_t targets) {
    line(say("plan.preview_siren",
             {{"program", program.program}, {"seconds", std::int64_t{program.duration.count()}}, {"count", targets}}),
         4);
    for (const auto& voice : program.voice_texts) line("“" + voice + "”", 4);
  }

  void blocked(const Plan& plan) {
    if (plan.blocked.empty()) return;
    heading("plan.preview_blocked");
    for (const auto& gap : plan.blocked)
      line(say("plan.preview_gap",
               {{"endpoint", gap.endpoint.value},
                {"language", gap.language.value.empty() ? "–" : gap.language.value},
                {"zone", gap.zone.value.empty() ? say("plan.preview_all_zones") : zone_name(gap.zone)},
                {"reason", "[" + rule_of(gap) + "] " + words_.say(gap.reason)},
                {"count", gap.recipients}}),
           2);
  }

  void findings(const Plan& plan) {
    if (plan.findings.empty()) return;
    heading("plan.preview_findings");
    for (const auto& found : plan.findings) {
      std::string where;
      for (const auto& part : {found.endpoint.value, found.language.value, found.zone.value})
        if (!part.empty()) where += (where.empty() ? "" : " · ") + part;
      line((where.empty() ? "" : where + ": ") + "[" + found.rule + "] " + words_.say(found.text), 2);
    }
  }

  void estimates() {
    const auto routes = estimate(plan_);
    if (routes.empty()) return;
    heading("plan.preview_time");
    for (const auto& route : routes) {
      if (route.rate_per_second == 0) {
        line(say("plan.preview_no_rate", {{"route", route.route.value}, {"count", route.recipients}}), 2);
        continue;
      }
      line(say("plan.preview_last", {{"route", route.route.value},
                                     {"count", route.recipients},
                                     {"rate", std::int64_t{route.rate_per_second}},
                                     {"seconds", std::int64_t{route.last.count()}}}),
           2);
      for (const auto& zone : route.zones) {
        if (!zone.until_onset || zone.recipients == 0) continue;
        line(say("plan.preview_zone_time", {{"zone", zone_name(zone.zone)},
                                            {"seconds", std::int64_t{zone.last.count()}},
                                            {"minutes", std::int64_t{zone.until_onset->count() / 60}},
                                            {"late", zone.late}}),
             4);
      }
    }
  }

  /// It is signed with the alert and goes out without a quorum: so whom it reaches is read from its own bytes.
  void false_alarm(const Plan& calming) {
    heading("plan.preview_false_alarm");
    line(say("plan.preview_expires", {{"time", local(calming.expires)}}));
    messages(calming);
    blocked(calming);
    findings(calming);
    in_hearing(calming);
    if (calming.endpoints == plan_.endpoints && calming.audiences == plan_.audiences)
      return line(say("plan.preview_false_alarm_same"));
    heading("plan.preview_false_alarm_destinations");
    audiences(calming);
    destinations(calming);
  }

  /// Zones behind those of the alert (approval/sound.hpp).
  void in_hearing(const Plan& calming) {
    if (calming.zones.size() <= plan_.zones.size()) return;
    line(say("plan.preview_false_alarm_hearing"));
    for (const auto& zone : std::span(calming.zones).subspan(plan_.zones.size()))
      line(say("plan.preview_zone_hearing", {{"zone", name_of(zone)}, {"people", zone.people}}), 2);
  }

  void destinations(const Plan& plan) {
    for (const auto& endpoint : plan.endpoints) {
      line(endpoint.name.value + "  " + endpoint.fingerprint.substr(0, 16), 2);
      line(endpoint.destination, 4);
    }
  }

  const Plan& plan_;
  const base::Catalogue& words_;
  std::string language_;
  std::size_t width_;
  std::string out_;
};

}  // namespace

std::string preview(const Plan& plan, const PreviewOptions& options) { return Page(plan, options).run(); }

}  // namespace broadcaster::plan
