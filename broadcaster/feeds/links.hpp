// Which addresses a feed may have, and where its links lead. RFC 3986, as far as feeds use it. Thread rule: pure.
#pragma once

#include <string>
#include <string_view>

namespace broadcaster::feeds {

/// https; http to this machine alone (127.0.0.1, ::1, localhost). Without credentials, white space and fragment.
bool may_be_fetched(std::string_view url);

/// "https://centre.example:8443", in small letters; empty for what is no such address.
std::string origin_of(std::string_view url);

/// A link as the document at `base` means it (RFC 3986 §5.2): "https://…", "//host/…", "/path", "?query" or "path".
std::string resolved(std::string_view base, std::string_view link);

/// Without what may hold a key: for people, the log and the record.
std::string without_query(std::string_view url);

}  // namespace broadcaster::feeds
