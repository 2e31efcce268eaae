// The Atom index of what is in force (RFC 4287), with CAP's own elements for what Atom has no word for.
//
// Its texts are those of documents that people approved; links and times are frame. It is the memory that all writers
// of one feed share: each reads it, puts its own entry in, and writes it only where nobody else did meanwhile. What has
// expired, or is referred to by something newer, leaves it; the document stays at its address. Each index says of which
// mode it is, so that a drill never writes into a live feed, whatever a configuration says.
// Thread rule: pure functions.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "broadcaster/alert/vocabulary.hpp"
#include "broadcaster/base/error.hpp"
#include "broadcaster/base/time.hpp"

namespace broadcaster::channels::cap_feed {

constexpr std::string_view index_file = "index.atom";
/// More than any agency has in force at once; the newest stay.
constexpr std::size_t most_listed = 1000;

struct Listed {
  std::string identifier;
  std::string title;
  std::string file;  ///< "TP12-1.xml"
  std::string status, type;
  base::WallTime updated;
  base::WallTime expires;
  std::vector<std::string> references;  ///< "sender,identifier,sent" of each alert that it replaces
  bool operator==(const Listed&) const = default;
};
using Entries = std::vector<Listed>;

/// What the index says of a filled document. Errors: bad_input for what is no single alert with a name, a time, texts
/// and an end.
base::Result<Listed> entry_of(const std::string& document);
/// Of an identifier: letters, digits, "-", "." and "_".
std::string file_name(const std::string& identifier);

/// What does not change from one writing to the next.
struct Frame {
  std::string url;  ///< the folder's public address, with "/" at its end
  std::string title;
  alert::Mode mode = alert::Mode::drill;
};

/// Of `found` and `added` what is in force at `now`, newest first. `known`: entries as we have written them ourselves;
/// of the same alert they count, not what stands in a file that others can write.
Entries in_force(Entries found, const Entries& known, const std::optional<Listed>& added, base::WallTime now);
/// It is listed, or rightly no more: expired, or replaced by what is listed.
bool is_told(const Entries& entries, const Listed& one, base::WallTime now);
/// When the next one expires; nothing: there is none.
std::optional<base::WallTime> next_expiry(const Entries& entries);

std::string atom(const Entries& entries, const Frame& frame, base::WallTime now);

struct OtherMode {};  ///< an index of ours, of the other mode
struct NotOurs {};    ///< anything else: broken, or somebody's
using ReadIndex = std::variant<Entries, OtherMode, NotOurs>;
/// Entries whose document does not lie beside it are left out.
ReadIndex read_index(const std::string& text, const Frame& frame);

}  // namespace broadcaster::channels::cap_feed
