// broadcaster send: the approved plan is released, and its sending followed.
#include "broadcaster/approval/confirm.hpp"
#include "broadcaster/approval/judge.hpp"
#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/approval/same_login.hpp"
#include "broadcaster/cli/break_glass.hpp"
#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/config_set.hpp"
#include "broadcaster/cli/following.hpp"
#include "broadcaster/cli/json_values.hpp"
#include "broadcaster/cli/prepared.hpp"

namespace broadcaster::cli {
namespace json = boost::json;
namespace {

using approval::SignedPlan;

/// A plan that was released is joined, whatever the time and the people file say today.
base::Checked<bool> was_released(const Context& context, const SignedPlan& plan) {
  auto session = context.session(plan.plan.mode, service::Work::read);
  if (!session) return std::unexpected(session.error());
  const auto status = session->ask({{"op", "status"}});
  if (!status) return std::unexpected(base::Errors{status.error()});
  const auto digest = base::hex(approval::digest(plan));
  for (const auto& alert : objects_of(*status, "alerts"))
    if (text_of(alert, "plan_digest") == digest && !is_true(alert, "false_alarm")) return true;
  return false;
}

/// All reasons at once; the first stands for the exit status.
std::optional<base::Errors> refusals(const Context& context, const SignedPlan& plan, const approval::People& people) {
  const auto judgement = approval::judge(plan, people, context.now());
  for (const auto& warning : judgement.warnings) context.screen().note(warning);
  if (judgement.may_be_released()) return std::nullopt;
  base::Errors errors;
  for (const auto& refusal : judgement.refusals) errors.push_back({base::ErrorKind::refused, refusal, {}, {}});
  return errors;
}

}  // namespace

int send(const Context& context, const Send& options) {
  const auto& screen = context.screen();
  if (holds_form(options.plan)) return screen.fail(base::ErrorKind::usage, {"cli.send_form", {{"file", options.plan}}});
  const auto plan = approval::read_plan_file(options.plan);
  if (!plan) return screen.fail(plan.error());
  if (const auto allowed = context.allows(plan->plan.mode, options.plan); !allowed) return screen.fail(allowed.error());
  const auto people = approval::read_people(context.config_folder() / "people.yaml");
  if (!people) return screen.fail(people.error());
  // Alone: judged by its own rules, below. What was released is joined without them.
  const auto refused = options.break_glass ? std::nullopt : refusals(context, *plan, *people);
  const auto words = approval::expected_confirmation(plan->plan);
  bool joins = false;
  if (refused || options.break_glass || !words.empty()) {
    const auto released = was_released(context, *plan);
    if (!released) return screen.fail(refused ? *refused : released.error());
    joins = *released;
  }
  if (refused && !joins) return screen.fail(*refused);
  if (!joins)
    for (const auto& same : approval::same_logins(plan->signatures)) screen.note(approval::text_of(same));
  if (!joins)
    if (const auto rules = rules_are_signed(context, plan->plan.mode); !rules) return screen.fail(rules.error());
  json::object request{{"op", "submit"}, {"plan", approval::plan_file_text(*plan)}, {"file", options.plan}};
  if (!joins && options.break_glass) {
    auto glass = break_the_glass(context, *plan, *people, options);
    if (!glass) return screen.fail(glass.error());
    request["glass"] = std::move(*glass);
  }
  if (!joins && !options.break_glass)
    if (const auto confirmed = confirm_release(context, plan->plan, options.confirm); !confirmed)
      return screen.fail(confirmed.error());
  return submit_and_follow(context, plan->plan.mode, std::move(request),
                           options.no_wait ? Wait::no : Wait::until_settled);
}

}  // namespace broadcaster::cli
