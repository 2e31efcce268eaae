// Whether one signature counts, and if not, why, in words that a duty officer understands. Pure.
// Thread rule: plain functions.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "broadcaster/approval/people.hpp"

namespace broadcaster::approval {

/// A plan, or the agency's keys and rules (signed_set.hpp): neither signature is ever the other.
enum class Over { plan, policy_set };

/// What a signature must be over, and who may not give it.
struct Question {
  Role role = Role::approver;
  alert::Mode mode = alert::Mode::drill;
  base::Digest digest{};
  std::string author;  ///< of the plan: the only author, and never an approver
  base::WallTime now;
  Over over = Over::plan;
};

/// Why a signature does not count.
enum class Doubt {
  other_role,  ///< fits, but was given in another role than is asked for here
  unknown_person,
  unknown_key,
  key_of_another,
  unfit,            ///< the plan or the time was changed after it was signed, or it is over something else
  given_otherwise,  ///< fits as another role or for the other mode: it was relabelled
  revoked,
  expired,
  no_role,
  by_author,
  not_the_author,
  future,
  replaced,  ///< the same person signed again later; one person counts once
};

struct Verdict {
  Signature signature;
  std::optional<Doubt> doubt;  ///< nothing: it counts
  base::Text reason;           ///< with a doubt
};

/// One verdict a signature, in the order given. Of several that count by one person the latest does.
std::vector<Verdict> weigh(std::span<const Signature> signatures, const People& people, const Question& question);

/// How many count: persons, for each counts once.
int counted(std::span<const Verdict> verdicts);

}  // namespace broadcaster::approval
