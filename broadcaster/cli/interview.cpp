#include "broadcaster/cli/interview.hpp"

#include <algorithm>
#include <charconv>

#include "broadcaster/cli/moment.hpp"
#include "broadcaster/plan/lint.hpp"
#include "broadcaster/plan/render.hpp"
#include "broadcaster/plan/values.hpp"

namespace broadcaster::cli {
namespace {

constexpr auto usual_life = "3h";

std::vector<std::string> parts(const std::string& text) {
  std::vector<std::string> out(1);
  for (const char c : text) {
    if (c == ',')
      out.emplace_back();
    else if (c != ' ' || !out.back().empty())
      out.back() += c;
  }
  for (auto& part : out)
    while (part.ends_with(' ')) part.pop_back();
  std::erase(out, "");
  return out;
}

bool same(const std::string& a, const std::string& b) { return plan::says(a, b) && plan::says(b, a); }

bool is_called(const alert::Zone& zone, const std::string& word) {
  if (same(zone.id.value, word)) return true;
  for (const auto* names : {&zone.names, &zone.short_names})
    for (const auto& [_, name] : *names)
      if (same(name, word)) return true;
  return false;
}

/// The whole word as a number; nothing when it is none.
std::optional<std::size_t> number_in(const std::string& word) {
  std::size_t number = 0;
  const auto [at, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || at != word.data() + word.size()) return std::nullopt;
  return number;
}

const alert::Zone* pick(const std::string& word, const std::vector<const alert::Zone*>& offered) {
  if (const auto number = number_in(word))
    return *number >= 1 && *number <= offered.size() ? offered[*number - 1] : nullptr;
  const auto found = std::ranges::find_if(offered, [&](const alert::Zone* zone) { return is_called(*zone, word); });
  return found == offered.end() ? nullptr : *found;
}

class Questions {
 public:
  explicit Questions(const Interview& from)
      : from_(from), screen_(from.context.screen()), asker_(screen_), language_(from.context.language()) {}

  base::Result<alert::Alert> run() {
    alert::Alert out;
    out.status = from_.status;
    out.hazard = from_.hazard;
    out.sender = from_.config.agency.sender;
    const auto level = this->level();
    if (!level) return std::unexpected(level.error());
    out.level = level->name;
    if (auto asked = zones(out); !asked) return std::unexpected(asked.error());
    const auto onset = arrival();
    if (!onset) return std::unexpected(onset.error());
    const auto expires = until(*onset);
    if (!expires) return std::unexpected(expires.error());
    if (auto asked = slots(out); !asked) return std::unexpected(asked.error());
    infos(out, *level, *onset, *expires);
    if (out.status == alert::Status::exercise)
      out.note = screen_.say({"cli.exercise_note", {{"hazard", out.hazard}, {"time", from_.context.local(from_.now)}}});
    return out;
  }

 private:
  std::string name(const alert::Zone& zone) const {
    return plan::name_in(zone.names, alert::Language(language_), from_.config.agency);
  }

  /// The officer's own language, or the first that has words.
  const plan::Template* words() const {
    const auto* found = from_.templates.find(from_.hazard, alert::Language(language_));
    for (const auto& one : from_.templates.all)
      if (!found && one.hazard == from_.hazard) found = &one;
    return found;
  }

  /// Only a level that the words are for. Where there is one, nobody is asked.
  base::Result<plan::Level> level() {
    const auto levels = words() ? words()->levels : std::vector<plan::Level>();
    if (levels.empty()) return base::fail(base::ErrorKind::bad_input, {"cli.no_levels", {{"hazard", from_.hazard}}});
    if (levels.size() == 1) return levels.front();
    for (std::size_t i = 0; i < levels.size(); ++i)
      screen_.line({"cli.level_offered",
                    {{"number", static_cast<std::int64_t>(i + 1)},
                     {"level", levels[i].name},
                     {"severity", std::string(alert::name(levels[i].severity))},
                     {"urgency", std::string(alert::name(levels[i].urgency))},
                     {"certainty", std::string(alert::name(levels[i].certainty))}}});
    return asker_.ask<plan::Level>({"cli.ask_level", {}}, from_.before ? from_.before->level : "",
                                   [&](const std::string& answer) { return read_level_choice(answer, levels); });
  }

