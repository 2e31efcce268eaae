// What the built-in slots of a template mean for one message: the alert, the agency and some zones in one language.
// Thread rule: pure, but for ICU's data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "broadcaster/alert/agency.hpp"
#include "broadcaster/alert/alert.hpp"
#include "broadcaster/alert/zones.hpp"
#include "broadcaster/plan/template.hpp"

namespace broadcaster::plan {

/// Whom a message speaks to.
struct Addressees {
  std::vector<const alert::Zone*> zones;  ///< in the alert's order; one, or all for an account
  std::string time_zone;                  ///< IANA: in whose time it speaks
  /// Of an all-clear that tells `zones` to return: those that it tells to wait.
  std::vector<const alert::Zone*> waiting = {};
};

/// When the hazard reaches the first of these zones: the zone's own onset, else the alert's. Nothing when not known.
std::optional<base::WallTime> earliest_onset(const alert::Alert& alert, const std::vector<const alert::Zone*>& zones);
/// The onset of one zone.
std::optional<base::WallTime> onset_of(const alert::Alert& alert, const alert::ZoneId& zone);
/// When the alert ends: the latest `expires` of its infos.
std::optional<base::WallTime> expiry_of(const alert::Alert& alert);

/// In `language`; else in the agency's default language; else any.
std::string name_in(const std::map<std::string, std::string>& names, const alert::Language& language,
                    const alert::Agency& agency);

/// Slots that have no value (arrival not known, level not given) are absent.
Values slot_values(const alert::Alert& alert, const alert::Agency& agency, const Template& words,
                   const Addressees& addressees, base::WallTime now);

}  // namespace broadcaster::plan
