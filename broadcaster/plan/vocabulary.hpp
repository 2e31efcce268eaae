// How the words of a plan are spelt in its JSON and in configuration files. One table a word.
// Thread rule: constants.
#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "broadcaster/plan/message.hpp"
#include "broadcaster/plan/traits.hpp"

namespace broadcaster::plan {

std::string_view name(HoleKind);
std::string_view name(Element);
std::string_view name(Intent);
std::string_view name(OnUnknown);

/// Name to value: `choices<OnUnknown>()` suits base::Fields::choice.
template <class E>
std::span<const std::pair<std::string_view, E>> choices();

template <>
std::span<const std::pair<std::string_view, HoleKind>> choices<HoleKind>();
template <>
std::span<const std::pair<std::string_view, Element>> choices<Element>();
template <>
std::span<const std::pair<std::string_view, Intent>> choices<Intent>();
template <>
std::span<const std::pair<std::string_view, OnUnknown>> choices<OnUnknown>();

}  // namespace broadcaster::plan
