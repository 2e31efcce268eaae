#include "broadcaster/service/auditor.hpp"

#include <boost/json.hpp>

#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/log.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {
namespace {

namespace json = boost::json;

/// Later than this, something has held the loop (or the whole machine).
constexpr base::milliseconds late_after = std::chrono::seconds(1);

/// Once, whoever starts again and however often. Two entries of the record, so a crash between them says it twice.
base::Result<void> note_lapse(journal::SqliteStore& store, const InForce& alert, delivery::AlertId id,
                              base::WallTime now) {
  const auto key = "lapsed/" + std::to_string(id.value);
  const auto known = store.load(key);
  if (!known) return std::unexpected(known.error());
  if (*known) return {};
  const json::object entry{{"alert", id.value}, {"code", alert.code}, {"expired", base::format_utc(alert.expires)}};
  if (auto noted = store.note("lapsed", base::canonical_json(entry), now); !noted) return noted;
  return store.save(key, "recorded");
}

}  // namespace

Auditor::Auditor(AuditorTools tools, AuditorOptions options, std::shared_ptr<journal::Ballast> ballast)
    : tools_(tools),
      options_(std::move(options)),
      ballast_(std::move(ballast)),
      audit_({.waiting = options_.audit.waiting, .free_bytes = options_.warn_below_bytes}),
      dead_man_(tools_.http, options_.dead_man_url, options_.dead_man_every,
                [this](const std::optional<std::string>& failure) {
                  if (!failure) return set_alarm("dead_man", std::nullopt);
                  set_alarm("dead_man", base::Text{"service.dead_man_silent", {{"reason", *failure}}});
                }),
      counter_(tools_.loop, tools_.store,
               [this](const AuditedAlert& alert, delivery::RouteIndex route,
                      const std::optional<AuditFinding>& finding) { take_count(alert, route, finding); }) {}

Auditor::~Auditor() { *alive_ = false; }

void Auditor::start() { look(); }

void Auditor::look() {
  const auto now = tools_.clock.now().mono;
  late_.reset();
  if (planned_ && now - *planned_ > late_after)
    late_ = {"loop", {"service.audit_loop", {{"ms", static_cast<std::int64_t>((now - *planned_).count())}}}};
  planned_ = now + options_.audit.every;
  tools_.loop.after(options_.audit.every, [this, alive = alive_] {
    if (*alive) look();
  });
  // The writer has had the whole time between two looks.
  if (asked_) {
    if (last_) last_->verdict = Last::Verdict::not_green;
    const auto silent = std::chrono::duration_cast<std::chrono::seconds>(now - *asked_).count();
    const base::Text text{"service.audit_writer", {{"seconds", static_cast<std::int64_t>(silent)}}};
    shown_.insert_or_assign("writer", text);
    return set_alarm("audit/writer", text);
  }
  asked_ = now;
  tools_.store.run(
      [reader = reader_, ballast = ballast_,
       wall = tools_.clock.now().wall](journal::SqliteStore& store) -> base::Result<AuditReading> {
        if (store.broken()) return std::unexpected(*store.failure());
        std::optional<base::Text> missing;
        if (auto made = ballast->make(); !made) missing = made.error().text;
        auto reading = reader->read(store, wall);
        if (reading) reading->no_ballast = std::move(missing);
        return reading;
      },
      [this, alive = alive_](base::Result<AuditReading> reading) {
        if (*alive) take(std::move(reading));
      });
}

void Auditor::take(base::Result<AuditReading> reading) {
  const auto now = tools_.clock.now();
  const auto writer = now.mono - *asked_;
  asked_.reset();
  std::vector<AuditFinding> findings;
  if (late_) findings.push_back(*late_);
  if (!reading) {
    findings.push_back({"journal", reading.error().text});
    last_ = Last{.at = now.wall,
                 .verdict = Last::Verdict::not_green,
                 .oldest_waiting = {},
                 .writer = writer,
                 .free_bytes = {},
                 .ballast = false};
    return show(std::move(findings));
  }
  for (auto& finding : audit_.judge(*reading, now)) findings.push_back(std::move(finding));
  last_ = Last{.at = now.wall,
               .verdict = findings.empty() && counts_.empty() ? Last::Verdict::green : Last::Verdict::not_green,
               .oldest_waiting = Audit::oldest_waiting(*reading, now.wall),
               .writer = writer,
               .free_bytes = reading->free_bytes,
               .ballast = !reading->no_ballast};
  show(std::move(findings));
  watch_lapses(*reading, now.wall);
  if (!counted_ || now.mono - *counted_ >= options_.audit.count_every) {
    counted_ = now.mono;
    forget_counts(*reading);
    counter_.begin(reading->alerts);
  }
  switch (last_->verdict) {
    case Last::Verdict::green:
      return dead_man_.green(now.mono);
    case Last::Verdict::not_green:
      return;
  }
}

