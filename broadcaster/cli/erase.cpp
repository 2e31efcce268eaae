// broadcaster record erase: people are erased from alerts that are long over. --dry-run shows first what would go.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>

#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/json_values.hpp"
#include "broadcaster/plan/local_time.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::cli {
namespace {

std::optional<int> whole(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

/// "2026-08-24": the beginning of that day where the agency is; "90d": so many days ago.
std::optional<base::WallTime> read_day(std::string_view text, base::WallTime now, const std::string& time_zone) {
  if (text.ends_with('d')) {
    const auto days = whole(text.substr(0, text.size() - 1));
    if (!days || *days > 36'500) return std::nullopt;
    return now - std::chrono::days(*days);
  }
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = whole(text.substr(0, 4)), month = whole(text.substr(5, 2)), day = whole(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  const base::WallTime midnight = std::chrono::sys_days(date);
  return time_zone.empty() ? midnight : midnight - plan::utc_offset(time_zone, midnight);
}

}  // namespace

int record_erase(const Context& context, const RecordErase& options) {
  const auto& screen = context.screen();
  const auto now = context.now();
  const auto before = read_day(options.before, now, context.time_zone());
  if (!before) return screen.fail(base::ErrorKind::usage, {"cli.usage_day", {{"found", options.before}}});
  if (*before > now) return screen.fail(base::ErrorKind::usage, {"cli.usage_day_to_come", {{"found", options.before}}});
  const auto mode = context.mode();
  if (!mode) return screen.fail(mode.error());
  auto session = context.session(*mode, service::Work::read);
  if (!session) return screen.fail(session.error());
  auto report = session->ask({{"op", "erase"}, {"before", base::format_utc(*before)}, {"trial", options.dry_run}});
  if (!report) return screen.fail(report.error());
  bool open = false;
  std::int64_t alerts = 0;
  for (const auto& alert : objects_of(*report, "alerts")) {
    const auto* why = alert.if_contains("open");
    const auto name = text_of(alert, "code");
    if (why != nullptr && !why->is_null()) {
      open = true;
      if (context.output() == Context::Output::text)
        screen.note({"cli.erase_open", {{"alert", name}, {"why", screen.say(service::text_from_json(*why))}}});
    } else if (text_of(alert, "erased_at").empty()) {
      ++alerts;
      if (context.output() == Context::Output::text)
        screen.line({options.dry_run ? "cli.erase_would" : "cli.erased_alert",
                     {{"alert", name},
                      {"identifier", text_of(alert, "identifier")},
                      {"ended", context.local(text_of(alert, "ended"))},
                      {"deliveries", number_of(alert, "deliveries")}}});
    }
  }
  switch (context.output()) {
    case Context::Output::json:
      report->erase("ok");
      (*report)["dry_run"] = options.dry_run;
      screen.json(*report);
      break;
    case Context::Output::text: {
      const auto* snapshots = report->if_contains("snapshots");
      screen.line(
          {options.dry_run ? "cli.erase_trial" : "cli.erased",
           {{"alerts", alerts},
            {"numbers", number_of(*report, "numbers")},
            {"snapshots", snapshots && snapshots->is_array() ? std::ssize(snapshots->get_array()) : std::int64_t{0}}}});
      break;
    }
  }
  return open ? Exit::refused : Exit::done;
}

}  // namespace broadcaster::cli
