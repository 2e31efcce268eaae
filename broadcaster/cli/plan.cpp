// broadcaster plan|show: an alert file becomes the plan that people read and sign.
#include <boost/json.hpp>

#include "broadcaster/alert/alert_yaml.hpp"
#include "broadcaster/approval/judge.hpp"
#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/cli/call_approvers.hpp"
#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/config_set.hpp"
#include "broadcaster/cli/login.hpp"
#include "broadcaster/cli/planning.hpp"
#include "broadcaster/cli/prepared.hpp"
#include "broadcaster/plan/preview.hpp"
#include "broadcaster/service/progress.hpp"

namespace broadcaster::cli {
namespace {

void say_skipped(const Context& context, const Planned& planned) {
  for (const auto& [name, info] : planned.audiences) {
    if (info.skipped == 0) continue;
    context.screen().note({"cli.rows_skipped", {{"audience", name}, {"count", info.skipped}}});
    const auto file = (context.config_folder() / "audiences" / (name + ".csv")).string();
    for (const auto& row : info.bad_rows)
      context.screen().note(
          {"cli.bad_row",
           {{"file", file}, {"row", std::int64_t{row.row}}, {"reason", context.screen().say(row.reason)}}});
  }
}

/// Rule, place and why, for programs.
boost::json::array findings_of(const Screen& screen, const plan::Plan& plan) {
  boost::json::array out;
  for (const auto& found : plan.findings)
    out.push_back(boost::json::object{{"rule", found.rule},
                                      {"endpoint", found.endpoint.value},
                                      {"language", found.language.value},
                                      {"zone", found.zone.value},
                                      {"text", screen.say(found.text)}});
  return out;
}

void show(const Context& context, const approval::SignedPlan& plan, const std::string& file,
          const CalledApprovers& called) {
  const auto& screen = context.screen();
  const auto digest = base::hex(approval::digest(plan));
  switch (context.output()) {
    case Context::Output::json: {
      boost::json::array signatures;
      for (const auto& signature : plan.signatures)
        signatures.push_back(boost::json::object{{"person", signature.person},
                                                 {"role", approval::name(signature.role)},
                                                 {"at", base::format_utc(signature.at)}});
      boost::json::object out{{"file", file},
                              {"digest", digest},
                              {"mode", alert::name(plan.plan.mode)},
                              {"hazard", plan.plan.alert.hazard},
                              {"zones", plan.plan.zones.size()},
                              {"messages", plan.plan.messages.size()},
                              {"blocked", plan.plan.blocked.size()},
                              {"findings", findings_of(screen, plan.plan)},
                              {"signatures", std::move(signatures)}};
      if (called.page) out["called"] = *called.page;
      return screen.json(std::move(out));
    }
    case Context::Output::text:
      screen.text(plan::preview(
          plan.plan, {.language = context.language(), .width = service::style_of(stdout, context.language()).width}));
      return screen.line({"cli.digest", {{"digest", digest}}});
  }
}

/// Signs as author, and says at once when that signature will not count.
base::Result<void> sign_as_author(const Context& context, const approval::UnlockedKey& key,
                                  const approval::People& people, approval::SignedPlan& plan) {
  const auto now = context.now();
  auto signature = approval::sign(key, approval::Role::author, plan.plan.mode, approval::digest(plan), now);
  if (!signature) return std::unexpected(signature.error());
  signature->login = this_login();
  plan.signatures.push_back(std::move(*signature));
  for (const auto& verdict : approval::judge_signatures(plan, people, now).signatures)
    if (verdict.doubt) return base::fail(base::ErrorKind::refused, verdict.reason);
  return {};
}

}  // namespace

int plan_alert(const Context& context, const MakePlan& options) {
  const auto& screen = context.screen();
  const auto config = context.config();
  if (!config) return screen.fail(config.error());
  const auto templates = context.templates();
  if (!templates) return screen.fail(templates.error());
  if (const auto root = base::read_yaml(options.alert); root && root->find("prepared"))
    return screen.fail(base::ErrorKind::usage, {"cli.plan_of_prepared", {{"file", options.alert}}});
  const auto now = context.now();
  const auto alert = alert::read_alert(options.alert, {.now = now, .zones = &config->zones});
  if (!alert) return screen.fail(alert.error());
  const auto mode = alert::rule_of(alert->status).mode;
  if (const auto allowed = context.allows(mode, options.alert); !allowed) return screen.fail(allowed.error());
  std::optional<approval::UnlockedKey> key;
  if (!options.key.file.empty()) {
    auto opened = open_key(screen, options.key);
    if (!opened) return screen.fail(opened.error());
    key.emplace(std::move(*opened));
  }
  auto planned = make_plan_of({.config = *config,
                               .templates = *templates,
                               .alert = *alert,
                               .author = key ? key->person() : std::string(),
                               .snapshots = context.state(mode).snapshots(),
                               .bad_rows = options.skip_bad_rows ? plan::BadRows::skip : plan::BadRows::refuse,
                               .now = now});
  if (!planned) return screen.fail(with_places(std::move(planned.error()), options.alert));
  say_skipped(context, *planned);
  auto plan = approval::unsigned_plan(std::move(planned->plan));
  if (key)
    if (const auto is_signed = sign_as_author(context, *key, config->people, plan); !is_signed)
      return screen.fail(is_signed.error());
  if (const auto written = approval::write_plan_file(options.out, plan); !written) return screen.fail(written.error());
  const auto called = key && !options.no_page ? call_approvers(context, *config, plan, options.out) : CalledApprovers();
  show(context, plan, options.out, called);
  if (context.output() == Context::Output::text)
    screen.line({key ? "cli.plan_written" : "cli.plan_unsigned", {{"file", options.out}}});
  // Before others are woken to approve what could not be released.
  say_unsigned_rules(context, mode, config->set);
  for (const auto& said : called.said) screen.note(said);
  return Exit::done;
}

int show_plan(const Context& context, const std::string& file) {
  if (holds_form(file)) return show_form(context, file);
  const auto plan = approval::read_plan_file(file);
  if (!plan) return context.screen().fail(plan.error());
  show(context, *plan, file, {});
  return Exit::done;
}

}  // namespace broadcaster::cli
