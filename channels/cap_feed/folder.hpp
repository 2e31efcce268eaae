// A feed in a folder that any web server shows: each file replaced as a whole, one writer at a time.
//
// A write holds the folder's lock (flock on ".lock", freed by the system when its process ends), looks whether what
// lies there is what was expected, and then: temporary file, fsync, the question whether it may leave, rename, fsync of
// the folder. Killed at any point the old file is there or the new one. The loop answers the question while the worker
// waits: a halt that was answered before it has stopped the byte. A lock that is held for longer than two seconds is
// not_sent, and so is a disk that is full or forbids it: tried again until the alert expires.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>

#include "broadcaster/net/workers.hpp"
#include "channels/cap_feed/place.hpp"

namespace broadcaster::channels::cap_feed {

/// Thread rule: any thread; blocking.
Answer read_from(const std::filesystem::path& folder, const Read& what);
/// `may_leave` is asked right before the rename.
Answer write_into(const std::filesystem::path& folder, const Write& what, const std::function<bool()>& may_leave = {});
/// Temporary files that a crash has left. What cannot be removed stays.
void clean(const std::filesystem::path& folder);

class Folder final : public Place {
 public:
  Folder(std::filesystem::path folder, net::Workers& workers, net::Loop& loop);
  ~Folder() override;
  void read(Read what, Then then) override;
  void write(Write what, std::function<bool()> may_leave, Then then) override;

 private:
  void work(std::move_only_function<Answer()> job, Then then);
  const std::filesystem::path folder_;
  net::Workers& workers_;
  net::Loop& loop_;
  const std::shared_ptr<std::atomic<bool>> gone_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace broadcaster::channels::cap_feed
