// Debian's mosquitto broker as a child on loopback, with the settings that a siren network needs.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "broadcaster/net/child.hpp"
#include "broadcaster/net/mqtt.hpp"
#include "broadcaster/net/ports.hpp"
#include "tests/net/bench.hpp"

namespace broadcaster::net {

/// A broker that can be stopped and started again on the same port. `lines` are added to its configuration.
class Broker {
 public:
  Broker(Loop& loop, std::string lines = {}, bool anonymous = true)
      : loop_(loop),
        folder_(testing::TempDir() + "net-broker-" + std::to_string(::getpid()) + "-" + std::to_string(++count_)) {
    std::filesystem::create_directories(folder_);
    port_ = free_port().value();
    std::ofstream(folder_ + "/broker.conf")
        << "per_listener_settings false\nlistener " << port_ << " 127.0.0.1\n"
        << (anonymous ? "allow_anonymous true\n" : "") << "set_tcp_nodelay true\nmax_queued_messages 0\nuser root\n"
        << lines;
  }
  ~Broker() {
    child_.reset();
    std::filesystem::remove_all(folder_);
  }

  /// Returns when it takes connections.
  void start() {
    ChildOptions options;
    options.argv = {"mosquitto", "-c", folder_ + "/broker.conf"};
    options.environment = {{"PATH", "/usr/sbin:/usr/bin:/sbin:/bin"}};
    bool running = false;
    options.on_line = [&, said = &said_](std::string line) { *said += line + "\n"; };
    child_ = Child::start(loop_, std::move(options)).value();
    ASSERT_TRUE(run_until(loop_, [&] {
      running = said_.find(" running") != std::string::npos;
      return running || !child_->running();
    }));
    ASSERT_TRUE(running) << said_;
    said_.clear();
  }

  void stop() {
    child_->signal(SIGKILL);
    ASSERT_TRUE(run_until(loop_, [&] { return !child_->running(); }));
  }

  Child& child() { return *child_; }
  unsigned short port() const { return port_; }
  const std::string& folder() const { return folder_; }

 private:
  static inline int count_ = 0;
  Loop& loop_;
  std::string folder_;
  unsigned short port_ = 0;
  std::string said_;
  std::unique_ptr<Child> child_;
};

}  // namespace broadcaster::net
