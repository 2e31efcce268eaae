// config/people.yaml: who may write, approve and cancel, with which keys, and how many must approve.
//
//   people:
//     - id: sari.wulandari
//       name: Sari Wulandari
//       roles: [author, approver]
//       keys:                                  # may be empty: a person without keys cannot sign
//         - public: "base64, 32 bytes"         # as `keys new` prints it
//           expires: 2027-06-30T23:59:59+07:00     # optional; its last moment (in older files: not_after)
//           revoked: 2026-11-24T02:15:00+07:00     # optional; lost or stolen: from then on (true: it never counted)
//   quorum: {Actual: 2, Exercise: 1, Test: 1, System: 1, all_clear: 2, prepared: 2}
//                           # all_clear: of the all-clear of an Actual alert; optional, else as Actual. A drill's needs
//                           # what its order needs
//                           # prepared: of an Actual alert that one person may send alone later (prepared.hpp);
//                           # optional, else as Actual, and never fewer
//   release_within: 10m     # optional, 1m to 30m: so long after its approvals may a plan be released
//
// Mistakes, all reported at once: an id or key twice, one key at two persons, a role nobody has, a quorum that cannot
// be reached (the author of a plan does not count).
// From the moment that a key expires or is revoked, no signature of it counts, whenever it says that it was given: who
// has stolen a key writes any date. Thread rule: plain values.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/alert/alert.hpp"
#include "broadcaster/approval/keys.hpp"
#include "broadcaster/base/error.hpp"

namespace broadcaster::approval {

/// A moment, and how the file writes it: people read that.
struct KeyMoment {
  base::WallTime at;
  std::string text;
};

struct PersonKey {
  PublicKey key{};
  std::string id;  ///< key_id(key)
  std::optional<KeyMoment> expires;
  std::optional<KeyMoment> revoked;  ///< `true` in the file: since always, without a text
  bool has_expired(base::WallTime now) const { return expires && now > expires->at; }
  bool is_revoked(base::WallTime now) const { return revoked && now >= revoked->at; }
};

struct Person {
  std::string id;
  std::string name;
  std::vector<Role> roles;
  std::vector<PersonKey> keys;
  bool has(Role role) const;
  /// Has a key that counts now.
  bool can_sign(base::WallTime now) const;
};

/// Whoever approved has looked at the sea, the bulletin, the clock; half an hour later that is worth nothing.
constexpr std::chrono::minutes usual_release_within{10}, longest_release_within{30}, shortest_release_within{1};

struct People {
  std::vector<Person> persons;
  std::map<alert::Status, int> quorum;  ///< every status but Draft; at least 1
  int all_clear_quorum = 1;             ///< of an Actual alert's all-clear; at least 1
  int prepared_quorum = 1;              ///< of a prepared alert that is Actual; at least as many as for Actual
  /// A plan that asks for more is refused.
  std::chrono::seconds release_within = usual_release_within;
  std::string text;  ///< the file, byte for byte: goes into the journal with a release

  const Person* find(std::string_view id) const;
  /// How many must approve it. A status without a quorum (Draft) is refused for what it is; until then one is the
  /// least.
  int approvals_needed(const alert::Alert& alert) const;
  /// How many must sign it as a prepared alert. A drill's needs what its order needs.
  int approvals_needed_prepared(const alert::Alert& alert) const;
  /// How many must sign the next set of rules: as many as whatever needs most, or whoever is enough for a warning could
  /// first lower what an all-clear takes.
  int signatures_needed_of_set() const;
  /// Whose key it is; nullptr for nobody's.
  const Person* owner(std::string_view key) const;
};

/// So long before its last moment a key is named in `check` and `status`.
constexpr std::chrono::days key_warning{30};
/// Keys that expire soon or have expired, in the order of the file, and those whose revocation is yet to come. What is
/// revoked needs no warning: somebody did it.
std::vector<base::Text> key_warnings(const People& people, base::WallTime now);

/// What cannot be approved any more: fewer people have a key that counts now than must approve it, for whoever writes
/// it is none of them. Nothing is said of people who have no keys at all yet.
std::vector<base::Text> quorum_warnings(const People& people, base::WallTime now);

base::Checked<People> read_people(const std::filesystem::path& path);
base::Checked<People> parse_people(const std::string& text, const std::string& file);

}  // namespace broadcaster::approval
