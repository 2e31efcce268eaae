#include "broadcaster/cli/break_glass.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/approval/confirm.hpp"
#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/cli/ask.hpp"
#include "broadcaster/cli/json_values.hpp"
#include "broadcaster/plan/policy.hpp"
#include "broadcaster/service/requests.hpp"
#include "channels/table.hpp"

namespace broadcaster::cli {
namespace json = boost::json;
namespace {

base::Errors all_of(std::vector<base::Text> texts) {
  base::Errors out;
  for (auto& text : texts) out.push_back({base::ErrorKind::refused, std::move(text), {}, {}});
  return out;
}

/// In both modes, so that the drill is of the same hand.
std::string words_of(const plan::Plan& plan) {
  switch (plan.mode) {
    case alert::Mode::live:
      return approval::expected_confirmation(plan);
    case alert::Mode::drill:
      return fmt::format("DRILL {} {}", plan.alert.hazard, plan.zones.size());
  }
  return {};
}

base::Result<void> confirm(const Context& context, const plan::Plan& plan, const std::string& given) {
  const Asker asker(context.screen());
  const auto words = words_of(plan);
  auto typed = given;
  if (typed.empty()) {
    auto answer = asker.ask({"cli.confirm_glass", {{"words", words}}});
    if (!answer) return std::unexpected(answer.error());
    typed = *answer;
  }
  // A drill's confirmation may be left out elsewhere; here it may not.
  if (typed.find(' ') == std::string::npos || !approval::matches(typed, plan))
    return base::fail(base::ErrorKind::refused, {"cli.wrong_words", {{"words", words}}});
  const auto warnings = approval::to_accept(plan);
  if (plan.mode == alert::Mode::drill || warnings.empty()) return {};
  const auto named = asker.ask({"cli.confirm_warnings", {{"rules", fmt::format("{}", fmt::join(warnings, ", "))}}});
  if (!named) return std::unexpected(named.error());
  if (!approval::accepts(*named, plan)) return base::fail(base::ErrorKind::refused, {"cli.not_confirmed", {}});
  return {};
}

base::Result<approval::Glass> sign(const Context& context, const approval::SignedPlan& plan,
                                   const approval::People& people, base::WallTime paged, const Send& options) {
  // The passphrase before the words: who is asked for words first types his passphrase there, for all to see.
  const auto key = open_key(context.screen(), options.key);
  if (!key) return std::unexpected(key.error());
  const auto role = approval::glass_role(people, plan.plan, key->person());
  if (!role) return std::unexpected(role.error());
  if (const auto agreed = confirm(context, plan.plan, options.confirm); !agreed) return std::unexpected(agreed.error());
  const auto reason = glass_reason(context, options.reason);
  if (!reason) return std::unexpected(reason.error());
  return approval::break_glass(*key, *role, plan, *reason, paged, context.now());
}

}  // namespace

base::Checked<std::optional<OpenPage>> open_page(const Context& context, alert::Mode mode, const std::string& key) {
  auto session = context.session(mode, service::Work::read);
  if (!session) return std::unexpected(session.error());
  const auto pages = session->ask({{"op", "pages"}});
  if (!pages) return std::unexpected(base::Errors{pages.error()});
  for (const auto& page : objects_of(*pages, "open")) {
    if (text_of(page, "key") != key) continue;
    const auto opened = base::parse_utc(text_of(page, "opened"));
    if (opened) return OpenPage{text_of(page, "page"), *opened};
  }
  return std::nullopt;
}

base::Result<std::string> glass_reason(const Context& context, const std::string& given) {
  if (!given.empty()) return given;
  return Asker(context.screen()).ask({"cli.glass_reason", {}});
}

base::Checked<json::object> break_the_glass(const Context& context, const approval::SignedPlan& plan,
                                            const approval::People& people, const Send& options) {
  const auto traits = channels::traits();
  const auto policy = plan::read_policy(context.config_folder() / "policy.yaml", traits);
  if (!policy) return std::unexpected(policy.error());
  const auto page = open_page(context, plan.plan.mode, service::approval_page_key(plan));
  if (!page) return std::unexpected(page.error());
  const approval::GlassCase the_case{.policy = policy->break_glass,
                                     .paged_at = *page ? std::optional((*page)->opened) : std::nullopt};
  if (auto refusals = approval::glass_refusals(plan, people, the_case, context.now()); !refusals.empty())
    return std::unexpected(all_of(std::move(refusals)));
  const auto glass = sign(context, plan, people, (*page)->opened, options);
  if (!glass) return std::unexpected(base::Errors{glass.error()});
  return approval::to_json(*glass);
}

}  // namespace broadcaster::cli
