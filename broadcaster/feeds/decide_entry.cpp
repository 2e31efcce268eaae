// What is done with an entry of an index, in which order its documents are fetched, and under which names things are
// remembered (decide.hpp).
#include <algorithm>
#include <map>

#include "broadcaster/alert/wording.hpp"
#include "broadcaster/base/digest.hpp"
#include "broadcaster/feeds/decide.hpp"
#include "broadcaster/feeds/links.hpp"

namespace broadcaster::feeds {
namespace {

using alert::shown;

/// What entries older than this tell is looked at by nobody.
constexpr std::chrono::hours oldest_entry{7 * 24};
/// An entry without a time is read again so often.
constexpr std::chrono::minutes look_again{10};

/// Of equal ones the first first; those without a time at the end.
template <class T, class Time>
std::vector<T> sorted_by_time(std::vector<T> list, Time time) {
  std::multimap<base::WallTime, T> sorted;
  for (auto& one : list) {
    const auto at = time(one).value_or(base::WallTime::max());
    sorted.emplace(at, std::move(one));
  }
  list.clear();
  for (auto& [_, one] : sorted) list.push_back(std::move(one));
  return list;
}

}  // namespace

const Seen* seen(const Known& known, const std::string& feed, const std::string& key) {
  const auto of_feed = known.seen.find(feed);
  if (of_feed == known.seen.end()) return nullptr;
  const auto found = of_feed->second.find(key);
  return found == of_feed->second.end() ? nullptr : &found->second;
}

base::Text too_old(base::WallTime sent) { return {"feeds.old", {{"sent", base::format_cap_time(sent)}}}; }

std::string key_of(const std::string& bulletin) { return "alert " + base::hex(base::sha256(bulletin)); }

std::string key_of(const Entry& entry) {
  return "entry " + base::hex(base::sha256(entry.id + "\n" + entry.updated + "\n" + entry.link));
}

std::string key_of(const std::string& sender, const std::string& identifier) {
  return base::hex(base::sha256(sender + "," + identifier));
}

std::vector<Entry> in_order(std::vector<Entry> entries) {
  std::ranges::reverse(entries);
  return sorted_by_time(std::move(entries), [](const Entry& entry) { return entry.time; });
}

std::vector<Bulletin> in_order(std::vector<Bulletin> bulletins) {
  return sorted_by_time(std::move(bulletins), [](const Bulletin& bulletin) { return bulletin.alert.sent; });
}

std::vector<Entry> failed_last(std::vector<Entry> entries, const std::map<std::string, std::uint64_t>& failed) {
  std::multimap<std::uint64_t, Entry> sorted;
  for (auto& entry : entries) {
    const auto found = failed.find(key_of(entry));
    sorted.emplace(found == failed.end() ? 0 : found->second, std::move(entry));
  }
  entries.clear();
  for (auto& [_, entry] : sorted) entries.push_back(std::move(entry));
  return entries;
}

EntryDecision decide(const Entry& entry, const Feed& feed, const Known& known, base::WallTime now) {
  auto why = Fetch::Why::news;
  if (const auto* before = seen(known, feed.name, key_of(entry))) {
    if (!entry.updated.empty() || !before->matter.empty() || before->listed + look_again > now) return KnownAlready{};
    why = Fetch::Why::again;
  }
  if (entry.time && *entry.time < now - oldest_entry) return Refuse{too_old(*entry.time)};
  if (entry.time && *entry.time < now - feed.oldest) why = Fetch::Why::old;
  if (!may_be_fetched(entry.link)) return Ask{{"feeds.no_link", {{"entry", shown(entry.id)}}}};
  // An index leads to its own centre alone: else who writes it could have us call any machine beside us.
  if (origin_of(entry.link) != origin_of(feed.url))
    return Ask{{"feeds.foreign_link", {{"entry", shown(entry.id)}, {"host", origin_of(entry.link)}}}};
  return Fetch{entry.link, why};
}

}  // namespace broadcaster::feeds
