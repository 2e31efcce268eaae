// The read-back gate: what a platform shows of a post, held against what people approved.
//
// Platforms write a text in their own way: HTML, other white space, links without their scheme, mentions without their
// server. That is no difference. Everything else is: a missing sentence, another number, another order of words. What
// cannot be judged for certain (a link cut with "…") is called a difference: a person looks. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace broadcaster::channels {

/// Both as plain text. nullopt: a reader sees the same. Else where they part, in English, for the record:
/// approved "… at 02.35 to …", shown "… at 03.35 to …".
std::optional<std::string> difference(std::string_view approved, std::string_view shown);

}  // namespace broadcaster::channels
