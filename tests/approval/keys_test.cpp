#include <gtest/gtest.h>

#include <type_traits>

#include "tests/approval/fixture.hpp"

namespace broadcaster::approval {
namespace {

const base::Digest some_digest = base::sha256(std::string_view("a plan"));

TEST(Signature, IsOverPrefixRoleModeTimeAndDigest) {
  EXPECT_EQ(signed_text(Role::approver, alert::Mode::live, at(2, 7), some_digest),
            "broadcaster-approval-2\napprover\nlive\n2026-11-24T02:07:00.000Z\n" + base::hex(some_digest));
}

TEST(Signature, IsWorthNothingInAnotherRoleOrModeOrAtAnotherTime) {
  const auto& key = agency().keys.at("bayu");
  const auto given = sign(key, Role::canceller, alert::Mode::drill, some_digest, at(2, 0)).value();
  int fits = 0;
  for (const auto role : {Role::author, Role::approver, Role::canceller})
    for (const auto mode : {alert::Mode::live, alert::Mode::drill})
      fits += verify(key.public_key(), role, mode, at(2, 0), some_digest, given.signature);
  EXPECT_EQ(fits, 1);
  EXPECT_TRUE(verify(key.public_key(), Role::canceller, alert::Mode::drill, at(2, 0), some_digest, given.signature));
  EXPECT_FALSE(verify(key.public_key(), Role::canceller, alert::Mode::drill, at(2, 0) + std::chrono::milliseconds(1),
                      some_digest, given.signature));
}

TEST(Signature, NamesPersonKeyAndTime) {
  const auto& key = agency().keys.at("ratna");
  const auto given = sign(key, Role::approver, alert::Mode::live, some_digest, at(2, 7)).value();
  EXPECT_EQ(given.person, "ratna");
  EXPECT_EQ(given.key_id, base::hex(base::sha256(key.public_key())).substr(0, 16));
  EXPECT_EQ(given.at, at(2, 7));
}

TEST(Signature, OfTheWrongLengthDoesNotFit) {
  const auto& key = agency().keys.at("bayu");
  auto given = sign(key, Role::approver, alert::Mode::live, some_digest, at(2, 0)).value().signature;
  given.push_back(0);
  EXPECT_FALSE(verify(key.public_key(), Role::approver, alert::Mode::live, at(2, 0), some_digest, given));
  EXPECT_FALSE(verify(key.public_key(), Role::approver, alert::Mode::live, at(2, 0), some_digest, {}));
}

TEST(Key, WithoutPassphraseIsRefusedForLiveAndSignsADrill) {
  const auto key = unlock(new_key("latih", "").value(), "").value();
  const auto live = sign(key, Role::approver, alert::Mode::live, some_digest, at(2, 0));
  ASSERT_FALSE(live.has_value());
  EXPECT_EQ(live.error().kind, base::ErrorKind::refused);
  EXPECT_EQ(live.error().text.id, "approval.key_without_passphrase");
  EXPECT_TRUE(sign(key, Role::approver, alert::Mode::drill, some_digest, at(2, 0)).has_value());
}

static_assert(!std::is_copy_constructible_v<UnlockedKey>, "a secret has one place in memory");
static_assert(!std::is_default_constructible_v<UnlockedKey>, "only unlocking gives a key that signs");

}  // namespace
}  // namespace broadcaster::approval
