// Are the files on the disk the signed ones? As the owner of a live state judges it.
#include <gtest/gtest.h>

#include "tests/approval/signed_sets.hpp"

namespace broadcaster::approval {
namespace {

using State = SetStanding::State;
using News = SetStanding::News;

std::string people(int quorum = 2) {
  auto text = agency().people_text();
  text.replace(text.find("Actual: 2"), 9, "Actual: " + std::to_string(quorum));
  return text;
}

const SignedSet& first() {
  static const auto set = signed_by({"bayu", "ratna"}, texts_of(people()));
  return set;
}

TEST(SignedSet, TheFirstOneIsTakenOnTrustAndSaysSo) {
  const auto standing = judge_set(disk(texts_of(people()), &first()), nullptr, at(2, 0));
  EXPECT_TRUE(standing.in_force());
  EXPECT_EQ(standing.news, News::first_use);
  EXPECT_EQ(standing.accepted->last().number, 1);
  EXPECT_TRUE(set_refusals(standing).empty());
}

TEST(SignedSet, WhatWasNeverSignedReleasesNothingLive) {
  const auto standing = judge_set(disk(texts_of(people()), nullptr), nullptr, at(2, 0));
  EXPECT_EQ(standing.state, State::never_signed);
  EXPECT_EQ(ids(set_refusals(standing)), std::vector<std::string>{"approval.set_never_signed"});
}

TEST(SignedSet, OneManCannotLowerTheQuorum) {
  const auto accepted = shared(first());
  const auto lowered = texts_of(people(1));
  const auto alone = signed_by({"bayu"}, lowered, accepted.get());
  const auto standing = judge_set(disk(lowered, &alone), accepted, at(2, 0));
  EXPECT_EQ(standing.state, State::changed);
  EXPECT_EQ(standing.accepted, accepted);
  EXPECT_EQ(ids(set_refusals(standing)),
            (std::vector<std::string>{"approval.set_changed", "approval.set_quorum_missing"}));
  EXPECT_EQ(names_of(standing.changed), "people.yaml");
}

TEST(SignedSet, NorTwiceBecauseOnePersonCountsOnce) {
  const auto accepted = shared(first());
  const auto twice = signed_by({"bayu", "bayu"}, texts_of(people(1)), accepted.get());
  EXPECT_FALSE(judge_set(disk(texts_of(people(1)), &twice), accepted, at(2, 0)).in_force());
}

TEST(SignedSet, WhoeverIsNewInItDoesNotSignIt) {
  const auto accepted = shared(first());
  auto text = people();  // hendra is no approver in the set before
  const auto place = text.find("[canceller, duty_officer]");
  text.replace(place, 25, "[canceller, approver]");
  const auto by_the_new = signed_by({"bayu", "hendra"}, texts_of(text), accepted.get());
  const auto standing = judge_set(disk(texts_of(text), &by_the_new), accepted, at(2, 0));
  EXPECT_FALSE(standing.in_force());
  EXPECT_EQ(ids(standing.trouble), (std::vector<std::string>{"approval.set_quorum_missing", "approval.doubt_no_role"}));
}

TEST(SignedSet, TheQuorumOfTheOneBeforePutsItInForce) {
  const auto accepted = shared(first());
  const auto next = signed_by({"bayu", "ratna"}, texts_of(people(1)), accepted.get());
  const auto standing = judge_set(disk(texts_of(people(1)), &next), accepted, at(2, 0));
  EXPECT_TRUE(standing.in_force());
  EXPECT_EQ(standing.news, News::followed);
  EXPECT_EQ(standing.accepted->last().number, 2);
  EXPECT_EQ(judge_set(disk(texts_of(people(1)), &next), standing.accepted, at(2, 0)).news, News::none);
}

TEST(SignedSet, AnOldSignedSetIsNotTakenBack) {
  const auto second = shared(signed_by({"bayu", "ratna"}, texts_of(people(3)), &first()));
  const auto standing = judge_set(disk(texts_of(people()), &first()), second, at(2, 0));
  EXPECT_EQ(standing.state, State::changed);
  EXPECT_EQ(standing.accepted, second);
  EXPECT_EQ(ids(standing.trouble), std::vector<std::string>{"approval.set_older"});
}

TEST(SignedSet, NorOneThatForksFromAnOldOne) {
  const auto second = shared(signed_by({"bayu", "ratna"}, texts_of(people(3)), &first()));
  const auto other = signed_by({"bayu", "ratna"}, texts_of(people(1)), &first());
  const auto third = signed_by({"bayu"}, texts_of(people(1), "rules:\n"), &other);  // by the quorum of the fork
  const auto standing = judge_set(disk(texts_of(people(1), "rules:\n"), &third), second, at(2, 0));
  EXPECT_FALSE(standing.in_force());
  EXPECT_EQ(ids(standing.trouble), std::vector<std::string>{"approval.set_other_line"});
}

TEST(SignedSet, SeveralStepsAreFollowedOneByOne) {
  const auto second = signed_by({"bayu", "ratna"}, texts_of(people(1)), &first());
  const auto third = signed_by({"bayu"}, texts_of(people(1), "rules:\n"), &second);
  EXPECT_TRUE(judge_set(disk(third.texts, &third), shared(first()), at(2, 0)).in_force());
  const auto unsigned_step = signed_by({}, texts_of(people(1)), &first());
  const auto after = signed_by({"bayu"}, texts_of(people(1), "rules:\n"), &unsigned_step);
  EXPECT_FALSE(judge_set(disk(after.texts, &after), shared(first()), at(2, 0)).in_force());
}

TEST(SignedSet, ItStaysInForceWhereSignedJsonIsLostOrSpoilt) {
  const auto accepted = shared(first());
  auto spoilt = disk(first().texts, nullptr);
  EXPECT_TRUE(judge_set(spoilt, accepted, at(2, 0)).in_force());
  EXPECT_EQ(ids(judge_set(spoilt, accepted, at(2, 0)).trouble), std::vector<std::string>{"approval.set_lost"});
  for (const auto* text : {"", "{", "[]", "{\"format\":1,\"sets\":[],\"texts\":{}}"}) {
    spoilt.signed_set = text;
    EXPECT_TRUE(judge_set(spoilt, accepted, at(2, 0)).in_force()) << text;
    EXPECT_EQ(judge_set(spoilt, nullptr, at(2, 0)).state, State::never_signed) << text;
  }
}

TEST(SignedSet, AFileThatIsGoneIsAChange) {
  auto texts = first().texts;
  texts.erase("policy.yaml");
  const auto standing = judge_set(disk(texts, &first()), shared(first()), at(2, 0));
  EXPECT_EQ(standing.state, State::changed);
  EXPECT_EQ(standing.changed, (std::vector<FileChange>{{FileChange::How::removed, "policy.yaml"}}));
}

TEST(SignedSet, AKeyThatIsRevokedBeforeItIsReadSignsNothing) {
  auto text = people();
  const auto keys = text.find("- public:", text.find("id: bayu"));
  text.insert(text.find('\n', keys) + 1, "        expires: 2026-11-24T01:30:00-00:00\n");
  const auto before = shared(signed_by({"bayu", "ratna"}, texts_of(text)));
  const auto next = signed_by({"bayu", "ratna"}, texts_of(text, "rules:\n"), before.get());
  EXPECT_TRUE(judge_set(disk(next.texts, &next), before, at(1, 20)).in_force());
  EXPECT_FALSE(judge_set(disk(next.texts, &next), before, at(2, 0)).in_force()) << "whoever stole it writes any date";
  EXPECT_TRUE(judge_set(disk(next.texts, &next), nullptr, at(2, 0)).in_force())
      << "a new machine has nothing to hold against what was signed in time";
}

TEST(SignedSet, ASignatureForAnotherSetOrForAPlanIsWorthNothing) {
  auto set = next_set(nullptr, texts_of(people()), at(1, 0));
  const auto other = signed_by({"bayu", "ratna"}, texts_of(people(), "rules:\n"));
  set.sets.back().signatures = other.last().signatures;
  EXPECT_FALSE(judge_set(disk(set.texts, &set), nullptr, at(2, 0)).in_force());
  set.sets.back().signatures = {
      sign(agency().keys.at("bayu"), Role::approver, alert::Mode::live, digest(set.last()), at(1, 0)).value(),
      sign(agency().keys.at("ratna"), Role::approver, alert::Mode::live, digest(set.last()), at(1, 0)).value()};
  EXPECT_FALSE(judge_set(disk(set.texts, &set), nullptr, at(2, 0)).in_force());
  const auto over_plan = digest(unsigned_plan(sample_plan()));
  const auto as_set = sign_set(agency().keys.at("bayu"), over_plan, at(2, 1)).value();
  auto plan = unsigned_plan(sample_plan());
  plan.signatures = {as_set};
  EXPECT_FALSE(verify(agency().keys.at("bayu").public_key(), Role::approver, alert::Mode::live, as_set.at, over_plan,
                      as_set.signature));
}

TEST(SignedSet, WhatAProcessReadAtItsStartMayBeOfAnOlderSet) {
  const auto next = signed_by({"bayu", "ratna"}, texts_of(people(), "rules:\n"), &first());
  EXPECT_TRUE(was_signed(next, "policy.yaml", digests_of(first().texts)));
  EXPECT_TRUE(was_signed(next, "policy.yaml", digests_of(next.texts)));
  EXPECT_FALSE(was_signed(next, "policy.yaml", digests_of(texts_of(people(), "rules: [] # mine\n"))));
  EXPECT_FALSE(was_signed(next, "policy.yaml", {}));
  EXPECT_TRUE(was_signed(next, "shelters.geojson", {}));
}

TEST(SignedSet, WhoeverDidNotSignIsNotRemembered) {
  auto junk = signed_by({"bayu", "ratna", "hendra"}, texts_of(people()));  // hendra approves nothing
  junk.sets.back().signatures.push_back(junk.last().signatures.front());
  junk.sets.back().signatures.back().person = "dewi";
  const auto standing = judge_set(disk(junk.texts, &junk), nullptr, at(2, 0));
  ASSERT_TRUE(standing.in_force());
  EXPECT_EQ(standing.accepted->last().signatures, first().last().signatures);
  EXPECT_EQ(standing.accepted->digest(), junk.digest());
}

TEST(SignedSet, NamesAreNotForgedIntoASetThatWasAcceptedBefore) {
  const auto accepted = shared(first());
  auto next = signed_by({"bayu", "ratna"}, texts_of(people(), "rules:\n"), accepted.get());
  next.sets.front().signatures.pop_back();
  const auto standing = judge_set(disk(next.texts, &next), accepted, at(2, 0));
  EXPECT_TRUE(standing.in_force()) << "nothing hangs on it here";
  EXPECT_EQ(ids(standing.trouble), std::vector<std::string>{"approval.set_quorum_missing"}) << "and it is said";
  EXPECT_EQ(standing.accepted->sets.front().signatures, first().last().signatures);
}

TEST(SignedSet, TwoDoNotLowerWhatThreeMustAgreeTo) {
  auto text = people();
  text.replace(text.find("roles: [canceller, duty_officer]"), 32, "roles: [canceller, approver]");
  const auto with_three = [&](const std::string& line) {
    auto out = text;
    return out.insert(out.find("Actual: 2") + 9, line);
  };
  const auto before = shared(signed_by({"bayu", "ratna", "hendra"}, texts_of(with_three(", all_clear: 3"))));
  const auto lowered = with_three(", all_clear: 2");
  const auto by_two = signed_by({"bayu", "ratna"}, texts_of(lowered), before.get());
  EXPECT_FALSE(judge_set(disk(by_two.texts, &by_two), before, at(2, 0)).in_force());
  const auto by_three = signed_by({"bayu", "ratna", "hendra"}, texts_of(lowered), before.get());
  EXPECT_TRUE(judge_set(disk(by_three.texts, &by_three), before, at(2, 0)).in_force());
  EXPECT_EQ(parse_people(with_three(", prepared: 3"), "p")->signatures_needed_of_set(), 3);
}

}  // namespace
}  // namespace broadcaster::approval
