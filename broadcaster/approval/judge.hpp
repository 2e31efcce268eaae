// May this plan be released now? Who signed it, what is missing, and what speaks against it. Pure.
//
// A signature counts for one person, in the role that was signed, by a key that people.yaml lists, not revoked and not
// past its date; the author signs as author and is never counted as approver. Then the plan itself: a Draft is never
// released, status and mode agree, it has not expired, a quorum of approvals is fresh, no onset has passed since it was
// made; and its messages are what they must be (sound.hpp). A signature that does not count is named and does not stand
// in the way of those that do. Lateness does not refuse an alert that is Actual and Immediate: its officer is told, and
// may send. Thread rule: plain functions.
#pragma once

#include <optional>
#include <vector>

#include "broadcaster/approval/people.hpp"
#include "broadcaster/approval/release.hpp"
#include "broadcaster/approval/verdict.hpp"

namespace broadcaster::approval {

struct Judgement {
  std::vector<Verdict> signatures;  ///< the author's first, then all others, each group in the file's order
  bool author_signed = false;
  int approvals = 0;
  int needed = 0;
  std::optional<base::WallTime> approved_at;  ///< when the quorum was reached first
  std::optional<base::WallTime> last_approval;
  /// The needed-th newest approval: release_within counts from here, so that a whole quorum is fresh.
  std::optional<base::WallTime> fresh_since;
  std::vector<base::Text> refusals;  ///< empty: it may be released. The root cause stands first
  std::vector<base::Text> warnings;  ///< what the officer must see before releasing

  bool approved() const { return author_signed && approvals >= needed; }
  bool may_be_released() const { return refusals.empty(); }
};

Judgement judge(const SignedPlan& signed_plan, const People& people, base::WallTime now);

/// The same without asking for a quorum, for a release by one person alone (break_glass.hpp): the author's own
/// signature must be there.
Judgement judge_alone(const SignedPlan& signed_plan, const People& people, base::WallTime now);

/// The signatures alone, as judge() weighs them: approved() answers. reopen() needs no more.
Judgement judge_signatures(const SignedPlan& signed_plan, const People& people, base::WallTime now);

}  // namespace broadcaster::approval
