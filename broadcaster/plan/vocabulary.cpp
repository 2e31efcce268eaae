#include "broadcaster/plan/vocabulary.hpp"

#include <array>
#include <stdexcept>

namespace broadcaster::plan {
namespace {

template <class E>
using Row = std::pair<std::string_view, E>;

constexpr std::array<Row<HoleKind>, 10> hole_kinds{{
    {"identifier", HoleKind::identifier},
    {"code", HoleKind::code},
    {"time_of_issue", HoleKind::time_of_issue},
    {"references", HoleKind::references},
    {"original_code", HoleKind::original_code},
    {"original_time_of_issue", HoleKind::original_time_of_issue},
    {"arrival", HoleKind::arrival},
    {"until", HoleKind::until},
    {"zones", HoleKind::zones},
    {"zones_short", HoleKind::zones_short},
}};

constexpr std::array<Row<Element>, 5> elements{{
    {"source", Element::source},
    {"hazard", Element::hazard},
    {"location", Element::location},
    {"time", Element::time},
    {"guidance", Element::guidance},
}};

constexpr std::array<Row<Intent>, 2> intents{{
    {"before_the_byte", Intent::before_the_byte},
    {"with_the_outcome", Intent::with_the_outcome},
}};

constexpr std::array<Row<OnUnknown>, 3> on_unknowns{{
    {"resend", OnUnknown::resend},
    {"hold", OnUnknown::hold},
    {"report", OnUnknown::report},
}};

template <class E>
std::string_view look_up(E value) {
  for (const auto& [text, candidate] : choices<E>())
    if (candidate == value) return text;
  throw std::logic_error("a word of the plan without a spelling");
}

}  // namespace

template <>
std::span<const Row<HoleKind>> choices<HoleKind>() {
  return hole_kinds;
}
template <>
std::span<const Row<Element>> choices<Element>() {
  return elements;
}
template <>
std::span<const Row<Intent>> choices<Intent>() {
  return intents;
}
template <>
std::span<const Row<OnUnknown>> choices<OnUnknown>() {
  return on_unknowns;
}

std::string_view name(HoleKind value) { return look_up(value); }
std::string_view name(Element value) { return look_up(value); }
std::string_view name(Intent value) { return look_up(value); }
std::string_view name(OnUnknown value) { return look_up(value); }

}  // namespace broadcaster::plan
