// What the desk of the feeds shows: for `feeds` and for `status`.
#include <algorithm>
#include <boost/json.hpp>

#include "broadcaster/feeds/apply.hpp"
#include "broadcaster/feeds/links.hpp"
#include "broadcaster/service/feed_desk.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {
namespace json = boost::json;
using feeds::Matter;

/// As people are told of it: with the file in full.
base::Text FeedDesk::in_full(const Matter& matter, base::Text out) const {
  out.arguments.emplace_back("file", matter.file.empty() ? std::string("–") : (rules_->drafts / matter.file).string());
  out.arguments.emplace_back("id", matter.id);
  return out;
}

json::object FeedDesk::summary() const {
  std::int64_t drafts = 0, questions = 0, trouble = 0;
  for (const auto& [_, matter] : known_->matters)
    if (!matter.dismissed) ++(matter.kind == Matter::Kind::draft ? drafts : questions);
  for (const auto& watch : watches_) trouble += watch->state().trouble ? 1 : 0;
  return {{"feeds", static_cast<std::int64_t>(watches_.size())},
          {"in_trouble", trouble},
          {"drafts", drafts},
          {"questions", questions}};
}

json::object FeedDesk::shown() const {
  json::array list;
  for (const auto& feed : feeds_) {
    const auto watch = std::ranges::find(watches_, feed->name, [](const auto& one) { return one->feed().name; });
    json::object out{{"name", feed->name},
                     {"kind", feeds::name(feed->kind)},
                     {"url", feeds::without_query(feed->url)},
                     {"every_s", feed->every.count()},
                     {"polled", watch != watches_.end()}};
    if (watch != watches_.end()) {
      const auto& state = (*watch)->state();
      if (state.last_try) out["last_try"] = base::format_utc(*state.last_try);
      if (state.last_good) out["last_good"] = base::format_utc(*state.last_good);
      if (state.trouble) out["trouble"] = to_json(*state.trouble);
    }
    list.push_back(std::move(out));
  }
  json::array matters;
  for (const auto& [id, matter] : known_->matters) {
    json::array sources;
    for (const auto& source : matter.sources)
      sources.push_back(json::object{{"feed", source.feed},
                                     {"bulletin", source.name},
                                     {"signer", source.signer},
                                     {"over", source.says == feeds::Source::Says::over}});
    matters.push_back(
        json::object{{"id", id},
                     {"kind", matter.kind == Matter::Kind::draft ? "draft" : "question"},
                     {"opened", base::format_utc(matter.opened)},
                     {"ends", base::format_utc(feeds::ends(matter))},
                     {"dismissed", matter.dismissed.has_value()},
                     {"file", matter.file.empty() ? "" : (rules_->drafts / matter.file).string()},
                     {"news", to_json(in_full(matter, ended_under_an_alert(matter).value_or(matter.news)))},
                     {"sources", std::move(sources)}});
  }
  json::array refused;
  for (const auto& note : refused_)
    refused.push_back(json::object{{"feed", note.feed},
                                   {"bulletin", note.bulletin},
                                   {"why", note.why ? to_json(*note.why) : json::value()},
                                   {"at", base::format_utc(note.at)}});
  return {{"feeds", std::move(list)}, {"matters", std::move(matters)}, {"refused", std::move(refused)}};
}

}  // namespace broadcaster::service
