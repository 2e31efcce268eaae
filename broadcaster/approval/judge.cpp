#include "broadcaster/approval/judge.hpp"

#include <algorithm>

#include "broadcaster/approval/one_mode.hpp"
#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/approval/sound.hpp"

namespace broadcaster::approval {
namespace {

using base::Text;
using base::WallTime;

std::int64_t minutes(std::chrono::milliseconds span) { return std::chrono::floor<std::chrono::minutes>(span).count(); }

/// What was changed is the root cause of what is missing, so it is said first. Where nothing is missing, what does not
/// count is only named.
void check_signatures(Judgement& judgement) {
  auto& refusals = judgement.refusals;
  if (judgement.approved()) {
    for (const auto& verdict : judgement.signatures)
      if (verdict.doubt && verdict.doubt != Doubt::replaced) judgement.warnings.push_back(verdict.reason);
    return;
  }
  for (const auto& verdict : judgement.signatures)
    if (verdict.doubt == Doubt::unfit) refusals.push_back(verdict.reason);
  if (!judgement.author_signed) refusals.push_back({"approval.author_missing", {}});
  if (judgement.approvals < judgement.needed)
    refusals.push_back({"approval.quorum_missing",
                        {{"have", std::int64_t{judgement.approvals}}, {"needed", std::int64_t{judgement.needed}}}});
  for (const auto& verdict : judgement.signatures)
    if (verdict.doubt && verdict.doubt != Doubt::unfit) refusals.push_back(verdict.reason);
}

/// Of a release alone: the author's signature, and what was changed.
void check_author(Judgement& judgement) {
  for (const auto& verdict : judgement.signatures)
    if (verdict.doubt == Doubt::unfit) judgement.refusals.push_back(verdict.reason);
  if (!judgement.author_signed) judgement.refusals.push_back({"approval.author_missing", {}});
}

/// An onset that lay ahead when the texts were written and is behind us now.
const plan::PlannedZone* passed_zone(const plan::Plan& plan, WallTime now) {
  const plan::PlannedZone* first = nullptr;
  for (const auto& zone : plan.zones)
    if (zone.onset && *zone.onset > plan.made_at && *zone.onset <= now && (!first || *zone.onset < *first->onset))
      first = &zone;
  return first;
}

bool onset_passed(const plan::Plan& plan, WallTime now) {
  return passed_zone(plan, now) || std::ranges::any_of(plan.alert.infos, [&](const alert::Info& info) {
           return info.onset && *info.onset > plan.made_at && *info.onset <= now;
         });
}

/// Everybody in a zone that the hazard has reached, for the officer who sends late.
std::int64_t people_reached(const plan::Plan& plan, WallTime now) {
  std::int64_t people = 0;
  for (const auto& zone : plan.zones)
    if (zone.onset && *zone.onset <= now) people += zone.people;
  return people;
}

void check_times(const plan::Plan& plan, std::chrono::seconds longest, WallTime now, Judgement& out) {
  if (plan.expires <= now) out.refusals.push_back({"approval.expired", {{"minutes", minutes(now - plan.expires)}}});
  if (plan.release_within > longest)
    out.refusals.push_back(
        {"approval.release_within_long", {{"found", minutes(plan.release_within)}, {"most", minutes(longest)}}});
  if (out.approved() && now - *out.fresh_since > plan.release_within)
    out.refusals.push_back({"approval.approve_again",
                            {{"minutes", minutes(now - *out.fresh_since)}, {"within", minutes(plan.release_within)}}});
  if (!onset_passed(plan, now)) return;
  // Never refuse means: Actual and Immediate goes out late rather than not at all. Everything else is planned again, so
  // that its words fit what is true now.
  const auto class_of = plan::priority(plan.alert);
  if (class_of <= 1)
    out.warnings.push_back({"approval.onset_passed_late", {{"people", people_reached(plan, now)}}});
  else if (plan.mode == alert::Mode::live)
    out.refusals.push_back({"approval.onset_passed", {}});
  else
    out.warnings.push_back({"approval.onset_passed", {}});
}

/// The quorum's own moments: the needed-th of the counting approvals by time, from the first and from the last.
void date_approvals(Judgement& out) {
  std::vector<WallTime> times;
  for (const auto& verdict : out.signatures)
    if (!verdict.doubt && verdict.signature.role == Role::approver) times.push_back(verdict.signature.at);
  std::ranges::sort(times);
  if (times.empty()) return;
  out.last_approval = times.back();
  const auto needed = static_cast<std::size_t>(out.needed);
  if (needed == 0 || times.size() < needed) return;
  out.approved_at = times[needed - 1];
  out.fresh_since = times[times.size() - needed];
}

}  // namespace

Judgement judge_signatures(const SignedPlan& signed_plan, const People& people, WallTime now) {
  Question question{.role = Role::author,
                    .mode = signed_plan.plan.mode,
                    .digest = digest(signed_plan),
                    .author = signed_plan.plan.author,
                    .now = now};
  std::vector<Signature> as_author, others;
  for (const auto& signature : signed_plan.signatures)
    (signature.role == Role::author ? as_author : others).push_back(signature);

  Judgement out;
  out.signatures = weigh(as_author, people, question);
  out.author_signed = counted(out.signatures) > 0;
  question.role = Role::approver;
  auto approvals = weigh(others, people, question);
  out.approvals = counted(approvals);
  std::ranges::move(approvals, std::back_inserter(out.signatures));
  out.needed = people.approvals_needed(signed_plan.plan.alert);
  date_approvals(out);
  return out;
}

namespace {

Judgement judge_by(const SignedPlan& signed_plan, const People& people, WallTime now, void (*whose)(Judgement&)) {
  auto out = judge_signatures(signed_plan, people, now);
  out.refusals = mode_faults(signed_plan.plan);
  // A plan of two modes has a mark too many or too few in every text; its cause is enough.
  const bool one_mode = out.refusals.empty();
  whose(out);
  if (plan::canonical(signed_plan.plan) != signed_plan.canonical) out.refusals.push_back({"approval.plan_differs", {}});
  if (one_mode) std::ranges::move(faults(signed_plan.plan), std::back_inserter(out.refusals));
  check_times(signed_plan.plan, people.release_within, now, out);
  return out;
}

}  // namespace

Judgement judge(const SignedPlan& signed_plan, const People& people, WallTime now) {
  return judge_by(signed_plan, people, now, &check_signatures);
}

Judgement judge_alone(const SignedPlan& signed_plan, const People& people, WallTime now) {
  return judge_by(signed_plan, people, now, &check_author);
}

}  // namespace broadcaster::approval
