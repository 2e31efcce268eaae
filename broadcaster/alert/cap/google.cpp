// The rules of Google Public Alerts (profile.hpp).
#include <algorithm>
#include <set>

#include "broadcaster/alert/cap/profile.hpp"
#include "broadcaster/base/unicode.hpp"

namespace broadcaster::alert::cap {
namespace {

constexpr std::size_t most_headline = 140;

/// Systems of codes that Google can draw.
constexpr std::string_view known_geocodes[] = {"SAME", "FIPS6", "UGC", "EMMA_ID", "NUTS2", "NUTS3"};

bool can_be_drawn(const Area& area) {
  return !area.polygons.empty() || !area.circles.empty() ||
         std::ranges::any_of(area.geocodes, [](const NamedValue& code) {
           return std::ranges::find(known_geocodes, std::string_view(code.name)) != std::end(known_geocodes);
         });
}

}  // namespace

std::vector<LintFinding> google_findings(const Alert& alert) {
  std::vector<LintFinding> out;
  const auto add = [&](LintSeverity severity, std::string rule, std::string element) {
    auto id = "cap." + rule;
    out.push_back({std::move(rule), severity, {std::move(id), {}}, std::move(element)});
  };
  const auto error = [&](std::string rule, std::string element) {
    add(LintSeverity::error, std::move(rule), std::move(element));
  };
  if (alert.infos.empty() && alert.type != MessageType::cancel) error("google_no_info", "info");
  std::set<Language> languages;
  for (std::size_t i = 0; i < alert.infos.size(); ++i) {
    const auto& info = alert.infos[i];
    const auto path = "info[" + std::to_string(i) + "].";
    if (!languages.insert(info.language).second) error("google_language_twice", path + "language");
    if (info.headline.empty()) error("google_headline", path + "headline");
    if (base::graphemes(info.headline) >= most_headline) error("google_headline_long", path + "headline");
    if (info.description.empty()) error("google_description", path + "description");
    if (info.web.empty()) error("google_web", path + "web");
    if (!info.expires) error("google_expires", path + "expires");
    if (info.instruction.empty()) add(LintSeverity::warning, "google_instruction", path + "instruction");
    if (info.sender_name.empty()) add(LintSeverity::warning, "google_sender_name", path + "senderName");
    if (info.areas.empty()) error("google_area", path + "area");
    for (std::size_t a = 0; a < info.areas.size(); ++a)
      if (!can_be_drawn(info.areas[a])) error("google_shape", path + "area[" + std::to_string(a) + "]");
  }
  return out;
}

}  // namespace broadcaster::alert::cap
