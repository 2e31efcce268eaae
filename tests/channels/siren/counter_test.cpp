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

}  // namespace
}  // namespace broadcaster::channels::siren
