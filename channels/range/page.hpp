// What the public sees, as one self-contained page: timelines, phones with their messages, partners. It asks
// /seen.json for what is new. Thread rule: pure.
#pragma once

#include <string>
#include <string_view>

#include "broadcaster/net/headers.hpp"

namespace broadcaster::channels {

/// HTML in the catalogue's language.
std::string page(std::string_view language);
/// With a content security policy: nothing from elsewhere, nothing to elsewhere.
net::Headers page_headers();

}  // namespace broadcaster::channels
