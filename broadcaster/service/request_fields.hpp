// The fields of a request, read as a command wrote them, and the errors that several requests share.
// Thread rule: plain functions.
#pragma once

#include <boost/json/object.hpp>
#include <expected>
#include <string>

#include "broadcaster/base/error.hpp"
#include "broadcaster/net/lines.hpp"

namespace broadcaster::service {

/// Empty when it is missing or no text.
std::string string_of(const boost::json::object& request, std::string_view key);
std::int64_t int_of(const boost::json::object& request, std::string_view key, std::int64_t otherwise);
/// Who asks: the name that the command gives (whose key signed, or the login), and beside it the kernel's own word for
/// the user, which nobody can invent: "sari (uid 1000)". A name never holds ':' or a line's end.
std::string by_whom(const boost::json::object& request, const net::Peer& peer);

/// bad_input: no alert of this identifier or code.
std::unexpected<base::Error> unknown_alert(const std::string& name);

}  // namespace broadcaster::service
