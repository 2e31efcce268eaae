#include "broadcaster/plan/render.hpp"

#include <array>

#include "broadcaster/base/unicode.hpp"
#include "broadcaster/plan/characters.hpp"
#include "broadcaster/plan/measure/measure.hpp"

namespace broadcaster::plan {
namespace {

/// A hole while ICU formats: U+E001 … U+E008 (private use), three bytes each.
struct Placeholder {
  std::string_view slot;
  std::string_view bytes;
  HoleKind kind;
};
constexpr std::array<Placeholder, 8> placeholders{{
    {"issued", "\xee\x80\x81", HoleKind::time_of_issue},
    {"code", "\xee\x80\x82", HoleKind::code},
    {"original_issued", "\xee\x80\x83", HoleKind::original_time_of_issue},
    {"original_code", "\xee\x80\x84", HoleKind::original_code},
    {"arrival", "\xee\x80\x85", HoleKind::arrival},
    {"until", "\xee\x80\x86", HoleKind::until},
    {"zones", "\xee\x80\x87", HoleKind::zones},
    {"zones_short", "\xee\x80\x88", HoleKind::zones_short},
}};

std::unexpected<base::Error> fail(base::Text text) { return base::fail(base::ErrorKind::bad_input, std::move(text)); }

/// A value may not bring what would be taken for a hole or a slot, nor what no reader sees.
bool clean(std::string_view value) {
  return !forbidden_in_line(value) && value.find_first_of("{}") == std::string_view::npos;
}

/// Whether this value stays open until release, or until a prepared alert is fired. A value that is not known is none.
bool is_open(HoleKind kind, const Values& values, const std::optional<SlotRoom::Zones>& zones) {
  switch (kind) {
    case HoleKind::identifier:
    case HoleKind::code:
    case HoleKind::time_of_issue:
    case HoleKind::references:
    case HoleKind::original_code:
    case HoleKind::original_time_of_issue:
      return true;
    case HoleKind::arrival:
      return zones && values.contains("arrival");
    case HoleKind::until:
      return zones && values.contains("until");
    case HoleKind::zones:
    case HoleKind::zones_short:
      return zones == SlotRoom::Zones::slot;
  }
  return false;
}

/// `zones`: of a prepared alert alone.
base::Result<Values> with_placeholders(Values values, const std::optional<SlotRoom::Zones>& zones = std::nullopt) {
  for (const auto& [name, value] : values)
    if (const auto* text = std::get_if<std::string>(&value); text && !clean(*text))
      return fail({"plan.slot_characters", {{"name", name}}});
  for (const auto& placeholder : placeholders)
    if (is_open(placeholder.kind, values, zones))
      values[std::string(placeholder.slot)] = std::string(placeholder.bytes);
  return values;
}

bool is_time(HoleKind kind) {
  return kind == HoleKind::time_of_issue || kind == HoleKind::original_time_of_issue || kind == HoleKind::arrival ||
         kind == HoleKind::until;
}

Pieces cut(std::string_view text, const std::string& clock, std::chrono::minutes utc_offset) {
  Pieces pieces;
  std::string literal;
  while (!text.empty()) {
    const Placeholder* found = nullptr;
    for (const auto& placeholder : placeholders)
      if (text.starts_with(placeholder.bytes)) found = &placeholder;
    if (!found) {
      literal += text.front();
      text.remove_prefix(1);
      continue;
    }
    if (!literal.empty()) pieces.emplace_back(std::move(literal));
    literal.clear();
    pieces.emplace_back(is_time(found->kind) ? Hole{found->kind, clock, utc_offset}
                                             : Hole{.kind = found->kind, .pattern = {}});
    text.remove_prefix(found->bytes.size());
  }
  if (!literal.empty()) pieces.emplace_back(std::move(literal));
  return pieces;
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \n");
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin, text.find_last_not_of(" \n") - begin + 1);
}

struct Part {
  Fragment::Need need;
  std::string text;
};

bool has_arrival(const Values& values) { return values.contains("arrival"); }

/// A fragment's words for what is known; nothing for an optional one that cannot be said.
base::Result<std::optional<Part>> say(const Fragment& fragment, const Template& words, const Values& values) {
  if (fragment.need == Fragment::Need::where_not_yet && !values.contains("zones_not_yet")) return std::nullopt;
  const auto* pattern = &fragment.pattern;
  if (!has_arrival(values)) {
    if (fragment.without_arrival) {
      pattern = &*fragment.without_arrival;
    } else {
      for (const auto& name : names_in(fragment.pattern)) {
        if (name != "arrival") continue;
        if (fragment.need == Fragment::Need::optional) return std::nullopt;
        return fail({"plan.arrival_unknown", {}});
      }
    }
  }
  auto text = format_pattern(*pattern, words.language, values);
  if (text) return Part{fragment.need, base::nfc(*text)};
  if (fragment.need == Fragment::Need::optional && text.error().text.id == "plan.slot_empty") return std::nullopt;
  return std::unexpected(std::move(text.error()));
}

base::Result<std::vector<Part>> say_all(const std::vector<Fragment>& fragments, const Template& words,
                                        const Values& values) {
  std::vector<Part> parts;
  for (const auto& fragment : fragments) {
    auto part = say(fragment, words, values);
    if (!part) return std::unexpected(std::move(part.error()));
    if (*part) parts.push_back(std::move(**part));
  }
  return parts;
}

std::string joined(const std::vector<Part>& parts) {
  std::string out;
  for (const auto& part : parts) out += part.text;
  return std::string(trimmed(out));
}

/// False when only required fragments are left.
bool drop_last_optional(std::vector<Part>& parts) {
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    if (part->need != Fragment::Need::optional) continue;
    parts.erase(std::next(part).base());
    return true;
  }
  return false;
}

}  // namespace

