#include <algorithm>
#include <set>

#include "broadcaster/approval/one_mode.hpp"
#include "broadcaster/approval/prepared.hpp"
#include "broadcaster/approval/sound.hpp"
#include "broadcaster/plan/form_faults.hpp"

namespace broadcaster::approval {
namespace {

using base::Text;
using base::WallTime;

/// Two machines' clocks differ so much, at most: the form is made on one and signed on another.
constexpr std::chrono::minutes clocks_apart{5};

std::string date_of(WallTime time) { return base::format_utc(time).substr(0, 10); }

/// What was changed is the root cause of what is missing (judge.cpp).
void check_signatures(const FormJudgement& judgement, std::vector<Text>& out) {
  if (judgement.approved()) return;
  for (const auto& verdict : judgement.signatures)
    if (verdict.doubt == Doubt::unfit) out.push_back(verdict.reason);
  if (!judgement.author_signed) out.push_back({"approval.author_missing", {}});
  if (judgement.approvals < judgement.needed)
    out.push_back({"approval.quorum_missing",
                   {{"have", std::int64_t{judgement.approvals}}, {"needed", std::int64_t{judgement.needed}}}});
  for (const auto& verdict : judgement.signatures)
    if (verdict.doubt && verdict.doubt != Doubt::unfit && verdict.doubt != Doubt::replaced)
      out.push_back(verdict.reason);
}

void check_firers(const plan::Form& form, const People& people, WallTime now, FormJudgement& out) {
  std::size_t able = 0;
  for (const auto& firer : form.may_fire) {
    if (can_fire(firer, people, now))
      ++able;
    else
      out.warnings.push_back({"approval.firer_lost", {{"person", firer.person}}});
  }
  if (able == 0) out.voids.push_back({"approval.form_nobody_left", {}});
}

/// Its days count from the signatures and from now; what the form says of itself its author chose.
void check_dates(const plan::Form& form, WallTime now, FormJudgement& out) {
  if (now > form.last) out.voids.push_back({"plan.form_over", {{"date", date_of(form.last)}}});
  auto oldest = WallTime::max(), authored = form.plan.made_at;
  for (const auto& verdict : out.signatures) {
    if (verdict.doubt) continue;
    oldest = std::min(oldest, verdict.signature.at);
    if (verdict.signature.role == Role::author) authored = std::min(authored, verdict.signature.at);
  }
  const bool ahead_of_hands = oldest != WallTime::max() && form.plan.made_at > oldest + clocks_apart;
  if (form.plan.made_at > now || ahead_of_hands) out.voids.push_back({"approval.form_ahead", {}});
  if (form.last > authored + plan::longest_preparation)
    out.voids.push_back({"plan.form_last_late", {{"days", std::int64_t{plan::longest_preparation.count()}}}});
}

/// What it says, whichever zones are fired. A form that does not fit together is not filled, and one of two modes has a
/// mark too many or too few in every text: its cause is enough.
void check_words(const plan::Form& form, std::vector<Text>& out) {
  const auto before = out.size();
  std::ranges::move(mode_faults(form.plan), std::back_inserter(out));
  std::ranges::move(form_faults(form), std::back_inserter(out));
  if (out.size() > before) return;
  for (const auto& filled : longest_fillings(form))
    for (auto& fault : faults(filled))
      if (std::ranges::find(out, fault) == out.end()) out.push_back(std::move(fault));
}

/// Moments at which a key of somebody whom the form needs ends.
std::set<WallTime> key_ends(const SignedForm& signed_form, const People& people) {
  std::set<std::string> needed;
  for (const auto& signature : signed_form.signatures) needed.insert(signature.person);
  for (const auto& firer : signed_form.form.may_fire) needed.insert(firer.person);
  std::set<WallTime> out;
  for (const auto& person : people.persons) {
    if (!needed.contains(person.id)) continue;
    for (const auto& key : person.keys) {
      if (key.expires) out.insert(key.expires->at);
      if (key.revoked) out.insert(key.revoked->at);
    }
  }
  return out;
}

bool carries(const SignedForm& signed_form, const People& people, WallTime when) {
  return judge_form_signatures(signed_form, people, when).approved() &&
         std::ranges::any_of(signed_form.form.may_fire,
                             [&](const plan::Firer& firer) { return can_fire(firer, people, when); });
}

/// Its last moment, or before that the one in which too few signatures count or nobody is left.
WallTime good_until(const SignedForm& signed_form, const People& people, WallTime now) {
  for (const auto end : key_ends(signed_form, people))
    if (end > now && end < signed_form.form.last && !carries(signed_form, people, end + base::milliseconds(1)))
      return end;
  return signed_form.form.last;
}

}  // namespace

FormJudgement judge_form_signatures(const SignedForm& signed_form, const People& people, WallTime now) {
  Question question{.role = Role::author,
                    .mode = signed_form.form.plan.mode,
                    .digest = digest(signed_form),
                    .author = signed_form.form.plan.author,
                    .now = now};
  std::vector<Signature> as_author, others;
  for (const auto& signature : signed_form.signatures)
    (signature.role == Role::author ? as_author : others).push_back(signature);
  FormJudgement out;
  out.signatures = weigh(as_author, people, question);
  out.author_signed = counted(out.signatures) > 0;
  question.role = Role::approver;
  auto approvals = weigh(others, people, question);
  out.approvals = counted(approvals);
  std::ranges::move(approvals, std::back_inserter(out.signatures));
  out.needed = people.approvals_needed_prepared(signed_form.form.plan.alert);
  return out;
}

FormJudgement judge_form(const SignedForm& signed_form, const People& people, const plan::Today& today, WallTime now) {
  const auto& form = signed_form.form;
  auto out = judge_form_signatures(signed_form, people, now);
  if (plan::canonical(form) != signed_form.canonical) out.voids.push_back({"approval.plan_differs", {}});
  check_dates(form, now, out);
  if (form.plan.release_within > people.release_within) out.voids.push_back({"approval.form_within", {}});
  std::ranges::move(changes_since(form, today), std::back_inserter(out.voids));
  check_signatures(out, out.voids);
  check_firers(form, people, now, out);
  check_words(form, out.voids);
  out.until = out.approved() ? good_until(signed_form, people, now) : form.last;
  return out;
}

}  // namespace broadcaster::approval
