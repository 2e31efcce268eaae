// Are the files on this disk the signed ones? Pure.
//
// Whoever judges remembers the set that it has accepted last, whole (`accepted`; the owner keeps it in its journal).
// signed.json only leads on from there, link by link. So it may be lost or spoilt: as long as the files are those of
// the accepted set, that set is in force. A set that is older, or of another line, leads nowhere. Keys are weighed as
// they are now: an expired one of long ago signs nothing. Only whoever has accepted none yet takes the first set on
// trust, and weighs each by the time of its own signatures. Thread rule: plain functions.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/approval/signed_set.hpp"

namespace broadcaster::approval {

/// What was read from the folder, once: what is judged here is what is used.
struct SetOnDisk {
  SetTexts texts;
  std::optional<std::string> signed_set;  ///< text of signed.json; nullopt: there is none
};

struct SetStanding {
  enum class State { in_force, changed, never_signed } state = State::never_signed;
  /// The set to go by: the one that was accepted before, or a newer one that it leads to. nullptr: none was ever
  /// signed.
  std::shared_ptr<const SignedSet> accepted;
  /// Whether `accepted` is new to whoever asked.
  enum class News { none, followed, first_use } news = News::none;
  std::vector<FileChange> changed;  ///< files that differ from `accepted`
  /// Why signed.json leads nowhere; in force: what is wrong with it all the same. Empty: nothing is.
  std::vector<base::Text> trouble;
  bool in_force() const { return state == State::in_force; }
};

SetStanding judge_set(const SetOnDisk& disk, std::shared_ptr<const SignedSet> accepted, base::WallTime now);

/// What a live release is refused with: which file, and what to do; then the trouble. Empty: it is in force.
std::vector<base::Text> set_refusals(const SetStanding& standing);

/// Why `to` does not lead on from `accepted` (nullptr: from nothing, by trust). Empty: it does.
std::vector<base::Text> why_not_followed(const SignedSet& to, const SignedSet* accepted, base::WallTime now);

/// Whether this file stood so in one of the sets: what a process has read at its start may be of an older one.
bool was_signed(const SignedSet& set, std::string_view file, const SetDigests& read);

std::string names_of(const std::vector<FileChange>& changes);  ///< "people.yaml, policy.yaml"

}  // namespace broadcaster::approval
