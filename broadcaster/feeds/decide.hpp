// What is done with an entry of an index, and with a bulletin: the whole judgement, pure.
//
// In this order: seen before; believed; meant for people of our mode; of now; of here; and only then a draft. What is
// certain is refused and stands on the record. What is not certain (a time in the future, a signature that is not good,
// an area that is not told) is asked: a person decides, and has the document. No bulletin ends anything here (R45): one
// that says that it is over, or is taken back, is told to people, and the draft stays. Thread rule: pure; the
// geometry of 10,000 corners takes longer than the loop may be held.
#pragma once

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
/// An update of one of a draft's sources.
struct Change {
  std::string matter;
  std::size_t index = 0;
  Source source;
  bool operator==(const Change&) const = default;
};
/// A source says that it is over, or is taken back: told, and nothing else.
struct Over {
  std::string matter;
  std::size_t index = 0;
  base::Text why;
  bool operator==(const Over&) const = default;
};

using EntryDecision = std::variant<KnownAlready, Fetch, Refuse, Ask>;
using Decision = std::variant<KnownAlready, Refuse, Ask, OpenDraft, Join, Change, Over>;

EntryDecision decide(const Entry& entry, const Feed& feed, const Known& known, base::WallTime now);
Decision decide(const Bulletin& bulletin, const Feed& feed, const Known& known, const Context& context);

/// Under which a bulletin is remembered, by name_of: of one length, whatever a stranger calls it.
std::string key_of(const std::string& bulletin);
/// Under which an entry is remembered: changed in id, time or link it is another one.
std::string key_of(const Entry& entry);

}  // namespace broadcaster::feeds
