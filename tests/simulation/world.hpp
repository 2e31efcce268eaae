// One seed: its story, the far sides, the disk, and one life of the process after the other, until all is quiet.
// Thread rule: one thread; nothing but the seed decides what happens.
#pragma once

#include <filesystem>
#include <optional>

#include "tests/simulation/process.hpp"

namespace broadcaster::simulation {

/// What all seeds share: a folder with the audiences' snapshots. Removed at the end.
class Stage {
 public:
  Stage();
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  const std::filesystem::path& folder() const { return folder_; }
  /// The audiences' snapshots.
  enum class Lists { there, away };
  void move_lists(Lists where) const;
  const std::vector<Audience>& audiences() const { return audiences_; }
  Unused& unused() { return unused_; }

 private:
  void read(const std::string& name, int recipients);
  std::filesystem::path folder_;
  std::vector<Audience> audiences_;
  Unused unused_;
};

class World {
 public:
  World(Stage& stage, std::uint64_t seed, Process::World::Trace trace);
  /// Errors: throws Violation, or std::logic_error where the store was handed nonsense.
  Tally run();

 private:
  /// What a person does until it is acknowledged, over crashes.
  struct Intention {
    enum class Stage { not_yet, trying, done } stage = Stage::not_yet;
    std::optional<delivery::AlertId> alert;
  };
  void start();
  void go_on();
  void disk_fails();
  void crash();
  void bad_luck();
  void fill_the_disk();
  void schedule();
  void release(std::size_t n);
  void halt(std::size_t n);
  void report(Receipt receipt);
  bool done() const;

  Stage& stage_;
  Dice dice_;
  Timeline timeline_;
  Story story_;
  Witness witness_;
  FarSides far_sides_;
  Wire wire_;
  journal::sample::FaultyDisk disk_{"simulated"};
  Process::World::Trace trace_;
  std::vector<Intention> releases_, halts_;
  std::size_t receipts_ = 0;  ///< not acknowledged yet
  enum class Luck { good, start_failed } luck_ = Luck::good;
  std::unique_ptr<Process> process_;
};

}  // namespace broadcaster::simulation
