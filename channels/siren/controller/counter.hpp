// The command counter: one a controller, over all its endpoints, groups and sirens; it never goes back, also after a
// crash. Blocks are on disk before the first number of them is used. A block starts at the wall clock's milliseconds
// where that is higher, so that a lost store does not make every siren refuse us. Many starts in a short time, or a
// clock that ran fast, may have taken the numbers of an earlier store beyond the clock: what a siren says of the
// highest that it has accepted is passed, too.
//
// Each machine that has taken over a state begins an epoch higher (2^42 numbers, a hundred years of milliseconds), so
// a siren that has heard it refuses every number of the machine before. Who hears of a higher epoch than its own:
//   - a state of which a copy was made may have been taken over elsewhere: it does not follow, and stays refused;
//   - a state of which no copy was ever made cannot have been: an earlier state was lost, and it goes on in that epoch.
// Thread rule: loop thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "channels/channel.hpp"

namespace broadcaster::channels::siren {

class CommandCounter : public std::enable_shared_from_this<CommandCounter> {
 public:
  static constexpr std::uint64_t block = 1000;
  /// Nothing that a siren says takes the numbers further beyond the clock: one that lies could use them all up.
  static constexpr std::chrono::hours farthest{24};
  static constexpr std::uint64_t numbers_an_epoch = std::uint64_t{1} << 42;
  /// Nor beyond this epoch: commands are numbered below 2^53 (PROTOCOL.md), and the next take-over needs room.
  static constexpr std::uint64_t last_told_epoch = 1000;

  /// The same object for the same store and controller, as long as somebody holds it.
  static std::shared_ptr<CommandCounter> of(ChannelStore& store, const base::Clock& clock,
                                            const std::string& controller);
  CommandCounter(ChannelStore& store, const base::Clock& clock, std::string key);

  /// Starts reserving; `ready` is called whenever more numbers have become available, now or later.
  void open(std::move_only_function<void()> ready);
  std::uint64_t available() const { return (end_ - next_) + (spare_end_ - spare_); }
  /// available() > 0.
  std::uint64_t next();
  /// From here on only numbers above `seen` are given.
  void pass(std::uint64_t seen);
  /// The same with the number of this moment.
  void pass_to_now() { pass(clock_number(epoch_)); }

 private:
  void loaded(std::uint64_t epoch, std::uint64_t reserved);
  void reserve();
  void skip_passed();
  /// Of this moment, in an epoch.
  std::uint64_t clock_number(std::uint64_t epoch) const;

  ChannelStore& store_;
  const base::Clock& clock_;
  const std::string key_;
  std::vector<std::move_only_function<void()>> ready_;
  enum class Phase { closed, loading, open } phase_ = Phase::closed;
  bool reserving_ = false;
  std::vector<std::uint64_t> early_;  ///< passed before the store had answered
  enum class Copied { no, yes } copied_ = Copied::yes;
  std::uint64_t epoch_ = 0;
  std::uint64_t reserved_ = 0;               ///< end of what is on disk
  std::uint64_t passed_ = 0;                 ///< the highest that a siren has accepted from anybody
  std::uint64_t next_ = 1, end_ = 1;         ///< the block in use
  std::uint64_t spare_ = 0, spare_end_ = 0;  ///< the block after it
};

}  // namespace broadcaster::channels::siren
