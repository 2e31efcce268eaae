// Canonical JSON: the one byte form that is hashed and signed.
//
// UTF-8 without a byte-order mark; no white space outside strings; keys of an object sorted by their bytes, each
// once; numbers are whole and within ±2^53−1; strings are NFC with the shortest escapes (\" \\ \b \f \n \r \t, other
// controls as \u00xx); no floating point, so a latitude is a string. RFC 8785 restricted to what we need.
// Thread rule: plain functions.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "broadcaster/base/error.hpp"

namespace broadcaster::base {

/// Throws std::logic_error on a number that is not whole: such a value must never reach a signature.
std::string canonical_json(const boost::json::value& value);

/// Parses at most `max_bytes`, depth 32; refuses invalid UTF-8, half a surrogate pair, and a key given twice in one
/// object (in normal form C). `file` is named in errors, with line and column.
Result<boost::json::value> parse_json(const std::string& text, const std::string& file,
                                      std::size_t max_bytes = 64 << 20);

/// As parse_json, of what people write and others sign: no text or key in it holds a character that hides what follows
/// (unicode.hpp).
Result<boost::json::value> parse_written_json(const std::string& text, const std::string& file);

}  // namespace broadcaster::base
