#include "broadcaster/base/signing_key.hpp"

#include <gtest/gtest.h>

namespace broadcaster::base {
namespace {

// RFC 8032 §7.1, TEST 2.
const auto seed = digest_from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
constexpr auto public_key = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
constexpr auto signature =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

TEST(SigningKey, SignsAsTheStandardSays) {
  const SigningKey key(*seed);
  EXPECT_EQ(hex(key.public_key()), public_key);
  EXPECT_EQ(hex(key.sign("\x72")), signature);
  EXPECT_TRUE(is_signed_by(key.public_key(), "\x72", *from_hex(signature)));
}

TEST(SigningKey, NothingElseIsItsSignature) {
  const SigningKey key(*seed);
  const auto good = key.sign("text");
  EXPECT_FALSE(is_signed_by(key.public_key(), "Text", good));
  EXPECT_FALSE(is_signed_by(SigningKey::fresh().public_key(), "text", good));
  EXPECT_FALSE(is_signed_by(key.public_key(), "text", std::span(good).first(63)));
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    auto changed = good;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(is_signed_by(key.public_key(), "text", changed)) << bit;
  }
}

TEST(SigningKey, ThePublicKeyIsWrittenAsOtherProgramsReadIt) {
  // RFC 8410 §10.1 shows this key and this text.
  const auto known = digest_from_hex("19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1");
  EXPECT_EQ(pem_of(*known),
            "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
            "-----END PUBLIC KEY-----\n");
}

TEST(SigningKey, ThePublicKeyIsReadBackAndNothingElseIs) {
  const auto key = SigningKey::fresh().public_key();
  const auto pem = pem_of(key);
  EXPECT_EQ(public_key_from_pem(pem), key);
  EXPECT_FALSE(public_key_from_pem(""));
  EXPECT_FALSE(public_key_from_pem(pem.substr(0, 40)));
  auto other = pem;
  other[30] = other[30] == 'A' ? 'B' : 'A';  // another algorithm
  EXPECT_FALSE(public_key_from_pem(other));
  EXPECT_FALSE(public_key_from_pem("-----BEGIN PUBLIC KEY-----\n\n-----END PUBLIC KEY-----\n"));
}

TEST(SigningKey, EveryFreshOneIsAnother) {
  EXPECT_NE(SigningKey::fresh().public_key(), SigningKey::fresh().public_key());
}

}  // namespace
}  // namespace broadcaster::base
