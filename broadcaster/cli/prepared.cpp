#include "broadcaster/cli/prepared.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "broadcaster/approval/form_file.hpp"
#include "broadcaster/base/files.hpp"
#include "broadcaster/cli/planning.hpp"
#include "broadcaster/plan/form_audiences.hpp"
#include "broadcaster/plan/form_lists.hpp"
#include "broadcaster/plan/form_preview.hpp"
#include "broadcaster/service/progress.hpp"
#include "broadcaster/service/set_files.hpp"

namespace broadcaster::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

/// One prepared alert as it stands.
struct Kept {
  std::string file;
  std::optional<approval::SignedForm> form;
  std::optional<base::Error> unread;  ///< of the form, or of what it is judged by
  approval::FormJudgement judgement;
  base::WallTime since;           ///< of a void one
  std::vector<plan::Held> lists;  ///< of a ready one: whose people would be told nothing, if it were fired now
};

std::vector<fs::path> forms_in(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".form") out.push_back(at->path());
  std::ranges::sort(out);
  return out;
}

base::WallTime changed_at(const fs::path& file) {
  std::error_code error;
  const auto time = fs::last_write_time(file, error);
  if (error) return {};
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::file_clock::to_sys(time));
}

/// What voids it is a file that was changed, or the date: the newest change after it was signed says since when.
base::WallTime void_since(const Context& context, const plan::Form& form) {
  if (context.now() > form.last) return form.last;
  base::WallTime newest = form.plan.made_at;
  for (const auto* name : {"agency.yaml", "policy.yaml", "shelters.geojson", "sirens.yaml", "zones.geojson",
                           "endpoints.yaml", "people.yaml"})
    newest = std::max(newest, changed_at(context.config_folder() / name));
  newest = std::max(newest, changed_at(context.templates_folder() / "marks.yaml"));
  std::error_code error;
  for (fs::directory_iterator at(context.templates_folder() / form.plan.alert.hazard, error), end; !error && at != end;
       at.increment(error))
    newest = std::max(newest, changed_at(at->path()));
  return newest;
}

/// As if it were fired now for all its zones.
std::vector<plan::Held> lists_outside(const Context& context, const plan::Form& form, const alert::Zones& map) {
  const auto folder = TemporaryFolder::make();
  if (!folder) return {};  // a machine without room for that has an alarm of its own
  std::vector<alert::ZoneId> zones;
  for (const auto& zone : form.plan.zones) zones.push_back(zone.id);
  const auto now = audiences_now(form, zones, map, context.config_folder() / "audiences", folder->path());
  return held_lists(form, zones, now.audiences);
}

/// The same numbers as at night, in words for the day.
base::Text by_day(const plan::Held& held) {
  constexpr std::string_view at_night = "plan.";
  return {"cli.prepared_" + held.reason.id.substr(at_night.size()), held.reason.arguments};
}

Kept look(const Context& context, const fs::path& file) {
  Kept out{.file = file.string(), .form = {}, .unread = {}, .judgement = {}, .since = {}, .lists = {}};
  auto form = approval::read_form_file(file);
  if (!form) {
    out.unread = form.error();
    return out;
  }
  const auto today = today_of(context, form->form);
  if (today) {
    out.judgement = approval::judge_form(*form, today->people, today->files, context.now());
    out.since = void_since(context, form->form);
    if (out.judgement.is_ready()) out.lists = lists_outside(context, form->form, today->zones);
  } else {
    out.unread = today.error().front();
  }
  out.form = std::move(*form);
  return out;
}

std::vector<Kept> all(const Context& context, alert::Mode mode) {
  std::vector<Kept> out;
  for (const auto& file : forms_in(context.config_folder() / "prepared")) {
    auto kept = look(context, file);
    if (!kept.form || kept.form->form.plan.mode == mode) out.push_back(std::move(kept));
  }
  return out;
}

/// Nothing has changed and no signature has lost its worth; people have not signed yet.
bool only_waits(const Kept& kept) {
  return kept.judgement.voids.size() == 1 && kept.judgement.voids.front().id == "approval.quorum_missing";
}

