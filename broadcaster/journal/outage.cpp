#include "broadcaster/journal/outage.hpp"

#include <utility>

namespace broadcaster::journal {

void Outage::run(Job job, SqliteStore& store) {
  const bool broken_before = store.broken();
  if (job(store) == Ran::done) {
    if (!broken_before) repeats_ = SqliteStore::Repeats::no;
    return;
  }
  if (!broken_before) repeats_ = SqliteStore::Repeats::yes;
  kept_.push_back(std::move(job));
}

void Outage::try_again(SqliteStore& store) {
  if (store.broken() && !store.reopen(repeats_)) return;
  repeats_ = SqliteStore::Repeats::no;
  while (!kept_.empty()) {
    if (kept_.front()(store) == Ran::failed) {
      repeats_ = SqliteStore::Repeats::yes;
      return;
    }
    kept_.pop_front();
  }
}

}  // namespace broadcaster::journal
