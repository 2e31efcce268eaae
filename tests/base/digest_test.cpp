#include "broadcaster/base/digest.hpp"

#include <gtest/gtest.h>

#include <set>

namespace broadcaster::base {
namespace {

Bytes bytes(std::string_view text) { return {text.begin(), text.end()}; }

TEST(Digest, Sha256) {  // FIPS 180-4, the examples
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Digest, InPiecesAsAtOnce) {
  Sha256 pieces;
  std::string all;
  for (int i = 0; i < 300; ++i) {
    const std::string piece(static_cast<std::size_t>(i), static_cast<char>(i));
    pieces.update(piece);
    all += piece;
  }
  EXPECT_EQ(pieces.finish(), sha256(all));
}

TEST(Digest, HmacSha256) {  // RFC 4231 §4
  const struct {
    Bytes key;
    std::string data;
    const char* mac;
  } cases[] = {
      {Bytes(20, 0x0b), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {bytes("Jefe"), "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {Bytes(20, 0xaa), std::string(50, '\xdd'), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {from_hex("0102030405060708090a0b0c0d0e0f10111213141516171819").value(), std::string(50, '\xcd'),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {Bytes(131, 0xaa), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {Bytes(131, 0xaa),
       "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
       "hashed "
       "before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
  for (const auto& c : cases) EXPECT_EQ(hex(hmac_sha256(c.key, c.data)), c.mac) << c.data;
}

TEST(Hex, BothCasesAndNothingElse) {
  EXPECT_EQ(from_hex("00fFAb"), (Bytes{0x00, 0xff, 0xab}));
  EXPECT_EQ(from_hex(""), Bytes{});
  for (const auto* bad : {"0", "0g", " 0", "0x", "00 "}) EXPECT_EQ(from_hex(bad), std::nullopt) << bad;
  EXPECT_EQ(digest_from_hex(hex(sha256("abc"))), sha256("abc"));
  EXPECT_EQ(digest_from_hex("00"), std::nullopt);
  EXPECT_EQ(digest_from_hex(std::string(66, '0')), std::nullopt);
}

TEST(Base64, TheVectorsOfRfc4648) {  // §10
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : cases) {
    EXPECT_EQ(base64(bytes(plain)), coded);
    EXPECT_EQ(from_base64(coded), bytes(plain)) << coded;
  }
  EXPECT_EQ(base64(Bytes{0xfb, 0xff}), "+/8=");
}

TEST(Base64, HasOneSpellingAValue) {
  // Padding missing, short or too long; the URL alphabet; white space; bits left over in the last letter.
  for (const auto* bad :
       {"Zg", "Zg=", "Zg===", "Z", "====", "Zm8=Zm8=", "-_8=", "Zm9v\n", "Zm 9v", " Zm9v", "Zh==", "Zm9="})
    EXPECT_EQ(from_base64(bad), std::nullopt) << bad;
  EXPECT_EQ(from_base64(std::string_view("Zm9v\0", 5)), std::nullopt);
}

TEST(Uuid, IsOfVersion4AndNewEachTime) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const auto id = random_uuid();
    ASSERT_EQ(id.size(), 36u);
    for (const std::size_t dash : {8, 13, 18, 23}) EXPECT_EQ(id[dash], '-');
    EXPECT_EQ(id[14], '4');
    EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef-"), std::string::npos);
    seen.insert(id);
  }
  EXPECT_EQ(seen.size(), 100u);
}

}  // namespace
}  // namespace broadcaster::base
