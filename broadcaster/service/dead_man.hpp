// The dead man's handle: somebody outside is pinged for as long as all is well, and misses us when we are gone.
//
// A ping says "looked at, and green"; nothing is ever sent to say that it is not. Thread rule: loop thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "broadcaster/net/http.hpp"

namespace broadcaster::service {

class DeadMan {
 public:
  /// How the last ping ended: nullopt is well, else why not (English, without the address).
  using Told = std::function<void(const std::optional<std::string>& failure)>;

  /// `url` empty: it never pings.
  DeadMan(net::HttpClient& http, std::string url, std::chrono::seconds every, Told told);
  ~DeadMan();

  /// After every look that was green: pings when `every` has passed since the last one.
  void green(base::MonoTime now);
  bool configured() const { return !url_.empty(); }

 private:
  net::HttpClient& http_;
  const std::string url_;
  const std::chrono::seconds every_;
  Told told_;
  std::optional<base::MonoTime> last_;
  std::optional<net::RequestId> under_way_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace broadcaster::service