  /// Those that the hazard can reach, or all of them when the map says of none.
  std::vector<const alert::Zone*> offered() const {
    std::vector<const alert::Zone*> out;
    for (const auto& zone : from_.config.zones.all())
      if (std::ranges::find(zone.hazards, from_.hazard) != zone.hazards.end()) out.push_back(&zone);
    if (out.empty())
      for (const auto& zone : from_.config.zones.all()) out.push_back(&zone);
    return out;
  }

  base::Result<void> zones(alert::Alert& out) {
    const auto all = offered();
    for (std::size_t i = 0; i < all.size(); ++i) {
      std::string neighbours;
      for (const auto& id : all[i]->neighbours)
        if (const auto* zone = from_.config.zones.find(id))
          neighbours += (neighbours.empty() ? "" : ", ") + name(*zone);
      screen_.line({"cli.zone_offered",
                    {{"number", static_cast<std::int64_t>(i + 1)},
                     {"zone", name(*all[i])},
                     {"people", all[i]->people},
                     {"neighbours", neighbours.empty() ? "–" : neighbours},
                     {"date", all[i]->map_date}}});
    }
    const auto chosen = asker_.ask<std::vector<alert::ZoneId>>(
        {"cli.ask_zones", {}}, zones_before(), [&](const std::string& answer) { return keeps(answer, all); });
    if (!chosen) return std::unexpected(chosen.error());
    for (const auto& id : *chosen) out.zones.push_back({id, std::nullopt});
    return {};
  }

  std::string zones_before() const {
    std::string out;
    for (const auto& order : from_.before ? from_.before->zones : std::vector<alert::ZoneOrder>())
      out += (out.empty() ? "" : ",") + order.zone.value;
    return out;
  }

  /// Silence about a zone that was told to leave would be taken for safety.
  base::Result<std::vector<alert::ZoneId>> keeps(const std::string& answer,
                                                 const std::vector<const alert::Zone*>& all) const {
    auto chosen = read_zone_choice(answer, all);
    if (!chosen || !from_.before) return chosen;
    for (const auto& order : from_.before->zones)
      if (std::ranges::find(*chosen, order.zone) == chosen->end())
        return base::fail(base::ErrorKind::bad_input, {"cli.zone_left_out", {{"zone", order.zone.value}}});
    return chosen;
  }

  /// What the alert says now, where that is still ahead.
  std::string arrival_before(const std::string& unknown) const {
    if (!from_.before) return unknown;
    for (const auto& info : from_.before->infos)
      if (info.onset && *info.onset > from_.now)
        return std::to_string(std::chrono::ceil<std::chrono::minutes>(*info.onset - from_.now).count());
    return unknown;
  }

  /// Nothing without a question where no order for this hazard would say it.
  base::Result<std::optional<base::WallTime>> arrival() {
    const auto of_this = [&](const plan::Template& one) { return one.hazard == from_.hazard; };
    if (std::ranges::none_of(from_.templates.all,
                             [&](const plan::Template& one) { return of_this(one) && plan::says_arrival(one); }))
      return std::optional<base::WallTime>();
    const auto unknown = screen_.say({"cli.unknown", {}});
    return asker_.ask<std::optional<base::WallTime>>(
        {"cli.ask_arrival", {}}, arrival_before(unknown),
        [&](const std::string& answer) -> base::Result<std::optional<base::WallTime>> {
          if (answer == unknown || answer == "?") return std::optional<base::WallTime>();
          if (const auto at = read_moment(answer, from_.now, from_.config.agency.time_zone)) return at;
          return base::fail(base::ErrorKind::bad_input,
                            {"cli.wrong_arrival", {{"found", answer}, {"unknown", unknown}}});
        });
  }

