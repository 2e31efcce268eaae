// What the tests of alert/ share.
#pragma once

#include <string>
#include <vector>

#include "broadcaster/alert/alert_yaml.hpp"
#include "broadcaster/base/catalogue.hpp"

namespace broadcaster::alert::testing {

using namespace std::chrono_literals;

/// 2026-11-24 09:15 in Jakarta.
inline const base::WallTime now = base::parse_utc("2026-11-24T02:15:00.000Z").value();

inline Zone place(const std::string& id, const std::string& name, std::int64_t people,
                  std::vector<std::string> hazards) {
  Zone zone;
  zone.id = ZoneId(id);
  zone.short_names = {{"en", name}};
  zone.people = people;
  zone.hazards = std::move(hazards);
  return zone;
}

/// A town with three zones, two of which a tsunami can reach.
inline Zones town() {
  return Zones({place("muara", "Muara", 1200, {"tsunami"}), place("teluk", "Teluk", 800, {"tsunami", "flood"}),
                place("bukit", "Bukit", 300, {"landslide"})});
}

/// Every error as a person reads it.
inline std::vector<std::string> said(const base::Errors& errors, std::string_view language = "en") {
  std::vector<std::string> out;
  for (const auto& error : errors) out.push_back(base::Catalogue::of(language).say(error));
  return out;
}

template <class T>
std::vector<std::string> said(const base::Checked<T>& result, std::string_view language = "en") {
  return result ? std::vector<std::string>{} : said(result.error(), language);
}

using Lines = std::vector<std::string>;

inline base::Checked<Alert> parse(const std::string& text) {
  static const Zones zones = town();
  return parse_alert(text, "a.yaml", {.now = now, .zones = &zones});
}

/// A short alert that is right; `more` is put behind it.
inline std::string order(const std::string& more = "") {
  return "status: Exercise\n"
         "note: latihan\n"
         "hazard: tsunami\n"
         "languages: [id, en]\n"
         "zones: [muara, teluk]\n"
         "category: Geo\n"
         "event: Tsunami\n"
         "responseType: Evacuate\n"
         "urgency: Immediate\n"
         "severity: Extreme\n"
         "certainty: Likely\n"
         "expires: +3h\n" +
         more;
}

/// The same with one line (found by its beginning) replaced; an empty line takes it away.
inline std::string order_with(const std::string& beginning, const std::string& line) {
  auto text = order();
  const auto at = text.find(beginning);
  const auto end = text.find('\n', at) + 1;
  return text.replace(at, end - at, line.empty() ? "" : line + "\n");
}

}  // namespace broadcaster::alert::testing
