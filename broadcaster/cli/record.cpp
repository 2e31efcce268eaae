// broadcaster record verify|export: does the record still say what was written, and its files for others.
#include <boost/json.hpp>

#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/json_values.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::cli {

int record_verify(const Context& context) {
  const auto& screen = context.screen();
  const auto mode = context.mode();
  if (!mode) return screen.fail(mode.error());
  auto session = context.session(*mode, service::Work::read);
  if (!session) return screen.fail(session.error());
  auto report = session->ask({{"op", "verify"}});
  if (!report) return screen.fail(report.error());
  const bool whole = is_true(*report, "whole");
  const auto* head = report->if_contains("head");
  const auto hash = head && head->is_object() ? text_of(head->get_object(), "hash") : std::string();
  if (context.output() == Context::Output::json) {
    report->erase("ok");
    screen.json(*report);
  } else if (whole) {
    screen.line({"cli.record_whole", {{"entries", number_of(*report, "entries")}, {"hash", hash}}});
  }
  if (whole) return Exit::done;
  const auto* reason = report->if_contains("reason");
  return screen.fail(base::ErrorKind::check_failed,
                     {"cli.record_broken",
                      {{"entry", number_of(*report, "first_bad")},
                       {"reason", reason ? screen.say(service::text_from_json(*reason)) : std::string()}}});
}

int record_export(const Context& context, const RecordExport& options) {
  const auto& screen = context.screen();
  const auto mode = context.mode();
  if (!mode) return screen.fail(mode.error());
  auto session = context.session(*mode, service::Work::read);
  if (!session) return screen.fail(session.error());
  std::error_code error;
  // The owner may stand in another folder than we do.
  const auto folder = std::filesystem::absolute(options.folder, error).string();
  const auto exported =
      session->ask({{"op", "export"}, {"alert", options.alert}, {"folder", folder}, {"language", context.language()}});
  if (!exported) return screen.fail(exported.error());
  if (context.output() == Context::Output::json)
    screen.json(boost::json::object{{"alert", options.alert}, {"folder", folder}});
  else
    screen.line({"cli.exported", {{"alert", options.alert}, {"folder", folder}}});
  return Exit::done;
}

}  // namespace broadcaster::cli
