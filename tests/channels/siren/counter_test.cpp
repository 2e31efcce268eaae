#include "channels/siren/controller/counter.hpp"

#include <gtest/gtest.h>

#include <map>

namespace broadcaster::channels::siren {
namespace {

/// On disk at once; remembers for the next start.
class MemoryStore final : public ChannelStore {
 public:
  void load(const std::string& key, std::move_only_function<void(std::optional<std::string>)> done) override {
    const auto found = values.find(key);
    done(found == values.end() ? std::nullopt : std::optional(found->second));
  }
  void save(const std::string& key, std::string value, std::move_only_function<void()> done) override {
    values[key] = std::move(value);
    done();
  }
  std::map<std::string, std::string> values;
};

TEST(CommandCounter, NeverRunsDryHoweverManyCommandsOneProcessGives) {
  MemoryStore store;
  const base::SystemClock clock;
  const auto counter = CommandCounter::of(store, clock, "tirtapura-drill");
  counter->open([] {});
  std::uint64_t last = 0;
  for (int i = 0; i < 2500; ++i) {
    // What a channel looks at before it starts anything: a command may need two numbers.
    ASSERT_GE(counter->available(), 2u) << "after " << i;
    const auto value = counter->next();
    ASSERT_GT(value, last) << "after " << i;
    last = value;
  }
}

TEST(CommandCounter, IsPastEverythingThatAnEarlierProcessMayHaveUsed) {
  MemoryStore store;
  const base::SystemClock clock;
  std::uint64_t last = 0;
  {
    const auto counter = CommandCounter::of(store, clock, "tirtapura-drill");
    counter->open([] {});
    for (int i = 0; i < 10; ++i) last = counter->next();
  }
  const auto again = CommandCounter::of(store, clock, "tirtapura-drill");
  again->open([] {});
  EXPECT_GT(again->next(), last);
}

TEST(CommandCounter, GoesOnAboveWhatASirenHasAcceptedFromAStoreThatWasLost) {
  MemoryStore store;
  const base::SystemClock clock;
  const auto counter = CommandCounter::of(store, clock, "tirtapura-drill");
  counter->open([] {});
  const auto first = counter->next();
  counter->pass(first + 300);  // inside the block
  EXPECT_EQ(counter->next(), first + 301);
  counter->pass(first + 60'000);  // as after many starts in one minute
  const auto beyond = counter->next();
  EXPECT_GT(beyond, first + 60'000);
  EXPECT_GE(std::stoull(store.values.begin()->second), beyond) << "on disk before it is used";
  counter->pass(first);  // an old word changes nothing
  EXPECT_EQ(counter->next(), beyond + 1);
}

TEST(CommandCounter, ASirenThatLiesCannotUseUpTheNumbers) {
  MemoryStore store;
  const base::SystemClock clock;
  const auto counter = CommandCounter::of(store, clock, "tirtapura-drill");
  counter->open([] {});
  const auto first = counter->next();
  counter->pass((1ull << 53) - 1);
  EXPECT_EQ(counter->next(), first + 1);
}

TEST(CommandCounter, RunsNeverDryHoweverOftenItIsPushed) {
  MemoryStore store;
  const base::SystemClock clock;
  const auto counter = CommandCounter::of(store, clock, "tirtapura-drill");
  counter->open([] {});
  auto last = counter->next();
  for (int i = 0; i < 200; ++i) {
    counter->pass(last + 37 * static_cast<std::uint64_t>(i));
    ASSERT_GE(counter->available(), 2u) << i;
    const auto value = counter->next();
    ASSERT_GT(value, last + 37 * static_cast<std::uint64_t>(i)) << i;
    last = value;
  }
}

}  // namespace
}  // namespace broadcaster::channels::siren
