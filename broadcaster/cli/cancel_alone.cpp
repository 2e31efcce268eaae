#include "broadcaster/cli/cancel_alone.hpp"

#include <fmt/format.h>

#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/cli/ask.hpp"
#include "broadcaster/cli/break_glass.hpp"
#include "broadcaster/plan/policy.hpp"
#include "broadcaster/service/requests.hpp"
#include "channels/table.hpp"

namespace broadcaster::cli {
namespace {

base::Checked<std::optional<OpenPage>> page_of(const Context& context, const approval::SignedPlan& plan) {
  return open_page(context, plan.plan.mode, service::false_alarm_page_key(base::hex(approval::digest(plan))));
}

std::string words_of(const TakenBackAlert& alert) {
  const auto* mode = "";
  switch (alert.plan.plan.mode) {
    case alert::Mode::live:
      mode = "LIVE";
      break;
    case alert::Mode::drill:
      mode = "DRILL";
      break;
  }
  return fmt::format("{} {} {}", mode, alert.key_words, alert.plan.plan.zones.size());
}

base::Result<void> confirm(const Context& context, const TakenBackAlert& alert, const std::string& given) {
  const auto words = words_of(alert);
  auto typed = given;
  if (typed.empty()) {
    auto answer = Asker(context.screen()).ask({"cli.confirm_cancel_alone", {{"alert", alert.code}, {"words", words}}});
    if (!answer) return std::unexpected(answer.error());
    typed = *answer;
  }
  if (same_words(typed, words)) return {};
  return base::fail(base::ErrorKind::refused, {"cli.wrong_words", {{"words", words}}});
}

}  // namespace

base::Checked<boost::json::object> cancel_alone(const Context& context, const TakenBackAlert& alert,
                                                const std::vector<approval::UnlockedKey>& keys, const Cancel& options) {
  if (keys.size() != 1)
    return std::unexpected(base::Errors{{base::ErrorKind::usage, {"cli.cancel_alone_one_key", {}}, {}, {}}});
  const auto page = page_of(context, alert.plan);
  if (!page) return std::unexpected(page.error());
  if (!*page)
    return std::unexpected(
        base::Errors{{base::ErrorKind::refused, {"approval.glass_false_alarm_not_paged", {}}, {}, {}}});
  if (const auto agreed = confirm(context, alert, options.confirm); !agreed)
    return std::unexpected(base::Errors{agreed.error()});
  const auto reason = glass_reason(context, options.reason);
  if (!reason) return std::unexpected(base::Errors{reason.error()});
  const auto glass = approval::break_glass(keys.front(), approval::Role::canceller, alert.plan, *reason,
                                           (*page)->opened, context.now());
  if (!glass) return std::unexpected(base::Errors{glass.error()});
  return approval::to_json(*glass);
}

void say_who_is_called(const Context& context, const approval::SignedPlan& plan) {
  const auto page = page_of(context, plan);
  if (!page || !*page) return;
  const auto& screen = context.screen();
  screen.note({"cli.second_canceller_called",
               {{"page", (*page)->name}, {"time", context.local(base::format_utc((*page)->opened))}}});
  const auto traits = channels::traits();
  const auto policy = plan::read_policy(context.config_folder() / "policy.yaml", traits);
  if (!policy || !policy->false_alarm.break_glass) return;
  const auto from = (*page)->opened + policy->false_alarm.break_glass->after;
  screen.note({"cli.cancel_alone_from", {{"time", context.local(base::format_utc(from))}}});
}

}  // namespace broadcaster::cli
