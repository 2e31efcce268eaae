// The rules of IPAWS (profile.hpp).
#include <algorithm>
#include <set>

#include "broadcaster/alert/cap/profile.hpp"
#include "broadcaster/alert/wording.hpp"

namespace broadcaster::alert::cap {
namespace {

constexpr std::size_t most_wea_short = 90;
constexpr std::size_t most_wea_long = 360;

constexpr std::string_view channels[] = {"CAPEXCH", "CMAS", "EAS", "NWEM", "PUBLIC"};
/// 47 CFR 11.31 (d); PEP replaced EAN as an originator.
constexpr std::string_view originators[] = {"CIV", "WXR", "EAS", "PEP", "EAN"};
constexpr std::string_view handlings[] = {"Imminent Threat", "Public Safety", "Child Abduction", "WEA Test"};

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

bool letters(std::string_view text, std::size_t count) {
  return text.size() == count && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}
bool digits(std::string_view text, std::size_t count) {
  return text.size() == count && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string> values_of(const std::vector<NamedValue>& pairs, std::string_view name) {
  std::vector<std::string> out;
  for (const auto& pair : pairs)
    if (pair.name == name) out.push_back(pair.value);
  return out;
}

class Ipaws {
 public:
  explicit Ipaws(const Alert& alert) : alert_(alert) {}

  std::vector<LintFinding> run() {
    if (std::ranges::find(alert_.codes, "IPAWSv1.0") == alert_.codes.end()) error("ipaws_code", "code");
    if (alert_.infos.empty()) error("ipaws_no_info", "info");
    for (std::size_t i = 0; i < alert_.infos.size(); ++i) {
      path_ = "info[" + std::to_string(i) + "].";
      info(alert_.infos[i]);
    }
    return std::move(findings_);
  }

 private:
  void add(LintSeverity severity, std::string rule, std::string element,
           std::vector<std::pair<std::string, base::Argument>> arguments) {
    auto id = "cap." + rule;
    findings_.push_back({std::move(rule), severity, {std::move(id), std::move(arguments)}, path_ + element});
  }
  void error(std::string rule, std::string element,
             std::vector<std::pair<std::string, base::Argument>> arguments = {}) {
    add(LintSeverity::error, std::move(rule), std::move(element), std::move(arguments));
  }
  void warning(std::string rule, std::string element,
               std::vector<std::pair<std::string, base::Argument>> arguments = {}) {
    add(LintSeverity::warning, std::move(rule), std::move(element), std::move(arguments));
  }

  void info(const Info& info) {
    const auto& first = alert_.infos.front();
    if (info.categories != first.categories || info.event_codes != first.event_codes)
      error("ipaws_differs", "eventCode");
    event_code(info);
    if (!info.expires) error("ipaws_expires", "expires");
    if (info.effective || info.onset) warning("ipaws_effective", info.effective ? "effective" : "onset");
    if (info.description.empty()) warning("ipaws_text", "description");
    if (info.instruction.empty()) warning("ipaws_text", "instruction");
    if (info.areas.empty()) error("ipaws_area", "area");
    for (std::size_t i = 0; i < info.areas.size(); ++i) area(info.areas[i], "area[" + std::to_string(i) + "].geocode");
    parameters(info);
  }

  /// Exactly one SAME code, three letters (47 CFR 11.31 (e)).
  void event_code(const Info& info) {
    const auto codes = values_of(info.event_codes, "SAME");
    if (codes.size() != 1)
      error("ipaws_same_event", "eventCode", {{"count", static_cast<std::int64_t>(codes.size())}});
    else if (!letters(codes[0], 3))
      error("ipaws_same_letters", "eventCode", {{"found", shown(codes[0])}});
  }

  /// Six digits: part of the county, state, county (47 CFR 11.31 (c) PSSCCC).
  void area(const Area& area, const std::string& path) {
    const auto codes = values_of(area.geocodes, "SAME");
    if (codes.empty()) warning("ipaws_no_same_area", path);
    for (const auto& code : codes)
      if (!digits(code, 6)) error("ipaws_same_area", path, {{"found", shown(code)}});
  }

  void parameters(const Info& info) {
    const auto blocked = values_of(info.parameters, "BLOCKCHANNEL");
    for (const auto& channel : blocked)
      if (!is_one_of(channel, channels)) error("ipaws_block", "parameter", {{"found", shown(channel)}});
    const auto organisations = values_of(info.parameters, "EAS-ORG");
    for (const auto& organisation : organisations)
      if (!is_one_of(organisation, originators))
        error("ipaws_originator", "parameter", {{"found", shown(organisation)}});
    const bool eas = std::ranges::find(blocked, "EAS") == blocked.end();
    if (eas && organisations.size() != 1) error("ipaws_no_originator", "parameter");
    // CMAS is what IPAWS calls WEA.
    if (std::ranges::find(blocked, "CMAS") == blocked.end()) wea(info);
  }

  void wea(const Info& info) {
    const auto brief = values_of(info.parameters, "CMAMtext");
    const auto full = values_of(info.parameters, "CMAMlongtext");
    wea_texts(brief, "CMAMtext", most_wea_short);
    wea_texts(full, "CMAMlongtext", most_wea_long);
    if (brief.empty()) warning("ipaws_no_wea_text", "parameter");
    const auto handling = values_of(info.parameters, "WEAHandling");
    for (const auto& value : handling)
      if (!is_one_of(value, handlings)) warning("ipaws_handling", "parameter", {{"found", shown(value)}});
    const bool threat = handling.empty() || handling[0] == "Imminent Threat";
    const bool urgent = info.urgency == Urgency::immediate || info.urgency == Urgency::expected;
    const bool severe = info.severity == Severity::extreme || info.severity == Severity::severe;
    const bool certain = info.certainty == Certainty::observed || info.certainty == Certainty::likely;
    if (threat && !(urgent && severe && certain)) warning("ipaws_not_wea", "urgency");
  }

  void wea_texts(const std::vector<std::string>& texts, const std::string& name, std::size_t most) {
    if (texts.size() > 1) error("ipaws_wea_twice", "parameter", {{"name", name}});
    for (const auto& text : texts) {
      const auto length = gsm7_septets(text);
      if (!length)
        error("ipaws_wea_alphabet", "parameter", {{"name", name}});
      else if (*length > most)
        error("ipaws_wea_long", "parameter",
              {{"name", name},
               {"limit", static_cast<std::int64_t>(most)},
               {"found", static_cast<std::int64_t>(*length)}});
    }
  }

  const Alert& alert_;
  std::string path_;
  std::vector<LintFinding> findings_;
};

}  // namespace

std::vector<LintFinding> ipaws_findings(const Alert& alert) { return Ipaws(alert).run(); }

}  // namespace broadcaster::alert::cap
