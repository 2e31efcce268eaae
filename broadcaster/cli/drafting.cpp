#include "broadcaster/cli/drafting.hpp"

#include <fmt/format.h>

#include "broadcaster/alert/alert_yaml.hpp"
#include "broadcaster/base/files.hpp"
#include "broadcaster/cli/ask.hpp"
#include "broadcaster/cli/bubble.hpp"
#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/planning.hpp"
#include "broadcaster/service/progress.hpp"

namespace broadcaster::cli {
namespace {

std::string list(const std::vector<std::string>& items) { return fmt::format("{}", fmt::join(items, ", ")); }

/// The plan that this alert would become, only to be looked at: nothing of it stays.
base::Checked<plan::Plan> plan_in_memory(const service::Config& config, const plan::Templates& templates,
                                         const alert::Alert& alert, base::WallTime now) {
  const auto folder = TemporaryFolder::make();
  if (!folder) return std::unexpected(base::Errors{folder.error()});
  auto planned = make_plan_of({.config = config,
                               .templates = templates,
                               .alert = alert,
                               .author = {},
                               .snapshots = folder->path(),
                               // A bad row is `plan`'s to refuse; at night the words matter first.
                               .bad_rows = plan::BadRows::skip,
                               .now = now});
  if (!planned) return std::unexpected(std::move(planned.error()));
  return std::move(planned->plan);
}

void show(const Context& context, const plan::Plan& plan) {
  const auto& screen = context.screen();
  screen.line({plan.mode == alert::Mode::live ? "plan.preview_live" : "plan.preview_drill", {}});
  for (const auto& line : bubbles(plan, context.language(), service::style_of(stdout, context.language()).width))
    screen.text(line);
  for (const auto& gap : plan.blocked)
    screen.line({"cli.blocked", {{"endpoint", gap.endpoint.value}, {"reason", screen.say(gap.reason)}}});
  std::int64_t people = 0;
  std::vector<std::string> missed;
  for (const auto& zone : plan.zones) people += zone.people;
  for (const auto& zone : plan.not_alerted) {
    const auto found = zone.names.find(context.language());
    missed.push_back(found == zone.names.end() ? zone.id.value : found->second);
  }
  screen.line({"cli.reaches", {{"zones", static_cast<std::int64_t>(plan.zones.size())}, {"people", people}}});
  if (!missed.empty()) screen.line({"cli.not_alerted", {{"zones", list(missed)}}});
}

bool taken(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::exists(std::filesystem::symlink_status(path, error));
}

/// "a.yaml" → "a-2.yaml": the first that nobody has.
std::string beside(const std::filesystem::path& path) {
  for (int n = 2;; ++n) {
    auto other = path;
    other.replace_filename(fmt::format("{}-{}{}", path.stem().string(), n, path.extension().string()));
    if (!taken(other)) return other.string();
  }
}

}  // namespace

std::string draft_name(const std::string& stem, base::WallTime now) {
  auto stamp = base::format_utc(now).substr(0, 19);
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  return stem + "-" + stamp + "Z.yaml";
}

base::Result<std::string> free_name(const Screen& screen, const std::string& path) {
  if (!taken(path)) return path;
  screen.note({"cli.file_is_there", {{"file", path}}});
  return Asker(screen).ask<std::string>(
      {"cli.ask_other_file", {}}, beside(path), [](const std::string& answer) -> base::Result<std::string> {
        if (taken(answer)) return base::fail(base::ErrorKind::bad_input, {"cli.file_is_there", {{"file", answer}}});
        return answer;
      });
}

int finish_draft(const Context& context, const Draft& draft) {
  const auto& screen = context.screen();
  const auto plan = plan_in_memory(draft.config, draft.templates, draft.alert, draft.now);
  if (!plan) return screen.fail(plan.error());
  show(context, *plan);
  // Another may have taken the name while this one was answering.
  const auto path = free_name(screen, draft.file);
  if (!path) return screen.fail(path.error());
  if (const auto written = base::write_file(*path, alert::write_alert(draft.alert)); !written)
    return screen.fail(written.error());
  screen.line({"cli.alert_written", {{"file", *path}}});
  if (draft.key.file.empty()) {
    screen.line({"cli.plan_is_next", {{"file", *path}}});
    return Exit::done;
  }
  auto beside_it = std::filesystem::path(*path).replace_extension(".plan");
  return plan_alert(context, {.alert = *path,
                              .out = taken(beside_it) ? beside(beside_it) : beside_it.string(),
                              .key = draft.key,
                              .skip_bad_rows = false,
                              .no_page = draft.no_page});
}

}  // namespace broadcaster::cli
