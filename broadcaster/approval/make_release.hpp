// The ways to a Release: a plan whose quorum signed it, the false-alarm plan inside a released one, and the journal;
// and one person alone (break_glass.hpp).
//
// Thread rule: plain functions; a check of all signatures of a plan takes about a millisecond.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "broadcaster/approval/judge.hpp"
#include "broadcaster/approval/release.hpp"

namespace broadcaster::approval {

struct ReleaseRequest {
  plan::Filling filling;
  base::WallTime now;
  std::string released_by;  ///< who asked for it and as whom the kernel knows them: "sari (uid 1000)"
};

/// By quorum. Errors: refused with the first of judge()'s refusals, or for a filling that check_filling() does not
/// take.
base::Result<AnyRelease> release(const SignedPlan& signed_plan, const People& people, const ReleaseRequest& request);

/// "There is no danger": a false "no danger" is worse than a late one.
struct FalseAlarmRequest {
  /// Role canceller, over the digest of the whole released plan, not older than its release_within; one, or two by
  /// different persons.
  std::vector<Signature> cancellers;
  plan::Filling filling;
  base::WallTime now;
  /// One canceller is enough for so long after the release; later a second must agree.
  std::chrono::minutes alone_within{30};
  /// Who says that the hazard is in force (a rule, a bulletin, another alert), as people call it. With any, a second
  /// must agree, and the refusal names the first.
  std::vector<std::string> sources_in_force;
};

/// What the holes of a false alarm about `original` must hold; the caller chose identifier and code. It refers to the
/// original, and to what the original itself refers to.
plan::Filling false_alarm_filling(const StoredRelease& original, const std::string& sender, std::string identifier,
                                  std::string code, base::WallTime now);

/// The prepared false-alarm plan, by Authority::canceller. It may go out after the original expired.
/// Errors: refused when the original holds none or is one itself (a cancel is not cancelled: update), when a canceller
/// is missing, when the text's own time is over, or when the filling does not refer to the original.
base::Result<AnyRelease> release_false_alarm(const StoredRelease& original, const People& people,
                                             const FalseAlarmRequest& request);

/// After a restart: verified against what is stored and nothing else, neither today's time nor today's people.
/// Errors: refused when the stored signatures do not carry the stored plan; bad_input for what is no plan.
base::Result<AnyRelease> reopen(const StoredRelease& stored);

}  // namespace broadcaster::approval
