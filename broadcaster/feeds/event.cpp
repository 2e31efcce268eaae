#include "broadcaster/feeds/event.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace broadcaster::feeds {
namespace {

using alert::Alert;

std::set<std::string_view> words(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  std::set<std::string_view> out;
  for (std::size_t at = 0; (at = text.find_first_not_of(space, at)) != std::string_view::npos;) {
    const auto end = std::min(text.find_first_of(space, at), text.size());
    out.insert(text.substr(at, end - at));
    at = end;
  }
  return out;
}

bool share_incident(const Alert& a, const Alert& b) {
  const auto of_b = words(b.incidents);
  return std::ranges::any_of(words(a.incidents), [&](std::string_view word) { return of_b.contains(word); });
}

bool share_zone(const Alert& a, const Alert& b) {
  return std::ranges::any_of(a.zones, [&](const alert::ZoneOrder& order) {
    return std::ranges::find(b.zones, order.zone, &alert::ZoneOrder::zone) != b.zones.end();
  });
}

alert::Severity severity(const Alert& alert) {
  auto worst = alert::Severity::unknown;
  for (const auto& info : alert.infos) worst = std::min(worst, info.severity);
  return worst;
}

}  // namespace

bool same_event(const Matter& matter, const Source& source, std::chrono::seconds within) {
  return std::ranges::any_of(matter.sources, [&](const Source& known) {
    if (known.says == Source::Says::over) return false;
    const auto apart = known.sent > source.sent ? known.sent - source.sent : source.sent - known.sent;
    if (apart > within) return false;
    if (share_incident(known.draft, source.draft)) return true;
    return !source.draft.hazard.empty() && known.draft.hazard == source.draft.hazard &&
           share_zone(known.draft, source.draft);
  });
}

Alert merged(const std::vector<Source>& sources) {
  std::vector<const Source*> speaking;
  for (const auto& source : sources)
    if (source.says == Source::Says::in_force) speaking.push_back(&source);
  if (speaking.empty())
    for (const auto& source : sources) speaking.push_back(&source);
  const auto* worst = *std::ranges::min_element(speaking, {}, [](const Source* s) { return severity(s->draft); });
  Alert out = worst->draft;
  for (const auto* source : speaking) {
    if (source == worst) continue;
    if (!source->draft.source.empty()) out.source += "; " + source->draft.source;
    for (const auto& order : source->draft.zones)
      if (std::ranges::find(out.zones, order.zone, &alert::ZoneOrder::zone) == out.zones.end())
        out.zones.push_back(order);
  }
  return out;
}

std::vector<BulletinInForce> in_force(const Known& known, const std::vector<alert::ZoneId>& zones, base::WallTime now) {
  std::vector<BulletinInForce> out;
  for (const auto& [id, matter] : known.matters)
    for (const auto& source : matter.sources) {
      const bool over = source.says == Source::Says::over || (source.expires && *source.expires <= now);
      const bool touches =
          source.draft.zones.empty() || std::ranges::any_of(source.draft.zones, [&](const alert::ZoneOrder& order) {
            return std::ranges::find(zones, order.zone) != zones.end();
          });
      if (!over && touches) out.push_back({id, source.feed});
    }
  return out;
}

std::vector<alert::ZoneId> zones_dropped(const Alert& before, const Alert& after) {
  std::vector<alert::ZoneId> out;
  for (const auto& order : before.zones)
    if (std::ranges::find(after.zones, order.zone, &alert::ZoneOrder::zone) == after.zones.end())
      out.push_back(order.zone);
  return out;
}

}  // namespace broadcaster::feeds
