#include "broadcaster/cli/watch.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>

#include "broadcaster/approval/same_login.hpp"
#include "broadcaster/cli/config_set.hpp"
#include "broadcaster/cli/json_values.hpp"
#include "broadcaster/cli/page.hpp"
#include "broadcaster/plan/form_lists.hpp"
#include "broadcaster/service/progress.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::cli {
namespace json = boost::json;
namespace {

volatile std::sig_atomic_t signalled = 0;
void remember(int) { signalled = 1; }

struct sigaction before[2];
constexpr int watched_signals[] = {SIGINT, SIGTERM};

base::Text headline(const Context& context, const json::object& alert) {
  return {"cli.alert",
          {{"code", text_of(alert, "code")},
           {"hazard", text_of(alert, "hazard")},
           {"status", text_of(alert, "status")},
           {"life", base::Key{"cli.life_" + text_of(alert, "life")}},
           {"by", text_of(alert, "released_by")},
           {"released", context.local(text_of(alert, "released_at"))},
           {"expires", context.local(text_of(alert, "expires"))}}};
}

base::Text stop_line(const Context& context, const json::object& alert, const json::object& stop) {
  return {"cli.stopped_" + text_of(stop, "how"),
          {{"time", context.local(text_of(alert, "stopped_at"))},
           {"by", text_of(stop, "by")},
           {"note", text_of(stop, "note")},
           {"code", text_of(stop, "code")},
           {"reason", text_of(stop, "text")}}};
}

std::string zone_name(const Context& context, const json::object& zone) {
  const auto* names = zone.if_contains("names");
  auto name = names && names->is_object() ? text_of(names->get_object(), context.language()) : std::string();
  return name.empty() ? text_of(zone, "id") : name;
}

base::Text zone_line(const Context& context, const json::object& zone) {
  return {"cli.zone",
          {{"zone", zone_name(context, zone)},
           {"sounding", number_of(zone, "sounding")},
           {"sirens", number_of(zone, "sirens")},
           {"failed", number_of(zone, "failed")},
           {"floor", number_of(zone, "floor_percent")},
           {"met", base::Key{is_true(zone, "floor_met") ? "cli.floor_met" : "cli.floor_not_met"}}}};
}

/// What somebody must look at: a way out that is shut, a disk that fails.
std::vector<base::Text> alarms(const Context& context, const json::object& document) {
  std::vector<base::Text> out;
  for (const auto& alarm : objects_of(document, "alarms"))
    if (const auto* text = alarm.if_contains("text"))
      out.push_back({"cli.alarm",
                     {{"text", context.screen().say(service::text_from_json(*text))},
                      {"since", context.local(text_of(alarm, "since"))}}});
  return out;
}

/// Nothing where numbers are kept: that is `check`'s to say.
std::optional<base::Text> retention_line(const Context& context, const json::object& document) {
  const auto* value = document.if_contains("retention");
  if (!value || !value->is_object()) return std::nullopt;
  const auto& retention = value->get_object();
  return base::Text{"cli.retention",
                    {{"days", number_of(retention, "keep_days")}, {"next", context.local(text_of(retention, "next"))}}};
}

/// Nothing where nobody audits: a command that only reads.
std::optional<base::Text> audit_line(const Context& context, const json::object& document) {
  const auto* value = document.if_contains("audit");
  if (!value || !value->is_object()) return std::nullopt;
  const auto& audit = value->get_object();
  const auto* waiting = audit.if_contains("oldest_waiting_ms");
  const auto waits = waiting && waiting->is_int64()
                         ? base::Text{"cli.waits_seconds", {{"seconds", waiting->get_int64() / 1000}}}
                         : base::Text{"cli.nobody_waits", {}};
  return base::Text{"cli.audit",
                    {{"time", context.local(text_of(audit, "at"))},
                     {"verdict", base::Key{is_true(audit, "green") ? "cli.audit_green" : "cli.audit_not_green"}},
                     {"waiting", context.screen().say(waits)},
                     {"free", number_of(audit, "free_bytes") >> 20},
                     {"ballast", number_of(audit, "ballast_bytes") >> 20}}};
}

/// Nothing where no feed is watched and nothing of one waits.
std::optional<base::Text> feeds_line(const json::object& document) {
  const auto* value = document.if_contains("feeds");
  if (!value || !value->is_object()) return std::nullopt;
  const auto& feeds = value->get_object();
  const auto count = [&](std::string_view key) { return number_of(feeds, key); };
  if (count("feeds") + count("drafts") + count("questions") == 0) return std::nullopt;
  return base::Text{"cli.feeds",
                    {{"feeds", count("feeds")},
                     {"trouble", count("in_trouble")},
                     {"drafts", count("drafts")},
                     {"questions", count("questions")}}};
}

std::vector<std::string> picture(const Context& context, const json::object& alert, const service::ScreenStyle& style) {
  std::vector<std::string> lines{context.screen().say(headline(context, alert))};
  if (const auto* glass = alert.if_contains("glass"); glass && glass->is_object())
    lines.push_back(context.screen().say(base::Text{
        "cli.released_alone",
        {{"person", text_of(glass->get_object(), "person")}, {"reason", text_of(glass->get_object(), "reason")}}}));
  if (const auto* fired = alert.if_contains("fired"); fired && fired->is_object())
    lines.push_back(
        context.screen().say(base::Text{"cli.fired_alone", {{"person", text_of(fired->get_object(), "person")}}}));
  for (auto& line : service::progress_lines(alert, style)) lines.push_back(std::move(line));
  for (const auto& endpoint : objects_of(alert, "endpoints"))
    if (const auto n = number_of(endpoint, "differs"); n > 0)
      lines.push_back(
          context.screen().say(base::Text{"cli.differs", {{"endpoint", text_of(endpoint, "name")}, {"n", n}}}));
  return lines;
}

/// A line that wraps would be counted as one when the picture is drawn again in place.
std::string clipped(std::string line, int width) {
  while (service::columns_of(line) > width) {
    while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xc0) == 0x80) line.pop_back();
    if (!line.empty()) line.pop_back();
  }
  return line;
}

}  // namespace

