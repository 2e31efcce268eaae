// Three in the morning: two officers at one terminal each, from a blank screen to an approved plan.
#include <gtest/gtest.h>

#include <chrono>

#include "broadcaster/approval/key_file.hpp"
#include "broadcaster/base/digest.hpp"
#include "tests/cli/terminal.hpp"
#include "tests/cli/town.hpp"

namespace broadcaster::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr auto passphrase = "pasang surut laut";
constexpr milliseconds a_key{500};  // two keys a second

/// A key as `keys new` makes it: a guess costs what it costs, for the officer too.
void seal_as_in_life(const Town& town, const std::string& person) {
  const auto before = approval::read_key_file(town.key(person));
  const auto made = approval::new_key(person, passphrase);
  std::filesystem::remove(town.key(person));
  ASSERT_TRUE(before && made && approval::write_key_file(town.key(person), *made));
  town.replace("config/people.yaml", base::base64(before->public_key), base::base64(made->public_key));
}

Call at_the_desk(const Town& town, const std::string& person, std::vector<std::string> arguments) {
  return {.arguments = std::move(arguments),
          .environment = {{"BROADCASTER_KEY", town.key(person)}, {"TOKEN", "a-secret-token"}},
          .folder = town.folder().string()};
}

int keys_of(const std::string& command) { return static_cast<int>(command.size()) + 1; }

TEST(Night, FromABlankScreenToAnApprovedPlanInAMinuteAtTwoKeysASecond) {
  const Town town;
  seal_as_in_life(town, "sari");
  seal_as_in_life(town, "ratna");
  const auto begun = steady_clock::now();

  Terminal author(at_the_desk(town, "sari", {"new", "tsunami"}));
  for (const auto* answer : {"1", "*", "20", ""}) {
    ASSERT_TRUE(author.wait_for(": ")) << author.screen();
    author.type(answer);
  }
  ASSERT_TRUE(author.wait_for("sari: ")) << author.screen();
  author.type(passphrase);
  ASSERT_EQ(author.end(), 0) << author.screen();

  Terminal approver(at_the_desk(town, "ratna", {"approve"}));
  ASSERT_TRUE(approver.wait_for("ratna: ")) << approver.screen();
  approver.type(passphrase);
  ASSERT_TRUE(approver.wait_for("“ya”: ")) << approver.screen();
  approver.type("ya");
  ASSERT_EQ(approver.end(), 0) << approver.screen();

  const auto machine = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun);
  const auto keys =
      author.keys_typed() + approver.keys_typed() + keys_of("broadcaster new tsunami") + keys_of("broadcaster approve");
  const auto night = machine + keys * a_key;
  RecordProperty("keys", keys);
  RecordProperty("milliseconds", static_cast<int>(night.count()));
#if !__has_feature(address_sanitizer)  // the figure is of what is shipped
  EXPECT_LE(night, std::chrono::seconds(60)) << keys << " keys, " << machine.count() << " ms of the machine's own";
#endif
}

TEST(Night, NothingSecretStandsOnTheScreen) {
  const Town town;
  seal_as_in_life(town, "sari");
  Terminal author(at_the_desk(town, "sari", {"plan", "config/alerts/tsunami-coast.yaml", "-o", "a.plan"}));
  ASSERT_TRUE(author.wait_for("sari: ")) << author.screen();
  author.type(passphrase);
  ASSERT_EQ(author.end(), 0) << author.screen();
  EXPECT_EQ(author.screen().find(passphrase), std::string::npos);

  // The first question to an approver is the one that shows nothing of what is typed.
  seal_as_in_life(town, "ratna");
  Terminal approver(at_the_desk(town, "ratna", {"approve", "a.plan"}));
  ASSERT_TRUE(approver.wait_for("ratna: ")) << approver.screen();
  approver.type(passphrase);
  ASSERT_TRUE(approver.wait_for("“ya”: ")) << approver.screen();
  EXPECT_EQ(approver.screen().find(passphrase), std::string::npos);
  approver.type("tidak");
  EXPECT_EQ(approver.end(), 4) << approver.screen();
}

}  // namespace
}  // namespace broadcaster::cli