std::string reasons_of(const Context& context, const Kept& kept) {
  std::string out;
  for (const auto& reason : kept.judgement.voids) out += (out.empty() ? "" : "; ") + context.screen().say(reason);
  return out;
}

base::Text line_of(const Context& context, const Kept& kept) {
  const auto& screen = context.screen();
  if (kept.unread) return {"cli.prepared_unread", {{"file", kept.file}, {"reason", screen.say(kept.unread->text)}}};
  const auto& form = kept.form->form;
  if (kept.judgement.is_ready())
    return {"cli.prepared_ready",
            {{"file", kept.file},
             {"time", context.local(kept.judgement.until)},
             {"hazard", form.plan.alert.hazard},
             {"zones", static_cast<std::int64_t>(form.plan.zones.size())}}};
  const auto reason = reasons_of(context, kept);
  if (only_waits(kept)) return {"cli.prepared_waits", {{"file", kept.file}, {"reason", reason}}};
  return {"cli.prepared_void", {{"file", kept.file}, {"time", context.local(kept.since)}, {"reason", reason}}};
}

std::string_view state_of(const Kept& kept) {
  if (kept.unread) return "void";
  if (kept.judgement.is_ready()) return "ready";
  return only_waits(kept) ? "waiting" : "void";
}

}  // namespace

bool holds_form(const fs::path& file) {
  const auto text = base::read_file(file);
  return text && approval::is_form_file(*text);
}

base::Checked<service::PreparedToday> today_of(const Context& context, const plan::Form& form) {
  const auto texts = service::read_set_texts(context.config_folder());
  if (!texts) return std::unexpected(base::Errors{texts.error()});
  return service::read_prepared_today(*texts, context.templates_folder(), form.plan.alert.hazard);
}

void show_form(const Context& context, const approval::SignedForm& form, const std::string& file) {
  const auto& screen = context.screen();
  const auto digest = base::hex(approval::digest(form));
  switch (context.output()) {
    case Context::Output::json: {
      json::array zones, may_fire;
      for (const auto& zone : form.form.plan.zones) zones.emplace_back(zone.id.value);
      for (const auto& one : form.form.may_fire) may_fire.emplace_back(one.person);
      return screen.json(json::object{{"file", file},
                                      {"digest", digest},
                                      {"mode", alert::name(form.form.plan.mode)},
                                      {"hazard", form.form.plan.alert.hazard},
                                      {"zones", std::move(zones)},
                                      {"may_fire", std::move(may_fire)},
                                      {"last", base::format_utc(form.form.last)},
                                      {"signatures", form.signatures.size()}});
    }
    case Context::Output::text:
      screen.text(plan::preview(
          form.form, {.language = context.language(), .width = service::style_of(stdout, context.language()).width}));
      return screen.line({"cli.digest", {{"digest", digest}}});
  }
}

int show_form(const Context& context, const std::string& file) {
  const auto form = approval::read_form_file(file);
  if (!form) return context.screen().fail(form.error());
  show_form(context, *form, file);
  return Exit::done;
}

void show_prepared(const Context& context, alert::Mode mode) {
  for (const auto& kept : all(context, mode)) {
    context.screen().line(line_of(context, kept));
    for (const auto& warning : kept.judgement.warnings) context.screen().line(warning);
    for (const auto& held : kept.lists) context.screen().line(by_day(held));
  }
}

json::array prepared_json(const Context& context, alert::Mode mode) {
  json::array out;
  for (const auto& kept : all(context, mode)) {
    json::object one{{"file", kept.file}, {"state", state_of(kept)}};
    json::array reasons;
    if (kept.unread) reasons.emplace_back(context.screen().say(kept.unread->text));
    for (const auto& reason : kept.judgement.voids) reasons.emplace_back(context.screen().say(reason));
    one["reasons"] = std::move(reasons);
    if (kept.form) {
      one["until"] = base::format_utc(kept.unread ? kept.form->form.last : kept.judgement.until);
      one["digest"] = base::hex(approval::digest(*kept.form));
    }
    json::array lists;
    for (const auto& held : kept.lists) lists.emplace_back(context.screen().say(by_day(held)));
    one["lists"] = std::move(lists);
    if (state_of(kept) == "void" && !kept.unread) one["since"] = base::format_utc(kept.since);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace broadcaster::cli
