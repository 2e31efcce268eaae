#include "broadcaster/base/canonical_json.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace broadcaster::base {
namespace {

std::string canonical(const std::string& text) { return canonical_json(parse_json(text, "f").value()); }
std::string refused(const std::string& text) {
  auto value = parse_json(text, "f");
  return value ? "none" : value.error().text.id;
}

TEST(CanonicalJson, IsExactToTheByte) {
  EXPECT_EQ(canonical(" { \"b\" : [ 1, -2 ,true,null, {} , [] ], \"a\" : \"x\" } "),
            "{\"a\":\"x\",\"b\":[1,-2,true,null,{},[]]}");
  EXPECT_EQ(canonical(R"(["\u0022\\\/\b\f\n\r\t\u0001\u001F\u007f"])"),
            "[\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"]");
  EXPECT_EQ(canonical("[\"e\xcc\x81\"]"), "[\"\xc3\xa9\"]");
  EXPECT_EQ(canonical("{\"\xef\xbf\xbd\":1,\"\xf0\x9f\x98\x80\":2,\"Z\":3}"),
            "{\"Z\":3,\"\xef\xbf\xbd\":1,\"\xf0\x9f\x98\x80\":2}");
  EXPECT_EQ(canonical("[9007199254740991,-9007199254740991]"), "[9007199254740991,-9007199254740991]");
}

TEST(CanonicalJson, ThrowsOnWhatMustNotBeSigned) {
  for (const auto* bad : {"[1.5]", "[1.0]", "[1e3]", "[9007199254740992]", "[-9007199254740992]"})
    EXPECT_THROW(canonical(bad), std::logic_error) << bad;
}

TEST(ParseJson, Refuses) {
  EXPECT_EQ(refused("{\"a\":1,\"b\":{\"a\":1}}"), "none");
  EXPECT_EQ(refused("{\"a\":1,\"\\u0061\":2}"), "base.json_given_twice");
  EXPECT_EQ(refused("{\"\xc3\xa9\":1,\"e\xcc\x81\":2}"), "base.json_given_twice");
  EXPECT_EQ(refused("[1,]"), "base.bad_json");
  EXPECT_EQ(refused("[1] 2"), "base.bad_json");
  EXPECT_EQ(refused(""), "base.bad_json");
  for (const auto* half : {"[\"\\ud800\"]", "[\"\\udfff\"]", "[\"\\ud800x\"]", "[\"\\ud800\\u0041\"]",
                           "[\"\\udc00\\ud800\"]", "{\"\\ud83d\":1}"})
    EXPECT_EQ(refused(half), "base.json_half_pair") << half;
  EXPECT_EQ(refused("[\"\\ud83d\\ude00\"]"), "none");
  EXPECT_EQ(refused("[\"\\\\ud800\"]"), "none");               // a backslash, then letters
  EXPECT_EQ(refused("[\"\\\\ud800\x01\"]"), "base.bad_json");  // and a control character
  for (const auto* bad : {"nul", "{\"a\" 1}", "{a:1}", "[01]", "[+1]", "[.5]", "[NaN]", "'a'", "[\"\x01\"]",
                          "[\"\\x\"]", "\xef\xbb\xbf[]", "// c\n[]"})
    EXPECT_EQ(refused(bad), "base.bad_json") << bad;
  EXPECT_EQ(refused("[\"\xff\"]"), "base.not_utf8");
  EXPECT_EQ(refused(std::string(32, '[') + std::string(32, ']')), "none");
  EXPECT_EQ(refused(std::string(33, '[') + std::string(33, ']')), "base.yaml_too_deep");
  EXPECT_EQ(refused(std::string(100'000, '[')), "base.yaml_too_deep");
  EXPECT_EQ(parse_json("[1,2]", "f", 4).error().text.id, "base.file_too_large");
}

TEST(ParseJson, PointsAtTheMistake) {
  const auto place = [](const std::string& text) { return parse_json(text, "f").error().place.value(); };
  EXPECT_EQ(place("[1,\n  \"é\", x]"), (Place{"f", 2, 8}));
  EXPECT_EQ(place("{\n\"a\": \"\xff\"}"), (Place{"f", 2, 7}));
  EXPECT_EQ(place("{\"a\": 1,\n \"b\": 2,\n \"a\": 3}"), (Place{"f", 3, 2}));
  EXPECT_EQ(parse_json("{\"a\":{\"b\":1,\"b\":2}}", "f").error().key, "b");
}

TEST(Json, WhatPeopleWriteHidesNothing) {
  EXPECT_TRUE(parse_written_json(R"({"a":["b\n\t\u200f"]})", "f").has_value());
  EXPECT_TRUE(parse_json(R"({"a":"\u001b[8m"})", "f").has_value()) << "what a gateway said is kept as it was";
  for (const auto* hidden :
       {R"({"a":[{"b":"\u001b[8m"}]})", R"({"a":[{"b":"\u202e"}]})", R"({"a":[{"b":"\u0085"}]})"}) {
    const auto read = parse_written_json(hidden, "f");
    ASSERT_FALSE(read.has_value()) << hidden;
    EXPECT_EQ(read.error().text.id, "base.hidden_character");
    EXPECT_EQ(read.error().key, "a[0].b");
  }
  EXPECT_FALSE(parse_written_json(R"({"\u009b":1})", "f").has_value());
}

}  // namespace
}  // namespace broadcaster::base
