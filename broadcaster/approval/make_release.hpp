// The ways to a Release: a plan whose quorum signed it, the false-alarm plan inside a released one, and the journal;
// and one person alone (break_glass.hpp).
//
// Thread rule: plain functions; a check of all signatures of a plan takes about a millisecond.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "broadcaster/approval/false_alarm.hpp"
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

/// The prepared false-alarm plan, by Authority::canceller, or by break_glass with request.glass. It may go out after
/// the original expired. Errors: refused when the original holds none or is one itself (a cancel is not cancelled:
/// update), when judge_false_alarm() refuses, when the text's own time is over, or when the filling does not refer to
/// the original.
base::Result<AnyRelease> release_false_alarm(const StoredRelease& original, const People& people,
                                             const FalseAlarmRequest& request);

/// After a restart: verified against what is stored and nothing else, neither today's time nor today's people.
/// Errors: refused when the stored signatures do not carry the stored plan; bad_input for what is no plan.
base::Result<AnyRelease> reopen(const StoredRelease& stored);

}  // namespace broadcaster::approval
