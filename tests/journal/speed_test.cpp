// How many deliveries a second live through insert, intent, answer and receipt here. Printed, not judged: this machine
// may be busy, and a debug build is slow.
#include <fmt/format.h>

#include <chrono>

#include "tests/journal/sample.hpp"

namespace broadcaster::journal {
namespace {

using namespace sample;  // NOLINT

TEST(Speed, TheWholeLifeOfSmsInBatchesOf200) {
  constexpr int recipients = 4'000, batch = 200;
  std::string rows;
  for (int i = 0; i < recipients; ++i) rows += fmt::format("+9991{:07},id,port\n", i);
  Folder folder;
  const auto audience = snapshot(folder.path(), rows);
  const auto store = open(folder.path());
  const auto begin = std::chrono::steady_clock::now();
  const auto alert = released(*store, audience);
  const auto expanded = std::chrono::steady_clock::now();
  int done = 0;
  for (;;) {
    const auto claimed = must(store->claim(alert, sms, at(1), batch)).rows;
    if (claimed.empty()) break;
    std::vector<delivery::Change> intents, answers, receipts;
    for (const auto& row : claimed) {
      const auto ref = fmt::format("{:010}", ++done);
      intents.emplace_back(intend(row, "kannel-a"));
      answers.emplace_back(settle(row, State::accepted, ref));
      receipts.emplace_back(prove(delivery::Ref{ref}, delivery::Proof::confirmed, "kannel-a"));
    }
    for (const auto& changes : {intents, answers, receipts})
      ASSERT_EQ(must(store->commit(changes)).size(), claimed.size());
  }
  const std::chrono::duration<double> expansion = expanded - begin;
  const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(must(store->status(alert)).routes.at(sms), (StateCounts{{State::confirmed, recipients}}));
  fmt::print("expansion {:.0f} rows/s, whole life {:.0f} deliveries/s\n", recipients / expansion.count(),
             recipients / whole.count());
}

}  // namespace
}  // namespace broadcaster::journal
