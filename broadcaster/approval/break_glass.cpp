#include "broadcaster/approval/break_glass.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "broadcaster/alert/all_clear.hpp"
#include "broadcaster/approval/judge.hpp"
#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/approval/role_text.hpp"
#include "broadcaster/base/canonical_json.hpp"

namespace broadcaster::approval {
namespace {

using base::Text;

std::int64_t seconds(base::milliseconds span) { return std::chrono::ceil<std::chrono::seconds>(span).count(); }

bool is_of_a_status_that_breaks_glass(const plan::Plan& plan) {
  switch (plan.alert.status) {
    case alert::Status::actual:
    case alert::Status::exercise:
      return true;
    case alert::Status::test:
    case alert::Status::system:
    case alert::Status::draft:
      return false;
  }
  return false;
}

bool is_order_of(alert::MessageType type) {
  switch (type) {
    case alert::MessageType::alert:
    case alert::MessageType::update:
      return true;
    case alert::MessageType::cancel:
    case alert::MessageType::ack:
    case alert::MessageType::error:
      return false;
  }
  return false;
}

/// An all-clear is never given by one person alone (R37), whatever type it is sent as.
bool says_all_clear(const alert::Alert& alert) {
  return alert::is_all_clear(alert) || std::ranges::any_of(alert.infos, [](const alert::Info& info) {
           return std::ranges::find(info.responses, alert::ResponseType::all_clear) != info.responses.end();
         });
}

/// Every language of it says so.
bool is_grave(const alert::Alert& alert) {
  return !alert.infos.empty() && std::ranges::all_of(alert.infos, [](const alert::Info& info) {
    return info.urgency == alert::Urgency::immediate &&
           (info.severity == alert::Severity::extreme || info.severity == alert::Severity::severe);
  });
}

void check_plan(const plan::Plan& plan, const plan::BreakGlass& policy, std::vector<Text>& out) {
  if (auto fault = glass_status_fault(plan)) out.push_back(std::move(*fault));
  if (!is_order_of(plan.alert.type) || says_all_clear(plan.alert)) out.push_back({"approval.glass_type", {}});
  if (!is_grave(plan.alert)) out.push_back({"approval.glass_grade", {}});
  if (!plan.free_text.empty()) out.push_back({"approval.glass_free_text", {{"what", plan.free_text.front()}}});
  if (auto fault = glass_zones_fault(plan, policy)) out.push_back(std::move(*fault));
}

void check_page(const GlassCase& the_case, base::WallTime now, std::vector<Text>& out) {
  if (!the_case.paged_at) return out.push_back({"approval.glass_not_paged", {}});
  if (auto fault = glass_wait_fault(the_case, now)) out.push_back(std::move(*fault));
}

std::unexpected<base::Error> refuse(Text text) { return base::fail(base::ErrorKind::refused, std::move(text)); }

}  // namespace

std::optional<Text> glass_status_fault(const plan::Plan& plan) {
  if (is_of_a_status_that_breaks_glass(plan)) return std::nullopt;
  return Text{"approval.glass_status", {{"status", std::string(alert::name(plan.alert.status))}}};
}

std::optional<Text> glass_zones_fault(const plan::Plan& plan, const plan::BreakGlass& policy) {
  const auto zones = static_cast<std::int64_t>(plan.zones.size());
  if (zones <= policy.zones) return std::nullopt;
  return Text{"approval.glass_zones", {{"zones", zones}, {"most", std::int64_t{policy.zones}}}};
}

std::optional<Text> glass_wait_fault(const GlassCase& the_case, base::WallTime now) {
  const auto passed = now - *the_case.paged_at;
  const base::milliseconds after = the_case.policy->after;
  if (passed >= after) return std::nullopt;
  return Text{"approval.glass_early", {{"passed", seconds(passed)}, {"left", seconds(after - passed)}}};
}

std::optional<Text> glass_author_fault(const plan::Plan& plan, const Glass& glass) {
  if (glass.signature.person != plan.author) return std::nullopt;
  return Text{"approval.glass_by_author", {{"person", glass.signature.person}}};
}

std::optional<Text> glass_reason_fault(const Glass& glass) {
  if (glass.reason.size() >= least_reason && glass.reason.size() <= longest_reason) return std::nullopt;
  return Text{"approval.glass_reason", {{"least", std::int64_t{least_reason}}, {"most", std::int64_t{longest_reason}}}};
}

base::Digest glass_digest(const base::Digest& plan, const std::string& reason, base::WallTime paged_at) {
  return base::sha256(base::canonical_json(boost::json::object{{"authority", name(Authority::break_glass)},
                                                               {"paged_at", base::format_utc(paged_at)},
                                                               {"plan", base::hex(plan)},
                                                               {"reason", reason}}));
}

base::Result<Role> glass_role(const People& people, const plan::Plan& plan, const std::string& person) {
  const auto* known = people.find(person);
  if (person == plan.author) return refuse({"approval.glass_by_author", {{"person", known ? known->name : person}}});
  if (known && known->has(Role::approver)) return Role::approver;
  if (known && known->has(Role::duty_officer)) return Role::duty_officer;
  return refuse({"approval.glass_role", {{"person", known ? known->name : person}}});
}

base::Result<Glass> break_glass(const UnlockedKey& key, Role role, const SignedPlan& plan, std::string reason,
                                base::WallTime paged_at, base::WallTime now) {
  auto signature = sign(key, role, plan.plan.mode, glass_digest(digest(plan), reason, paged_at), now);
  if (!signature) return std::unexpected(signature.error());
  return Glass{.reason = std::move(reason), .paged_at = paged_at, .signature = std::move(*signature)};
}

std::vector<Text> glass_refusals(const SignedPlan& plan, const People& people, const GlassCase& the_case,
                                 base::WallTime now) {
  if (!the_case.policy) return {{"approval.glass_not_offered", {}}};
  auto judgement = judge_alone(plan, people, now);
  auto out = std::move(judgement.refusals);
  if (judgement.approved()) out.push_back({"approval.glass_not_needed", {}});
  check_plan(plan.plan, *the_case.policy, out);
  check_page(the_case, now, out);
  return out;
}

Verdict weigh_glass(const SignedPlan& plan, const People& people, const Glass& glass, base::WallTime now) {
  const Question question{.role = glass.signature.role == Role::duty_officer ? Role::duty_officer : Role::approver,
                          .mode = plan.plan.mode,
                          .digest = glass_digest(digest(plan), glass.reason, glass.paged_at),
                          .author = plan.plan.author,
                          .now = now};
  return weigh(std::array{glass.signature}, people, question).front();
}

}  // namespace broadcaster::approval
