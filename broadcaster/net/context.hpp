// For the sources of net/ alone: the Asio context inside a Loop, and the watchdog's clock around a handler.
#pragma once

#include <chrono>

#include "broadcaster/net/loop.hpp"

namespace boost::asio {
class io_context;
}

namespace broadcaster::net {

boost::asio::io_context& context(Loop& loop);

/// Stands first in every handler: what it does until the end of the scope is one turn of the loop. Turns inside a
/// turn count once. Safe when the Loop's owner is destroyed inside it, not when the Loop is.
class Turn {
 public:
  explicit Turn(Loop& loop) : Turn(loop.inner()) {}
  explicit Turn(Loop::Inner& inner);
  ~Turn();
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  Loop::Inner& inner_;
  std::chrono::steady_clock::time_point start_;
  bool outermost_;
};

}  // namespace broadcaster::net
