// What an owner knows of its feeds: what it has seen, and what waits for a person.
//
// A matter is a draft (an alert file that people may plan) or a question (bulletins of a feed that were not made into
// one, and why: all for one reason are one question).
// It ends when all that it rests on has expired; nothing that a feed says ends it. A person who dismisses it ends
// its alarm: a question goes, a draft's bulletins stay in force until their centre or their time ends them (R38).
// Thread rule: plain values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/alert/alert.hpp"
#include "broadcaster/base/time.hpp"

namespace broadcaster::feeds {

/// A bulletin that a draft rests on.
struct Source {
  std::string feed;
  std::string name;  ///< "sender,identifier,sent"
  std::string sender;
  std::string identifier;
  std::string signer;                 ///< empty: unsigned
  std::vector<std::string> replaced;  ///< identifiers of what it was an update of, or that came late; oldest first
  base::WallTime sent;
  std::optional<base::WallTime> expires;                     ///< the latest of its infos
  enum class Says { in_force, over } says = Says::in_force;  ///< its centre has said that it is over, or took it back
  base::WallTime over_sent{};                                ///< of the message that says so
  base::Text over_news;                                      ///< how that was told
  alert::Alert draft;                                        ///< as an alert of ours
  std::vector<std::string> remarks;                          ///< what was made of it, in the officers' language
  bool operator==(const Source&) const = default;
};

struct Matter {
  enum class Kind { draft, question } kind = Kind::draft;
  std::string id;
  base::WallTime opened;
  std::string file;  ///< in the state's drafts/
  /// SHA-256 of its file, hex, as it should be and as it was known to be before: a draft that a person has edited is
  /// neither, and never overwritten.
  std::string wanted, written;
  std::vector<std::string> older_files;  ///< documents of a question, beside `file`; oldest first
  std::int64_t count = 1;                ///< of a question: what was asked for the same reason
  int revision = 1;
  base::Text news;  ///< the last thing that happened to it; people read it with the argument `file`
  std::vector<Source> sources;
  std::optional<base::WallTime> dismissed;  ///< since when a person has settled it; news takes it back
  bool operator==(const Matter&) const = default;
};

struct Seen {
  base::WallTime listed;  ///< when the feed last showed it
  std::string matter;     ///< which it became; empty: none
  std::string content;    ///< feeds::content_of, of a bulletin; empty: written by a process that kept none
  bool operator==(const Seen&) const = default;
};
using SeenOfFeed = std::map<std::string, Seen>;  // by name of the bulletin, or by index entry

/// What a Cancel or an Update that is believed says of another bulletin, which may come after it.
struct Foretold {
  base::WallTime listed;                   ///< when we read it
  base::WallTime sent;                     ///< of the message that says so
  std::string by;                          ///< its name
  std::string signer;                      ///< empty: unsigned
  Source::Says says = Source::Says::over;  ///< in_force: replaced by an update
  bool operator==(const Foretold&) const = default;
};
using ForetoldOfFeed = std::map<std::string, Foretold>;  // by key_of(sender, identifier)

struct Known {
  std::map<std::string, Matter> matters;           ///< by id
  std::map<std::string, SeenOfFeed> seen;          ///< by feed
  std::map<std::string, ForetoldOfFeed> foretold;  ///< by feed
  bool operator==(const Known&) const = default;
};

constexpr std::size_t most_matters = 64;  ///< drafts that wait for a person
constexpr std::size_t most_files = 8;     ///< of one question
constexpr std::size_t most_sources = 16;
constexpr std::size_t most_replaced = 64;     ///< of one source
constexpr std::size_t most_references = 256;  ///< of one bulletin
constexpr std::size_t most_seen = 5000;       ///< of one feed

}  // namespace broadcaster::feeds
