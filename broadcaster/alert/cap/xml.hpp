// Reading XML that a stranger wrote: no network, no document type, no entities but the five of XML itself, and bounds.
//
// A document type is refused as soon as its name is read, so that an XML bomb never gets to define anything and an
// external entity is never looked up (OWASP "XML External Entity Prevention"). Thread rule: pure functions.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "broadcaster/alert/cap/element.hpp"
#include "broadcaster/base/error.hpp"

namespace broadcaster::alert::cap {

/// Room for pictures and sound inside an alert (derefUri) and for polygons of 100,000 corners.
constexpr std::size_t largest_document = 8 << 20;
/// CAP is 4 deep, a signature 7, an Atom feed or EDXL envelope around it some more.
constexpr int deepest_element = 32;
constexpr int most_elements = 50'000;

/// The root. Errors: bad_input with file, line and column, for everything that is not well formed or out of bounds.
base::Result<Element> parse_xml(std::string_view text, const std::string& file);

/// Errors: as base::read_file with the bound above; a larger file is not read to its end.
base::Result<std::string> read_document(const std::filesystem::path& path);

}  // namespace broadcaster::alert::cap
