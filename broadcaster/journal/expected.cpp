#include "broadcaster/journal/expected.hpp"

#include <set>

#include "broadcaster/journal/worklist.hpp"

namespace broadcaster::journal {
namespace {

/// An audience of two names is one list when its digest is one.
const plan::PlannedAudience* audience_of(const plan::Plan& plan, const std::string& digest) {
  for (const auto& audience : plan.audiences)
    if (audience.digest == digest) return &audience;
  return nullptr;
}

}  // namespace

std::map<delivery::RouteIndex, ExpectedRows> expected_rows(const plan::Plan& plan) {
  std::map<delivery::RouteIndex, ExpectedRows> out;
  std::map<delivery::RouteIndex, std::set<std::string>> digests;
  for (const auto& unit : worklist(plan)) {
    const auto& route = plan.routes[static_cast<std::size_t>(unit.route.value)];
    auto& expected = out[unit.route];
    for (const auto& to : unit.addressees)
      if (has_message(plan, route, to.language, to.zone)) ++expected.rows;
    // An Update goes through its audiences several times; the last time everybody has his row.
    if (unit.audience_digest.empty() || unit.at_most != Reached::by_one) continue;
    digests[unit.route].insert(unit.audience_digest);
    const auto* audience = audience_of(plan, unit.audience_digest);
    if (!audience) continue;
    for (const auto& count : audience->counts)
      if (count.zone == unit.zone && has_message(plan, route, count.language, count.zone))
        expected.rows += count.recipients;
  }
  for (const auto& [route, several] : digests)
    if (several.size() > 1) out[route].how = ExpectedRows::How::at_most;
  std::erase_if(out, [](const auto& one) { return one.second.rows == 0; });
  return out;
}

}  // namespace broadcaster::journal
