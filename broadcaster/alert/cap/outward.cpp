#include "broadcaster/alert/cap/outward.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace broadcaster::alert::cap {
namespace {

constexpr std::string_view hazard_code = "broadcaster:hazard:";
constexpr std::string_view level_code = "broadcaster:level:";
constexpr std::string_view slot_code = "broadcaster:slot:";
constexpr std::string_view zone_code = "broadcaster:zone:";
constexpr std::string_view return_code = "broadcaster:return:";
constexpr std::string_view confirmation_code = "broadcaster:confirmation:";
constexpr std::string_view zone_geocode = "broadcaster:zone";

/// A name in front of a "=": the two characters that would end it are written as in a URL.
std::string encoded(std::string_view name) {
  std::string out;
  for (const char c : name) out += c == '%' ? "%25" : c == '=' ? "%3D" : std::string(1, c);
  return out;
}

std::string decoded(std::string_view name) {
  std::string out;
  for (; !name.empty(); name.remove_prefix(1)) {
    const bool percent = name.starts_with("%25");
    if (!percent && !name.starts_with("%3D")) {
      out += name.front();
      continue;
    }
    out += percent ? '%' : '=';
    name.remove_prefix(2);
  }
  return out;
}

std::string name_in(const Zone& zone, const Language& language) {
  const auto at = zone.names.find(language.value);
  if (at != zone.names.end()) return at->second;
  return zone.names.empty() ? zone.id.value : zone.names.begin()->second;
}

Area area_of(const ZoneId& id, const Zones& zones, const Language& language) {
  Area out;
  const auto* zone = zones.find(id);
  out.description = zone ? name_in(*zone, language) : id.value;
  if (zone) {
    out.polygons = zone->polygons;
    out.geocodes = zone->geocodes;
  }
  out.geocodes.push_back({std::string(zone_geocode), id.value});
  return out;
}

/// Whether the code was one of ours.
enum class Ours { no, yes };

/// "muara=may_return", of a zone that was named before.
Ours take_ending(const std::string& answer, Alert& alert) {
  const auto sign = answer.find('=');
  if (sign == std::string::npos) return Ours::no;
  for (auto& order : alert.zones)
    for (const auto& [spelling, ending] : choices<Ending>())
      if (order.zone.value == answer.substr(0, sign) && spelling == answer.substr(sign + 1)) {
        order.ending = ending;
        return Ours::yes;
      }
  return Ours::no;
}

Ours take(const std::string& code, Alert& alert) {
  const auto rest = [&](std::string_view prefix) { return code.substr(prefix.size()); };
  if (code.starts_with(hazard_code)) {
    alert.hazard = rest(hazard_code);
  } else if (code.starts_with(level_code)) {
    alert.level = rest(level_code);
  } else if (code.starts_with(slot_code)) {
    const auto slot = rest(slot_code);
    const auto sign = slot.find('=');
    if (sign == std::string::npos) return Ours::no;
    alert.slots.push_back({decoded(std::string_view(slot).substr(0, sign)), slot.substr(sign + 1)});
  } else if (code.starts_with(zone_code)) {
    const auto order = rest(zone_code);
    const auto sign = order.find('=');
    ZoneOrder zone{ZoneId(order.substr(0, sign)), std::nullopt};
    if (sign != std::string::npos) {
      const auto onset = base::parse_cap_time(order.substr(sign + 1));
      if (!onset) return Ours::no;
      zone.onset = *onset;
    }
    alert.zones.push_back(std::move(zone));
  } else if (code.starts_with(confirmation_code)) {
    alert.confirmation = rest(confirmation_code);
  } else if (code.starts_with(return_code)) {
    return take_ending(rest(return_code), alert);
  } else {
    return Ours::no;
  }
  return Ours::yes;
}

}  // namespace

Alert outward(Alert alert, const Zones& zones, const Stamp& stamp) {
  if (alert.identifier.empty()) alert.identifier = stamp.identifier;
  if (alert.sender.empty()) alert.sender = stamp.sender;
  if (!alert.sent) alert.sent = stamp.sent;
  const auto code = [&](std::string_view prefix, const std::string& value) {
    alert.codes.push_back(fmt::format("{}{}", prefix, value));
  };
  if (!alert.hazard.empty()) code(hazard_code, alert.hazard);
  if (!alert.level.empty()) code(level_code, alert.level);
  for (const auto& slot : alert.slots) code(slot_code, encoded(slot.name) + "=" + slot.value);
  for (const auto& order : alert.zones) {
    code(zone_code, order.onset ? order.zone.value + "=" + base::format_cap_time(*order.onset) : order.zone.value);
    if (order.ending) code(return_code, order.zone.value + "=" + std::string(name(*order.ending)));
    for (auto& info : alert.infos)
      if (!info.ending || info.ending == order.ending) info.areas.push_back(area_of(order.zone, zones, info.language));
  }
  if (!alert.confirmation.empty()) code(confirmation_code, alert.confirmation);
  for (auto& info : alert.infos) info.ending.reset();
  alert.hazard.clear();
  alert.level.clear();
  alert.slots.clear();
  alert.zones.clear();
  alert.confirmation.clear();
  return alert;
}

Alert inward(Alert alert, const std::string& own_sender) {
  if (alert.sender != own_sender) return alert;
  std::vector<std::string> others;
  for (auto& code : alert.codes) {
    switch (take(code, alert)) {
      case Ours::yes:
        break;
      case Ours::no:
        others.push_back(std::move(code));
        break;
    }
  }
  alert.codes = std::move(others);
  for (auto& info : alert.infos)
    std::erase_if(info.areas, [](const Area& area) {
      return std::ranges::any_of(area.geocodes, [](const NamedValue& code) { return code.name == zone_geocode; });
    });
  return alert;
}

}  // namespace broadcaster::alert::cap
