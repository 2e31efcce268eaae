// broadcaster state backup|restore: a copy of the state for a second machine, and an empty state filled from one.
#include <unistd.h>

#include <boost/json.hpp>

#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/json_values.hpp"
#include "broadcaster/service/restore.hpp"

namespace broadcaster::cli {
namespace {

std::string absolute(const std::string& folder) {
  // The owner may stand in another folder than we do.
  std::error_code ignored;
  return std::filesystem::absolute(folder, ignored).string();
}

}  // namespace

int state_backup(const Context& context, const std::string& to) {
  // Reading back what was copied says nothing meanwhile: a gigabyte from a slow stick.
  constexpr base::milliseconds patience = std::chrono::minutes(10);
  const auto& screen = context.screen();
  const auto mode = context.mode();
  if (!mode) return screen.fail(mode.error());
  auto session = context.session(*mode, service::Work::read);
  if (!session) return screen.fail(session.error());
  const auto folder = absolute(to);
  if (auto said = session->say({{"op", "backup"}, {"folder", folder}}); !said) return screen.fail(said.error());
  for (;;) {
    const auto answer = session->next(patience);
    if (!answer) return screen.fail(answer.error());
    if (!*answer) return screen.fail(base::ErrorKind::unavailable, {"service.no_answer", {}});
    if (is_true(**answer, "done")) break;
    if (context.output() == Context::Output::text && ::isatty(STDERR_FILENO))
      screen.note({"cli.backup_progress", {{"percent", number_of(**answer, "percent")}}});
  }
  if (context.output() == Context::Output::json)
    screen.json(boost::json::object{{"folder", folder}});
  else
    screen.line({"cli.backed_up", {{"folder", folder}}});
  return Exit::done;
}

int state_restore(const Context& context, const std::string& from) {
  const auto& screen = context.screen();
  const auto mode = context.mode();
  if (!mode) return screen.fail(mode.error());
  const auto state = context.state(*mode);
  const auto restored = service::restore_backup(from, state, *mode, context.now());
  if (!restored) return screen.fail(restored.error());
  if (context.output() == Context::Output::json)
    screen.json(boost::json::object{{"state", state.folder.string()},
                                    {"copied_at", base::format_utc(restored->manifest.at)},
                                    {"entries", restored->entries}});
  else
    screen.line({"cli.restored",
                 {{"state", state.folder.string()},
                  {"time", context.local(restored->manifest.at)},
                  {"entries", restored->entries}}});
  return Exit::done;
}

}  // namespace broadcaster::cli
