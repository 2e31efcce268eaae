// Whatever is in a YAML file: a tree within its bounds whose places lie in the file, or mistakes that can be said.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/base/unicode.hpp"
#include "broadcaster/base/yaml.hpp"

namespace base = broadcaster::base;

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

void place_in_file(const base::Place& place, int lines) {
  must(place.file == "f.yaml" && place.line >= 0 && place.line <= lines && place.column >= 0);
}

void within_bounds(const base::Node& node, int lines, int depth) {
  must(depth <= 33);  // 32 levels, and the scalar in the last
  place_in_file(node.place, lines);
  must(base::valid_utf8(node.scalar));
  for (const auto& item : node.items) within_bounds(item, lines, depth + 1);
  for (const auto& entry : node.entries) {
    place_in_file(entry.place, lines);
    must(base::valid_utf8(entry.key) && node.find(entry.key) == &entry.value);  // each key once
    within_bounds(entry.value, lines, depth + 1);
  }
}

void sayable(const base::Error& error) {
  must(base::Catalogue::of("en").say(error.text).find("<<") == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const int lines = 1 + static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  const auto root = base::parse_yaml(text, "f.yaml");
  if (!root) {
    must(!root.error().empty());
    for (const auto& error : root.error()) place_in_file(error.place.value(), lines);
    sayable(root.error().front());
    return 0;
  }
  within_bounds(*root, lines, 0);
  base::Errors errors;
  {
    base::Fields fields(*root, "", errors);
    fields.text("a");
    fields.whole("b");
    fields.maybe_duration("c");
    fields.maybe_texts("d");
    fields.maybe_yes_no("e");
  }
  return 0;
}
