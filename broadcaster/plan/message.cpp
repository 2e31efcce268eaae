#include "broadcaster/plan/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace broadcaster::plan {
namespace {

constexpr std::size_t longest_identifier = 40;
constexpr std::size_t longest_code = 8;

/// `pattern` at `time` + `offset`: calendar arithmetic only, no time-zone data, so that release needs none.
std::string format_time(std::string_view pattern, base::WallTime time, std::chrono::minutes offset) {
  namespace chrono = std::chrono;
  const auto local = time + offset;
  const auto midnight = chrono::floor<chrono::days>(local);
  const chrono::year_month_day date(midnight);
  const chrono::hh_mm_ss clock(chrono::floor<chrono::seconds>(local - midnight));
  struct Field {
    std::string_view letters;
    std::int64_t value;
  };
  const Field fields[] = {
      {"HH", clock.hours().count()},
      {"mm", clock.minutes().count()},
      {"ss", clock.seconds().count()},
      {"dd", static_cast<unsigned>(date.day())},
      {"MM", static_cast<unsigned>(date.month())},
      {"yyyy", static_cast<int>(date.year())},
  };
  std::string out;
  while (!pattern.empty()) {
    const Field* match = nullptr;
    for (const auto& field : fields)
      if (pattern.starts_with(field.letters)) match = &field;
    if (match) {
      out += fmt::format("{:0{}}", match->value, match->letters.size());
      pattern.remove_prefix(match->letters.size());
    } else {
      out += pattern.front();
      pattern.remove_prefix(1);
    }
  }
  return out;
}

std::string fill(const Hole& hole, const Filling& filling) {
  switch (hole.kind) {
    case HoleKind::identifier:
      return filling.identifier;
    case HoleKind::code:
      return filling.code;
    case HoleKind::time_of_issue:
      return format_time(hole.pattern, filling.time_of_issue, hole.utc_offset);
    case HoleKind::references:
      return filling.references;
    case HoleKind::original_code:
      return filling.original_code;
    case HoleKind::original_time_of_issue:
      return format_time(hole.pattern, filling.original_time_of_issue, hole.utc_offset);
    case HoleKind::arrival:
    case HoleKind::until:
    case HoleKind::zones:
    case HoleKind::zones_short:
      return {};  // filled before, by fill_slots()
  }
  return {};
}

/// Nothing for what release fills.
std::optional<std::string> fill(const Hole& hole, const SlotFilling& filling) {
  switch (hole.kind) {
    case HoleKind::arrival:
      return format_time(hole.pattern, filling.arrival, hole.utc_offset);
    case HoleKind::until:
      return format_time(hole.pattern, filling.until, hole.utc_offset);
    case HoleKind::zones:
      return filling.zones;
    case HoleKind::zones_short:
      return filling.zones_short;
    case HoleKind::identifier:
    case HoleKind::code:
    case HoleKind::time_of_issue:
    case HoleKind::references:
    case HoleKind::original_code:
    case HoleKind::original_time_of_issue:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::string fill(const Pieces& pieces, const Filling& filling) {
  std::string out;
  for (const auto& piece : pieces) {
    if (const auto* literal = std::get_if<std::string>(&piece))
      out += *literal;
    else
      out += fill(std::get<Hole>(piece), filling);
  }
  return out;
}

Pieces fill_slots(const Pieces& pieces, const SlotFilling& filling) {
  Pieces out;
  for (const auto& piece : pieces) {
    const auto* hole = std::get_if<Hole>(&piece);
    const auto text = hole ? fill(*hole, filling) : std::optional(std::get<std::string>(piece));
    if (!text) {
      out.push_back(piece);
      continue;
    }
    auto* before = out.empty() ? nullptr : std::get_if<std::string>(&out.back());
    if (before)
      *before += *text;
    else if (!text->empty())
      out.emplace_back(*text);
  }
  return out;
}

bool has_slots(const Pieces& pieces) {
  return std::ranges::any_of(pieces, [](const Piece& piece) {
    const auto* hole = std::get_if<Hole>(&piece);
    return hole && fill(*hole, SlotFilling());
  });
}

std::string fill_longest(const Pieces& pieces) {
  // Times are digits at fixed places, so every time is as long as any other. References stand in documents
  // alone.
  const Filling longest{.identifier = std::string(longest_identifier, 'X'),
                        .code = std::string(longest_code, 'X'),
                        .time_of_issue = {},
                        .references = std::string(longest_references, 'X'),
                        .original_code = std::string(longest_code, 'X'),
                        .original_time_of_issue = {}};
  return fill(pieces, longest);
}

std::string rule_of(const Blocked& blocked) {
  const auto& id = blocked.reason.id;
  return id.substr(id.find('.') + 1);
}

}  // namespace broadcaster::plan
