#include "broadcaster/service/state.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

namespace broadcaster::service {
namespace {

StatePaths fresh() {
  char name[] = "/tmp/broadcaster-state-XXXXXX";
  return {std::filesystem::path(::mkdtemp(name)) / "state"};
}

TEST(StateLock, OneOwnerAFolder) {
  const auto paths = fresh();
  const auto mine = StateLock::take(paths);
  ASSERT_TRUE(mine);
  const auto yours = StateLock::take(paths);
  ASSERT_FALSE(yours);
  EXPECT_EQ(yours.error().kind, base::ErrorKind::unavailable);
  EXPECT_EQ(yours.error().text.id, "service.state_owned");
  EXPECT_EQ(owner_of(paths), static_cast<int>(::getpid()));
  std::filesystem::remove_all(paths.folder.parent_path());
}

TEST(StateLock, IsFreeWhenItsOwnerIsGone) {
  const auto paths = fresh();
  {
    ASSERT_TRUE(StateLock::take(paths));
  }
  EXPECT_EQ(owner_of(paths), std::nullopt);
  EXPECT_TRUE(StateLock::take(paths));
  std::filesystem::remove_all(paths.folder.parent_path());
}

TEST(StateLock, MovesWithoutLettingGo) {
  const auto paths = fresh();
  auto first = StateLock::take(paths);
  ASSERT_TRUE(first);
  const StateLock second = std::move(*first);
  EXPECT_FALSE(StateLock::take(paths));
  std::filesystem::remove_all(paths.folder.parent_path());
}

TEST(StateLock, TheFolderIsItsOwnersAlone) {
  const auto paths = fresh();
  ASSERT_TRUE(StateLock::take(paths));
  EXPECT_EQ(std::filesystem::status(paths.folder).permissions() & std::filesystem::perms::others_all,
            std::filesystem::perms::none);
  std::filesystem::remove_all(paths.folder.parent_path());
}

TEST(StateLock, SaysWhyAFolderCannotBeUsed) {
  const auto lock = StateLock::take({"/proc/no-such-place/state"});
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().text.id, "service.state_unusable");
}

}  // namespace
}  // namespace broadcaster::service
