// "There is no danger" (R38): who may say so, how many must, and why one is not enough. Pure.
//
// A false "no danger" is worse than a late one. One canceller is enough while no source says that the hazard is in
// force, and only for so long after the release; otherwise a second canceller signs, or the first breaks the glass:
// alone, with a reason, when so long after the others were called none has come, and only where the agency's policy
// offers it. What is broken is signed as canceller over glass_digest() (break_glass.hpp), so that it is neither a
// plain false alarm nor a release of the alert. Thread rule: plain functions.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/approval/break_glass.hpp"

namespace broadcaster::approval {

/// Who says that the hazard is in force.
struct SourceInForce {
  enum class Kind {
    alert,     ///< another alert of ours that is open and touches one of the zones
    bulletin,  ///< of a warning centre, neither ended nor taken back
  } kind = Kind::alert;
  std::string name;  ///< as people look it up: the alert's code, or the draft or question that the bulletin became
  std::string from;  ///< the alert's hazard, or the feed that brought the bulletin
};

struct FalseAlarmRequest {
  /// Role canceller, over the digest of the whole released plan, not older than its release_within; one, or two by
  /// different persons.
  std::vector<Signature> cancellers;
  plan::Filling filling;
  base::WallTime now;
  /// When the first revision was released: an update by a whole quorum gives nobody a new half hour.
  base::WallTime in_force_since;
  /// One canceller is enough for so long after that (policy.yaml).
  std::chrono::minutes alone_within{30};
  std::vector<SourceInForce> sources_in_force;
  /// One canceller alone although a second is needed; in the place of `cancellers`.
  std::optional<Glass> glass = std::nullopt;
  GlassCase glass_case = {};
};

struct FalseAlarmJudgement {
  std::vector<Signature> cancellers;         ///< those that count, and are fresh
  std::optional<base::Text> second_because;  ///< why one is not enough
  std::optional<base::Text> refusal;         ///< nothing: it may go out

  int needed() const { return second_because ? 2 : 1; }
  /// Somebody who may say so has said so, and a second is missing: the moment to call the others.
  bool waits_for_a_second() const { return second_because && cancellers.size() == 1 && refusal; }
};

/// `original`: the whole released plan. What the false alarm's own text and filling must hold is
/// release_false_alarm()'s to say (make_release.hpp).
FalseAlarmJudgement judge_false_alarm(const SignedPlan& original, const People& people,
                                      const FalseAlarmRequest& request);

/// What the holes of a false alarm about `original` must hold; the caller chose identifier and code. It
/// refers to the original, and to what the original itself refers to.
plan::Filling false_alarm_filling(const StoredRelease& original, const std::string& sender, std::string identifier,
                                  std::string code, base::WallTime now);

/// Signatures as cancellers of this plan, one verdict each. For judge_false_alarm() and reopen().
std::vector<Verdict> weigh_cancellers(std::span<const Signature> signatures, const People& people,
                                      const SignedPlan& original, base::WallTime now);
/// Does this signature carry the false alarm alone?
Verdict weigh_canceller_alone(const SignedPlan& original, const People& people, const Glass& glass, base::WallTime now);

}  // namespace broadcaster::approval
