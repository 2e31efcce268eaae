// The far sides of pages on loopback: an HTTP server (ntfy, Kannel) and an SMTP server that note what they are given.
//
// Each works on a thread of its own with blocking sockets, so that it shares nothing with what is under test.
// Thread rule: any thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace broadcaster {

/// Listens on a free port of 127.0.0.1 and serves one connection after the other.
class LoopbackPeer {
 public:
  virtual ~LoopbackPeer() = default;
  int port() const { return port_; }
  /// Everything that has come, whole requests or mails, in order.
  std::vector<std::string> got() const;
  /// Waits until `count` have come; false when they do not.
  bool wait_for(std::size_t count, int patience_ms = 20'000) const;

 protected:
  LoopbackPeer();
  void begin();
  void end();
  void keep(std::string what);
  virtual void serve(int connection) = 0;

 private:
  int port_ = 0;  ///< before the listener, which sets it
  int listener_ = -1;
  std::atomic<bool> ending_{false};
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<std::string> got_;
  std::thread thread_;
};

/// Answers every request with one status and one body.
class HttpPeer final : public LoopbackPeer {
 public:
  explicit HttpPeer(int status = 200, std::string body = "{}");
  ~HttpPeer() override { end(); }
  void answer_with(int status) { status_ = status; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }

 private:
  void serve(int connection) override;
  std::atomic<int> status_;
  const std::string body_;
};

/// Takes every mail, or refuses every recipient.
class SmtpPeer final : public LoopbackPeer {
 public:
  enum class Taking { all, nobody };
  explicit SmtpPeer(Taking taking = Taking::all);
  ~SmtpPeer() override { end(); }
  std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port()); }

 private:
  void serve(int connection) override;
  const Taking taking_;
};

/// A port on which nobody listens.
int closed_port();

}  // namespace broadcaster
