// The files of the message catalogue against each other, and against the sources that name their keys.
#include <gtest/gtest.h>
#include <unicode/messagepattern.h>

#include <map>
#include <set>

#include "broadcaster/base/yaml.hpp"
#include "tests/support/places.hpp"
#include "tests/support/sources.hpp"

namespace broadcaster::base {
namespace {

namespace fs = std::filesystem;
using Findings = std::vector<std::string>;

/// The parts that speak to people.
constexpr std::string_view parts[] = {"base",  "alert",   "cap",      "plan",  "approval", "delivery",
                                      "net",   "journal", "channels", "siren", "dispatch", "rules",
                                      "feeds", "service", "drill",    "cli"};

/// What ends like this in a source is a file's name and no key.
constexpr std::string_view file_endings[] = {".hpp",  ".cpp",  ".yaml",  ".csv",  ".json", ".html", ".db",
                                             ".sock", ".head", ".jsonl", ".txt",  ".md",   ".key",  ".crt",
                                             ".pem",  ".conf", ".log",   ".plan", ".xml"};

/// What looks like a key and is none: the types of the webhook's events, and a drill's plan file.
constexpr std::string_view no_keys[] = {"alert.issued", "alert.ended", "drill.plan"};

struct Said {
  Place place;
  std::string pattern;
};
using Texts = std::map<std::string, Said>;  // by key

Texts read_texts(const fs::path& path, Findings& findings) {
  Texts texts;
  const auto root = read_yaml(path);
  if (!root) {
    for (const auto& e : root.error())
      findings.push_back(path.filename().string() + ":" + std::to_string(e.place ? e.place->line : 0) + ": " +
                         e.text.id);
    return texts;
  }
  for (const auto& entry : root->entries)
    texts[entry.key] = {{path.filename().string(), entry.place.line, 0}, entry.value.scalar};
  return texts;
}

std::string at(const Said& said, const std::string& key) {
  return said.place.file + ":" + std::to_string(said.place.line) + ": " + key;
}

/// The arguments that a pattern names, with their kind: "{n, plural, …}" and "{n}" want different values.
std::set<std::string> arguments(const Said& said, const std::string& key, Findings& findings) {
  std::set<std::string> out;
  UErrorCode status = U_ZERO_ERROR;
  const icu::MessagePattern parsed(icu::UnicodeString::fromUTF8(said.pattern), nullptr, status);
  if (U_FAILURE(status)) {
    findings.push_back(at(said, key) + ": not a message pattern");
    return out;
  }
  for (std::int32_t i = 0; i < parsed.countParts(); ++i) {
    if (parsed.getPart(i).getType() == UMSGPAT_PART_TYPE_ARG_NUMBER)
      findings.push_back(at(said, key) + ": an argument has no name");
    if (parsed.getPart(i).getType() != UMSGPAT_PART_TYPE_ARG_NAME) continue;
    std::string name;
    parsed.getSubstring(parsed.getPart(i)).toUTF8String(name);
    out.insert(name);
  }
  return out;
}

std::vector<fs::path> files(std::string_view language) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(places::source("broadcaster/base/texts")))
    if (entry.path().filename().string().ends_with("." + std::string(language) + ".yaml")) out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

std::string part_of(const fs::path& file) {
  return file.filename().string().substr(0, file.filename().string().find('.'));
}

/// All findings as one text: a person sees everything in one run.
std::string lines(const Findings& findings) {
  std::string out;
  for (const auto& finding : findings) out += "\n  " + finding;
  return out;
}

TEST(Texts, EveryPartSaysTheSameInBothLanguages) {
  Findings findings;
  ASSERT_FALSE(files("en").empty());
  ASSERT_EQ(files("en").size(), files("id").size()) << "a part has texts in one language alone";
  for (const auto& english_file : files("en")) {
    const auto part = part_of(english_file);
    const auto english = read_texts(english_file, findings);
    const auto indonesian = read_texts(english_file.parent_path() / (part + ".id.yaml"), findings);
    if (std::find(std::begin(parts), std::end(parts), part) == std::end(parts))
      findings.push_back(english_file.filename().string() + ": no part is called " + part);
    for (const auto& [key, said] : english) {
      if (!key.starts_with(part + ".")) findings.push_back(at(said, key) + ": does not begin with " + part + ".");
      const auto sister = indonesian.find(key);
      if (sister == indonesian.end()) {
        findings.push_back(at(said, key) + ": missing in Indonesian");
      } else if (arguments(said, key, findings) != arguments(sister->second, key, findings)) {
        findings.push_back(at(sister->second, key) + ": asks for other arguments than English");
      }
    }
    for (const auto& [key, said] : indonesian)
      if (!english.contains(key)) findings.push_back(at(said, key) + ": missing in English");
  }
  EXPECT_TRUE(findings.empty()) << lines(findings);
}

bool key_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.'; }

/// "part.name" or "part.name.name", or the beginning of one that the source completes ("dispatch.cause_").
bool names_a_key(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos ||
      std::find(std::begin(parts), std::end(parts), text.substr(0, dot)) == std::end(parts))
    return false;
  if (!std::all_of(text.begin(), text.end(), key_character) || text.find("..") != std::string_view::npos) return false;
  return std::none_of(std::begin(file_endings), std::end(file_endings), [&](auto e) { return text.ends_with(e); });
}

TEST(Texts, SourcesAndTextsNameTheSameKeys) {
  Findings findings;
  Texts texts;
  for (const auto& file : files("en")) texts.merge(read_texts(file, findings));
  std::set<std::string> mentioned;
  for (const auto& source : testing::sources({"broadcaster", "channels"}))
    for (const auto& literal : testing::literals(source.text)) {
      if (!names_a_key(literal.text)) continue;
      if (std::find(std::begin(no_keys), std::end(no_keys), literal.text) != std::end(no_keys)) continue;
      const bool beginning = literal.text.ends_with('_') || literal.text.ends_with('.');
      std::size_t found = 0;
      for (auto it = texts.lower_bound(literal.text); it != texts.end() && it->first.starts_with(literal.text); ++it) {
        if (!beginning && it->first != literal.text) break;
        mentioned.insert(it->first);
        ++found;
      }
      if (found == 0)
        findings.push_back(source.path + ":" + std::to_string(literal.line) + ": no text for " + literal.text);
    }
  for (const auto& [key, said] : texts)
    if (!mentioned.contains(key)) findings.push_back(at(said, key) + ": no source says this");
  EXPECT_TRUE(findings.empty()) << lines(findings);
}

TEST(Texts, LiteralsAreFoundWhereTheyStand) {
  const auto found = testing::literals(
      "a(\"x\\\"y\"); // \"no\"\n/* \"no\" */ b('\"', 1'000, \"two\");\nc(R\"-(\"raw\"\n)-\", \"three\");");
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0].text, "x\\\"y");
  EXPECT_EQ(found[1].text, "two");
  EXPECT_EQ(found[1].line, 2);
  EXPECT_EQ(found[2].text, "\"raw\"\n");
  EXPECT_EQ(found[3].text, "three");
  EXPECT_EQ(found[3].line, 4);
}

TEST(Texts, AKeyIsToldFromAFile) {
  for (const auto* key : {"base.missing", "plan.mode_", "channels.page.title", "dispatch.cause_"})
    EXPECT_TRUE(names_a_key(key)) << key;
  for (const auto* other :
       {"journal.db", "base.en.yaml", "plan", "Base.missing", "base.Missing", "base..x", "other.key"})
    EXPECT_FALSE(names_a_key(other)) << other;
}

}  // namespace
}  // namespace broadcaster::base
