// broadcaster new HAZARD: a few questions, the messages as a phone shows them, and the alert file.
#include <fmt/format.h>

#include <algorithm>

#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/drafting.hpp"
#include "broadcaster/cli/interview.hpp"

namespace broadcaster::cli {

int new_alert(const Context& context, const New& options) {
  const auto& screen = context.screen();
  const auto config = context.config();
  if (!config) return screen.fail(config.error());
  const auto templates = context.templates();
  if (!templates) return screen.fail(templates.error());
  const auto hazards = templates->hazards();
  if (std::ranges::find(hazards, options.hazard) == hazards.end())
    return screen.fail(
        base::ErrorKind::bad_input,
        {"cli.no_such_hazard", {{"found", options.hazard}, {"known", fmt::format("{}", fmt::join(hazards, ", "))}}});
  const auto now = std::chrono::floor<std::chrono::seconds>(context.now());
  const auto wanted = free_name(screen, options.out.empty() ? draft_name(options.hazard, now) : options.out);
  if (!wanted) return screen.fail(wanted.error());
  const auto alert = interview({.context = context,
                                .config = *config,
                                .templates = *templates,
                                .hazard = options.hazard,
                                .status = options.live ? alert::Status::actual : alert::Status::exercise,
                                .now = now,
                                .before = nullptr});
  if (!alert) return screen.fail(alert.error());
  return finish_draft(context, {.config = *config,
                                .templates = *templates,
                                .alert = *alert,
                                .file = *wanted,
                                .key = options.key,
                                .now = now,
                                .no_page = options.no_page});
}

}  // namespace broadcaster::cli
