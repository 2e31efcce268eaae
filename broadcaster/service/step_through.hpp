// Long work on the store in steps, each of them a work of its own in its queue: a release, a halt or a commit never
// waits for more than one. Thread rule: loop thread.
#pragma once

#include <functional>
#include <memory>

#include "broadcaster/journal/store_thread.hpp"

namespace broadcaster::service {

/// step() again and again until it is complete; `done` gets what went wrong, or nothing.
template <class Stepper>
void step_through(journal::StoreThread& store, std::shared_ptr<Stepper> stepper,
                  std::function<void(base::Result<void>)> done) {
  store.run([stepper](journal::SqliteStore& s) { return stepper->step(s); },
            [&store, stepper, done](base::Result<typename Stepper::Progress> progress) {
              if (!progress) return done(std::unexpected(progress.error()));
              if (*progress == Stepper::Progress::complete) return done({});
              step_through(store, stepper, done);
            });
}

}  // namespace broadcaster::service