Interrupts::Interrupts() {
  signalled = 0;
  struct sigaction action{};
  action.sa_handler = remember;
  for (std::size_t i = 0; i < std::size(watched_signals); ++i) ::sigaction(watched_signals[i], &action, &before[i]);
}

Interrupts::~Interrupts() {
  for (std::size_t i = 0; i < std::size(watched_signals); ++i) ::sigaction(watched_signals[i], &before[i], nullptr);
}

bool Interrupts::asked() { return signalled != 0; }

base::Result<Watched> watch(const Context& context, service::Session& session, const std::string& alert) {
  constexpr base::milliseconds look{200};
  if (auto said = session.say({{"op", "watch"}, {"alert", alert}}); !said) return std::unexpected(said.error());
  const auto quiet = context.output() == Context::Output::json;
  // With --json only the end goes to standard output.
  auto style = service::style_of(stdout, context.language());
  service::ProgressScreen screen(stdout, style);
  const base::SystemClock clock;
  Watched watched;
  while (true) {
    if (Interrupts::asked()) {
      watched.end = Watched::End::interrupted;
      break;
    }
    auto next = session.next(look);
    if (!next) return std::unexpected(next.error());
    if (!*next) continue;
    const auto* alerts = (*next)->if_contains("alerts");
    if (alerts && alerts->is_array() && !alerts->get_array().empty() && alerts->get_array()[0].is_object()) {
      watched.alert = alerts->get_array()[0].get_object();
      auto lines = picture(context, watched.alert, style);
      for (const auto& alarm : alarms(context, **next)) lines.push_back(context.screen().say(alarm));
      if (::isatty(STDOUT_FILENO))
        for (auto& line : lines)
          if (line.find('\033') == std::string::npos) line = clipped(std::move(line), style.width);
      if (!quiet) screen.show(lines, clock.now().mono.time_since_epoch().count());
    }
    if (is_true(**next, "settled")) break;
  }
  if (!quiet) screen.finish();
  return watched;
}

std::vector<base::Text> waiting_lines(const Context& context, const json::object& alert) {
  std::vector<base::Text> out;
  for (const auto& one : objects_of(alert, "cancellers_waiting"))
    out.push_back({"cli.canceller_waits",
                   {{"person", text_of(one, "person")},
                    {"time", context.local(text_of(one, "until"))},
                    {"alert", text_of(alert, "code")}}});
  return out;
}

