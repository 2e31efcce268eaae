#include "broadcaster/feeds/apply.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/base/digest.hpp"
#include "broadcaster/feeds/event.hpp"

namespace broadcaster::feeds {
namespace {

using base::Text;

constexpr std::chrono::hours question_life{24};
constexpr std::chrono::hours seen_life{48};
constexpr std::chrono::hours seen_again{6};

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

/// Short enough to type, and the same whenever the same bulletin comes: after a crash nothing is opened twice.
std::string id_of(const std::string& feed, const std::string& what) {
  return feed + "-" + base::hex(base::sha256(what)).substr(0, 8);
}

Text news(std::string id, const std::string& feed, const std::string& bulletin) {
  return {std::move(id), {{"feed", feed}, {"bulletin", bulletin}}};
}

/// What a person has settled is theirs again when there is more of it.
Matter with_news(Matter matter) {
  matter.dismissed.reset();
  return matter;
}

std::string names(const std::vector<alert::ZoneId>& zones) {
  std::string out;
  for (const auto& zone : zones) out += (out.empty() ? "" : ", ") + zone.value;
  return out;
}

Matter question(const Feed& feed, const std::string& what, const std::string& shown, const Text& why,
                const Context& context) {
  Matter out;
  out.kind = Matter::Kind::question;
  out.id = id_of(feed.name, what);
  out.opened = context.now;
  out.news = news("feeds.question", feed.name, shown);
  // In the officers' language: a text inside a text takes no arguments of its own.
  const auto& words = base::Catalogue::of(context.agency.default_language.value);
  out.news.arguments.emplace_back("why", words.say(why));
  return out;
}

}  // namespace

std::optional<Matter> matter_after(const Decision& decision, const Bulletin& bulletin, const Feed& feed,
                                   const Known& known, const Context& context) {
  const auto shown = shown_name(bulletin.alert);
  return std::visit(
      Overloaded{[](const KnownAlready&) { return std::optional<Matter>(); },
                 [](const Refuse&) { return std::optional<Matter>(); },
                 [&](const Ask& ask) {
                   auto out = question(feed, name_of(bulletin.alert), shown, ask.why, context);
                   out.file = out.id + ".xml";
                   return std::optional(std::move(out));
                 },
                 [&](const OpenDraft& open) {
                   Matter out;
                   out.id = id_of(feed.name, name_of(bulletin.alert));
                   out.opened = context.now;
                   out.file = out.id + ".yaml";
                   out.news = news("feeds.draft", feed.name, shown);
                   out.sources.push_back(open.source);
                   return std::optional(std::move(out));
                 },
                 [&](const Join& join) {
                   auto out = with_news(known.matters.at(join.matter));
                   out.sources.push_back(join.source);
                   out.news = news("feeds.joined", feed.name, shown);
                   return std::optional(std::move(out));
                 },
                 [&](const Change& change) {
                   auto out = with_news(known.matters.at(change.matter));
                   const auto dropped = zones_dropped(out.sources[change.index].draft, change.source.draft);
                   out.sources[change.index] = change.source;
                   out.news = news(dropped.empty() ? "feeds.changed" : "feeds.changed_and_dropped", feed.name, shown);
                   if (!dropped.empty()) out.news.arguments.emplace_back("zones", names(dropped));
                   return std::optional(std::move(out));
                 },
                 [&](const Over& over) {
                   auto out = with_news(known.matters.at(over.matter));
                   out.sources[over.index].says = Source::Says::over;
                   out.news = news(over.why.id, feed.name, shown);
                   return std::optional(std::move(out));
                 }},
      decision);
}

std::optional<Matter> matter_after(const EntryDecision& decision, const Entry& entry, const Feed& feed,
                                   const Context& context) {
  const auto* ask = std::get_if<Ask>(&decision);
  if (!ask) return std::nullopt;
  return question(feed, key_of(entry), entry.id, ask->why, context);
}

base::WallTime ends(const Matter& matter) {
  switch (matter.kind) {
    case Matter::Kind::question:
      return matter.opened + question_life;
    case Matter::Kind::draft:
      break;
  }
  base::WallTime last{};
  for (const auto& source : matter.sources)
    last = std::max(last, source.expires.value_or(matter.opened + question_life));
  return last;
}

std::string_view word_for(const Decision& decision) {
  return std::visit(Overloaded{[](const KnownAlready&) { return std::string_view(); },
                               [](const Refuse&) { return std::string_view("refused"); },
                               [](const Ask&) { return std::string_view("asked"); },
                               [](const OpenDraft&) { return std::string_view("draft"); },
                               [](const Join&) { return std::string_view("joined"); },
                               [](const Change&) { return std::string_view("changed"); },
                               [](const Over&) { return std::string_view("over"); }},
                    decision);
}

std::optional<Text> why(const Decision& decision) {
  if (const auto* refused = std::get_if<Refuse>(&decision)) return refused->why;
  if (const auto* asked = std::get_if<Ask>(&decision)) return asked->why;
  if (const auto* over = std::get_if<Over>(&decision)) return over->why;
  return std::nullopt;
}

void remember(Known& known, const std::string& feed, const std::string& key, const std::string& matter,
              base::WallTime now) {
  auto& seen = known.seen[feed][key];
  if (seen.listed + seen_again < now) seen.listed = now;
  if (!matter.empty()) seen.matter = matter;
}

std::vector<Matter> forget(Known& known, base::WallTime now, const std::set<std::string>& in_use) {
  for (auto& [_, seen] : known.seen) {
    std::erase_if(seen, [&](const auto& one) { return one.second.listed + seen_life < now; });
    if (seen.size() <= most_seen) continue;
    std::vector<base::WallTime> times;
    for (const auto& [_, one] : seen) times.push_back(one.listed);
    std::ranges::nth_element(times, times.end() - static_cast<std::ptrdiff_t>(most_seen));
    const auto oldest = times[times.size() - most_seen];
    std::erase_if(seen, [&](const auto& one) { return one.second.listed < oldest; });
  }
  std::vector<Matter> ended;
  for (auto at = known.matters.begin(); at != known.matters.end();) {
    if (ends(at->second) > now || in_use.contains(at->first)) {
      ++at;
      continue;
    }
    ended.push_back(std::move(at->second));
    at = known.matters.erase(at);
  }
  return ended;
}

}  // namespace broadcaster::feeds
