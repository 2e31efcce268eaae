#include "broadcaster/approval/release.hpp"

#include <fmt/format.h>

#include "broadcaster/approval/break_glass.hpp"
#include "broadcaster/approval/content.hpp"
#include "broadcaster/approval/make_release.hpp"
#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/approval/prepared.hpp"
#include "broadcaster/approval/sound.hpp"

namespace broadcaster::approval {

using base::ErrorKind;

std::string_view name(Authority authority) {
  switch (authority) {
    case Authority::quorum:
      return "quorum";
    case Authority::prepared:
      return "prepared";
    case Authority::break_glass:
      return "break_glass";
    case Authority::canceller:
      return "canceller";
  }
  return "";
}

/// The only maker of releases. Every way here has been judged before.
struct ReleaseMaker {
  template <alert::Mode M>
  static AnyRelease make(std::shared_ptr<const plan::Plan> plan, StoredRelease stored) {
    Release<M> out;
    out.plan_ = std::move(plan);
    out.digest_ = base::hex(base::sha256(stored.canonical_plan));
    out.stored_ = std::make_shared<const StoredRelease>(std::move(stored));
    return out;
  }

  /// `whole` is the signed plan; what is released is it or the false-alarm plan inside.
  static AnyRelease make(plan::Plan whole, StoredRelease stored) {
    auto plan = stored.false_alarm ? whole.false_alarm : std::make_shared<const plan::Plan>(std::move(whole));
    switch (plan->mode) {
      case alert::Mode::live:
        return make<alert::Mode::live>(std::move(plan), std::move(stored));
      case alert::Mode::drill:
        return make<alert::Mode::drill>(std::move(plan), std::move(stored));
    }
    throw std::logic_error("a mode that is none");
  }
};

namespace {

std::unexpected<base::Error> refused(base::Text text) { return base::fail(ErrorKind::refused, std::move(text)); }

/// The stored plan with its signatures, as a value.
base::Result<SignedPlan> stored_plan(const StoredRelease& stored) {
  auto plan = plan::parse_plan(stored.canonical_plan, "journal");
  if (!plan) return std::unexpected(plan.error());
  return SignedPlan{std::move(*plan), stored.canonical_plan, stored.signatures};
}

base::Result<People> stored_people(const StoredRelease& stored) {
  auto people = parse_people(stored.people_yaml, "journal");
  if (!people) return std::unexpected(people.error().front());
  return std::move(*people);
}

/// Filling and filled texts: the last look.
base::Result<void> check_content(const plan::Plan& plan, const plan::Filling& filling, base::WallTime now) {
  if (auto checked = check_filling(plan, filling, now); !checked) return checked;
  if (auto content = fill_content(plan, filling); !content) return std::unexpected(content.error());
  return {};
}

/// The text names the alert that was wrong; a mix-up here would call off the wrong one.
base::Result<void> refers_to(const StoredRelease& original, const std::string& sender, const plan::Filling& filling) {
  const auto expected = false_alarm_filling(original, sender, filling.identifier, filling.code, filling.time_of_issue);
  if (filling.references != expected.references || filling.original_code != expected.original_code ||
      filling.original_time_of_issue != expected.original_time_of_issue ||
      filling.identifier == original.filling.identifier)
    return refused({"approval.false_alarm_refers", {{"identifier", original.filling.identifier}}});
  return {};
}

/// Only what stands in the signed bytes goes out, whatever the value beside them says.
base::Result<AnyRelease> released(const SignedPlan& signed_plan, const People& people, const ReleaseRequest& request,
                                  Authority authority, std::optional<Glass> glass) {
  auto plan = plan::parse_plan(signed_plan.canonical, "plan");
  if (!plan) return std::unexpected(plan.error());
  if (plan::canonical(signed_plan.plan) != signed_plan.canonical) return refused({"approval.plan_differs", {}});
  if (auto checked = check_content(*plan, request.filling, request.now); !checked)
    return std::unexpected(checked.error());
  return ReleaseMaker::make(std::move(*plan), {.canonical_plan = signed_plan.canonical,
                                               .signatures = signed_plan.signatures,
                                               .people_yaml = people.text,
                                               .authority = authority,
                                               .filling = request.filling,
                                               .released_at = request.now,
                                               .released_by = request.released_by,
                                               .false_alarm = false,
                                               .cancellers_needed = 0,
                                               .glass = std::move(glass)});
}

/// Author and approvers may have left since: their signatures were checked when the original was released.
bool is_carried_by_cancellers(const StoredRelease& stored, const SignedPlan& whole, const People& people) {
  std::vector<Signature> cancellers;
  for (const auto& signature : stored.signatures)
    if (signature.role == Role::canceller) cancellers.push_back(signature);
  return stored.false_alarm && whole.plan.false_alarm && stored.cancellers_needed >= 1 &&
         counted(weigh_cancellers(cancellers, people, whole, stored.released_at)) >= stored.cancellers_needed;
}

bool is_carried_alone(const StoredRelease& stored, const SignedPlan& whole, const People& people) {
  if (!stored.glass) return false;
  if (stored.false_alarm)
    return whole.plan.false_alarm && !weigh_canceller_alone(whole, people, *stored.glass, stored.released_at).doubt;
  return judge_signatures(whole, people, stored.released_at).author_signed &&
         !weigh_glass(whole, people, *stored.glass, stored.released_at).doubt;
}

}  // namespace

base::Result<AnyRelease> release(const SignedPlan& signed_plan, const People& people, const ReleaseRequest& request) {
  const auto judgement = judge(signed_plan, people, request.now);
  if (!judgement.may_be_released()) return refused(judgement.refusals.front());
  return released(signed_plan, people, request, Authority::quorum, std::nullopt);
}

base::Result<AnyRelease> release_alone(const SignedPlan& plan, const People& people, const GlassCase& the_case,
                                       const Glass& glass, const ReleaseRequest& request) {
  if (auto refusals = glass_refusals(plan, people, the_case, request.now); !refusals.empty())
    return refused(std::move(refusals.front()));
  if (auto fault = glass_author_fault(plan.plan, glass)) return refused(std::move(*fault));
  if (auto fault = glass_reason_fault(glass)) return refused(std::move(*fault));
  if (glass.paged_at != *the_case.paged_at) return refused({"approval.glass_other_page", {}});
  if (auto verdict = weigh_glass(plan, people, glass, request.now); verdict.doubt) return refused(verdict.reason);
  // What was signed before the others were asked, or long ago, was decided about another moment.
  if (glass.signature.at < glass.paged_at || request.now - glass.signature.at > plan.plan.release_within)
    return refused({"approval.glass_stale", {}});
  return released(plan, people, request, Authority::break_glass, glass);
}

base::Result<AnyRelease> release_prepared(const SignedForm& signed_form, const People& people, const plan::Today& today,
                                          const FiringRequest& request) {
  const auto now = request.release.now;
  if (auto refusals = firing_refusals(signed_form, people, today, request.firing, now); !refusals.empty())
    return refused(std::move(refusals.front()));
  const auto canonical = plan::canonical(fill_form(signed_form.form, slots_of(request.firing, request.audiences)));
  auto plan = plan::parse_plan(canonical, "plan");
  if (!plan) return std::unexpected(plan.error());
  if (auto found = faults(*plan); !found.empty()) return refused(std::move(found.front()));
  if (auto checked = check_content(*plan, request.release.filling, now); !checked)
    return std::unexpected(checked.error());
  return ReleaseMaker::make(std::move(*plan), {.canonical_plan = canonical,
                                               .signatures = signed_form.signatures,
                                               .people_yaml = people.text,
                                               .authority = Authority::prepared,
                                               .filling = request.release.filling,
                                               .released_at = now,
                                               .released_by = request.release.released_by,
                                               .false_alarm = false,
                                               .cancellers_needed = 0,
                                               .glass = std::nullopt,
                                               .fired = StoredFiring{signed_form.canonical, request.firing}});
}

base::Result<AnyRelease> release_false_alarm(const StoredRelease& original, const People& people,
                                             const FalseAlarmRequest& request) {
  if (original.false_alarm) return refused({"approval.cancel_of_cancel", {}});
  if (auto opened = reopen(original); !opened) return opened;
  auto whole = stored_plan(original);
  if (!whole) return std::unexpected(whole.error());
  if (!whole->plan.false_alarm) return refused({"approval.no_false_alarm", {}});
  const auto& plan = *whole->plan.false_alarm;

  if (plan.expires <= request.now) return refused({"approval.false_alarm_expired", {}});
  auto judged = judge_false_alarm(*whole, people, request);
  if (judged.refusal) return refused(std::move(*judged.refusal));
  if (auto same = refers_to(original, whole->plan.alert.sender, request.filling); !same)
    return std::unexpected(same.error());
  if (auto checked = check_content(plan, request.filling, request.now); !checked)
    return std::unexpected(checked.error());

  StoredRelease stored{
      .canonical_plan = original.canonical_plan,
      .signatures = original.signatures,
      .people_yaml = people.text,
      .authority = request.glass ? Authority::break_glass : Authority::canceller,
      .filling = request.filling,
      .released_at = request.now,
      .released_by = request.glass ? request.glass->signature.person : judged.cancellers.front().person,
      .false_alarm = true,
      .cancellers_needed = request.glass ? 0 : judged.needed(),
      .glass = request.glass};
  std::ranges::move(judged.cancellers, std::back_inserter(stored.signatures));
  return ReleaseMaker::make(std::move(whole->plan), std::move(stored));
}

base::Result<AnyRelease> reopen(const StoredRelease& stored) {
  auto whole = stored_plan(stored);
  if (!whole) return std::unexpected(whole.error());
  const auto people = stored_people(stored);
  if (!people) return std::unexpected(people.error());

  const auto broken = [] { return refused({"approval.stored_release_broken", {}}); };
  if (alert::rule_of(whole->plan.alert.status).reach == alert::Reach::nobody) return broken();
  switch (stored.authority) {
    case Authority::quorum:
      if (stored.false_alarm || !judge_signatures(*whole, *people, stored.released_at).approved()) return broken();
      break;
    case Authority::canceller:
      if (!is_carried_by_cancellers(stored, *whole, *people)) return broken();
      break;
    case Authority::break_glass:
      if (!is_carried_alone(stored, *whole, *people)) return broken();
      break;
    case Authority::prepared:
      if (!check_stored_firing(stored, whole->plan, *people)) return broken();
      break;
  }
  return ReleaseMaker::make(std::move(whole->plan), stored);
}

}  // namespace broadcaster::approval
