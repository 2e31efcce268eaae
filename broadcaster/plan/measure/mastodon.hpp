// How long a text is on Mastodon: grapheme clusters, with every link counted as 23 and every mention of somebody on
// another server without the server (docs.joinmastodon.org/user/posting, "characters_reserved_per_url").
// Hosts without a scheme count in full. Thread rule: pure.
#pragma once

#include <string_view>

namespace broadcaster::plan {

/// `text` must be valid UTF-8.
int count_mastodon(std::string_view text);

}  // namespace broadcaster::plan
