// What the tests that read the product's own sources share: the files, and the string literals in them.
#pragma once

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "broadcaster/base/files.hpp"
#include "tests/support/places.hpp"

namespace broadcaster::testing {

struct Source {
  std::string path;  ///< from the root: "broadcaster/base/time.hpp"
  std::string text;
};

/// Every .cpp and .hpp under `folders`, by name.
inline std::vector<Source> sources(const std::vector<std::string>& folders) {
  const std::filesystem::path root = places::source("");
  std::vector<Source> out;
  for (const auto& folder : folders)
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      const auto extension = entry.path().extension();
      if (extension != ".cpp" && extension != ".hpp") continue;
      out.push_back({entry.path().lexically_relative(root).string(), base::read_file(entry.path()).value()});
    }
  std::sort(out.begin(), out.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
  return out;
}

struct Literal {
  int line = 0;
  std::string text;  ///< as written between the quotes
};

/// The string literals of a C++ source; comments and characters are passed over.
inline std::vector<Literal> literals(std::string_view source) {
  std::vector<Literal> out;
  int line = 1;
  std::size_t i = 0;
  const auto skip_to = [&](std::size_t end) {
    for (end = std::min(end, source.size()); i < end; ++i)
      if (source[i] == '\n') ++line;
  };
  const auto word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  while (i < source.size()) {
    const char c = source[i];
    const char before = i > 0 ? source[i - 1] : ' ';
    if (source.substr(i, 2) == "//") {
      skip_to(source.find('\n', i));
    } else if (source.substr(i, 2) == "/*") {
      skip_to(source.find("*/", i + 2) + 2);
    } else if (c == '"' && before == 'R') {
      const auto open = source.find('(', i);
      const auto end = ")" + std::string(source.substr(i + 1, open - i - 1)) + "\"";
      const auto close = source.find(end, open);
      out.push_back({line, std::string(source.substr(open + 1, close - open - 1))});
      skip_to(close + end.size());
    } else if (c == '"' || (c == '\'' && !word(before))) {  // 1'000 is a number
      auto end = i + 1;
      while (end < source.size() && source[end] != c) end += source[end] == '\\' ? 2 : 1;
      if (c == '"') out.push_back({line, std::string(source.substr(i + 1, end - i - 1))});
      skip_to(end + 1);
    } else {
      skip_to(i + 1);
    }
  }
  return out;
}

}  // namespace broadcaster::testing
