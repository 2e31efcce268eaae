#include "broadcaster/plan/form_audiences.hpp"

#include <algorithm>

namespace broadcaster::plan {
namespace {

namespace fs = std::filesystem;

/// What the form says to this audience, blocked or not: in which languages, the first one first, and in which zones.
template <class T>
std::vector<T> said_to(const Form& form, const std::string& audience, T Message::* of_message,
                       T Blocked::* of_blocked) {
  std::vector<T> out;
  const auto add = [&](const EndpointName& endpoint, const T& value) {
    const auto found = std::ranges::find(form.plan.endpoints, endpoint, &PlannedEndpoint::name);
    if (found == form.plan.endpoints.end() || found->audience != audience) return;
    if (std::ranges::find(out, value) == out.end()) out.push_back(value);
  };
  for (const auto& message : form.plan.messages) add(message.endpoint, message.*of_message);
  for (const auto& gap : form.plan.blocked) add(gap.endpoint, gap.*of_blocked);
  return out;
}

}  // namespace

AudiencesNow audiences_now(const Form& form, const std::vector<alert::ZoneId>& zones, const alert::Zones& map,
                           const fs::path& lists, const fs::path& snapshots) {
  std::error_code ignored;  // what cannot be written the snapshot says
  fs::create_directories(snapshots, ignored);
  AudiencesNow out;
  for (const auto& audience : form.plan.audiences) {
    SnapshotRequest request{.file = lists / (audience.name + ".csv"),
                            .folder = snapshots,
                            .languages = said_to(form, audience.name, &Message::language, &Blocked::language),
                            .zones = said_to(form, audience.name, &Message::zone, &Blocked::zone),
                            .map = &map,
                            .bad_rows = BadRows::skip};
    std::erase_if(request.zones,
                  [&](const alert::ZoneId& zone) { return std::ranges::find(zones, zone) == zones.end(); });
    if (request.languages.empty()) request.languages = {form.lists.front().language};
    auto info = make_snapshot(request);
    if (!info) {
      out.unread.insert(out.unread.end(), info.error().begin(), info.error().end());
      out.audiences.push_back({audience.name, {}, {}, 0});
      continue;
    }
    out.audiences.push_back({audience.name, info->digest, info->counts, info->skipped});
  }
  return out;
}

}  // namespace broadcaster::plan
