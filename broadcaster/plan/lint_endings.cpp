#include "broadcaster/plan/lint_endings.hpp"

#include <algorithm>

namespace broadcaster::plan {
namespace {

bool lacks(const LintedText& message, const std::vector<std::string>& words) {
  return !words.empty() &&
         std::ranges::none_of(words, [&](const std::string& word) { return says(message.plain, word); });
}

}  // namespace

std::vector<base::Text> ending_stop(const LintedText& message) {
  if (!lacks(message, message.context.stop)) return {};
  return {{"plan.ending_stop", {{"words", message.context.stop.front()}}}};
}

std::vector<base::Text> ending_wait(const LintedText& message) {
  if (!lacks(message, message.context.wait)) return {};
  return {{"plan.ending_wait", {{"words", message.context.wait.front()}}}};
}

std::vector<base::Text> ending_contradicts(const LintedText& message) {
  for (const auto& phrase : message.context.never)
    if (says(message.plain, phrase)) return {{"plan.ending_contradicts", {{"phrase", phrase}}}};
  return {};
}

}  // namespace broadcaster::plan
