// How an owner looks after itself: service.yaml beside its hooks. Every key may be left out.
//
//   audit:    {every: 5s, waiting: 2m, count_every: 1m}
//   dead_man: {url: "https://…", drill_url: "http://…", every: 1m}     a url may be env:, file: or credential: too
//   disk:     {ballast_mib: 64, warn_below_mib: 512}
//   fence:    {folder: /mnt/shared/broadcaster, wait: 15s}     where another machine would say that it has taken over
//             (fence.hpp), and how long that one waits for our word
// Thread rule: plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "broadcaster/alert/vocabulary.hpp"
#include "broadcaster/base/yaml.hpp"

namespace broadcaster::service {

struct AuditSettings {
  std::chrono::seconds every{5};
  std::chrono::seconds waiting{120};     ///< see AuditLimits
  std::chrono::seconds count_every{60};  ///< between two counts of the rows themselves
};

/// Somebody outside who misses us: pinged only while the audit is green.
struct DeadManSettings {
  std::string url;        ///< of a live process; empty: none
  std::string drill_url;  ///< of a drill process, never the live one: a drill must not hide a dead live process
  std::chrono::seconds every{60};
};

struct DiskSettings {
  std::optional<std::uint64_t> ballast_mib;     ///< nullopt: as the mode says
  std::optional<std::uint64_t> warn_below_mib;  ///< nullopt: as the mode says
  std::uint64_t ballast_bytes(alert::Mode mode) const;
  std::uint64_t warn_below_bytes(alert::Mode mode) const;
};

struct FenceSettings {
  std::string folder;  ///< empty: none
  /// A second or two to see the mark, ten to finish what is in flight; more where a network disk shows it late.
  std::chrono::seconds wait{15};
};

struct Upkeep {
  AuditSettings audit;
  DeadManSettings dead_man;
  DiskSettings disk;
  FenceSettings fence;
};

/// From the root of service.yaml; mistakes go to the fields' errors.
Upkeep read_upkeep(base::Fields& root, base::Errors& errors);

/// The address that a process of this mode pings; empty: none. Errors: as base::Secret::load.
base::Result<std::string> dead_man_url(const DeadManSettings& settings, alert::Mode mode, const std::string& folder);

}  // namespace broadcaster::service
