// Break-glass (R39): the quorum was paged and has not signed in time; one approver or the duty officer releases alone.
//
// Only for an alert or an update, Actual or its drill, Immediate and Extreme or Severe, in the template's own words,
// for as many zones as the agency's policy allows, and only where the policy allows it at all. The author's own
// signature must be there. The one who breaks the glass signs plan, authority, reason and the time of the page
// together, so that this signature is no approval, and no approval is this signature. Thread rule: plain functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "broadcaster/approval/people.hpp"
#include "broadcaster/approval/release.hpp"
#include "broadcaster/approval/verdict.hpp"
#include "broadcaster/plan/policy.hpp"

namespace broadcaster::approval {

struct ReleaseRequest;  // make_release.hpp

/// Shorter is no reason.
constexpr std::size_t least_reason = 8, longest_reason = 400;

/// What is signed: SHA-256 of the canonical JSON of authority, paged_at, plan and reason.
base::Digest glass_digest(const base::Digest& plan, const std::string& reason, base::WallTime paged_at);

/// As whom this person may break the glass of this plan: as approver, else as duty officer. Errors: refused for
/// neither, and for whoever wrote it, in any role: no words go out that one person has written and released.
base::Result<Role> glass_role(const People& people, const plan::Plan& plan, const std::string& person);

/// Errors: those of sign().
base::Result<Glass> break_glass(const UnlockedKey& key, Role role, const SignedPlan& plan, std::string reason,
                                base::WallTime paged_at, base::WallTime now);

/// What a release alone is judged by.
struct GlassCase {
  std::optional<plan::BreakGlass> policy = std::nullopt;  ///< of policy.yaml; nullopt: not offered
  /// When the paging of those who decide about this plan began; nullopt: they were not paged.
  std::optional<base::WallTime> paged_at = std::nullopt;
};

/// Whether the glass may be broken now, before anybody signs: every condition that is not met, the root cause first.
std::vector<base::Text> glass_refusals(const SignedPlan& plan, const People& people, const GlassCase& the_case,
                                       base::WallTime now);

// One condition each, for a release alone and for a false alarm alone (false_alarm.hpp); nothing: it is met.
std::optional<base::Text> glass_status_fault(const plan::Plan& plan);
std::optional<base::Text> glass_zones_fault(const plan::Plan& plan, const plan::BreakGlass& policy);
/// Of a case with a policy and a page.
std::optional<base::Text> glass_wait_fault(const GlassCase& the_case, base::WallTime now);
std::optional<base::Text> glass_reason_fault(const Glass& glass);
/// Of an order; a false alarm's words are not the canceller's.
std::optional<base::Text> glass_author_fault(const plan::Plan& plan, const Glass& glass);

/// The release itself (release.cpp). Errors: refused with the first of glass_refusals(), for a signature that does not
/// count or a reason that is none, for a page that began at another time than was signed, and as release().
base::Result<AnyRelease> release_alone(const SignedPlan& plan, const People& people, const GlassCase& the_case,
                                       const Glass& glass, const ReleaseRequest& request);

/// Does this signature carry this plan's release alone? For release_alone() and reopen().
Verdict weigh_glass(const SignedPlan& plan, const People& people, const Glass& glass, base::WallTime now);

}  // namespace broadcaster::approval
