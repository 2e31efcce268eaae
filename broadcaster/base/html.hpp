// Text inside an HTML page, and what our pages look like. Pure; thread rule: plain values.
#pragma once

#include <string>
#include <string_view>

namespace broadcaster::base {

/// For an element's text and for an attribute in double quotes.
std::string escape_html(std::string_view text);

/// The one look of our reports: a self-contained page, no script, no font, no picture from anywhere. Sign and word
/// stand beside every colour; it prints.
std::string_view page_style();

}  // namespace broadcaster::base
