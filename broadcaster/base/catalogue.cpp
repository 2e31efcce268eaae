#include "broadcaster/base/catalogue.hpp"

#include <fmt/format.h>
#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>

#include <set>
#include <stdexcept>
#include <unordered_map>

#include "broadcaster/base/embedded_texts.hpp"
#include "broadcaster/base/yaml.hpp"

namespace broadcaster::base {
namespace {

icu::UnicodeString wide(std::string_view text) {
  return icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
}

/// The names that a pattern asks for. ICU prints "{name}" for a missing one without an error, so we look first.
std::set<std::string> names_in(const icu::UnicodeString& pattern, const std::string& where) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::MessagePattern parsed(pattern, nullptr, status);
  if (U_FAILURE(status)) throw std::logic_error(where + ": not a message pattern");
  std::set<std::string> names;
  for (std::int32_t i = 0; i < parsed.countParts(); ++i) {
    const auto& part = parsed.getPart(i);
    if (part.getType() == UMSGPAT_PART_TYPE_ARG_NUMBER) throw std::logic_error(where + ": an argument has no name");
    if (part.getType() != UMSGPAT_PART_TYPE_ARG_NAME) continue;
    std::string name;
    parsed.getSubstring(part).toUTF8String(name);
    names.insert(name);
  }
  return names;
}

}  // namespace

struct Catalogue::Entries {
  struct Pattern {
    icu::UnicodeString text;
    std::set<std::string> names;
  };
  std::string language;
  std::unordered_map<std::string, Pattern> patterns;
};

Catalogue::Catalogue(std::string_view language) : entries_(new Entries{std::string(language), {}}) {
  const auto ending = "." + std::string(language) + ".yaml";
  for (const auto& file : embedded_texts()) {
    if (!file.name.ends_with(ending)) continue;
    const auto root = parse_yaml(std::string(file.content), std::string(file.name));
    if (!root) {
      const auto& e = root.error().front();
      throw std::logic_error(fmt::format("{}:{}: {} {}", file.name, e.place ? e.place->line : 0, e.key, e.text.id));
    }
    for (const auto& entry : root->entries) {
      const auto where = fmt::format("{}:{}: {}", file.name, entry.place.line, entry.key);
      const auto pattern = wide(entry.value.scalar);
      if (!entries_->patterns.emplace(entry.key, Entries::Pattern{pattern, names_in(pattern, where)}).second)
        throw std::logic_error(where + ": stands in two files");
    }
  }
}

Catalogue::~Catalogue() { delete entries_; }

const Catalogue& Catalogue::of(std::string_view language) {
  static const Catalogue english("en");
  static const Catalogue indonesian("id");
  return language.substr(0, language.find_first_of("-_")) == "id" ? indonesian : english;
}

std::vector<std::string> Catalogue::languages() { return {"en", "id"}; }

std::string_view Catalogue::language() const { return entries_->language; }

bool Catalogue::has(std::string_view id) const { return entries_->patterns.contains(std::string(id)); }

namespace {

/// What a text inside this one may ask for: a Key is said with the arguments around it, but for other keys.
std::vector<std::pair<std::string, Argument>> plain_arguments(const Text& text) {
  auto out = text.arguments;
  std::erase_if(out, [](const auto& one) { return std::holds_alternative<Key>(one.second); });
  return out;
}

}  // namespace

std::string Catalogue::say(const Text& text) const {
  const auto found = entries_->patterns.find(text.id);
  if (found == entries_->patterns.end()) return "<<" + text.id + ">>";
  auto missing = found->second.names;
  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  for (const auto& [name, value] : text.arguments) {
    names.push_back(wide(name));
    missing.erase(name);
    if (const auto* key = std::get_if<Key>(&value))
      values.emplace_back(wide(say(Text{key->id, plain_arguments(text)})));
    else if (const auto* number = std::get_if<std::int64_t>(&value))
      values.emplace_back(*number);
    else
      values.emplace_back(wide(std::get<std::string>(value)));
  }
  std::string absent;
  for (const auto& name : missing) {
    names.push_back(wide(name));
    values.emplace_back(wide("<<" + name + ">>"));
    absent += "<<" + name + ">>";
  }
  // One a call: MessageFormat fills its caches while it formats.
  UErrorCode status = U_ZERO_ERROR;
  const icu::MessageFormat format(found->second.text, icu::Locale(entries_->language.c_str()), status);
  icu::UnicodeString said;
  if (U_SUCCESS(status))
    format.format(names.data(), values.data(), static_cast<std::int32_t>(values.size()), said, status);
  if (U_FAILURE(status)) return "<<" + text.id + ">>" + absent;
  std::string out;
  said.toUTF8String(out);
  return out;
}

std::string Catalogue::say(const Error& error) const {
  std::string out;
  if (error.place && !error.place->file.empty()) {
    out += error.place->file;
    if (error.place->line > 0) out += fmt::format(":{}", error.place->line);
    if (error.place->line > 0 && error.place->column > 0) out += fmt::format(":{}", error.place->column);
    out += ": ";
  }
  if (!error.key.empty()) out += error.key + ": ";
  return out + say(error.text);
}

}  // namespace broadcaster::base
