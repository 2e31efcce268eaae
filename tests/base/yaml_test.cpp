#include "broadcaster/base/yaml.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace broadcaster::base {
namespace {

Node good(const std::string& text) {
  auto node = parse_yaml(text, "f.yaml");
  EXPECT_TRUE(node.has_value()) << (node ? "" : node.error()[0].text.id);
  return node ? *node : Node{};
}

/// The first mistake as "id line:column key".
std::string mistake(const std::string& text) {
  auto node = parse_yaml(text, "f.yaml");
  if (node) return "none";
  const auto& e = node.error().front();
  EXPECT_EQ(e.place->file, "f.yaml");
  return e.text.id + " " + std::to_string(e.place->line) + ":" + std::to_string(e.place->column) +
         (e.key.empty() ? "" : " " + e.key);
}

TEST(Yaml, KnowsPlacesAndKinds) {
  const auto root = good("a: 1\nb:\n  - x\n  - \"2\"\nc: {d: ~}\n");
  ASSERT_EQ(root.kind, Node::Kind::map);
  EXPECT_EQ(root.find("a")->place, (Place{"f.yaml", 1, 4}));
  EXPECT_FALSE(root.find("a")->quoted);
  const auto& list = *root.find("b");
  ASSERT_EQ(list.kind, Node::Kind::list);
  EXPECT_EQ(list.items[1].place, (Place{"f.yaml", 4, 5}));
  EXPECT_TRUE(list.items[1].quoted);
  EXPECT_EQ(root.entries[2].place, (Place{"f.yaml", 5, 1}));
  EXPECT_EQ(root.find("c")->find("d")->kind, Node::Kind::nothing);
  EXPECT_EQ(root.find("nobody"), nullptr);
}

TEST(Yaml, CountsColumnsInCharactersAfterTextThatIsNotAscii) {
  EXPECT_EQ(good("{é: ö, k: v}").find("k")->place, (Place{"f.yaml", 1, 11}));
}

TEST(Yaml, LineEndsOfWindowsAndAByteOrderMark) {
  const auto root = good(
      "\xef\xbb\xbf"
      "a: 1\r\nb: 2\r\n");
  EXPECT_EQ(root.find("a")->place, (Place{"f.yaml", 1, 4}));
  EXPECT_EQ(root.find("b")->place, (Place{"f.yaml", 2, 4}));
  EXPECT_EQ(root.find("b")->scalar, "2");
}

TEST(Yaml, BlockScalarsAreText) {
  const auto root = good("t: |\n  one\n  two\nu: >-\n  a\n  b\n");
  EXPECT_EQ(root.find("t")->scalar, "one\ntwo\n");
  EXPECT_TRUE(root.find("t")->quoted);
  EXPECT_EQ(root.find("u")->scalar, "a b");
}

TEST(Yaml, EmptyIsNothing) {
  EXPECT_EQ(good("").kind, Node::Kind::nothing);
  EXPECT_EQ(good("# only words\n").place.file, "f.yaml");
}

TEST(Yaml, ReportsEveryKeyGivenTwiceAndReadsOn) {
  auto node = parse_yaml("a:\n  b: 1\n  b: [2, {b: 3}]\nc: 1\nc: 2\n", "f.yaml");
  ASSERT_FALSE(node);
  ASSERT_EQ(node.error().size(), 2u);
  EXPECT_EQ(node.error()[0].key, "a.b");
  EXPECT_EQ(node.error()[0].place, (Place{"f.yaml", 3, 3}));
  EXPECT_EQ(node.error()[0].text, (Text{"base.given_twice", {{"line", std::int64_t{2}}}}));
  EXPECT_EQ(node.error()[1].key, "c");
}

TEST(Yaml, Refuses) {
  EXPECT_EQ(mistake("a: &x 1\n"), "base.yaml_alias 1:4 a");
  EXPECT_EQ(mistake("a: 1\nb: *x\n"), "base.yaml_alias 2:4");
  EXPECT_EQ(mistake("a: !!int 1\n"), "base.yaml_tag 1:4 a");
  EXPECT_EQ(mistake("a: ! 1\n"), "base.yaml_tag 1:4 a");
  EXPECT_EQ(mistake("a: !x {b: 1}\n"), "base.yaml_tag 1:4 a");
  EXPECT_EQ(mistake("a: !!null\n"), "base.yaml_tag 1:4 a");
  EXPECT_EQ(mistake("a: 1\n---\nb: 1\n"), "base.yaml_second_document 2:1");
  EXPECT_EQ(mistake("? [1]\n: 2\n"), "base.yaml_key_not_text 1:3");
  EXPECT_EQ(mistake("~: 2\n"), "base.yaml_key_not_text 1:1");
  EXPECT_EQ(mistake("a: \"open\n"), "base.yaml_quote_open 1:4 a");
  EXPECT_EQ(mistake("a: 'it''s\n"), "base.yaml_quote_open 1:4 a");
  EXPECT_EQ(mistake("a: \"x\\N\"\n"), "base.yaml_escape_byte 1:4 a");
  EXPECT_EQ(mistake("\"\\_\": 1\n"), "base.yaml_escape_byte 1:1");
  EXPECT_EQ(mistake("a: [1, 2\n"), "base.yaml_bracket_open 2:1");
  EXPECT_EQ(mistake("ok: 1\nbad: \xff\n"), "base.not_utf8 2:6");
  EXPECT_EQ(mistake("ok: \"é\xc3\"\n"), "base.not_utf8 1:7");
  EXPECT_EQ(mistake(std::string("a: 1\nb: \x04 2\n")), "base.yaml_control 2:4");
  EXPECT_EQ(mistake(std::string("a: 1\0b", 6)), "base.yaml_control 1:5");
}

TEST(Yaml, BoundsDepthAndSize) {
  EXPECT_EQ(mistake(std::string(32, '[') + std::string(32, ']')), "none");
  EXPECT_EQ(mistake(std::string(33, '[') + std::string(33, ']')), "base.yaml_too_deep 1:33");
  EXPECT_NE(mistake(std::string(100'000, '[')), "none");
  EXPECT_EQ(mistake(std::string((8 << 20) + 1, 'a')), "base.yaml_too_large 0:0");
}

TEST(Yaml, ReadsAFile) {
  const auto path = testing::TempDir() + "yaml_test.yaml";
  std::ofstream(path) << "a: 1\n";
  const auto node = read_yaml(path);
  ASSERT_TRUE(node);
  EXPECT_EQ(node->find("a")->place, (Place{path, 1, 4}));
  EXPECT_EQ(read_yaml(path + ".nobody").error()[0].text.id, "base.cannot_read");
}

TEST(Yaml, NoValueHidesWhatStandsBehindIt) {
  for (const auto* hidden :
       {R"("\e[8m")", R"("\x7f")", R"("\x9b")", R"("\r")", R"("\u202e")", R"("\u2066")", "\xe2\x80\xae"}) {
    EXPECT_EQ(mistake(std::string("a: ") + hidden + "\n"), "base.hidden_character 1:4 a") << hidden;
    EXPECT_EQ(mistake(std::string(hidden) + ": a\n"), "base.hidden_character 1:1") << hidden;
  }
  for (const auto* plain : {R"("a\n\tb")", R"("\u200f\u200c")", "|\r\n  a\r\n  b\r\n", "é 😷 تسونامي"})
    EXPECT_TRUE(parse_yaml(std::string("a: ") + plain + "\n", "f").has_value()) << plain;
}

}  // namespace
}  // namespace broadcaster::base
