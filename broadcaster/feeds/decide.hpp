// What is done with an entry of an index, and with a bulletin: the whole judgement, pure.
//
// In this order: seen before; believed; meant for people of our mode; of now; of here; and only then a draft. What is
// certain is refused and stands on the record. What is not certain (a time in the future, a signature that is not good,
// an area that is not told) is asked: a person decides, and has the document. No bulletin ends anything here (R45): one
// that says that it is over, or is taken back, is told to people, and the draft stays.
//
// Bulletins come in any order, and a centre may change one in its place. What is older than what stands here changes
// nothing but names; what a Cancel or an Update has named is known when it comes later; another content under a known
// name is judged again. Thread rule: pure; the geometry of 10,000 corners takes longer than the loop may be held.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "broadcaster/alert/agency.hpp"
#include "broadcaster/alert/zones.hpp"
#include "broadcaster/feeds/bulletin.hpp"
#include "broadcaster/feeds/known.hpp"

namespace broadcaster::feeds {

struct Context {
  const alert::Agency& agency;
  const alert::Zones& zones;
  const std::vector<std::string>& hazards;  ///< those that have wording here
  alert::Mode mode = alert::Mode::drill;
  base::WallTime now;
};

/// A centre's clock may be this far ahead of ours.
constexpr std::chrono::minutes clock_tolerance{2};

// What may come of it.
struct KnownAlready {
  bool operator==(const KnownAlready&) const = default;
};
struct Fetch {
  std::string url;
  /// `again`: the index does not say when it changed; `old`: it may still be in force.
  enum class Why { news, again, old } why = Why::news;
  bool operator==(const Fetch&) const = default;
};
struct Refuse {
  base::Text why;
  bool operator==(const Refuse&) const = default;
};
struct Ask {
  base::Text why;
  bool operator==(const Ask&) const = default;
};
struct OpenDraft {
  Source source;
  bool operator==(const OpenDraft&) const = default;
};
/// Another source of an event that has a draft.
struct Join {
  std::string matter;
  Source source;
  bool operator==(const Join&) const = default;
};
/// Where a source stands.
struct Place {
  std::string matter;
  std::size_t index = 0;
  bool operator==(const Place&) const = default;
};
/// An update of sources of drafts, of every one that it names; or the same bulletin with another content.
struct Change {
  std::vector<Place> places;    ///< it takes their place; empty: it is older than all of them
  std::vector<Place> outdated;  ///< newer than it: only its name is kept there
  Source source;
  enum class Kind { update, same_name } kind = Kind::update;
  bool operator==(const Change&) const = default;
};
/// Sources are over, or taken back: told, and nothing else.
struct Over {
  std::vector<Place> places;  ///< never empty
  base::Text why;
  bool operator==(const Over&) const = default;
};

using EntryDecision = std::variant<KnownAlready, Fetch, Refuse, Ask>;
using Decision = std::variant<KnownAlready, Refuse, Ask, OpenDraft, Join, Change, Over>;

EntryDecision decide(const Entry& entry, const Feed& feed, const Known& known, base::WallTime now);
Decision decide(const Bulletin& bulletin, const Feed& feed, const Known& known, const Context& context);

/// What it says of those that it refers to, where it is believed and of our mode; nullopt: nothing.
std::optional<Source::Says> says_of_others(const Bulletin& bulletin, const Feed& feed, const Context& context);
/// Oldest first, so that an update finds what it updates; what tells no time comes last, in the order of its centre's
/// clock (an index begins with the newest).
std::vector<Entry> in_order(std::vector<Entry> entries);
std::vector<Bulletin> in_order(std::vector<Bulletin> bulletins);
/// Those that could not be had last, and of them the one first that was tried longest ago, so that no dead one holds up
/// another. `failed`: in which poll, from 1, by key_of(entry).
std::vector<Entry> failed_last(std::vector<Entry> entries, const std::map<std::string, std::uint64_t>& failed);
/// SHA-256, hex, of all that a judgement goes by.
std::string content_of(const Bulletin& bulletin);

/// nullptr: this feed has not shown it.
const Seen* seen(const Known& known, const std::string& feed, const std::string& key);
/// Why what was sent then is refused.
base::Text too_old(base::WallTime sent);

/// Under which a bulletin is remembered, by name_of: of one length, whatever a stranger calls it.
std::string key_of(const std::string& bulletin);
/// Under which an entry is remembered: changed in id, time or link it is another one.
std::string key_of(const Entry& entry);
/// Under which a bulletin stands in Known::foretold.
std::string key_of(const std::string& sender, const std::string& identifier);

}  // namespace broadcaster::feeds
