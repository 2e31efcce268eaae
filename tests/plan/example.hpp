// The example agency of config/ and templates/, and an alert of it, for the tests of plan/.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "broadcaster/plan/make_plan.hpp"

namespace broadcaster::plan::example {

/// 2026-11-24T02:15:00 in Tirtapura (WIB).
base::WallTime night();

/// What channels say of themselves, as far as a plan needs it.
std::span<const ChannelTraits> traits();

struct Town {
  alert::Agency agency;
  alert::Zones zones;
  std::vector<alert::Siren> sirens;
  Templates templates;
  std::vector<Endpoint> endpoints;  ///< of both modes

  std::vector<Endpoint> of_mode(alert::Mode mode) const;
};
const Town& town();

enum class Arrival { known, unknown };
/// An evacuation of muara, pasir and teluk; the wave in 20 minutes, valid for 3 hours.
alert::Alert order(alert::Status status, Arrival arrival = Arrival::known);
/// The first level of another hazard, for muara alone, in every language that has words for it.
alert::Alert order_for(const std::string& hazard, alert::Status status, Arrival arrival = Arrival::known);

/// That such an alert is over, as BMKG says; everybody may return.
alert::Alert all_clear(alert::Alert order);

/// 40 Indonesian and 10 English recipients a zone.
/// The tsunami order in Arabic and Hindi alone, in muara: an agency that speaks these, with SMS of three parts.
Plan plan_in_other_scripts(alert::Status status, Arrival arrival);
Plan plan_in_other_scripts(alert::Alert alert);

std::map<std::string, SnapshotInfo> audiences();

/// make_plan over the example.
base::Checked<Plan> plan_of(const alert::Alert& alert);
base::Checked<Plan> plan_of(const alert::Alert& alert, const std::vector<Endpoint>& endpoints,
                            const Templates& templates);

/// All errors as "key: id" lines.
std::string lines(const base::Errors& errors);
bool has(const base::Errors& errors, const std::string& id);

/// A folder of its own, removed at the end.
struct Folder {
  Folder();
  ~Folder();
  std::filesystem::path write(const std::string& name, const std::string& content) const;
  std::filesystem::path path;
};

Filling filling();

}  // namespace broadcaster::plan::example
