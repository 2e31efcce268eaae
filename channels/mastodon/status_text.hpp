// What a reader sees of a status: its HTML as plain text. Thread rule: pure.
#pragma once

#include <string>
#include <string_view>

namespace broadcaster::channels::mastodon {

/// Tags are taken off (<br> and the end of <p> are white space), entities decoded. Mastodon sanitises its HTML to a
/// handful of elements (docs.joinmastodon.org/spec/activitypub/#sanitization); other servers do alike.
std::string text_of_html(std::string_view html);

/// Plain text as a server's HTML: paragraphs, line breaks, links. For the range.
std::string html_of_text(std::string_view text);

}  // namespace broadcaster::channels::mastodon
