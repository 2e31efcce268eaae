// Where the tests find the product's own files, and what was built. Compiled into one file: a folder's name in the
// command line of every test would keep ccache from finding what was compiled in another folder.
#pragma once

#include <string>
#include <string_view>

namespace broadcaster::places {

/// "config/people.yaml" → its absolute path in the sources.
std::string source(std::string_view path);
/// "bin/broadcaster" → its absolute path in the folder of this build.
std::string built(std::string_view path);

}  // namespace broadcaster::places
