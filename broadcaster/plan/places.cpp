#include "broadcaster/plan/places.hpp"

#include <unicode/unistr.h>

#include <algorithm>
#include <set>

namespace broadcaster::plan {
namespace {

struct Name {
  icu::UnicodeString text;
  std::string zone;
};

std::vector<Name> longest_first(const std::vector<NamedZone>& zones) {
  std::vector<Name> out;
  for (const auto& zone : zones)
    for (const auto& name : zone.names)
      if (!name.empty()) out.push_back({icu::UnicodeString::fromUTF8(name).foldCase(), zone.zone});
  std::ranges::sort(out, std::greater(), [](const Name& name) { return name.text.length(); });
  return out;
}

}  // namespace

std::vector<std::string> zones_not_named(const std::string& text, const std::vector<NamedZone>& zones) {
  auto rest = icu::UnicodeString::fromUTF8(text).foldCase();
  const auto names = longest_first(zones);
  std::set<std::string> named;
  for (auto name = names.begin(); name != names.end(); ++name) {
    bool found = false;
    for (auto at = rest.indexOf(name->text); at >= 0; at = rest.indexOf(name->text)) {
      found = true;
      rest.replace(at, name->text.length(), u'\n');
    }
    if (!found) continue;
    // Two zones of one name are both named.
    for (const auto& other : names)
      if (other.text == name->text) named.insert(other.zone);
  }
  std::vector<std::string> out;
  for (const auto& zone : zones)
    if (!named.contains(zone.zone)) out.push_back(zone.zone);
  return out;
}

}  // namespace broadcaster::plan