base::Result<Rendered> render(const Template& words, const std::vector<Fragment>& fragments, const Values& values,
                              std::chrono::minutes utc_offset, const Shape& shape) {
  const auto known = with_placeholders(values, shape.slots ? std::optional(shape.slots->zones) : std::nullopt);
  if (!known) return std::unexpected(known.error());
  auto parts = say_all(fragments, words, *known);
  if (!parts) return std::unexpected(std::move(parts.error()));
  const auto pieces_of = [&](const std::string& text) { return cut(text, words.clock, utc_offset); };
  const auto length_of = [&](const Pieces& pieces) {
    return measure(shape.measure, fill_longest(shape.slots ? fill_slots(pieces, shape.slots->longest) : pieces),
                   shape.limit);
  };
  Rendered out;
  auto begins = shape.begins;
  const auto all = *parts;
  for (;;) {
    if (joined(*parts).empty()) return fail({"plan.text_empty", {}});
    const auto text = begins + joined(*parts);
    const auto drill = pieces_of(framed(shape.frame, text));
    const auto longest = length_of(drill);
    if (fits(shape.measure, longest, shape.limit)) {
      out.plain = pieces_of(text);
      out.pieces = shape.mark == alert::Mark::required ? drill : out.plain;
      out.length = length_of(out.pieces);
      out.drill_segments = longest.segments;
      return out;
    }
    if (drop_last_optional(*parts)) {
      ++out.dropped;
      continue;
    }
    if (begins.empty())
      return fail({"plan.too_long",
                   {{"used", std::int64_t{longest.used}},
                    {"limit", std::int64_t{longest.limit}},
                    {"unit", base::Key{"plan.unit_" + longest.unit}}}});
    // What to do goes before what it is called.
    begins.clear();
    out.begins = Rendered::Begins::without;
    *parts = all;
    out.dropped = 0;
  }
}

base::Result<std::string> render_voice(const std::string& pattern, const alert::Language& language,
                                       const Values& values) {
  const auto known = with_placeholders(values);
  if (!known) return std::unexpected(known.error());
  auto text = format_pattern(pattern, language, values);
  if (!text) return text;
  return base::nfc(*text);
}

base::Result<std::map<std::string, std::string>> render_cap(const Template& words, const Wording& wording,
                                                            const Values& values) {
  const auto known = with_placeholders(values);
  if (!known) return std::unexpected(known.error());
  std::map<std::string, std::string> out;
  for (const auto& [name, pattern] : wording.cap) {
    auto text = format_pattern(pattern, words.language, values);
    if (!text) return std::unexpected(std::move(text.error()));
    out[name] = base::nfc(*text);
  }
  return out;
}

base::Result<std::map<std::string, Pieces>> render_cap_slots(const Template& words, const Wording& wording,
                                                             const Values& values, std::chrono::minutes utc_offset) {
  const auto known = with_placeholders(values, SlotRoom::Zones::slot);
  if (!known) return std::unexpected(known.error());
  std::map<std::string, Pieces> out;
  for (const auto& [name, pattern] : wording.cap) {
    auto text = format_pattern(pattern, words.language, *known);
    if (!text) return std::unexpected(std::move(text.error()));
    out[name] = cut(base::nfc(*text), words.clock, utc_offset);
  }
  return out;
}

}  // namespace broadcaster::plan
