#include "broadcaster/service/audit.hpp"

#include <algorithm>

namespace broadcaster::service {
namespace {

using delivery::RouteIndex;

std::int64_t sum(const journal::StateCounts& counts) {
  std::int64_t out = 0;
  for (const auto& [_, n] : counts) out += n;
  return out;
}

journal::StateCounts counters_of(const AuditedAlert& alert, RouteIndex route) {
  const auto found = alert.pulse.counters.find(route);
  return found == alert.pulse.counters.end() ? journal::StateCounts() : found->second;
}

std::string name_of(const AuditedAlert& alert, RouteIndex route) {
  const auto found = alert.routes.find(route);
  return found == alert.routes.end() ? "#" + std::to_string(route.value) : found->second;
}

std::string key_of(const char* rule, const AuditedAlert& alert, RouteIndex route) {
  return std::string(rule) + "/" + alert.in_force.code + "/" + name_of(alert, route);
}

/// Due 0 is "at once": since it has its row, which is not before the release.
base::milliseconds overdue(const AuditedAlert& alert, base::WallTime due, base::WallTime now) {
  return now - std::max(due, alert.released_at);
}

/// Zero and missing are the same.
journal::StateCounts without_zeroes(journal::StateCounts counts) {
  std::erase_if(counts, [](const auto& one) { return one.second == 0; });
  return counts;
}

}  // namespace

std::optional<AuditFinding> planned_finding(const AuditedAlert& alert, RouteIndex route) {
  const auto states = sum(counters_of(alert, route));
  const auto found = alert.expected.find(route);
  const auto expected = found == alert.expected.end() ? journal::ExpectedRows() : found->second;
  const bool whole = alert.pulse.expanded && expected.how == journal::ExpectedRows::How::exactly;
  if (whole ? states == expected.rows : states <= expected.rows) return std::nullopt;
  return AuditFinding{key_of("planned", alert, route),
                      {"service.audit_planned",
                       {{"alert", alert.in_force.code},
                        {"route", name_of(alert, route)},
                        {"planned", expected.rows},
                        {"states", states}}}};
}

std::optional<AuditFinding> count_finding(const AuditedAlert& alert, RouteIndex route, const RouteCount& count) {
  const auto before = without_zeroes(count.before), after = without_zeroes(count.after);
  const auto rows = without_zeroes(count.rows);
  // Rows are added by the expansion while it is counted, and never taken away.
  const bool total = sum(rows) >= sum(before) && sum(rows) <= sum(after);
  const bool states = before != after || rows == after;
  if (total && states) return std::nullopt;
  return AuditFinding{key_of("rows", alert, route),
                      {"service.audit_rows",
                       {{"alert", alert.in_force.code},
                        {"route", name_of(alert, route)},
                        {"rows", sum(rows)},
                        {"counters", sum(after)}}}};
}

std::vector<AuditFinding> Audit::judge(const AuditReading& reading, base::Now now) {
  std::vector<AuditFinding> out;
  std::map<std::pair<delivery::AlertId, RouteIndex>, Seen> seen;
  for (const auto& alert : reading.alerts)
    for (const auto& [route, _] : alert.routes) {
      if (auto finding = planned_finding(alert, route)) out.push_back(std::move(*finding));
      const auto counts = counters_of(alert, route);
      const auto known = seen_.find({alert.id, route});
      const auto since = known != seen_.end() && known->second.counts == counts ? known->second.since : now.mono;
      seen[{alert.id, route}] = {counts, since};
      const auto due = alert.pulse.oldest_due.find(route);
      if (due == alert.pulse.oldest_due.end()) continue;
      const auto waited = overdue(alert, due->second, now.wall);
      if (waited < limits_.waiting || now.mono - since < limits_.waiting) continue;
      out.push_back({key_of("waiting", alert, route),
                     {"service.audit_waiting", {{"alert", alert.in_force.code}, {"route", name_of(alert, route)}}}});
    }
  seen_ = std::move(seen);
  if (reading.free_bytes && *reading.free_bytes < limits_.free_bytes)
    out.push_back({"disk",
                   {"service.audit_disk",
                    {{"free", static_cast<std::int64_t>(*reading.free_bytes >> 20)},
                     {"bound", static_cast<std::int64_t>(limits_.free_bytes >> 20)}}}});
  if (reading.no_ballast) out.push_back({"ballast", *reading.no_ballast});
  return out;
}

std::optional<base::milliseconds> Audit::oldest_waiting(const AuditReading& reading, base::WallTime now) {
  std::optional<base::milliseconds> out;
  for (const auto& alert : reading.alerts)
    for (const auto& [_, due] : alert.pulse.oldest_due) {
      const auto waited = overdue(alert, due, now);
      if (waited >= base::milliseconds(0) && (!out || waited > *out)) out = waited;
    }
  return out;
}

}  // namespace broadcaster::service
