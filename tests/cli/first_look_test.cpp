// The options that decide in which language everything else is said.
#include "broadcaster/cli/first_look.hpp"

#include <gtest/gtest.h>

namespace broadcaster::cli {
namespace {

Global look(std::vector<std::string> words) {
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  return first_look(static_cast<int>(pointers.size()), pointers.data());
}

TEST(FirstLook, FindsLanguageAndFolderWhereverTheyStand) {
  EXPECT_EQ(look({"broadcaster", "--lang", "id", "status", "--config=town"}).language, "id");
  EXPECT_EQ(look({"broadcaster", "--lang", "id", "status", "--config=town"}).config, "town");
}

TEST(FirstLook, RefusesNothing) {
  EXPECT_EQ(look({"broadcaster", "--lang"}).language, "");
  EXPECT_EQ(look({"broadcaster", "--language", "id"}).language, "");
}

}  // namespace
}  // namespace broadcaster::cli
