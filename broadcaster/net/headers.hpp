// HTTP header fields as they came, in order. Names compare without case (RFC 9110 §5.1).
// Thread rule: plain values.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace broadcaster::net {

using Headers = std::vector<std::pair<std::string, std::string>>;

bool same_name(std::string_view a, std::string_view b);
/// The first field of that name, or nullptr.
const std::string* find_header(const Headers& headers, std::string_view name);

}  // namespace broadcaster::net
