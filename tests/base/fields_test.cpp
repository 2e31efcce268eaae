#include <gtest/gtest.h>

#include "broadcaster/base/yaml.hpp"

namespace broadcaster::base {
namespace {

using namespace std::chrono_literals;

Node node(const std::string& text) { return parse_yaml(text, "f").value(); }

/// "line:column key id" of every mistake, and of the keys it names.
std::vector<std::string> listed(const Errors& errors) {
  std::vector<std::string> out;
  for (const auto& e : errors) {
    auto line = std::to_string(e.place->line) + ":" + std::to_string(e.place->column) + " " + e.key + " " + e.text.id;
    for (const auto& [name, value] : e.text.arguments)
      if (const auto* key = std::get_if<Key>(&value)) line += " " + key->id;
    out.push_back(line);
  }
  return out;
}
using Lines = std::vector<std::string>;

enum class Colour { red, green };
constexpr std::pair<std::string_view, Colour> colours[] = {{"red", Colour::red}, {"green", Colour::green}};

TEST(Fields, ReadsEveryKind) {
  const auto map = node("t: hi\nn: 5\nd: 3h\nl: [a, b]\nc: green\ny: true\nm: {x: 1}\n");
  Errors errors;
  {
    Fields f(map, "", errors);
    EXPECT_EQ(f.text("t"), "hi");
    EXPECT_EQ(f.whole("n"), 5);
    EXPECT_EQ(f.duration("d"), 3h);
    EXPECT_EQ(f.texts("l"), (Lines{"a", "b"}));
    EXPECT_EQ(f.choice<Colour>("c", colours), Colour::green);
    EXPECT_EQ(f.maybe_yes_no("y"), true);
    ASSERT_NE(f.child("m"), nullptr);
    Fields inner(*f.child("m"), f.path_of("m"), errors);
    EXPECT_EQ(inner.maybe_whole("x"), 1);
    EXPECT_EQ(inner.path_of("x"), "m.x");
    EXPECT_EQ(f.maybe_text("absent"), std::nullopt);
    EXPECT_TRUE(f.maybe_texts("absent").empty());
    EXPECT_EQ(f.maybe_child("absent"), nullptr);
    EXPECT_EQ(f.maybe_duration("absent"), std::nullopt);
    EXPECT_EQ(f.maybe_choice<Colour>("absent", colours), std::nullopt);
  }
  EXPECT_EQ(listed(errors), Lines{});
}

TEST(Fields, CollectsEveryMistakeOnce) {
  const auto map = node("retries: x\nname: [a]\nwait: 5\nsure: \"true\"\nlist: []\nmore: [a, {b: 1}]\nnone:\n");
  Errors errors;
  {
    Fields f(map, "info[0]", errors);
    EXPECT_EQ(f.whole("retries"), 0);
    f.text("name");
    f.duration("wait");
    f.maybe_yes_no("sure");
    f.texts("list");
    EXPECT_EQ(f.maybe_texts("more"), Lines{"a"});
    f.maybe_text("none");
    f.text("gone");
    f.choice<Colour>("colour", colours);
  }
  EXPECT_EQ(listed(errors), (Lines{"1:10 info[0].retries base.expected_found base.expected_whole",
                                   "2:7 info[0].name base.expected_found base.expected_text base.found_list",
                                   "3:7 info[0].wait base.expected_found base.expected_duration",
                                   "4:7 info[0].sure base.expected_found_quoted base.expected_yes_no",
                                   "5:7 info[0].list base.expected_found base.expected_texts base.found_list",
                                   "6:11 info[0].more[1] base.expected_found base.expected_text base.found_map",
                                   "7:1 info[0].none base.expected_found base.expected_text base.found_nothing",
                                   "1:1 info[0].gone base.missing base.expected_text",
                                   "1:1 info[0].colour base.missing base.expected_text"}));
}

TEST(Fields, WholeNumbersHaveARangeAndOneSpelling) {
  const auto map = node("a: 11\nb: 1.0\nc: 0x10\nd: \"3\"\ne: 99999999999999999999\nf: -3\ng: +3\n");
  Errors errors;
  {
    Fields f(map, "", errors);
    EXPECT_EQ(f.whole("a", 1, 10), 1);
    for (const auto* key : {"b", "c", "d", "e", "g"}) EXPECT_EQ(f.maybe_whole(key), std::nullopt) << key;
    EXPECT_EQ(f.whole("f", -5, 5), -3);
  }
  ASSERT_EQ(errors.size(), 6u);
  EXPECT_EQ(errors[0].text, (Text{"base.out_of_range",
                                  {{"min", std::int64_t{1}}, {"max", std::int64_t{10}}, {"found", std::int64_t{11}}}}));
}

TEST(Fields, UnknownKeysAreReportedAndTheNearestAbsentOneSuggested) {
  const auto map = node("retires: 3\nzzz: 1\n");
  Errors errors;
  {
    Fields f(map, "", errors);
    f.whole("retries");
  }
  EXPECT_EQ(listed(errors), (Lines{"1:1 retries base.missing base.expected_whole", "1:1 retires base.unknown_key_meant",
                                   "2:1 zzz base.unknown_key"}));
}

TEST(Fields, AnOptionalKeyIsSuggestedButNoneThatIsThere) {
  const auto map = node("nmae: a\nport: 1\nprot: 2\n");
  Errors errors;
  {
    Fields f(map, "info[0]", errors);
    f.maybe_text("name");
    f.maybe_whole("port");
  }
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0].key, "info[0].nmae");
  EXPECT_EQ(errors[0].text, (Text{"base.unknown_key_meant", {{"suggestion", "name"}}}));
  EXPECT_EQ(errors[1].key, "info[0].prot");
  EXPECT_EQ(errors[1].text, (Text{"base.unknown_key", {}}));
}

TEST(Fields, AWrongChoiceNamesTheChoicesAndWhatWasFound) {
  const auto map = node("c: blue\n");
  Errors errors;
  Fields f(map, "", errors);
  EXPECT_EQ(f.choice<Colour>("c", colours), Colour::red);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].text, (Text{"base.expected_one_of", {{"choices", "red, green"}, {"found", "\"blue\""}}}));
}

TEST(Fields, WhatIsNoMapIsOneMistake) {
  const auto list = node("[1]");
  Errors errors;
  {
    Fields f(list, "zones", errors);
    f.text("a");
    f.texts("b");
    f.whole("c");
  }
  EXPECT_EQ(listed(errors), Lines{"1:1 zones base.expected_found base.expected_map base.found_list"});
}

TEST(Fields, LongAndManyLinedValuesAreShownShort) {
  const auto map = node("n: \"" + std::string(500, 'x') + "\\n\"\n");
  Errors errors;
  Fields f(map, "", errors);
  f.maybe_whole("n");
  EXPECT_LT(std::get<std::string>(errors.at(0).text.arguments.at(1).second).size(), 80u);
}

TEST(Duration, FourUnitsAndNothingElse) {
  EXPECT_EQ(parse_duration("90s"), 90s);
  EXPECT_EQ(parse_duration("15m"), 15min);
  EXPECT_EQ(parse_duration("2d"), 48h);
  EXPECT_EQ(parse_duration("0s"), 0s);
  for (const auto* bad : {"", "s", "5", "-5s", "+5s", "5 s", "5ms", "1.5h", "5S", "99999999999999d", "36526d"})
    EXPECT_EQ(parse_duration(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace broadcaster::base
