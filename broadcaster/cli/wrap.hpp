// Sentences in a narrow window: broken between words. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace broadcaster::cli {

/// Broken at spaces, `width` columns at most; a word longer than a line stands alone on it. Line ends stay.
std::vector<std::string> wrapped(std::string_view text, int width);

/// A line of the screen, with line ends where it is broken. What follows keeps its indentation. A command to be copied
/// ("… Next: broadcaster approve …") is one word: with a line end in it, a shell would run its first half. A table
/// (two spaces between words) stays as it is.
std::string wrapped_line(std::string_view line, int width);

}  // namespace broadcaster::cli
