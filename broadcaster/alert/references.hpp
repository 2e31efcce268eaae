// CAP 1.2 §3.2.1 <references>: "sender,identifier,sent", with a space between several, oldest first. As a release fills
// it in, as a document says it, and taken apart again. Thread rule: plain functions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "broadcaster/alert/alert.hpp"

namespace broadcaster::alert {

std::string references_text(std::span<const Reference> references);

/// Of a text that references_text() made; what is not a triple is left out.
std::vector<Reference> parse_references(std::string_view text);

}  // namespace broadcaster::alert
