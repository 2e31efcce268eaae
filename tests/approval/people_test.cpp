#include "broadcaster/approval/people.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/approval/fixture.hpp"
#include "tests/support/places.hpp"

namespace broadcaster::approval {
namespace {

const std::string quorum_line = "quorum: {Actual: 1, Exercise: 1, Test: 1, System: 1}\n";

std::string person(const std::string& id, const std::string& roles, const std::string& keys = " []") {
  return "  - id: " + id + "\n    name: N\n    roles: " + roles + "\n    keys:" + keys + "\n";
}
std::string all_roles() { return person("a", "[author]") + person("b", "[approver, canceller]"); }
std::string key_line(const PublicKey& key) { return "\n      - public: \"" + base::base64(key) + "\""; }
PublicKey fresh_key() { return new_key("x", "").value().public_key; }

/// Every mistake as "id key".
std::vector<std::string> mistakes(const std::string& text) {
  std::vector<std::string> out;
  const auto people = parse_people(text, "people.yaml");
  if (people) return out;
  for (const auto& error : people.error()) {
    EXPECT_GT(error.place->line, 0);
    out.push_back(error.text.id + " " + error.key);
  }
  return out;
}
using Mistakes = std::vector<std::string>;

TEST(People, AreReadWithTheirTextByteForByte) {
  const auto text = agency().people_text();
  const auto people = parse_people(text, "people.yaml");
  ASSERT_TRUE(people.has_value());
  EXPECT_EQ(people->text, text);
  EXPECT_TRUE(people->find("ratna")->has(Role::canceller));
  EXPECT_FALSE(people->find("bayu")->has(Role::author));
  EXPECT_EQ(people->quorum.at(alert::Status::actual), 2);
  EXPECT_EQ(people->owner(key_id(agency().keys.at("dewi").public_key()))->id, "dewi");
  EXPECT_EQ(people->find("nobody"), nullptr);
}

TEST(People, OfTheExampleAgencyAreFineAndCannotSign) {
  const auto people = read_people(places::source("config/people.yaml"));
  ASSERT_TRUE(people.has_value()) << people.error().front().text.id;
  EXPECT_EQ(people->quorum.at(alert::Status::actual), 2);
  for (const auto& person : people->persons) EXPECT_TRUE(person.keys.empty()) << person.id;
}

TEST(People, WithAnIdTwiceAreRefused) {
  EXPECT_EQ(mistakes("people:\n" + all_roles() + person("a", "[author]") + quorum_line),
            (Mistakes{"approval.person_twice people[2].id"}));
}

TEST(People, AKeyBelongsToOnePersonOnce) {
  const auto key = fresh_key();
  EXPECT_EQ(mistakes("people:\n" + all_roles() + person("c", "[author]", key_line(key)) +
                     person("d", "[approver]", key_line(key)) + quorum_line),
            (Mistakes{"approval.key_twice people[3].keys[0].public"}));
  EXPECT_EQ(mistakes("people:\n" + all_roles() + person("c", "[author]", key_line(key) + key_line(key)) + quorum_line),
            (Mistakes{"approval.key_twice people[2].keys[1].public"}));
}

TEST(People, AKeyMustBeAPointOfTheCurve) {
  PublicKey bad{};  // small order: a signature under it proves nothing
  EXPECT_EQ(mistakes("people:\n" + all_roles() + person("c", "[author]", key_line(bad)) + quorum_line),
            (Mistakes{"approval.public_key people[2].keys[0].public"}));
  EXPECT_EQ(mistakes("people:\n" + all_roles() + person("c", "[author]", "\n      - public: abcd") + quorum_line),
            (Mistakes{"approval.public_key people[2].keys[0].public"}));
}

TEST(People, SeveralMistakesAreAllReported) {
  EXPECT_EQ(mistakes("people:\n" + all_roles() + person("Budi", "[boss, author, author]") + "quorum: {Actual: 0}\n"),
            (Mistakes{"approval.person_id people[2].id", "approval.role_unknown people[2].roles",
                      "approval.role_twice people[2].roles", "base.out_of_range quorum.Actual",
                      "base.missing quorum.Exercise", "base.missing quorum.Test", "base.missing quorum.System"}));
}

TEST(People, AQuorumThatCannotBeReachedIsRefused) {
  const auto with = [](const std::string& people, int actual) {
    return mistakes("people:\n" + people + "quorum: {Actual: " + std::to_string(actual) +
                    ", Exercise: 1, Test: 1, System: 1}\n");
  };
  const auto two = person("a", "[author, canceller]") + person("b", "[approver]") + person("c", "[approver]");
  EXPECT_EQ(with(two, 2), Mistakes{});
  EXPECT_EQ(with(two, 3), (Mistakes{"approval.quorum_unreachable quorum.Actual"}));
  // Two approvers, but whoever writes is one of them and cannot approve.
  const auto authors = person("b", "[author, approver, canceller]") + person("c", "[author, approver]");
  EXPECT_EQ(with(authors, 1), Mistakes{});
  EXPECT_EQ(with(authors, 2), (Mistakes{"approval.quorum_unreachable quorum.Actual"}));
}

TEST(People, EveryRoleIsHeldBySomebody) {
  EXPECT_EQ(mistakes("people:\n" + person("a", "[author]") + person("b", "[approver]") + quorum_line),
            (Mistakes{"approval.role_nobody people"}));
}

TEST(People, DraftHasNoQuorumForItIsNeverReleased) {
  EXPECT_EQ(mistakes("people:\n" + all_roles() + "quorum: {Actual: 1, Exercise: 1, Test: 1, System: 1, Draft: 1}\n"),
            (Mistakes{"base.unknown_key quorum.Draft"}));
}

TEST(People, SayHowLongAnApprovalIsGoodForAndNotForTheNight) {
  const auto with = [](const std::string& line) { return "people:\n" + all_roles() + quorum_line + line; };
  EXPECT_EQ(parse_people(with(""), "people.yaml")->release_within, std::chrono::minutes(10));
  EXPECT_EQ(parse_people(with("release_within: 30m\n"), "people.yaml")->release_within, std::chrono::minutes(30));
  for (const auto* bad : {"31m", "59s", "0s"})
    EXPECT_EQ(mistakes(with(std::string("release_within: ") + bad + "\n")),
              (Mistakes{"approval.release_within_bounds release_within"}));
}

std::string with_key_line(const std::string& line) {
  return "people:\n" + all_roles() + person("c", "[author]", key_line(fresh_key()) + "\n        " + line) + quorum_line;
}

TEST(People, ALastDateNeedsAnOffset) {
  EXPECT_EQ(mistakes(with_key_line("expires: 2027-01-01")), (Mistakes{"base.bad_time people[2].keys[0].expires"}));
  const auto people = parse_people(with_key_line("expires: 2026-11-24T09:00:00+07:00"), "people.yaml");
  ASSERT_TRUE(people.has_value());
  const auto& key = people->find("c")->keys[0];
  EXPECT_EQ(key.expires->at, at(2, 0));
  EXPECT_FALSE(key.has_expired(at(2, 0)));
  EXPECT_TRUE(key.has_expired(at(2, 1)));
}

TEST(People, TheOlderWordForALastDateIsReadAndNotBesideTheNewOne) {
  const auto people = parse_people(with_key_line("not_after: 2026-11-24T09:00:00+07:00"), "people.yaml");
  ASSERT_TRUE(people.has_value());
  EXPECT_EQ(people->find("c")->keys[0].expires->at, at(2, 0));
  EXPECT_EQ(mistakes(with_key_line("expires: 2026-11-24T09:00:00+07:00\n        not_after: 2026-11-24T09:00:00+07:00")),
            (Mistakes{"approval.key_expires_twice people[2].keys[0].not_after"}));
}

TEST(People, AKeyIsRevokedFromATimeOnOrAltogetherAndASlipIsRefused) {
  const auto revoked = [](const std::string& value) {
    const auto people = parse_people(with_key_line("revoked: " + value), "people.yaml");
    return people ? std::optional(people->find("c")->keys[0]) : std::nullopt;
  };
  EXPECT_FALSE(revoked("2026-11-24T09:00:00+07:00")->is_revoked(at(1, 59)));
  EXPECT_TRUE(revoked("2026-11-24T09:00:00+07:00")->is_revoked(at(2, 0)));
  EXPECT_TRUE(revoked("true")->is_revoked(at(0, 0)));
  EXPECT_FALSE(revoked("false")->is_revoked(at(2, 0)));
  for (const auto* bad : {"yes", "2026-11-24", "\"true\"", "[]", "tru"})
    EXPECT_EQ(mistakes(with_key_line(std::string("revoked: ") + bad)),
              (Mistakes{"approval.key_revoked people[2].keys[0].revoked"}))
        << bad;
}

TEST(People, AKeyIsNamedThirtyDaysBeforeItsLastMomentAndAfterIt) {
  const auto warned = [](const std::string& line) {
    const auto people = parse_people(with_key_line(line), "people.yaml");
    return ids(key_warnings(people.value(), at(2, 0)));
  };
  using Ids = std::vector<std::string>;
  EXPECT_EQ(warned("expires: 2026-12-24T02:00:01+00:00"), Ids{});
  EXPECT_EQ(warned("expires: 2026-12-24T02:00:00+00:00"), Ids{"approval.key_expires_soon"});
  EXPECT_EQ(warned("expires: 2026-11-24T01:59:59+00:00"), Ids{"approval.key_expired"});
  EXPECT_EQ(warned("expires: 2026-11-24T01:59:59+00:00\n        revoked: true"), Ids{});
}

TEST(People, AnAllClearHasAQuorumOfItsOwn) {
  const auto with = [](const std::string& line) {
    return parse_people("people:\n" + all_roles() + person("c", "[approver]") + line, "p");
  };
  alert::Alert order, over;
  order.status = over.status = alert::Status::actual;
  over.confirmation = "BMKG 06.31 WIB";
  const auto usual = with("quorum: {Actual: 2, Exercise: 1, Test: 1, System: 1}\n");
  ASSERT_TRUE(usual.has_value());
  EXPECT_EQ(usual->approvals_needed(order), 2);
  EXPECT_EQ(usual->approvals_needed(over), 2) << "as for Actual, where nobody says";
  const auto stricter = with("quorum: {Actual: 1, Exercise: 1, Test: 1, System: 1, all_clear: 2}\n");
  ASSERT_TRUE(stricter.has_value());
  EXPECT_EQ(stricter->approvals_needed(order), 1);
  EXPECT_EQ(stricter->approvals_needed(over), 2);
  over.status = alert::Status::exercise;
  EXPECT_EQ(stricter->approvals_needed(over), 1) << "a drill's needs what its order needs";
  EXPECT_EQ(
      mistakes("people:\n" + all_roles() + "quorum: {Actual: 1, Exercise: 1, Test: 1, System: 1, all_clear: 3}\n"),
      (Mistakes{"approval.quorum_unreachable quorum.all_clear"}));
}

TEST(People, APreparedAlertNeedsAsManyAsAnAlertOrMore) {
  const auto with = [](const std::string& line) {
    return parse_people("people:\n" + all_roles() + person("c", "[approver]") + line, "p");
  };
  alert::Alert order;
  order.status = alert::Status::actual;
  const auto usual = with("quorum: {Actual: 2, Exercise: 1, Test: 1, System: 1}\n");
  ASSERT_TRUE(usual.has_value());
  EXPECT_EQ(usual->approvals_needed_prepared(order), 2);
  const auto stricter = with("quorum: {Actual: 1, Exercise: 1, Test: 1, System: 1, prepared: 2}\n");
  ASSERT_TRUE(stricter.has_value());
  EXPECT_EQ(stricter->approvals_needed_prepared(order), 2);
  EXPECT_EQ(stricter->approvals_needed(order), 1);
  order.status = alert::Status::exercise;
  EXPECT_EQ(stricter->approvals_needed_prepared(order), 1) << "a drill's needs what its order needs";
  const auto fewer = with("quorum: {Actual: 2, Exercise: 1, Test: 1, System: 1, prepared: 1}\n");
  ASSERT_FALSE(fewer.has_value());
  EXPECT_EQ(fewer.error().front().text.id, "approval.prepared_quorum");
}

TEST(People, ARevocationThatIsYetToComeIsNamedForTheKeyStillCounts) {
  const auto people = parse_people(with_key_line("revoked: 2026-11-24T09:00:01+07:00"), "people.yaml");
  EXPECT_EQ(ids(key_warnings(people.value(), at(2, 0))), std::vector<std::string>{"approval.key_still_counts"});
  EXPECT_TRUE(key_warnings(people.value(), at(2, 1)).empty());
}

TEST(People, AQuorumThatKeysOfTodayCannotReachIsNamed) {
  auto text = agency().people_text();
  const auto warned = [&] { return ids(quorum_warnings(parse_people(text, "people.yaml").value(), at(2, 0))); };
  EXPECT_TRUE(warned().empty());
  for (const auto* person : {"id: bayu", "id: ratna"}) {
    const auto line = text.find('\n', text.find("- public:", text.find(person))) + 1;
    text.insert(line, "        expires: 2026-11-24T01:59:59+00:00\n");
  }
  EXPECT_EQ(warned(), std::vector<std::string>(3, "approval.too_few_able")) << "Actual, all_clear and prepared";
}

}  // namespace
}  // namespace broadcaster::approval
