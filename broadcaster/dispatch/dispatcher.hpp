// The typed way into dispatch: a Dispatcher<M> takes a Release<M> and endpoints of mode M, and nothing else compiles.
//
// Thread rule: loop thread.
#pragma once

#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "broadcaster/approval/make_release.hpp"
#include "broadcaster/approval/release.hpp"
#include "broadcaster/dispatch/driver.hpp"

namespace broadcaster::dispatch {

template <alert::Mode M>
class Dispatcher {
 public:
  Dispatcher(net::Loop& loop, journal::StoreThread& store, const base::Clock& clock, base::Random& random)
      : driver_(loop, store, clock, random) {}

  /// What needs no release: reports, alarms, progress, stop.
  Driver& driver() { return driver_; }

  void open(EndpointSet<M> endpoints) { driver_.open(std::move(endpoints).take()); }

  /// `done` when the release is on disk: only then may anybody read "released". The same plan again joins.
  void submit(const approval::Release<M>& release, std::move_only_function<void(base::Result<Submitted>)> done) {
    driver_.submit(release.plan(), release.stored(), release.plan_digest(), std::nullopt, {}, std::move(done));
  }

  /// A follow-up: the alert that it refers to is stopped in the same transaction.
  void submit_follow_up(const approval::Release<M>& release, AlertId stops, std::string why,
                        std::move_only_function<void(base::Result<Submitted>)> done) {
    driver_.submit(release.plan(), release.stored(), release.plan_digest(), stops, std::move(why), std::move(done));
  }

  /// As submit_follow_up(), but only written: nothing of it is sent here, and the next owner that sends resumes it.
  void record_follow_up(const approval::Release<M>& release, AlertId stops, std::string why,
                        std::move_only_function<void(base::Result<Submitted>)> done) {
    driver_.record(release.plan(), release.stored(), release.plan_digest(), stops, std::move(why), std::move(done));
  }

  /// After a start. Errors: refused, when what is stored does not carry its signatures or has the other mode.
  base::Result<void> resume(const journal::StoredAlert& alert, journal::HowFar so_far) {
    auto reopened = approval::reopen(alert.release);
    if (!reopened) return std::unexpected(reopened.error());
    const auto* release = std::get_if<approval::Release<M>>(&*reopened);
    if (!release)
      return base::fail(base::ErrorKind::refused, {"dispatch.other_mode", {{"identifier", alert.identifier}}});
    return driver_.resume(alert, release->plan(), release->filling(), release->plan_digest(), std::move(so_far));
  }

 private:
  Driver driver_;
};

}  // namespace broadcaster::dispatch
