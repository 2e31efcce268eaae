#include "broadcaster/approval/content.hpp"

#include <algorithm>

#include "broadcaster/base/unicode.hpp"

namespace broadcaster::approval {
namespace {

using base::ErrorKind;

constexpr std::size_t longest_identifier = 40;
constexpr std::size_t longest_code = 8;
constexpr std::chrono::minutes issue_tolerance{1};

bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/// One GSM-7 septet, one UTF-16 unit, one grapheme, one byte each; none that CAP forbids in an identifier (§3.2.1).
bool is_identifier(const std::string& text) {
  return !text.empty() && text.size() <= longest_identifier && std::ranges::all_of(text, [](char c) {
    return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == ':';
  });
}

bool is_code(const std::string& text) {
  return !text.empty() && text.size() <= longest_code && std::ranges::all_of(text, is_letter_or_digit);
}

bool has_hole(const plan::Plan& plan, plan::HoleKind kind) {
  for (const auto& message : plan.messages)
    if (const auto* pieces = std::get_if<plan::Pieces>(&message.body))
      for (const auto& piece : *pieces)
        if (const auto* hole = std::get_if<plan::Hole>(&piece); hole && hole->kind == kind) return true;
  return false;
}

bool is_follow_up(const plan::Plan& plan) {
  return plan.alert.type == alert::MessageType::update || plan.alert.type == alert::MessageType::cancel;
}

std::unexpected<base::Error> bad(const char* what, const std::string& found) {
  return base::fail(ErrorKind::refused, {"approval.hole_wrong", {{"hole", base::Key{what}}, {"found", found}}});
}

}  // namespace

base::Result<void> check_filling(const plan::Plan& plan, const plan::Filling& filling, base::WallTime now) {
  using plan::HoleKind;
  if (!is_identifier(filling.identifier)) return bad("approval.hole_identifier", filling.identifier);
  const bool has_code = has_hole(plan, HoleKind::code) || !filling.code.empty();
  if (has_code && (!is_code(filling.code) || !filling.code.starts_with(plan.code_prefix)))
    return bad("approval.hole_code", filling.code);
  if (std::chrono::abs(filling.time_of_issue - now) > issue_tolerance)
    return bad("approval.hole_time_of_issue", base::format_utc(filling.time_of_issue));
  if ((has_hole(plan, HoleKind::original_code) || !filling.original_code.empty()) && !is_code(filling.original_code))
    return bad("approval.hole_original_code", filling.original_code);
  if (has_hole(plan, HoleKind::original_time_of_issue) &&
      (filling.original_time_of_issue == base::WallTime{} || filling.original_time_of_issue > now))
    return bad("approval.hole_original_time", base::format_utc(filling.original_time_of_issue));
  const bool needs_references = is_follow_up(plan) && plan.alert.references.empty();
  if ((needs_references && filling.references.empty()) || filling.references.size() > plan::longest_references)
    return bad("approval.hole_references", filling.references.substr(0, 80));
  return {};
}

base::Result<std::vector<ReleasedMessage>> fill_content(const plan::Plan& plan, const plan::Filling& filling) {
  std::vector<ReleasedMessage> out;
  out.reserve(plan.messages.size());
  for (std::size_t i = 0; i < plan.messages.size(); ++i) {
    const auto& message = plan.messages[i];
    ReleasedMessage next{i, message.endpoint, message.language, message.zone, message.form, {}};
    if (const auto* pieces = std::get_if<plan::Pieces>(&message.body)) {
      auto text = plan::fill(*pieces, filling);
      const auto longest = plan::fill_longest(*pieces);
      if (text.size() > longest.size() || base::graphemes(text) > base::graphemes(longest))
        return base::fail(ErrorKind::refused, {"approval.text_longer_than_measured",
                                               {{"endpoint", message.endpoint.value},
                                                {"language", message.language.value},
                                                {"zone", message.zone.value}}});
      next.body = std::move(text);
    } else {
      next.body = std::get<plan::SirenProgram>(message.body);
    }
    out.push_back(std::move(next));
  }
  return out;
}

}  // namespace broadcaster::approval
