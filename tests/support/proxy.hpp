// A TCP proxy that misbehaves on demand, between a client and a real server on loopback.
//
// It works on a thread of its own, with blocking sockets, so that it shares nothing with the loop under test. A
// behaviour counts from then on, for connections that are open, too. Thread rule: any thread.
#pragma once

#include <atomic>
#include <thread>

namespace broadcaster {

class Proxy {
 public:
  enum class Behaviour {
    pass,
    half_open,            ///< takes what comes, hands nothing on, and says nothing; the connection stays
    reset_after_request,  ///< the request is handed on; when its answer comes, the client's connection is reset
    answer_lost,          ///< the same, but the connection is closed in good order
    slow_loris,           ///< the answer, a byte every 20 ms
  };

  /// In front of 127.0.0.1:`target`. Throws std::runtime_error without a free port.
  explicit Proxy(unsigned short target);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  unsigned short port() const { return port_; }
  void behave(Behaviour behaviour) { behaviour_ = behaviour; }

 private:
  void run();

  const unsigned short target_;
  int listener_ = -1;
  unsigned short port_ = 0;
  std::atomic<Behaviour> behaviour_{Behaviour::pass};
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

}  // namespace broadcaster
