// broadcaster update ID: the danger is still real, and something has changed. The questions of `new`, each with what
// the alert says now as its answer; the references to it and to what it replaced are made here. What comes out is an
// alert file like any other: a plan of its own, which the whole quorum signs.
#include "broadcaster/alert/references.hpp"
#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/drafting.hpp"
#include "broadcaster/cli/interview.hpp"
#include "broadcaster/cli/json_values.hpp"
#include "broadcaster/plan/plan.hpp"

namespace broadcaster::cli {
namespace {

struct Before {
  plan::Plan plan;
  std::vector<alert::Reference> references;  ///< what it refers to itself, and it
  std::string code;
};

base::Checked<Before> released(const Context& context, alert::Mode mode, const std::string& alert) {
  auto session = context.session(mode, service::Work::read);
  if (!session) return std::unexpected(session.error());
  const auto answer = session->ask({{"op", "plan"}, {"alert", alert}});
  if (!answer) return std::unexpected(base::Errors{answer.error()});
  if (is_true(*answer, "false_alarm"))
    return std::unexpected(base::Errors{{base::ErrorKind::refused, {"cli.update_of_cancel", {}}, {}, {}}});
  auto plan = plan::parse_plan(text_of(*answer, "plan"), alert);
  if (!plan) return std::unexpected(base::Errors{plan.error()});
  auto references = alert::parse_references(text_of(*answer, "references"));
  references.push_back({plan->alert.sender, text_of(*answer, "identifier"), text_of(*answer, "sent")});
  return Before{std::move(*plan), std::move(references), text_of(*answer, "code")};
}

}  // namespace

int update(const Context& context, const Update& options) {
  const auto& screen = context.screen();
  const auto mode = context.mode();
  if (!mode) return screen.fail(mode.error());
  const auto config = context.config();
  if (!config) return screen.fail(config.error());
  const auto templates = context.templates();
  if (!templates) return screen.fail(templates.error());
  const auto before = released(context, *mode, options.alert);
  if (!before) return screen.fail(before.error());
  const auto now = std::chrono::floor<std::chrono::seconds>(context.now());
  const auto usual = draft_name(before->plan.alert.hazard + "-update-" + before->code, now);
  const auto wanted = free_name(screen, options.out.empty() ? usual : options.out);
  if (!wanted) return screen.fail(wanted.error());
  screen.line({"cli.update_begins", {{"code", before->code}}});
  auto alert = interview({.context = context,
                          .config = *config,
                          .templates = *templates,
                          .hazard = before->plan.alert.hazard,
                          .status = before->plan.alert.status,
                          .now = now,
                          .before = &before->plan.alert});
  if (!alert) return screen.fail(alert.error());
  alert->type = alert::MessageType::update;
  alert->references = before->references;
  return finish_draft(context, {.config = *config,
                                .templates = *templates,
                                .alert = *alert,
                                .file = *wanted,
                                .key = options.key,
                                .now = now,
                                .no_page = options.no_page});
}

}  // namespace broadcaster::cli
