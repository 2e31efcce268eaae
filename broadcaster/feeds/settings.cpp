#include "broadcaster/feeds/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "broadcaster/alert/wording.hpp"
#include "broadcaster/alert/yaml_values.hpp"
#include "broadcaster/base/files.hpp"
#include "broadcaster/feeds/links.hpp"

namespace broadcaster::feeds {
namespace {

using base::Errors;
using base::Fields;
using std::chrono::seconds;

constexpr std::pair<std::string_view, Kind> kinds[] = {{"cap", Kind::cap}, {"atom", Kind::atom}, {"rss", Kind::rss}};

struct Bounds {
  seconds least, most;
};
constexpr Bounds every_bounds{seconds(10), seconds(3600)};
constexpr Bounds oldest_bounds{seconds(60), seconds(7 * 86400)};
constexpr Bounds event_bounds{seconds(60), seconds(86400)};
constexpr Bounds silent_bounds{seconds(30), seconds(86400)};
constexpr seconds silent_at_least{300};

std::optional<seconds> duration(Fields& fields, std::string_view key, Bounds bounds) {
  const auto given = fields.maybe_duration(key);
  if (!given) return std::nullopt;
  if (*given >= bounds.least && *given <= bounds.most) return given;
  fields.complain(key, {"feeds.expected_between",
                        {{"least", std::int64_t{bounds.least.count()}}, {"most", std::int64_t{bounds.most.count()}}}});
  return std::nullopt;
}

void read_url(Fields& fields, Feed& feed) {
  feed.url = fields.text("url");
  if (!feed.url.empty() && !may_be_fetched(feed.url))
    fields.complain("url", {"feeds.expected_url", {{"found", alert::shown(without_query(feed.url))}}});
}

/// Whom it believes. Nobody is believed because of an address alone.
void read_trust(Fields& fields, Feed& feed, const std::vector<alert::cap::Pin>& pins) {
  feed.senders = fields.maybe_texts("senders");
  const auto names = fields.maybe_texts("signers");
  if (names.empty()) {
    feed.signature = Feed::Signature::not_required;
    feed.signers = pins;
    if (feed.senders.empty()) fields.complain("senders", {"feeds.nobody_believed", {}});
    return;
  }
  for (const auto& name : names) {
    const auto pin = std::ranges::find(pins, name, &alert::cap::Pin::name);
    if (pin != pins.end())
      feed.signers.push_back(*pin);
    else
      fields.complain("signers", {"feeds.no_signer", {{"found", alert::shown(name)}}});
  }
}

void read_region(const base::Node& node, const std::string& path, Feed& feed, Errors& errors) {
  if (node.kind != base::Node::Kind::map) return alert::unexpected_node(errors, node, path, "feeds.expected_geocodes");
  for (const auto& entry : node.entries)
    alert::each_of(entry.value, path + "." + entry.key, [&](const base::Node& value, const std::string& at) {
      if (const auto text = alert::node_text(errors, value, at)) feed.region.push_back({entry.key, *text});
    });
}

Feed read_feed(const base::Node& node, const std::string& path, const std::vector<alert::cap::Pin>& pins,
               Errors& errors) {
  Fields fields(node, path, errors);
  Feed feed;
  feed.name = fields.text("name");
  if (!feed.name.empty() && !alert::is_id(feed.name))
    fields.complain("name", {"feeds.bad_name", {{"found", alert::shown(feed.name)}}});
  feed.mode = fields.choice<alert::Mode>("mode", alert::choices<alert::Mode>());
  read_url(fields, feed);
  feed.kind = fields.choice<Kind>("kind", kinds);
  feed.every = duration(fields, "every", every_bounds).value_or(feed.every);
  read_trust(fields, feed, pins);
  if (const auto* region = fields.maybe_child("region")) read_region(*region, fields.path_of("region"), feed, errors);
  feed.oldest = duration(fields, "oldest", oldest_bounds).value_or(feed.oldest);
  feed.same_event = duration(fields, "same_event", event_bounds).value_or(feed.same_event);
  feed.silent = duration(fields, "silent", silent_bounds).value_or(std::max<seconds>(3 * feed.every, silent_at_least));
  if (feed.silent < feed.every) fields.complain("silent", {"feeds.silent_before_a_poll", {}});
  return feed;
}

}  // namespace

std::string_view name(Kind kind) {
  for (const auto& [name, value] : kinds)
    if (value == kind) return name;
  return {};
}

base::Checked<std::vector<Feed>> parse_feeds(const std::string& text, const std::string& file,
                                             const std::vector<alert::cap::Pin>& pins) {
  auto root = base::parse_yaml(text, file);
  if (!root) return std::unexpected(root.error());
  alert::normalise(*root);
  Errors errors;
  std::vector<Feed> feeds;
  std::set<std::string> seen;
  {
    Fields fields(*root, "", errors);
    const auto* list = fields.child("feeds");
    if (list && list->kind != base::Node::Kind::list)
      alert::unexpected_node(errors, *list, "feeds", "alert.expected_list");
    else if (list)
      alert::each_of(*list, "feeds", [&](const base::Node& node, const std::string& path) {
        feeds.push_back(read_feed(node, path, pins, errors));
        const auto& name = feeds.back().name;
        if (!name.empty() && !seen.insert(name).second)
          alert::wrong_node(errors, node, path + ".name", {"feeds.twice", {{"feed", name}}});
      });
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return feeds;
}

base::Checked<std::vector<Feed>> read_feeds(const std::filesystem::path& file, const std::filesystem::path& signers) {
  if (!std::filesystem::exists(file)) return std::vector<Feed>{};
  const auto text = base::read_file(file);
  if (!text) return std::unexpected(Errors{text.error()});
  const auto pins = alert::cap::read_pins(signers);
  if (!pins) return std::unexpected(pins.error());
  return parse_feeds(*text, file.string(), *pins);
}

}  // namespace broadcaster::feeds
