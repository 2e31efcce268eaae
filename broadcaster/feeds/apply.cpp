#include "broadcaster/feeds/apply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

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

/// Each once, the newest last, and the oldest beyond what is kept go.
void add_names(std::vector<std::string>& to, const std::vector<std::string>& names) {
  for (const auto& name : names) {
    std::erase(to, name);
    to.push_back(name);
  }
  if (to.size() > most_replaced)
    to.erase(to.begin(), to.begin() + static_cast<std::ptrdiff_t>(to.size() - most_replaced));
}

using Indices = std::map<std::string, std::vector<std::size_t>>;  // by matter, ascending

Indices by_matter(const std::vector<Place>& places) {
  Indices out;
  for (const auto& place : places) out[place.matter].push_back(place.index);
  for (auto& [_, indices] : out) std::ranges::sort(indices);
  return out;
}

std::string names(const std::vector<alert::ZoneId>& zones) {
  std::string out;
  for (const auto& zone : zones) out += (out.empty() ? "" : ", ") + zone.value;
  return out;
}

/// One question for a feed and a reason: a feed that is configured wrongly asks once, and counts.
Matter question(const Feed& feed, const std::string& shown, const Text& why, const Known& known,
                const Context& context) {
  const auto id = id_of(feed.name, "question " + why.id);
  const auto found = known.matters.find(id);
  Matter out;
  if (found != known.matters.end()) {
    out = found->second;
    ++out.count;
  }
  out.kind = Matter::Kind::question;
  out.id = id;
  out.opened = context.now;
  out.news = news(out.count == 1 ? "feeds.question" : "feeds.questions", feed.name, shown);
  out.news.arguments.emplace_back("count", out.count);
  out.news.arguments.emplace_back("why", base::Key{why.id});
  std::ranges::copy(why.arguments, std::back_inserter(out.news.arguments));
  return out;
}

/// In each matter the new source stands where the first of those stood that it replaces.
Matter with_change(Matter matter, const std::vector<std::size_t>& places, const Source& source) {
  auto& sources = matter.sources;
  auto made = source;
  std::vector<std::string> before;
  for (const auto index : places) {
    add_names(before, sources[index].replaced);
    if (sources[index].identifier != source.identifier) add_names(before, {sources[index].identifier});
  }
  std::ranges::copy_if(source.replaced, std::back_inserter(made.replaced = before),
                       [&](const std::string& name) { return std::ranges::find(before, name) == before.end(); });
  add_names(made.replaced, {});
  sources[places.front()] = std::move(made);
  for (auto index = places.size() - 1; index > 0; --index)
    sources.erase(sources.begin() + static_cast<std::ptrdiff_t>(places[index]));
  return matter;
}

Text news_of_change(const Change& change, const std::vector<alert::ZoneId>& dropped, const std::string& feed,
                    const std::string& shown) {
  const bool update = change.kind == Change::Kind::update;
  auto out = news(dropped.empty() ? (update ? "feeds.changed" : "feeds.corrected")
                                  : (update ? "feeds.changed_and_dropped" : "feeds.corrected_and_dropped"),
                  feed, shown);
  if (!dropped.empty()) out.arguments.emplace_back("zones", names(dropped));
  return out;
}

std::vector<Matter> changed(const Change& change, const std::string& feed, const std::string& shown,
                            const Known& known) {
  std::map<std::string, Matter> out;
  for (const auto& place : change.outdated) {
    auto& matter = out.try_emplace(place.matter, known.matters.at(place.matter)).first->second;
    auto& source = matter.sources[place.index];
    if (source.identifier != change.source.identifier) add_names(source.replaced, {change.source.identifier});
  }
  for (const auto& [id, indices] : by_matter(change.places)) {
    auto& matter = out.try_emplace(id, known.matters.at(id)).first->second;
    const auto before = merged(matter.sources);
    matter = with_news(with_change(std::move(matter), indices, change.source));
    matter.news = news_of_change(change, zones_dropped(before, merged(matter.sources)), feed, shown);
  }
  std::vector<Matter> list;
  for (auto& [_, matter] : out) list.push_back(std::move(matter));
  return list;
}

