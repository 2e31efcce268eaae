#include "broadcaster/service/feed_memory.hpp"

#include <boost/json.hpp>

#include "broadcaster/alert/alert_json.hpp"
#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/service/request_fields.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {
namespace json = boost::json;
namespace {

using feeds::Known;
using feeds::Matter;
using feeds::Source;

const std::string matters_key = "feeds/matters";
std::string matter_key(const std::string& id) { return "feeds/matter/" + id; }
std::string foretold_key(const std::string& feed) { return "feeds/foretold/" + feed; }
std::string seen_key(const std::string& feed) { return "feeds/seen/" + feed; }

json::array strings(const std::vector<std::string>& list) {
  json::array out;
  for (const auto& one : list) out.push_back(json::string(one));
  return out;
}

std::vector<std::string> strings_of(const json::object& object, std::string_view key) {
  std::vector<std::string> out;
  const auto* list = object.if_contains(key);
  if (list && list->is_array())
    for (const auto& one : list->get_array())
      if (one.is_string()) out.emplace_back(one.get_string());
  return out;
}

json::object json_of(const Source& source) {
  json::object out{{"feed", source.feed},
                   {"name", source.name},
                   {"sender", source.sender},
                   {"identifier", source.identifier},
                   {"signer", source.signer},
                   {"replaced", strings(source.replaced)},
                   {"sent", base::format_utc(source.sent)},
                   {"over", source.says == Source::Says::over},
                   {"draft", alert::to_json(source.draft)},
                   {"remarks", strings(source.remarks)}};
  if (source.expires) out["expires"] = base::format_utc(*source.expires);
  if (source.says == Source::Says::over) {
    out["over_sent"] = base::format_utc(source.over_sent);
    out["over_news"] = to_json(source.over_news);
  }
  return out;
}

std::optional<Source> source_of(const json::value& value) {
  if (!value.is_object()) return std::nullopt;
  const auto& object = value.get_object();
  const auto sent = base::parse_utc(string_of(object, "sent"));
  const auto* draft = object.if_contains("draft");
  if (!sent || !draft) return std::nullopt;
  auto alert = alert::alert_from_json(*draft, "journal");
  if (!alert) return std::nullopt;
  const auto* over = object.if_contains("over");
  Source out{.feed = string_of(object, "feed"),
             .name = string_of(object, "name"),
             .sender = string_of(object, "sender"),
             .identifier = string_of(object, "identifier"),
             .signer = string_of(object, "signer"),
             .replaced = strings_of(object, "replaced"),
             .sent = *sent,
             .expires = {},
             .says = over && over->is_bool() && over->get_bool() ? Source::Says::over : Source::Says::in_force,
             .over_news = {},
             .draft = std::move(*alert),
             .remarks = strings_of(object, "remarks")};
  if (const auto expires = base::parse_utc(string_of(object, "expires"))) out.expires = *expires;
  if (const auto over_sent = base::parse_utc(string_of(object, "over_sent"))) out.over_sent = *over_sent;
  if (const auto* news = object.if_contains("over_news")) out.over_news = text_from_json(*news);
  return out;
}

json::object json_of(const Matter& matter) {
  json::array sources;
  for (const auto& source : matter.sources) sources.push_back(json_of(source));
  json::object out{{"kind", matter.kind == Matter::Kind::draft ? "draft" : "question"},
                   {"id", matter.id},
                   {"opened", base::format_utc(matter.opened)},
                   {"file", matter.file},
                   {"written", matter.written},
                   {"wanted", matter.wanted},
                   {"older_files", strings(matter.older_files)},
                   {"count", matter.count},
                   {"revision", matter.revision},
                   {"news", to_json(matter.news)},
                   {"sources", std::move(sources)}};
  if (matter.dismissed) out["dismissed"] = base::format_utc(*matter.dismissed);
  return out;
}

std::optional<Matter> matter_of(const std::string& text) {
  const auto value = base::parse_json(text, "journal");
  if (!value || !value->is_object()) return std::nullopt;
  const auto& object = value->get_object();
  const auto opened = base::parse_utc(string_of(object, "opened"));
  const auto* news = object.if_contains("news");
  const auto* sources = object.if_contains("sources");
  if (!opened || !news || !sources || !sources->is_array()) return std::nullopt;
  Matter out{.kind = string_of(object, "kind") == "draft" ? Matter::Kind::draft : Matter::Kind::question,
             .id = string_of(object, "id"),
             .opened = *opened,
             .file = string_of(object, "file"),
             .wanted = string_of(object, object.contains("wanted") ? "wanted" : "written"),
             .written = string_of(object, "written"),
             .older_files = strings_of(object, "older_files"),
             .count = int_of(object, "count", 1),
             .revision = static_cast<int>(int_of(object, "revision", 1)),
             .news = text_from_json(*news),
             .sources = {},
             .dismissed = {}};
  if (const auto dismissed = base::parse_utc(string_of(object, "dismissed"))) out.dismissed = *dismissed;
  for (const auto& one : sources->get_array()) {
    auto source = source_of(one);
    if (!source) return std::nullopt;
    out.sources.push_back(std::move(*source));
  }
  if (out.kind == Matter::Kind::draft && out.sources.empty()) return std::nullopt;
  return out;
}

std::string to_text(const feeds::SeenOfFeed& seen) {
  json::object out;
  for (const auto& [key, one] : seen) out[key] = json::array{base::format_utc(one.listed), one.matter, one.content};
  return base::canonical_json(out);
}

std::optional<feeds::SeenOfFeed> seen_of(const std::string& text) {
  const auto value = base::parse_json(text, "journal");
  if (!value || !value->is_object()) return std::nullopt;
  feeds::SeenOfFeed out;
  for (const auto& [key, one] : value->get_object()) {
    // Two values: of a process that kept no content.
    if (!one.is_array() || one.get_array().size() < 2 || one.get_array().size() > 3) return std::nullopt;
    std::vector<std::string> values;
    for (const auto& part : one.get_array()) {
      if (!part.is_string()) return std::nullopt;
      values.emplace_back(part.get_string());
    }
    const auto listed = base::parse_utc(values[0]);
    if (!listed) return std::nullopt;
    out[std::string(key)] = {*listed, values[1], values.size() > 2 ? values[2] : std::string()};
  }
  return out;
}

std::string to_text(const feeds::ForetoldOfFeed& foretold) {
  json::object out;
  for (const auto& [key, one] : foretold)
    out[key] = json::object{{"listed", base::format_utc(one.listed)},
                            {"sent", base::format_utc(one.sent)},
                            {"by", one.by},
                            {"signer", one.signer},
                            {"over", one.says == Source::Says::over}};
  return base::canonical_json(out);
}

std::optional<feeds::ForetoldOfFeed> foretold_of(const std::string& text) {
  const auto value = base::parse_json(text, "journal");
  if (!value || !value->is_object()) return std::nullopt;
  feeds::ForetoldOfFeed out;
  for (const auto& [key, one] : value->get_object()) {
    if (!one.is_object()) return std::nullopt;
    const auto& object = one.get_object();
    const auto listed = base::parse_utc(string_of(object, "listed"));
    const auto sent = base::parse_utc(string_of(object, "sent"));
    const auto* over = object.if_contains("over");
    if (!listed || !sent || !over || !over->is_bool()) return std::nullopt;
    out[std::string(key)] = {*listed, *sent, string_of(object, "by"), string_of(object, "signer"),
                             over->get_bool() ? Source::Says::over : Source::Says::in_force};
  }
  return out;
}

/// A value of a feed; nothing where it has none, or where it cannot be read, which is counted.
template <class Read>
base::Result<void> load_one(journal::SqliteStore& store, const std::string& key, Read read, LoadedFeeds& out) {
  const auto text = store.load(key);
  if (!text) return std::unexpected(text.error());
  if (*text && !read(**text)) ++out.unreadable;
  return {};
}

std::string list_of(const Known& known) {
  json::array out;
  for (const auto& [id, _] : known.matters) out.push_back(json::string(id));
  return base::canonical_json(out);
}

}  // namespace

