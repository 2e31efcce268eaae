// How a command speaks to the owner of a state: over its socket, or by being the owner itself for as long as it runs.
//
// Thread rule: one thread; blocking. An owner of our own has its own thread, and is ended cleanly with the session.
#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <optional>
#include <string>

#include "broadcaster/service/owner.hpp"

namespace broadcaster::service {

class Session {
 public:
  /// Asks the owner of `options.state`; where there is none, takes the lock and starts one with these options.
  /// Errors: as Owner::start; unavailable when the owner does not answer; refused when it has another mode.
  static base::Checked<Session> open(OwnerOptions options);
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  /// One question, one answer; asked in the name of this login, unless `by` says another. Errors: what the owner said;
  /// unavailable when it is gone.
  base::Result<boost::json::object> ask(boost::json::object request);
  /// Only the question; then next() as often as needed (watch).
  base::Result<void> say(boost::json::object request);
  /// The next line; nothing when `timeout` passed first.
  base::Result<std::optional<boost::json::object>> next(base::milliseconds timeout);

  /// Is the owner in this process? Then sending ends with us.
  enum class Where { here, elsewhere };
  Where owner() const;
  int owner_pid() const;

 private:
  struct Inner;
  explicit Session(std::unique_ptr<Inner> inner);
  std::unique_ptr<Inner> inner_;
};

}  // namespace broadcaster::service
