// The broadcaster that is killed: `serve --mode drill` on a state folder, as a child.
//
// Thread rule: the stage's thread; every call may wait.
#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "broadcaster/drill/overlay.hpp"
#include "broadcaster/drill/peers.hpp"
#include "broadcaster/drill/stage.hpp"

namespace broadcaster::kill {

class Victim {
 public:
  Victim(drill::Stage& stage, const drill::Overlay& overlay, const drill::Programs& programs,
         std::filesystem::path state, std::filesystem::path log);

  /// Started, and maybe not listening yet.
  base::Result<void> start();
  /// Started, and it answers. Errors: unavailable, with its log.
  base::Result<void> start_and_wait();
  /// kill -9, and it is gone.
  void kill();
  /// As systemd ends it. Errors: unavailable when it has not ended within 15 s.
  base::Result<void> end();

  /// Errors: what it said; unavailable when it is not there.
  base::Result<boost::json::object> ask(boost::json::object request);
  /// Hands a plan in and kills in that moment, `patience` later. What it had said by then: the released alert's
  /// identifier, or nothing.
  std::optional<std::string> submit_and_kill(const std::string& plan, base::milliseconds patience);

 private:
  drill::Stage& stage_;
  const drill::Overlay& overlay_;
  const drill::Programs& programs_;
  const std::filesystem::path state_, log_;
  std::unique_ptr<net::Child> child_;
};

}  // namespace broadcaster::kill