Values changed_values(const Known& before, const Known& after) {
  Values out;
  for (const auto& [id, matter] : after.matters) {
    const auto known = before.matters.find(id);
    if (known == before.matters.end() || known->second != matter)
      out.emplace_back(matter_key(id), base::canonical_json(json_of(matter)));
  }
  if (list_of(before) != list_of(after)) out.emplace_back(matters_key, list_of(after));
  for (const auto& [id, _] : before.matters)
    if (!after.matters.contains(id)) out.emplace_back(matter_key(id), "");
  for (const auto& [feed, foretold] : after.foretold) {
    const auto known = before.foretold.find(feed);
    if (known == before.foretold.end() || known->second != foretold)
      out.emplace_back(foretold_key(feed), to_text(foretold));
  }
  // Last: a bulletin that is remembered, and whose draft or word on others is not, would never come again.
  for (const auto& [feed, seen] : after.seen) {
    const auto known = before.seen.find(feed);
    if (known == before.seen.end() || known->second != seen) out.emplace_back(seen_key(feed), to_text(seen));
  }
  return out;
}

base::Result<LoadedFeeds> load_feeds(journal::SqliteStore& store, const std::vector<std::string>& names) {
  LoadedFeeds out;
  for (const auto& name : names) {
    const auto take = [&](auto& to, auto found) {
      if (found) to[name] = std::move(*found);
      return found.has_value();
    };
    const auto seen = [&](const std::string& text) { return take(out.known.seen, seen_of(text)); };
    const auto foretold = [&](const std::string& text) { return take(out.known.foretold, foretold_of(text)); };
    if (auto read = load_one(store, seen_key(name), seen, out); !read) return std::unexpected(read.error());
    if (auto read = load_one(store, foretold_key(name), foretold, out); !read) return std::unexpected(read.error());
  }
  const auto list = store.load(matters_key);
  if (!list) return std::unexpected(list.error());
  if (!*list) return out;
  const auto ids = base::parse_json(**list, "journal");
  if (!ids || !ids->is_array()) {
    ++out.unreadable;
    return out;
  }
  for (const auto& id : ids->get_array()) {
    if (!id.is_string()) continue;
    const auto text = store.load(matter_key(std::string(id.get_string())));
    if (!text) return std::unexpected(text.error());
    auto matter = *text ? matter_of(**text) : std::nullopt;
    if (!matter) {
      ++out.unreadable;
      continue;
    }
    const auto key = matter->id;
    out.known.matters.emplace(key, std::move(*matter));
  }
  return out;
}

}  // namespace broadcaster::service