  base::Result<base::WallTime> until(const std::optional<base::WallTime>& onset) {
    return asker_.ask<base::WallTime>(
        {"cli.ask_until", {}}, usual_life, [&](const std::string& answer) -> base::Result<base::WallTime> {
          const auto at = read_moment(answer, from_.now, from_.config.agency.time_zone);
          if (!at) return base::fail(base::ErrorKind::bad_input, {"cli.wrong_until", {{"found", answer}}});
          if (onset && *at <= *onset) return base::fail(base::ErrorKind::bad_input, {"cli.until_before_arrival", {}});
          return *at;
        });
  }

  std::string slot_before(const std::string& name) const {
    for (const auto& slot : from_.before ? from_.before->slots : std::vector<alert::NamedValue>())
      if (slot.name == name) return slot.value;
    return {};
  }

  /// A template's own slots: the same in every language.
  base::Result<void> slots(alert::Alert& out) {
    const auto* words = this->words();
    for (const auto& slot : words ? words->slots : std::vector<plan::Slot>()) {
      auto answer = asker_.ask<std::string>({"cli.ask_slot", {{"question", slot.question}}}, slot_before(slot.name),
                                            [](const std::string& text) -> base::Result<std::string> {
                                              if (text.empty())
                                                return base::fail(base::ErrorKind::bad_input, {"cli.slot_empty", {}});
                                              return text;
                                            });
      if (!answer) return std::unexpected(answer.error());
      out.slots.push_back({slot.name, *answer});
    }
    return {};
  }

  /// One for each language that has words for this hazard: an order, graded by the level's table.
  void infos(alert::Alert& out, const plan::Level& level, const std::optional<base::WallTime>& onset,
             base::WallTime expires) const {
    for (const auto& language : from_.config.agency.languages) {
      const auto* words = from_.templates.find(from_.hazard, language);
      if (!words) continue;
      alert::Info info;
      info.language = language;
      info.categories = {words->category};
      info.responses = {words->response};
      info.urgency = level.urgency;
      info.severity = level.severity;
      info.certainty = level.certainty;
      info.onset = onset;
      info.expires = expires;
      info.event = event(out, *words);
      out.infos.push_back(std::move(info));
    }
  }

  std::string event(const alert::Alert& alert, const plan::Template& words) const {
    const auto values =
        plan::slot_values(alert, from_.config.agency, words, {offered(), from_.config.agency.time_zone}, from_.now);
    const auto pattern = words.order.cap.find("event");
    if (pattern == words.order.cap.end()) return from_.hazard;
    const auto said = plan::format_pattern(pattern->second, words.language, values);
    return said ? *said : from_.hazard;
  }

  const Interview& from_;
  const Screen& screen_;
  Asker asker_;
  std::string language_;
};

}  // namespace

base::Result<std::vector<alert::ZoneId>> read_zone_choice(const std::string& answer,
                                                          const std::vector<const alert::Zone*>& offered) {
  std::vector<alert::ZoneId> out;
  const auto add = [&](const alert::Zone& zone) {
    if (std::ranges::find(out, zone.id) == out.end()) out.push_back(zone.id);
  };
  for (const auto& word : parts(answer)) {
    if (word == "*") {
      for (const auto* zone : offered) add(*zone);
      continue;
    }
    const auto* zone = pick(word, offered);
    if (!zone)
      return base::fail(base::ErrorKind::bad_input,
                        {"cli.no_such_zone", {{"found", word}, {"count", static_cast<std::int64_t>(offered.size())}}});
    add(*zone);
  }
  if (out.empty()) return base::fail(base::ErrorKind::bad_input, {"cli.no_zone", {}});
  return out;
}

base::Result<plan::Level> read_level_choice(const std::string& answer, const std::vector<plan::Level>& offered) {
  if (const auto number = number_in(answer); number && *number >= 1 && *number <= offered.size())
    return offered[*number - 1];
  const auto found = std::ranges::find_if(offered, [&](const plan::Level& level) { return same(level.name, answer); });
  if (!answer.empty() && found != offered.end()) return *found;
  std::string known;
  for (const auto& level : offered) known += (known.empty() ? "" : ", ") + level.name;
  return base::fail(base::ErrorKind::bad_input, {"cli.no_such_level", {{"known", known}}});
}

base::Result<alert::Alert> interview(const Interview& from) { return Questions(from).run(); }

}  // namespace broadcaster::cli
