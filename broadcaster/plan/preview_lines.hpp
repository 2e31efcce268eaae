// Lines of a preview: broken between words, for a screen of so many columns. Thread rule: pure.
#pragma once

#include <string>

namespace broadcaster::plan {

constexpr int narrowest_preview = 40;

/// Behind `out`, each line with its indent and its end. A word longer than the line stands on a line of its own.
void add_lines(std::string& out, const std::string& text, std::size_t width, std::size_t indent);

}  // namespace broadcaster::plan
