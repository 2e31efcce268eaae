#include "broadcaster/plan/values.hpp"

#include <algorithm>

#include "broadcaster/plan/local_time.hpp"

namespace broadcaster::plan {

std::optional<base::WallTime> onset_of(const alert::Alert& alert, const alert::ZoneId& zone) {
  for (const auto& order : alert.zones)
    if (order.zone == zone && order.onset) return order.onset;
  for (const auto& info : alert.infos)
    if (info.onset) return info.onset;
  return std::nullopt;
}

std::optional<base::WallTime> earliest_onset(const alert::Alert& alert, const std::vector<const alert::Zone*>& zones) {
  std::optional<base::WallTime> earliest;
  for (const auto* zone : zones) {
    const auto onset = onset_of(alert, zone->id);
    if (onset && (!earliest || *onset < *earliest)) earliest = onset;
  }
  return earliest;
}

std::optional<base::WallTime> expiry_of(const alert::Alert& alert) {
  std::optional<base::WallTime> latest;
  for (const auto& info : alert.infos)
    if (info.expires && (!latest || *info.expires > *latest)) latest = info.expires;
  return latest;
}

std::string name_in(const std::map<std::string, std::string>& names, const alert::Language& language,
                    const alert::Agency& agency) {
  for (const auto* wanted : {&language, &agency.default_language})
    if (const auto found = names.find(wanted->value); found != names.end()) return found->second;
  return names.empty() ? std::string() : names.begin()->second;
}

namespace {

struct ZoneNames {
  std::string whole;  ///< "Kelurahan Muara dan Kelurahan Pasir"
  std::string brief;  ///< "Muara, Pasir"
};

ZoneNames names_of(const std::vector<const alert::Zone*>& zones, const alert::Language& language,
                   const alert::Agency& agency) {
  std::vector<std::string> names;
  std::string brief;
  for (const auto* zone : zones) {
    names.push_back(name_in(zone->names, language, agency));
    brief += (brief.empty() ? "" : ", ") +
             name_in(zone->short_names.empty() ? zone->names : zone->short_names, language, agency);
  }
  return {join_names(names, language), brief};
}

}  // namespace

Values slot_values(const alert::Alert& alert, const alert::Agency& agency, const Template& words,
                   const Addressees& addressees, base::WallTime now) {
  const auto& language = words.language;
  const auto said = names_of(addressees.zones, language, agency);
  Values values{{"agency", agency.name_in(language)},
                {"agency_short", agency.short_name},
                {"zones", said.whole},
                {"zones_short", said.brief},
                {"zone_count", static_cast<std::int64_t>(addressees.zones.size())},
                {"zone_time_suffix", agency.time_zone_name(addressees.time_zone)}};
  if (!addressees.waiting.empty()) {
    const auto waiting = names_of(addressees.waiting, language, agency);
    values["zones_not_yet"] = waiting.whole;
    values["zones_not_yet_short"] = waiting.brief;
  }
  if (!alert.confirmation.empty()) values["confirmation"] = alert.confirmation;
  const auto time = [&](base::WallTime at) { return local_time(at, now, addressees.time_zone, language, words.clock); };
  if (!alert.level.empty()) values["level"] = alert.level;
  if (const auto onset = earliest_onset(alert, addressees.zones)) values["arrival"] = time(*onset);
  if (const auto expires = expiry_of(alert)) values["until"] = time(*expires);
  for (const auto& slot : alert.slots)
    // A slot of the alert never replaces what a built-in one says.
    if (std::ranges::find(words.slots, slot.name, &Slot::name) != words.slots.end())
      values.emplace(slot.name, slot.value);
  if (const auto event = words.order.cap.find("event"); event != words.order.cap.end())
    if (auto text = format_pattern(event->second, language, values)) values.emplace("event", std::move(*text));
  return values;
}

}  // namespace broadcaster::plan
