#include "tests/support/places.hpp"

namespace broadcaster::places {

std::string source(std::string_view path) { return BROADCASTER_SOURCE_DIR "/" + std::string(path); }
std::string built(std::string_view path) { return BROADCASTER_BINARY_DIR "/" + std::string(path); }

}  // namespace broadcaster::places
