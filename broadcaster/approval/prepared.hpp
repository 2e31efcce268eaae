// Prepared alerts (R40): a form that a quorum signed by day, and one officer who fires it at night.
//
// What is signed is the digest of the whole form (plan/form.hpp), by author and approvers as over a plan; a live form
// needs as many as `prepared` in people.yaml says. It carries until its last day, as long as nothing that it rests on
// has changed and its signatures still count.
// Who fires signs form, zones and arrival as one digest: it is no approval, and no approval is it. The time of that
// signature is when it was fired: the texts' times and the alert's life count from it, so form and firing alone give
// the plan's bytes. Thread rule: plain functions.
#pragma once

#include "broadcaster/approval/make_release.hpp"
#include "broadcaster/plan/fill_form.hpp"
#include "broadcaster/plan/form_basis.hpp"

namespace broadcaster::approval {

/// The canonical form and the signatures over it.
struct SignedForm {
  plan::Form form;
  std::string canonical;
  std::vector<Signature> signatures;
};
/// A form that nobody has signed yet.
SignedForm unsigned_form(plan::Form form);
base::Digest digest(const SignedForm& signed_form);

/// Of the terms' roles and persons: who may fire it, with the keys that count today.
/// Errors: bad_input for a role that is none, for a person who is unknown or has no role, and where nobody is left.
base::Checked<std::vector<plan::Firer>> firers(const People& people, const std::vector<std::string>& roles,
                                               const std::vector<std::string>& persons, base::WallTime now);

struct FormJudgement {
  std::vector<Verdict> signatures;  ///< the author's first
  bool author_signed = false;
  int approvals = 0;
  int needed = 0;
  std::vector<base::Text> voids;     ///< why it cannot be fired any more, or not yet; the root cause first
  std::vector<base::Text> warnings;  ///< who of those who may fire it cannot any more
  /// Ready until then, if nothing else changes: its last moment, or before that the one in which the keys of those who
  /// signed or may fire it have expired.
  base::WallTime until;
  bool approved() const { return author_signed && approvals >= needed; }
  bool is_ready() const { return voids.empty(); }
};
/// Void since something changed, waiting for signatures, or ready. What can be derived again is: limits, dates, whom an
/// account serves, and that every text is sound whichever zones are fired. Pure: `today` and `now` come in.
FormJudgement judge_form(const SignedForm& signed_form, const People& people, const plan::Today& today,
                         base::WallTime now);
/// Whether this person can still fire: in a role that they were named for, with a key that the form knows and that
/// counts.
bool can_fire(const plan::Firer& firer, const People& people, base::WallTime now);
/// The signatures alone; what reopen() needs.
FormJudgement judge_form_signatures(const SignedForm& signed_form, const People& people, base::WallTime now);

/// What is signed by who fires: SHA-256 of the canonical JSON of authority, form, zones and arrival.
base::Digest firing_digest(const base::Digest& form, const std::vector<alert::ZoneId>& zones,
                           const std::optional<base::WallTime>& arrival);

/// A firing beside an earlier one of the same form that is in force. same: for the same zones, and for an arrival
/// within a few minutes ("in 25 minutes", typed twice, is two moments); other: some zone is in both, and people there
/// would read two alerts.
enum class Beside { none, same, other };
constexpr std::chrono::minutes arrivals_apart{5};
Beside beside(const Firing& in_force, const Firing& firing);

/// As whom this person fires. Errors: refused for who is not named in the form, or has lost the role that he was named
/// for.
base::Result<Role> firing_role(const SignedForm& signed_form, const People& people, const std::string& person);

/// Errors: those of sign().
base::Result<Firing> fire(const UnlockedKey& key, Role role, const SignedForm& signed_form,
                          std::vector<alert::ZoneId> zones, std::optional<base::WallTime> arrival, base::WallTime now);

/// The slots of a firing, with the audiences as they are now.
plan::Slots slots_of(const Firing& firing, std::vector<plan::PlannedAudience> audiences);

/// Everything that speaks against this firing, the form's own state first. Empty: it may be released.
std::vector<base::Text> firing_refusals(const SignedForm& signed_form, const People& people, const plan::Today& today,
                                        const Firing& firing, base::WallTime now);

struct FiringRequest {
  Firing firing;
  std::vector<plan::PlannedAudience> audiences;
  ReleaseRequest release;
};
/// By Authority::prepared. Errors: refused with the first of firing_refusals(), for a plan that is not sound
/// (sound.hpp), and as release().
base::Result<AnyRelease> release_prepared(const SignedForm& signed_form, const People& people, const plan::Today& today,
                                          const FiringRequest& request);

/// For reopen(): form signatures, firer, ranges and bytes again, from what is stored and nothing else.
base::Result<void> check_stored_firing(const StoredRelease& stored, const plan::Plan& plan, const People& people);

/// What is typed to sign a form ("LIVE PREPARED tsunami 4"); empty for a drill.
std::string expected_form_confirmation(const plan::Form& form);
bool form_confirmed(std::string_view typed, const plan::Form& form);
/// The rules that the form breaks, as to_accept() of a plan.
std::vector<std::string> to_accept(const plan::Form& form);

}  // namespace broadcaster::approval
