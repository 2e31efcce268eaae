// A feed in a folder that any web server shows: each file replaced as a whole, one writer at a time.
//
// A write holds the folder's lock (flock on ".lock", freed by the system when its process ends), looks whether what
// lies there is what was expected, and then: temporary file, fsync, rename, fsync of the folder. Killed at any point
// the old file is there or the new one. A lock that is held for longer than two seconds is not_sent, and so is a disk
// that is full or forbids it: tried again until the alert expires.
#pragma once

#include <filesystem>

#include "broadcaster/net/workers.hpp"
#include "channels/cap_feed/place.hpp"

namespace broadcaster::channels::cap_feed {

/// Thread rule: any thread; blocking.
Answer read_from(const std::filesystem::path& folder, const Read& what);
Answer write_into(const std::filesystem::path& folder, const Write& what);
/// Temporary files that a crash has left. What cannot be removed stays.
void clean(const std::filesystem::path& folder);

class Folder final : public Place {
 public:
  Folder(std::filesystem::path folder, net::Workers& workers, net::Loop& loop);
  void read(Read what, Then then) override;
  void write(Write what, std::function<bool()> may_leave, Then then) override;

 private:
  void work(std::move_only_function<Answer()> job, Then then);
  const std::filesystem::path folder_;
  net::Workers& workers_;
  net::Loop& loop_;
};

}  // namespace broadcaster::channels::cap_feed
