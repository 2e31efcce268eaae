// The files of base/texts as they were when the program was built (cmake/embed_texts.cmake writes the source).
// Thread rule: constants.
#pragma once

#include <span>
#include <string_view>

namespace broadcaster::base {

struct EmbeddedText {
  std::string_view name;  ///< "base.en.yaml"
  std::string_view content;
};

std::span<const EmbeddedText> embedded_texts();

}  // namespace broadcaster::base
