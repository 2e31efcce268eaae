// application/x-www-form-urlencoded, as queries carry it. Thread rule: pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace broadcaster::channels {

/// The first value of each name; %XX and + decoded, a broken escape stays as it is.
std::map<std::string, std::string> read_query(std::string_view query);
/// Everything but letters, digits and -._~ as %XX.
std::string percent_encoded(std::string_view text);

}  // namespace broadcaster::channels