std::vector<Matter> ended(const Over& over, const Bulletin& bulletin, const std::string& feed, const Known& known) {
  std::vector<Matter> out;
  for (const auto& [id, indices] : by_matter(over.places)) {
    auto matter = with_news(known.matters.at(id));
    matter.news = news(over.why.id, feed, shown_name(bulletin.alert));
    for (const auto index : indices) {
      auto& source = matter.sources[index];
      source.says = Source::Says::over;
      source.over_sent = *bulletin.alert.sent;
      source.over_news = matter.news;
    }
    out.push_back(std::move(matter));
  }
  return out;
}

}  // namespace

std::vector<Matter> matters_after(const Decision& decision, const Bulletin& bulletin, const Feed& feed,
                                  const Known& known, const Context& context) {
  const auto shown = shown_name(bulletin.alert);
  return std::visit(
      Overloaded{[](const KnownAlready&) { return std::vector<Matter>(); },
                 [](const Refuse&) { return std::vector<Matter>(); },
                 [&](const Ask& ask) { return std::vector{question(feed, shown, ask.why, known, context)}; },
                 [&](const OpenDraft& open) {
                   Matter out;
                   out.id = id_of(feed.name, name_of(bulletin.alert));
                   out.opened = context.now;
                   out.file = out.id + ".yaml";
                   out.news = news("feeds.draft", feed.name, shown);
                   out.sources.push_back(open.source);
                   return std::vector{std::move(out)};
                 },
                 [&](const Join& join) {
                   auto out = with_news(known.matters.at(join.matter));
                   out.sources.push_back(join.source);
                   out.news = news("feeds.joined", feed.name, shown);
                   return std::vector{std::move(out)};
                 },
                 [&](const Change& change) { return changed(change, feed.name, shown, known); },
                 [&](const Over& over) { return ended(over, bulletin, feed.name, known); }},
      decision);
}

std::optional<Matter> matter_after(const EntryDecision& decision, const Entry& entry, const Feed& feed,
                                   const Known& known, const Context& context) {
  const auto* ask = std::get_if<Ask>(&decision);
  if (!ask) return std::nullopt;
  return question(feed, entry.id, ask->why, known, context);
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
                               [](const Change& change) {
                                 return change.places.empty() ? std::string_view("outdated")
                                                              : std::string_view("changed");
                               },
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
              base::WallTime now, const std::string& content) {
  auto& seen = known.seen[feed][key];
  if (seen.listed + seen_again < now) seen.listed = now;
  if (!matter.empty()) seen.matter = matter;
  if (!content.empty()) seen.content = content;
}

void remember_read(Known& known, const std::string& feed, const Entry& entry, base::WallTime now) {
  remember(known, feed, key_of(entry), "", now);
  if (entry.updated.empty()) known.seen[feed][key_of(entry)].listed = now;
}

void foretell(Known& known, const Bulletin& bulletin, const Feed& feed, const Context& context) {
  const auto says = says_of_others(bulletin, feed, context);
  if (!says) return;
  const auto& alert = bulletin.alert;
  const auto& all = alert.references;
  const auto beyond = all.size() > most_references ? all.size() - most_references : 0;
  for (auto one = all.begin() + static_cast<std::ptrdiff_t>(beyond); one != all.end(); ++one) {
    if (one->sender != alert.sender) continue;
    auto& foretold = known.foretold[feed.name][key_of(one->sender, one->identifier)];
    if (foretold.sent > *alert.sent) continue;
    foretold = {context.now, *alert.sent, name_of(alert), bulletin.signer, *says};
  }
}

namespace {

/// What no feed has shown for long goes, and of too many the oldest.
template <class Map>
void bound(Map& map, base::WallTime now) {
  std::erase_if(map, [&](const auto& one) { return one.second.listed + seen_life < now; });
  if (map.size() <= most_seen) return;
  std::vector<base::WallTime> times;
  for (const auto& [_, one] : map) times.push_back(one.listed);
  std::ranges::nth_element(times, times.end() - static_cast<std::ptrdiff_t>(most_seen));
  const auto oldest = times[times.size() - most_seen];
  std::erase_if(map, [&](const auto& one) { return one.second.listed < oldest; });
}

}  // namespace

std::vector<Matter> forget(Known& known, base::WallTime now, const std::set<std::string>& in_use) {
  for (auto& [_, seen] : known.seen) bound(seen, now);
  for (auto& [_, foretold] : known.foretold) bound(foretold, now);
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
