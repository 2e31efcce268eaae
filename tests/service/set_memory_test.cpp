// The signed set on disk and in the journal: read once, remembered whole.
#include "broadcaster/service/set_memory.hpp"

#include <gtest/gtest.h>

#include "broadcaster/base/files.hpp"
#include "broadcaster/service/set_files.hpp"
#include "tests/approval/signed_sets.hpp"
#include "tests/journal/sample.hpp"

namespace broadcaster::service {
namespace {

using namespace journal::sample;  // NOLINT

struct SetMemory : testing::Test {
  Folder folder;
};

TEST_F(SetMemory, AStateThatAcceptedNoneRemembersNone) {
  auto store = open(folder.path());
  EXPECT_EQ(must(load_accepted_set(*store)), nullptr);
}

TEST_F(SetMemory, WhatWasAcceptedIsThereAfterARestartAndOnTheRecord) {
  const auto set = approval::signed_by({"bayu", "ratna"}, approval::texts_of(approval::agency().people_text()));
  std::int64_t before = 0;
  {
    auto store = open(folder.path());
    before = store->record_head().first;
    must(accept_set(*store, set, approval::SetStanding::News::first_use, approval::at(1, 0)));
    EXPECT_EQ(store->record_head().first, before + 2) << "the entry that people read, and the value";
  }
  auto store = open(folder.path());
  const auto remembered = must(load_accepted_set(*store));
  ASSERT_NE(remembered, nullptr);
  EXPECT_EQ(remembered->digest(), set.digest());
  EXPECT_EQ(remembered->texts, set.texts);
}

TEST_F(SetMemory, WhatCannotBeReadIsNoEmptyMemory) {
  auto store = open(folder.path());
  must(store->save("signed_set/accepted", "{}"));
  EXPECT_FALSE(load_accepted_set(*store).has_value()) << "else the next set would be taken on trust";
}

TEST_F(SetMemory, TheFolderIsReadAsItIs) {
  const auto config = folder.path() / "config";
  std::filesystem::create_directories(config);
  for (const auto* name : {"people.yaml", "zones.geojson", "duty.yaml"})
    ASSERT_TRUE(base::write_file(config / name, std::string(name)).has_value());
  auto disk = must(read_set(config));
  EXPECT_EQ(disk.texts, (approval::SetTexts{{"people.yaml", "people.yaml"}, {"zones.geojson", "zones.geojson"}}));
  EXPECT_FALSE(disk.signed_set.has_value());
  ASSERT_TRUE(base::write_file(config / "signed.json", "{}").has_value());
  EXPECT_EQ(must(read_set(config)).signed_set, "{}");
  std::filesystem::create_directories(config / "policy.yaml");
  EXPECT_FALSE(read_set(config).has_value()) << "a folder is no file of rules";
}

}  // namespace
}  // namespace broadcaster::service
