// The messages of one plan (or of its false alarm, or of an all-clear): every endpoint, language and zone through
// render and lint. Thread rule: pure, but for ICU's data.
#pragma once

#include "broadcaster/plan/form_names.hpp"
#include "broadcaster/plan/hearing.hpp"
#include "broadcaster/plan/make_plan.hpp"

namespace broadcaster::plan {

/// Fills messages, blocked and findings of `plan`, whose alert is final. A false alarm says what the order says about
/// zones and people, and has its own words. With Speech::all_clear each zone reads its own answer; an account, which
/// speaks to all, tells those who may return, and names those who must wait.
///
/// `heard`, with a false alarm alone: zones that were not alerted and heard a siren. Their people are told that the
/// message for the zones whose sirens they heard was wrong, over what reaches people of a zone, and over an account
/// that serves nobody else. Their own sirens stay silent: they have said nothing that must be taken back.
void compose(const PlanInput& input, Speech speech, Plan& plan, std::span<const Heard> heard = {});

/// Which texts of a prepared alert are made (make_form.hpp). Their times are slots. A document is blocked: it draws
/// each zone, and one person's choice of zones would make it.
struct Preparing {
  /// 0: the texts of one zone alone, for audiences and sirens. Else the texts of accounts that name so many zones; the
  /// zones are a slot.
  int named = 0;
  std::span<const ZoneList> lists;  ///< one for each language that speaks
};
void compose(const PlanInput& input, Speech speech, const Preparing& preparing, Plan& plan);

}  // namespace broadcaster::plan
