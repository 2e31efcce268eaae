#include "broadcaster/approval/false_alarm.hpp"

#include <algorithm>
#include <array>

#include "broadcaster/alert/references.hpp"
#include "broadcaster/approval/plan_file.hpp"

namespace broadcaster::approval {
namespace {

using base::Text;

Text text_of(const SourceInForce& source, std::int64_t within) {
  switch (source.kind) {
    case SourceInForce::Kind::alert:
      return {"approval.second_canceller_alert", {{"alert", source.name}, {"hazard", source.from}, {"within", within}}};
    case SourceInForce::Kind::bulletin:
      return {"approval.second_canceller_bulletin",
              {{"matter", source.name}, {"feed", source.from}, {"within", within}}};
  }
  return {};
}

/// A signature counts for so long.
std::int64_t minutes_of(const SignedPlan& original) {
  return std::chrono::floor<std::chrono::minutes>(original.plan.release_within).count();
}

/// Why one canceller is not enough; nothing when one is.
std::optional<Text> second_needed(const SignedPlan& original, const FalseAlarmRequest& request) {
  const auto within = minutes_of(original);
  if (!request.sources_in_force.empty()) return text_of(request.sources_in_force.front(), within);
  const auto age = request.now - request.in_force_since;
  // Before the release is no time that one can trust: a clock was set back.
  if (age < base::milliseconds(0) || age >= request.alone_within)
    return Text{"approval.second_canceller_late",
                {{"minutes", std::int64_t{request.alone_within.count()}}, {"within", within}}};
  return std::nullopt;
}

Question question(const SignedPlan& original, const base::Digest& digest, base::WallTime now) {
  return {.role = Role::canceller,
          .mode = original.plan.mode,
          .digest = digest,
          .author = original.plan.author,
          .now = now};
}

/// A signature that lay in a drawer says nothing about the danger now.
void by_cancellers(const SignedPlan& original, const People& people, const FalseAlarmRequest& request,
                   FalseAlarmJudgement& out) {
  const auto within = original.plan.release_within;
  const auto verdicts = weigh_cancellers(request.cancellers, people, original, request.now);
  for (const auto& verdict : verdicts)
    if (!verdict.doubt && request.now - verdict.signature.at <= within) out.cancellers.push_back(verdict.signature);
  if (static_cast<int>(out.cancellers.size()) >= out.needed()) return;
  if (!out.cancellers.empty())
    out.refusal = out.second_because;
  else if (counted(verdicts) > 0)
    out.refusal = Text{"approval.canceller_stale", {{"minutes", minutes_of(original)}}};
  else
    out.refusal = verdicts.empty() ? Text{"approval.canceller_missing", {}} : verdicts.front().reason;
}

/// The order is that of what to do next: what can never be first.
std::optional<Text> alone_refusal(const SignedPlan& original, const People& people, const FalseAlarmRequest& request,
                                  const FalseAlarmJudgement& judged) {
  const auto& glass = *request.glass;
  const auto& the_case = request.glass_case;
  if (!the_case.policy) return Text{"approval.glass_false_alarm_not_offered", {}};
  if (!judged.second_because) return Text{"approval.glass_false_alarm_not_needed", {}};
  if (auto fault = glass_status_fault(original.plan)) return fault;
  if (auto fault = glass_zones_fault(original.plan, *the_case.policy)) return fault;
  if (!the_case.paged_at) return Text{"approval.glass_false_alarm_not_paged", {}};
  if (auto fault = glass_wait_fault(the_case, request.now)) return fault;
  if (auto fault = glass_reason_fault(glass)) return fault;
  if (glass.paged_at != *the_case.paged_at) return Text{"approval.glass_other_page", {}};
  if (auto verdict = weigh_canceller_alone(original, people, glass, request.now); verdict.doubt) return verdict.reason;
  if (glass.signature.at < glass.paged_at || request.now - glass.signature.at > original.plan.release_within)
    return Text{"approval.glass_stale", {}};
  return std::nullopt;
}

}  // namespace

FalseAlarmJudgement judge_false_alarm(const SignedPlan& original, const People& people,
                                      const FalseAlarmRequest& request) {
  FalseAlarmJudgement out;
  out.second_because = second_needed(original, request);
  if (!request.glass) {
    by_cancellers(original, people, request, out);
    return out;
  }
  out.refusal = alone_refusal(original, people, request, out);
  return out;
}

std::vector<Verdict> weigh_cancellers(std::span<const Signature> signatures, const People& people,
                                      const SignedPlan& original, base::WallTime now) {
  return weigh(signatures, people, question(original, digest(original), now));
}

Verdict weigh_canceller_alone(const SignedPlan& original, const People& people, const Glass& glass,
                              base::WallTime now) {
  const auto digest_of = glass_digest(digest(original), glass.reason, glass.paged_at);
  return weigh(std::array{glass.signature}, people, question(original, digest_of, now)).front();
}

plan::Filling false_alarm_filling(const StoredRelease& original, const std::string& sender, std::string identifier,
                                  std::string code, base::WallTime now) {
  auto references = alert::parse_references(original.filling.references);
  references.push_back({sender, original.filling.identifier, base::format_cap_time(original.filling.time_of_issue)});
  return {.identifier = std::move(identifier),
          .code = std::move(code),
          .time_of_issue = now,
          .references = alert::references_text(references),
          .original_code = original.filling.code,
          .original_time_of_issue = original.filling.time_of_issue};
}

}  // namespace broadcaster::approval
