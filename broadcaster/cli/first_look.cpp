#include "broadcaster/cli/first_look.hpp"

#include <string_view>

namespace broadcaster::cli {

Global first_look(int argc, char** argv) {
  Global global;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto take = [&](std::string_view name, std::string& into) {
      if (word == name && i + 1 < argc) into = argv[i + 1];
      if (word.starts_with(name) && word.substr(name.size()).starts_with('=')) into = word.substr(name.size() + 1);
    };
    take("--lang", global.language);
    take("--config", global.config);
  }
  return global;
}

}  // namespace broadcaster::cli
