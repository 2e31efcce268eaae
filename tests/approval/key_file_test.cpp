#include "broadcaster/approval/key_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "broadcaster/base/files.hpp"
#include "tests/approval/fixture.hpp"

namespace broadcaster::approval {
namespace {

namespace fs = std::filesystem;

struct KeyFileOnDisk : testing::Test {
  KeyFileOnDisk() { fs::create_directories(folder); }
  ~KeyFileOnDisk() override { fs::remove_all(folder); }
  fs::path folder = fs::temp_directory_path() / ("broadcaster-keys-" + base::random_uuid());
  fs::path path = folder / "sari.key";
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto where = text.find(from);
  EXPECT_NE(where, std::string::npos) << from;
  return text.replace(where, from.size(), to);
}

TEST_F(KeyFileOnDisk, ComesBackAndOpensWithItsPassphrase) {
  const auto made = new_key("sari", "buka pintu", cheap).value();
  ASSERT_TRUE(write_key_file(path, made).has_value());
  const auto read = read_key_file(path);
  ASSERT_TRUE(read.has_value()) << read.error().text.id;
  EXPECT_EQ(*read, made);
  const auto key = unlock(*read, "buka pintu");
  ASSERT_TRUE(key.has_value()) << key.error().text.id;
  EXPECT_EQ(key->person(), "sari");
  EXPECT_EQ(key->public_key(), made.public_key);
}

TEST_F(KeyFileOnDisk, IsForItsOwnerAlone) {
  ASSERT_TRUE(write_key_file(path, new_key("sari", "x", cheap).value()).has_value());
  struct stat info{};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  for (const mode_t open : {0640, 0604, 0620, 0610}) {
    ASSERT_EQ(::chmod(path.c_str(), open), 0);
    const auto read = read_key_file(path);
    ASSERT_FALSE(read.has_value()) << open;
    EXPECT_EQ(read.error().kind, base::ErrorKind::refused);
    EXPECT_EQ(read.error().text.id, "approval.key_file_open");
  }
}

TEST_F(KeyFileOnDisk, IsNeverOverwritten) {
  const auto first = new_key("sari", "x", cheap).value();
  ASSERT_TRUE(write_key_file(path, first).has_value());
  const auto again = write_key_file(path, new_key("sari", "x", cheap).value());
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().text.id, "approval.key_file_exists");
  EXPECT_EQ(read_key_file(path).value(), first);
}

TEST(KeyFile, WrongPassphraseIsRefusedClearly) {
  const auto file = new_key("sari", "benar", cheap).value();
  for (const char* wrong : {"salah", "Benar", "benar "}) {
    const auto key = unlock(file, wrong);
    ASSERT_FALSE(key.has_value());
    EXPECT_EQ(key.error().kind, base::ErrorKind::refused);
    EXPECT_EQ(key.error().text.id, "approval.passphrase_wrong");
  }
  EXPECT_EQ(unlock(file, "").error().text.id, "approval.passphrase_missing");
}

TEST(KeyFile, ThatWasGivenToAnotherPersonDoesNotOpen) {
  auto file = new_key("sari", "benar", cheap).value();
  file.person = "bayu";
  EXPECT_EQ(unlock(file, "benar").error().text.id, "approval.passphrase_wrong");
}

TEST(KeyFile, WhoseSecretAndPublicKeyDifferIsRefused) {
  auto file = new_key("sari", "").value();
  file.public_key = new_key("sari", "").value().public_key;
  EXPECT_EQ(unlock(file, "").error().text.id, "approval.key_pair_broken");
  file.secret.clear();
  EXPECT_EQ(unlock(file, "").error().text.id, "approval.key_pair_broken");
}

TEST(KeyFile, CostsWhatLibsodiumCallsModerateUnlessAskedOtherwise) { EXPECT_EQ(usual_cost(), (Argon2Cost{3, 262144})); }

TEST(KeyFile, SaysWhereAMistakeIs) {
  const auto text = key_file_text(new_key("sari", "x", cheap).value());
  struct Case {
    const char *from, *to, *key, *id;
  };
  for (const auto& c : {Case{"kind: broadcaster-key", "kind: ssh-key", "kind", "base.expected_one_of"},
                        Case{"format: 1", "format: 2", "format", "base.out_of_range"},
                        Case{"person: \"sari\"", "person: \"Sari W\"", "person", "approval.person_id"},
                        Case{"ops: 1", "ops: 999999", "ops", "base.out_of_range"},
                        Case{"memory_kib: 8", "memory_kib: 99999999", "memory_kib", "base.out_of_range"},
                        Case{"salt: \"", "salt: \"AAAA", "salt", "approval.expected_base64"},
                        Case{"secret: \"", "secret: \"?", "secret", "approval.expected_base64"},
                        Case{"salt:", "salty:", "salt", "base.missing"}}) {
    const auto read = parse_key_file(replaced(text, c.from, c.to), "sari.key");
    ASSERT_FALSE(read.has_value()) << c.to;
    EXPECT_EQ(read.error().text.id, c.id) << c.to;
    EXPECT_EQ(read.error().key, c.key);
    EXPECT_EQ(read.error().place->file, "sari.key");
    EXPECT_GT(read.error().place->line, 0);
  }
}

TEST(KeyFile, ForAnIdThatIsNoneIsNotMade) {
  for (const char* id : {"", "Sari", "sari wulandari", "sari\nbayu", "ségi"})
    EXPECT_EQ(new_key(id, "x", cheap).error().text.id, "approval.person_id") << id;
}

}  // namespace
}  // namespace broadcaster::approval