/// What is there is an alarm; what is there no more ends one.
void Auditor::show(std::vector<AuditFinding> findings) {
  std::map<std::string, base::Text> now;
  for (auto& finding : findings) now.insert_or_assign(finding.key, std::move(finding.text));
  for (const auto& [key, _] : shown_)
    if (!now.contains(key)) set_alarm("audit/" + key, std::nullopt);
  for (const auto& [key, text] : now) set_alarm("audit/" + key, text);
  shown_ = std::move(now);
}

void Auditor::take_count(const AuditedAlert& alert, delivery::RouteIndex route,
                         const std::optional<AuditFinding>& finding) {
  const auto key = "rows/" + alert.in_force.code + "/" + alert.routes.at(route);
  if (finding)
    counts_.insert_or_assign(key, finding->text);
  else
    counts_.erase(key);
  set_alarm("audit/" + key, finding ? std::optional(finding->text) : std::nullopt);
}

/// Of alerts that nobody counts any more.
void Auditor::forget_counts(const AuditReading& reading) {
  std::set<std::string> open;
  for (const auto& alert : reading.alerts)
    for (const auto& [_, route] : alert.routes) open.insert("rows/" + alert.in_force.code + "/" + route);
  for (auto at = counts_.begin(); at != counts_.end();) {
    const auto key = at->first;
    at = open.contains(key) ? std::next(at) : counts_.erase(at);
    if (!open.contains(key)) set_alarm("audit/" + key, std::nullopt);
  }
}

void Auditor::watch_lapses(const AuditReading& reading, base::WallTime now) {
  std::map<std::string, LapseStage> stages;
  for (const auto& alert : reading.alerts) {
    const auto stage = lapse_stage(alert.in_force, now);
    if (!stage) continue;
    stages[alert.in_force.code] = *stage;
    set_alarm("lapse/" + alert.in_force.code, lapse_text(alert.in_force, *stage));
    if (*stage == LapseStage::lapsed) record_lapse(alert.in_force, alert.id);
  }
  for (const auto& [code, _] : lapses_)
    if (!stages.contains(code)) set_alarm("lapse/" + code, std::nullopt);
  lapses_ = std::move(stages);
}

/// It ran out, and nobody had said that it was over: an incident.
void Auditor::record_lapse(const InForce& alert, delivery::AlertId id) {
  if (!recorded_.insert(id).second) return;
  tools_.store.run([alert, id, now = tools_.clock.now().wall](
                       journal::SqliteStore& store) { return note_lapse(store, alert, id, now); },
                   [this, id, alive = alive_](const base::Result<void>& noted) {
                     if (!noted && *alive) recorded_.erase(id);  // the next look tries it again
                   });
}

void Auditor::set_alarm(const std::string& key, std::optional<base::Text> text) {
  const auto& open = tools_.driver.alarms();
  const auto found = open.find("/" + key);
  const bool same = found == open.end() ? !text : text && found->second.text == *text;
  if (same) return;
  if (text)
    base::log::warning("alarm " + key + ": " + text->id);
  else
    base::log::info("alarm " + key + " has ended");
  tools_.driver.alarm(plan::EndpointName(), key, std::move(text));
}

json::value Auditor::json() const {
  if (!last_) return nullptr;
  json::array findings;
  for (const auto* all : {&shown_, &counts_})
    for (const auto& [_, text] : *all) findings.push_back(to_json(text));
  json::object out{{"at", base::format_utc(last_->at)},
                   {"green", last_->verdict == Last::Verdict::green},
                   {"findings", std::move(findings)},
                   {"oldest_waiting_ms", nullptr},
                   {"writer_ms", last_->writer.count()},
                   {"free_bytes", nullptr},
                   {"ballast_bytes", last_->ballast ? static_cast<std::int64_t>(ballast_->bytes()) : 0}};
  if (last_->oldest_waiting) out["oldest_waiting_ms"] = last_->oldest_waiting->count();
  if (last_->free_bytes) out["free_bytes"] = static_cast<std::int64_t>(*last_->free_bytes);
  return out;
}

}  // namespace broadcaster::service
