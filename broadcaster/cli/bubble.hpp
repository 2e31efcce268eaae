// A message as a phone shows it: a frame around the text, no wider than the window. Pure.
#pragma once

#include <string>
#include <vector>

#include "broadcaster/plan/plan.hpp"

namespace broadcaster::cli {

/// Lines of at most `width` columns, without line ends.
std::vector<std::string> bubble(const std::string& heading, const std::string& text, int width);

/// One bubble a form and language, of the first zone; holes as they may look at release.
std::vector<std::string> bubbles(const plan::Plan& plan, const std::string& language, int width);

}  // namespace broadcaster::cli
