// A far side that says yes to every SMS at once, and remembers when what came. It has a thread of its own.
//
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "broadcaster/net/loop.hpp"
#include "broadcaster/net/server.hpp"

namespace broadcaster::bench {

class Gateway {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Gateway();
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  const std::string& url() const { return url_; }
  /// From now on: counts from zero, and looks out for a number that begins so.
  void watch_for(const std::string& prefix);
  int count() const;
  /// When the first request to a watched number was here; nothing when none came in that time.
  std::optional<Time> first(std::chrono::seconds patience);
  /// When as many requests had come; nothing when they did not in that time.
  std::optional<Time> reached(int requests, std::chrono::seconds patience);

 private:
  void take(const net::ServerRequest& request);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string prefix_;
  std::optional<Time> first_;
  int count_ = 0;
  int wanted_ = 0;
  std::string url_;
  std::unique_ptr<net::Loop> loop_;
  std::unique_ptr<net::HttpServer> server_;
  std::thread thread_;
};

}  // namespace broadcaster::bench
