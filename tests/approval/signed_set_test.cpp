// The file of the signed set: what goes in comes out, and what was touched by hand is refused.
#include "broadcaster/approval/signed_set.hpp"

#include <gtest/gtest.h>

#include "tests/approval/signed_sets.hpp"

namespace broadcaster::approval {
namespace {

SignedSet two() {
  const auto first = signed_by({"bayu", "ratna"}, texts_of(agency().people_text()));
  return signed_by({"bayu", "ratna"}, texts_of(agency().people_text(), "rules:\n"), &first, at(1, 30));
}

std::string why(const std::string& text) {
  const auto read = parse_signed_set(text, "signed.json");
  return read ? "" : read.error().text.id;
}

TEST(SignedSetFile, ComesBackAsItWas) {
  const auto set = two();
  const auto read = parse_signed_set(signed_set_json(set), "signed.json");
  ASSERT_TRUE(read.has_value()) << read.error().text.id;
  EXPECT_EQ(read->digest(), set.digest());
  EXPECT_EQ(read->texts, set.texts);
  ASSERT_EQ(read->sets.size(), 2u);
  EXPECT_EQ(read->last().signatures, set.last().signatures);
  EXPECT_EQ(read->sets[0].people, agency().people_text());
}

TEST(SignedSetFile, EverythingThatDecidesIsInItsDigest) {
  const auto set = two().last();
  for (const auto& change : std::vector<std::function<void(PolicySet&)>>{
           [](PolicySet& s) { s.number = 3; }, [](PolicySet& s) { s.date += std::chrono::milliseconds(1); },
           [](PolicySet& s) { s.previous[0] = s.previous[0] == 'a' ? 'b' : 'a'; },
           [](PolicySet& s) { s.files["policy.yaml"][0] = 'x'; }, [](PolicySet& s) { s.files.erase("policy.yaml"); }}) {
    auto other = set;
    change(other);
    EXPECT_NE(digest(other), digest(set));
  }
}

TEST(SignedSetFile, WhatWasTouchedByHandIsRefused) {
  const auto text = signed_set_json(two());
  const auto with = [&](const std::string& from, const std::string& to) {
    auto other = text;
    EXPECT_NE(other.find(from), std::string::npos) << from;
    return other.replace(other.find(from), from.size(), to);
  };
  EXPECT_EQ(why(with("\"number\":2", "\"number\":3")), "approval.set_damaged");
  EXPECT_EQ(why(with("Actual: 2", "Actual: 1")), "approval.set_damaged");
  EXPECT_EQ(why(with("\"policy.yaml\":\"rules:\\n\"", "\"policy.yaml\":\"rules: \\n\"")), "approval.set_damaged");
  EXPECT_EQ(why(with("\"previous\"", "\"before\"")).empty(), false);
  EXPECT_EQ(why(with("\"format\":1", "\"format\":2")), "approval.set_newer");
  EXPECT_EQ(why(with("\"policy.yaml\":\"rules:", "\"evil.yaml\":\"rules:")), "approval.set_file_unknown");
  EXPECT_EQ(why("{\"format\":1,\"sets\":[],\"texts\":{}}"), "approval.set_damaged");
}

TEST(SignedSetFile, AKeyWithoutAPassphraseSignsNoSet) {
  const auto file = new_key("bayu", "");
  const auto key = unlock(*file, "");
  const auto signature = sign_set(*key, base::Digest{}, at(1, 0));
  ASSERT_FALSE(signature.has_value());
  EXPECT_EQ(signature.error().text.id, "approval.key_without_passphrase");
}

TEST(SignedSetFile, FilesThatDifferAreNamedWithHow) {
  using How = FileChange::How;
  const auto from = digests_of({{"people.yaml", "a"}, {"policy.yaml", "b"}, {"zones.geojson", "c"}});
  const auto to = digests_of({{"people.yaml", "x"}, {"sirens.yaml", "d"}, {"zones.geojson", "c"}});
  EXPECT_EQ(changes(from, to),
            (std::vector<FileChange>{
                {How::changed, "people.yaml"}, {How::removed, "policy.yaml"}, {How::added, "sirens.yaml"}}));
}

}  // namespace
}  // namespace broadcaster::approval