int exit_of(const json::object& alert) {
  if (number_of(alert, "differs") > 0) return Exit::check_failed;
  const auto* deliveries = alert.if_contains("deliveries");
  if (!deliveries || !deliveries->is_object()) return Exit::not_all_delivered;
  // Whom nobody was to be told over: signed so, and still not told.
  if (!objects_of(alert, "blocked").empty()) return Exit::not_all_delivered;
  const auto& counts = deliveries->get_object();
  const auto good = number_of(counts, "accepted") + number_of(counts, "confirmed");
  return good == number_of(counts, "planned") ? Exit::done : Exit::not_all_delivered;
}

base::Text end_line(int status, const std::string& code) {
  const char* id = "cli.sent_not_all";
  if (status == Exit::done) id = "cli.sent_all";
  if (status == Exit::check_failed) id = "cli.sent_differs";
  return {id, {{"code", code}}};
}

namespace {

struct Gap {
  std::string endpoint, language, zone;
  std::int64_t people = 0;
  base::Text reason;
};

void show_gaps(const Context& context, const std::vector<Gap>& gaps) {
  bool by_list = false;
  for (const auto& gap : gaps) {
    auto where = gap.endpoint;
    for (const auto* part : {&gap.language, &gap.zone})
      if (!part->empty()) where += " · " + *part;
    context.screen().line({"cli.blocked_in_plan",
                           {{"where", where}, {"people", gap.people}, {"reason", context.screen().say(gap.reason)}}});
    by_list = by_list || plan::is_held(gap.reason);
  }
  if (by_list) context.screen().line({"cli.blocked_by_list", {}});
}

}  // namespace

void show_blocked(const Context& context, const json::object& alert) {
  std::vector<Gap> gaps;
  for (const auto& message : objects_of(alert, "blocked")) {
    const auto* reason = message.if_contains("reason");
    gaps.push_back({text_of(message, "endpoint"), text_of(message, "language"), text_of(message, "zone"),
                    number_of(message, "recipients"), service::text_from_json(reason ? *reason : json::value())});
  }
  show_gaps(context, gaps);
}

void show_blocked(const Context& context, const plan::Plan& plan) {
  std::vector<Gap> gaps;
  for (const auto& message : plan.blocked)
    gaps.push_back(
        {message.endpoint.value, message.language.value, message.zone.value, message.recipients, message.reason});
  show_gaps(context, gaps);
}

void show_status(const Context& context, const json::object& document) {
  const auto& screen = context.screen();
  for (const auto& alarm : alarms(context, document)) screen.line(alarm);
  if (const auto audit = audit_line(context, document)) screen.line(*audit);
  if (const auto kept = retention_line(context, document)) screen.line(*kept);
  if (const auto feeds = feeds_line(document)) screen.line(*feeds);
  if (const auto* set = document.if_contains("signed_set"); set && set->is_object())
    for (const auto& line : set_lines(context, set->get_object())) screen.text(line);
  if (const auto* pages = document.if_contains("pages"); pages && pages->is_object())
    show_pages(context, pages->get_object());
  const auto alerts = objects_of(document, "alerts");
  if (alerts.empty()) screen.line({"cli.no_alerts", {}});
  const auto style = service::style_of(stdout, context.language());
  for (const auto& alert : alerts) {
    for (const auto& line : picture(context, alert, style)) screen.coloured(line);
    const auto endpoints = objects_of(alert, "endpoints");
    for (const auto& endpoint : endpoints)
      if (is_true(endpoint, "held")) screen.line({"cli.held", {{"endpoint", text_of(endpoint, "name")}}});
    const bool sirens =
        std::ranges::any_of(endpoints, [](const json::object& e) { return text_of(e, "channel") == "siren"; });
    for (const auto& zone : objects_of(alert, "zones"))
      if (sirens && number_of(zone, "sirens") > 0) screen.line(zone_line(context, zone));
    show_blocked(context, alert);
    std::string missed;
    for (const auto& zone : objects_of(alert, "not_alerted"))
      missed += (missed.empty() ? "" : ", ") + zone_name(context, zone);
    if (!missed.empty()) screen.line({"cli.not_alerted", {{"zones", missed}}});
    for (const auto& line : waiting_lines(context, alert)) screen.line(line);
    for (const auto& same : objects_of(alert, "same_login"))
      screen.line(
          approval::text_of({{text_of(same, "machine"), text_of(same, "session"), {}}, texts_of(same, "persons")}));
    if (const auto* stop = alert.if_contains("stop"); stop && stop->is_object())
      screen.line(stop_line(context, alert, stop->get_object()));
    screen.text("");
  }
}

}  // namespace broadcaster::cli
