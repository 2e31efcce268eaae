#include "broadcaster/approval/confirm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "broadcaster/alert/all_clear.hpp"

namespace broadcaster::approval {
namespace {

std::string phrase(std::string_view mode, const plan::Plan& plan) {
  const auto* what = alert::is_all_clear(plan.alert) ? "ALL-CLEAR " : "";
  return fmt::format("{} {}{} {}", mode, what, plan.alert.hazard, plan.zones.size());
}

/// Lower case, single spaces, none at the ends.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else {
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace

std::string expected_confirmation(const plan::Plan& plan) {
  switch (plan.mode) {
    case alert::Mode::live:
      return phrase("LIVE", plan);
    case alert::Mode::drill:
      return {};
  }
  return {};
}

bool matches(std::string_view typed, const plan::Plan& plan) {
  const auto text = plain(typed);
  switch (plan.mode) {
    case alert::Mode::live:
      return text == plain(phrase("LIVE", plan));
    case alert::Mode::drill:
      return text.empty() || text == "drill" || text == plain(phrase("DRILL", plan));
  }
  return false;
}

bool same_typed(std::string_view typed, std::string_view words) { return plain(typed) == plain(words); }

std::vector<std::string> to_accept(const plan::Plan& plan) {
  std::set<std::string> rules;
  for (const auto* one : {&plan, plan.false_alarm.get()}) {
    if (!one) continue;
    for (const auto& finding : one->findings) rules.insert(finding.rule);
    if (!one->blocked.empty()) rules.insert("blocked");
  }
  return {rules.begin(), rules.end()};
}

bool accepts(std::string_view typed, const plan::Plan& plan) { return accepts(typed, to_accept(plan)); }

bool accepts(std::string_view typed, const std::vector<std::string>& rules) {
  std::set<std::string> named;
  std::string word;
  for (const char c : plain(typed) + ",") {
    if (c != ',' && c != ' ') {
      word += c;
      continue;
    }
    if (!word.empty()) named.insert(word);
    word.clear();
  }
  return std::ranges::equal(named, rules);
}

}  // namespace broadcaster::approval
