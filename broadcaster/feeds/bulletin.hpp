// What came from a feed, taken apart: alerts with what is known of who vouches for them, and links to more.
//
// Read of a signed document is what was signed (alert/cap/signature.hpp). Thread rule: pure; milliseconds, for a
// worker.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broadcaster/alert/cap/read.hpp"
#include "broadcaster/feeds/index.hpp"
#include "broadcaster/feeds/settings.hpp"

namespace broadcaster::feeds {

/// `unsigned_`: nobody vouches, or nobody's key is here to tell: so, too, for a feed that names no signers, whose
/// centre may sign with a key of which we have none. `bad`: there is a signature, and it is not of those who must sign.
enum class Trust { unsigned_, by_signer, bad };

struct Bulletin {
  alert::Alert alert;
  alert::cap::Notes notes;
  Trust trust = Trust::unsigned_;
  std::string signer;  ///< name of the pin, Trust::by_signer
};

/// "sender,identifier,sent", as references name it.
std::string name_of(const alert::Alert& alert);
/// The time is as people read it; "–" where it has none.
std::string shown_name(const alert::Alert& alert);

struct Document {
  std::vector<Bulletin> bulletins;
  Index index;
};

/// Errors: what parse_xml and read_cap refuse; an index that is neither Atom nor RSS is read as CAP, and refused so.
base::Checked<Document> take_apart(std::string_view text, const std::string& url, const Feed& feed);

}  // namespace broadcaster::feeds
