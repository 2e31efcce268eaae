// What a drill keeps, and what it must not.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "broadcaster/drill/overlay.hpp"

namespace broadcaster::drill {
namespace {

namespace fs = std::filesystem;

struct DrillFolders : testing::Test {
  DrillFolders() {
    char name[] = "/tmp/drill-folders-XXXXXX";
    root = ::mkdtemp(name);
  }
  ~DrillFolders() override {
    std::error_code error;
    fs::remove_all(root, error);
  }
  fs::path root;
};

TEST_F(DrillFolders, NobodyElseLooksIn) {
  const auto folders = make_folders(root / "drills" / "now");
  ASSERT_TRUE(folders);
  EXPECT_EQ(fs::status(folders->root).permissions(), fs::perms::owner_all);
}

TEST_F(DrillFolders, PeoplesNumbersAreForgottenAndTheRecordStays) {
  const auto folders = make_folders(root / "now");
  ASSERT_TRUE(folders);
  for (const auto& folder :
       {folders->config / "audiences", folders->state / "snapshots", folders->root / "refused-state" / "snapshots"}) {
    fs::create_directories(folder);
    std::ofstream(folder / "people") << "+9996000001";
  }
  std::ofstream(folders->state / "journal.db") << "kept";
  forget_recipients(*folders);
  EXPECT_FALSE(fs::exists(folders->config / "audiences"));
  EXPECT_FALSE(fs::exists(folders->state / "snapshots"));
  EXPECT_FALSE(fs::exists(folders->root / "refused-state" / "snapshots"));
  EXPECT_TRUE(fs::exists(folders->state / "journal.db"));
}

}  // namespace
}  // namespace broadcaster::drill
