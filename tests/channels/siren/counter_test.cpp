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

// R63: the old machine may still run; a siren that has heard the new one refuses every number of the old.
struct TakenOver : testing::Test {
  TakenOver() {
    old_machine.values["owner/copied"] = "2026-11-24T02:05:00.000Z";
    before = open(old_machine);
    new_machine.values = old_machine.values;
    new_machine.values["owner/epoch"] = "1";
    after = open(new_machine);
  }
  std::shared_ptr<CommandCounter> open(MemoryStore& store) {
    auto counter = CommandCounter::of(store, clock, "tirtapura-drill");
    counter->open([] {});
    return counter;
  }
  const base::SystemClock clock;
  MemoryStore old_machine, new_machine;
  std::shared_ptr<CommandCounter> before, after;
};

TEST_F(TakenOver, EveryNumberIsAboveAllOfTheMachineBefore) {
  const auto first = after->next();
  EXPECT_LT(first, std::uint64_t{1} << 53);
  for (int i = 0; i < 5000; ++i) ASSERT_LT(before->next(), first);
}

TEST_F(TakenOver, TheNewMachineIsNotRefusedForNumbersThatTheOldOneTookBeyondTheClock) {
  const auto old = before->next() + 3'600'000;  // many starts; sirens have accepted it
  after->pass(old);
  EXPECT_GT(after->next(), old);
  const auto own = after->next() + 60'000;  // and its own, after a start too many
  after->pass(own);
  EXPECT_GT(after->next(), own);
}

TEST_F(TakenOver, TheOldMachineDoesNotFollowWhatSirensSayOfTheNewOne) {
  const auto heard = after->next();
  before->pass(heard);
  EXPECT_LT(before->next(), heard);
  before.reset();
  const auto again = open(old_machine);  // nor after a start
  again->pass(heard);
  EXPECT_LT(again->next(), heard);
}

// No copy was ever made of the new state: nobody can have taken it over.
TEST_F(TakenOver, AStateThatWasLostAfterTheTakeOverGoesOnAboveWhatSirensHaveAccepted) {
  const auto heard = after->next();
  MemoryStore lost;
  const auto anew = open(lost);
  ASSERT_LT(anew->next(), heard);
  anew->pass(heard);
  EXPECT_GT(anew->next(), heard);
  anew->pass(heard + 60'000);  // another siren heard more
  const auto last = anew->next();
  EXPECT_GT(last, heard + 60'000);
  lost.values["owner/copied"] = "2026-11-25T02:05:00.000Z";
  const auto restarted = std::make_shared<CommandCounter>(lost, clock, "siren/tirtapura-drill/counter");
  restarted->open([] {});
  EXPECT_GT(restarted->next(), last) << "it stays in that epoch, also when it is copied from then on";
}

TEST_F(TakenOver, ASirenThatLiesCannotUseUpTheEpochs) {
  MemoryStore lost;
  const auto anew = open(lost);
  const auto first = anew->next();
  anew->pass((CommandCounter::last_told_epoch + 1) * CommandCounter::numbers_an_epoch + 1);
  EXPECT_EQ(anew->next(), first + 1);
}

/// Answers when it is told to.
class SlowStore final : public ChannelStore {
 public:
  void load(const std::string&, std::move_only_function<void(std::optional<std::string>)> done) override {
    loads.push_back(std::move(done));
  }
  void save(const std::string&, std::string, std::move_only_function<void()> done) override { done(); }
  std::vector<std::move_only_function<void(std::optional<std::string>)>> loads;
};

TEST(CommandCounter, WhatASirenSaysBeforeTheStoreHasAnsweredIsNotForgotten) {
  SlowStore store;
  const base::SystemClock clock;
  const auto counter = CommandCounter::of(store, clock, "tirtapura-drill");
  counter->open([] {});
  const auto heard = CommandCounter::numbers_an_epoch + 5;
  counter->pass(heard);
  for (std::size_t i = 0; i < store.loads.size(); ++i) {
    auto answer = std::move(store.loads[i]);
    answer(std::nullopt);
  }
  EXPECT_GT(counter->next(), heard);
}

}  // namespace
}  // namespace broadcaster::channels::siren
