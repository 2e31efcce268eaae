// A document with our signature around it, and the judgement of what lies at its address.
//
// What leaves is what was approved: the signature is a frame, and a document that would be anything else without it, or
// that is of another mode, status or name than its delivery says, is not published. Thread rule: any thread; blocking
// (XML and signatures), so for a worker.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "broadcaster/alert/cap/public_half.hpp"
#include "channels/cap_feed/index.hpp"

namespace broadcaster::channels::cap_feed {

/// Who signs, and how others check it.
struct Signer {
  alert::cap::SigningKey key;
  alert::cap::PublicHalf shown;
};

struct Sealed {
  std::string approved;  ///< the bytes that people signed, holes filled
  std::string document;  ///< the same with our signature
  Listed listed;
};

/// What the delivery says of itself.
struct Wanted {
  std::string identifier;
  alert::Mode mode;
};

/// Errors, in English for the record: what is no document; one of another name or mode than `wanted`; a key that cannot
/// sign it; one that the signing would change, or that is not valid by the schema.
std::expected<Sealed, std::string> sealed(const std::string& approved, const Wanted& wanted, const Signer& signer);

/// Where they part, in English, for the record; nothing: without its signature `shown` is `approved`.
std::optional<std::string> difference(std::string_view approved, std::string_view shown);

enum class There {
  the_same,  ///< what was approved, with our signature
  another,   ///< a good signature of ours over something else
  not_ours,  ///< no signature of ours that holds: half a file, or somebody's
};
There judge(const std::string& approved, const std::string& there, const Signer& signer);

}  // namespace broadcaster::channels::cap_feed
