// Text inside an HTML page. Pure; thread rule: plain values.
#pragma once

#include <string>
#include <string_view>

namespace broadcaster::base {

/// For an element's text and for an attribute in double quotes.
std::string escape_html(std::string_view text);

}  // namespace broadcaster::base
