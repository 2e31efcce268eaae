// broadcaster record verify|key|export: does the record still say what was written, by whom it is signed, and its files
// for others.
#include <boost/json.hpp>

#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/json_values.hpp"
#include "broadcaster/journal/verify_export.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::cli {

namespace {

boost::json::array array_of(const std::vector<std::string>& texts) {
  return boost::json::array(texts.begin(), texts.end());
}

/// By whom it is signed and how far, which is what "whole" is worth.
void say_signed(const Context& context, const boost::json::object& report) {
  const auto* found = report.if_contains("signed");
  if (found == nullptr || !found->is_object()) return context.screen().line({"cli.record_not_signed", {}});
  const auto& by = found->get_object();
  context.screen().line({"cli.record_signed",
                         {{"through", number_of(by, "through")},
                          {"at", context.local(text_of(by, "at"))},
                          {"key", text_of(by, "key")},
                          {"keys", number_of(by, "keys")}}});
}

/// What an exported folder says of itself: no state, no configuration.
int verify_folder(const Context& context, const RecordVerify& options) {
  const auto& screen = context.screen();
  const auto kept = journal::kept_from(options.heads, options.keys);
  if (!kept) return screen.fail(kept.error());
  const auto verdict = journal::verify_export(options.exported, *kept);
  if (!verdict) return screen.fail(verdict.error());
  const auto report = service::to_json(verdict->record);
  switch (context.output()) {
    case Context::Output::json: {
      auto document = report;
      boost::json::array wrong;
      for (const auto& text : verdict->files) wrong.push_back(service::to_json(text));
      document["files"] = verdict->checked;
      document["wrong_files"] = std::move(wrong);
      screen.json(document);
      break;
    }
    case Context::Output::text:
      if (!verdict->record.first_bad)
        screen.line({"cli.record_whole",
                     {{"entries", verdict->record.entries}, {"hash", base::hex(verdict->record.head.hash)}}});
      if (verdict->files.empty()) screen.line({"cli.export_whole", {{"files", verdict->checked}}});
      say_signed(context, report);
      break;
  }
  for (const auto& text : verdict->files)
    screen.fail(base::ErrorKind::check_failed, {"cli.export_broken", {{"reason", screen.say(text)}}});
  if (verdict->record.first_bad)
    screen.fail(
        base::ErrorKind::check_failed,
        {"cli.record_broken", {{"entry", *verdict->record.first_bad}, {"reason", screen.say(verdict->record.reason)}}});
  return verdict->good() ? Exit::done : Exit::check_failed;
}

}  // namespace

int record_verify(const Context& context, const RecordVerify& options) {
  if (!options.exported.empty()) return verify_folder(context, options);
  const auto& screen = context.screen();
  const auto mode = context.mode();
  if (!mode) return screen.fail(mode.error());
  auto session = context.session(*mode, service::Work::read);
  if (!session) return screen.fail(session.error());
  auto report = session->ask({{"op", "verify"}, {"heads", array_of(options.heads)}, {"keys", array_of(options.keys)}});
  if (!report) return screen.fail(report.error());
  const bool whole = is_true(*report, "whole");
  const auto* head = report->if_contains("head");
  const auto hash = head && head->is_object() ? text_of(head->get_object(), "hash") : std::string();
  if (context.output() == Context::Output::json) {
    report->erase("ok");
    screen.json(*report);
  } else if (whole) {
    screen.line({"cli.record_whole", {{"entries", number_of(*report, "entries")}, {"hash", hash}}});
    say_signed(context, *report);
  }
  if (whole) return Exit::done;
  const auto* reason = report->if_contains("reason");
  return screen.fail(base::ErrorKind::check_failed,
                     {"cli.record_broken",
                      {{"entry", number_of(*report, "first_bad")},
                       {"reason", reason ? screen.say(service::text_from_json(*reason)) : std::string()}}});
}

int record_key(const Context& context) {
  const auto& screen = context.screen();
  const auto mode = context.mode();
  if (!mode) return screen.fail(mode.error());
  auto session = context.session(*mode, service::Work::read);
  if (!session) return screen.fail(session.error());
  auto answer = session->ask({{"op", "record_key"}});
  if (!answer) return screen.fail(answer.error());
  switch (context.output()) {
    case Context::Output::json:
      answer->erase("ok");
      screen.json(*answer);
      break;
    case Context::Output::text:
      screen.line({"cli.record_key",
                   {{"key", text_of(*answer, "key")},
                    {"since", text_of(*answer, "since")},
                    {"head", text_of(*answer, "head")}}});
      break;
  }
  return Exit::done;
}

int record_export(const Context& context, const RecordExport& options) {
  const auto& screen = context.screen();
  if (options.numbers != "hashed" && options.numbers != "clear")
    return screen.fail(base::ErrorKind::usage, {"cli.usage_numbers", {{"found", options.numbers}}});
  if (options.folder.empty()) return screen.fail(base::ErrorKind::usage, {"cli.usage_export_folder", {}});
  const auto mode = context.mode();
  if (!mode) return screen.fail(mode.error());
  auto session = context.session(*mode, service::Work::read);
  if (!session) return screen.fail(session.error());
  const auto released = session->ask({{"op", "plan"}, {"alert", options.alert}});
  if (!released) return screen.fail(released.error());
  auto files = record_files(context, *released, options.cap_key);
  if (!files) return screen.fail(files.error());
  boost::json::object more;
  for (auto& [name, content] : *files) more[name] = std::move(content);
  std::error_code error;
  // The owner may stand in another folder than we do.
  const auto folder = std::filesystem::absolute(options.folder, error).string();
  const auto exported = session->ask({{"op", "export"},
                                      {"alert", options.alert},
                                      {"folder", folder},
                                      {"language", context.language()},
                                      {"time_zone", context.time_zone()},
                                      {"time_zone_name", context.time_zone_name()},
                                      {"numbers", options.numbers},
                                      {"why", options.reason},
                                      {"files", std::move(more)}});
  if (!exported) return screen.fail(exported.error());
  if (context.output() == Context::Output::json)
    screen.json(boost::json::object{{"alert", options.alert}, {"folder", folder}, {"numbers", options.numbers}});
  else
    screen.line({"cli.exported", {{"alert", options.alert}, {"folder", folder}}});
  return Exit::done;
}

}  // namespace broadcaster::cli
