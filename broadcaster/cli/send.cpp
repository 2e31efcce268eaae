// broadcaster send: the approved plan is released, and its sending followed.
#include "broadcaster/approval/confirm.hpp"
#include "broadcaster/approval/judge.hpp"
#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/approval/same_login.hpp"
#include "broadcaster/cli/ask.hpp"
#include "broadcaster/cli/break_glass.hpp"
#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/config_set.hpp"
#include "broadcaster/cli/json_values.hpp"
#include "broadcaster/cli/watch.hpp"

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

/// Live: before anybody types words or a passphrase for what cannot be released.
base::Checked<void> rules_are_signed(const Context& context, const SignedPlan& plan) {
  if (plan.plan.mode == alert::Mode::drill) return {};
  const auto known = ask_for_set(context);
  if (!known) return std::unexpected(known.error());
  if (is_true(known->standing, "releases")) return {};
  return std::unexpected(refusals_of(known->standing));
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

base::Result<void> confirm(const Context& context, const plan::Plan& plan, const std::string& given) {
  const auto words = approval::expected_confirmation(plan);
  auto typed = given;
  if (typed.empty() && !words.empty()) {
    auto answer = Asker(context.screen()).ask({"cli.confirm_send", {{"words", words}}});
    if (!answer) return std::unexpected(answer.error());
    typed = *answer;
  }
  if (approval::matches(typed, plan)) return {};
  return base::fail(base::ErrorKind::refused, {"cli.wrong_words", {{"words", words.empty() ? "DRILL" : words}}});
}

int follow(const Context& context, service::Session& session, const json::object& submitted) {
  const auto& screen = context.screen();
  auto watched = watch(context, session, text_of(submitted, "alert"));
  if (!watched) return screen.fail(watched.error());
  const auto code = text_of(submitted, "code");
  switch (watched->end) {
    case Watched::End::interrupted:
      screen.note(
          {session.owner() == service::Session::Where::here ? "cli.left_stops" : "cli.left_goes_on", {{"code", code}}});
      return Exit::interrupted;
    case Watched::End::settled:
      break;
  }
  const auto status = exit_of(watched->alert);
  if (context.output() == Context::Output::json) {
    screen.json(watched->alert);
    return status;
  }
  show_blocked(context, watched->alert);
  screen.line(end_line(status, code));
  return status;
}

}  // namespace

int send(const Context& context, const Send& options) {
  const auto& screen = context.screen();
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
    if (const auto rules = rules_are_signed(context, *plan); !rules) return screen.fail(rules.error());
  json::object request{{"op", "submit"}, {"plan", approval::plan_file_text(*plan)}, {"file", options.plan}};
  if (!joins && options.break_glass) {
    auto glass = break_the_glass(context, *plan, *people, options);
    if (!glass) return screen.fail(glass.error());
    request["glass"] = std::move(*glass);
  }
  if (!joins && !options.break_glass)
    if (const auto confirmed = confirm(context, plan->plan, options.confirm); !confirmed)
      return screen.fail(confirmed.error());

  const Interrupts interrupts;
  auto session = context.session(plan->plan.mode, service::Work::send);
  if (!session) return screen.fail(session.error());
  if (options.no_wait && session->owner() == service::Session::Where::here)
    return screen.fail(base::ErrorKind::unavailable,
                       {"cli.no_wait_needs_serve", {{"mode", std::string(alert::name(plan->plan.mode))}}});
  const auto submitted = session->ask(std::move(request));
  if (!submitted) return screen.fail(submitted.error());
  const bool joined = text_of(*submitted, "how") == "joined";
  if (context.output() == Context::Output::text)
    screen.line({joined ? "cli.joined" : "cli.released", {{"code", text_of(*submitted, "code")}}});
  if (options.no_wait) {
    if (context.output() == Context::Output::json) screen.json(*submitted);
    return Exit::done;
  }
  return follow(context, *session, *submitted);
}

}  // namespace broadcaster::cli
