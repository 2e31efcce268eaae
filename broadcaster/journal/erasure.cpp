#include "broadcaster/journal/erasure.hpp"

#include <algorithm>
#include <chrono>

namespace broadcaster::journal {
namespace {

constexpr int numbers_a_step = 200;  // about 2 ms

bool goes(const Erasure& alert) { return !alert.open && !alert.erased_at; }

/// Of the false alarm inside it, too.
void add_audiences(const plan::Plan& plan, std::set<std::string>& digests) {
  for (const auto& audience : plan.audiences) digests.insert(audience.digest);
  if (plan.false_alarm) add_audiences(*plan.false_alarm, digests);
}

base::WallTime made_at(const std::filesystem::directory_entry& file, std::error_code& error) {
  return std::chrono::time_point_cast<base::milliseconds>(std::chrono::file_clock::to_sys(file.last_write_time(error)));
}

}  // namespace

base::Result<ErasePeople> ErasePeople::begin(SqliteStore& store, base::WallTime before, base::WallTime now, What what) {
  ErasePeople made;
  made.before_ = before;
  made.now_ = now;
  made.what_ = what;
  auto ended = store.ended_before(before);
  if (!ended) return std::unexpected(ended.error());
  made.report_.alerts = std::move(*ended);
  auto all = store.alerts();
  if (!all) return std::unexpected(all.error());
  made.all_ = std::move(*all);
  if (what == What::trial) made.stage_ = Stage::needed;
  return made;
}

base::Result<ErasePeople::Progress> ErasePeople::step(SqliteStore& store) {
  switch (stage_) {
    case Stage::people:
      if (auto done = erase_some(store); !done) return std::unexpected(done.error());
      return Progress::more;
    case Stage::needed:
      if (auto done = look_at_next(store); !done) return std::unexpected(done.error());
      return Progress::more;
    case Stage::snapshots:
      if (auto done = delete_snapshots(store); !done) return std::unexpected(done.error());
      return Progress::complete;
  }
  return Progress::complete;
}

base::Result<void> ErasePeople::erase_some(SqliteStore& store) {
  while (at_ < report_.alerts.size() && !goes(report_.alerts[at_])) ++at_;
  if (at_ == report_.alerts.size()) {
    at_ = 0;
    stage_ = Stage::needed;
    return {};
  }
  auto& alert = report_.alerts[at_];
  const auto erased = store.erase_people(alert.alert, now_, numbers_a_step);
  if (!erased) {
    if (erased.error().kind != base::ErrorKind::refused) return std::unexpected(erased.error());
    alert.open = erased.error().text;  // somebody has followed it in this moment
    return {};
  }
  report_.numbers += erased->numbers;
  if (erased->progress == Erased::Progress::complete) ++at_;
  return {};
}

base::Result<void> ErasePeople::look_at_next(SqliteStore& store) {
  if (at_ == all_.size()) {
    stage_ = Stage::snapshots;
    return {};
  }
  const auto id = all_[at_++];
  const auto ended = std::ranges::find(report_.alerts, id, &Erasure::alert);
  if (ended != report_.alerts.end() && !ended->open) return {};
  const auto stored = store.alert(id);
  if (!stored) return std::unexpected(stored.error());
  const auto plan = plan::parse_plan(stored->release.canonical_plan, "journal");
  if (!plan) return std::unexpected(plan.error());  // whom it needs is not known: nothing is deleted
  add_audiences(*plan, needed_);
  return {};
}

base::Result<void> ErasePeople::delete_snapshots(SqliteStore& store) {
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(store.folder() / "snapshots", error)) {
    const auto digest = file.path().stem().string();
    std::error_code unreadable;
    const auto made = made_at(file, unreadable);
    if (file.path().extension() != ".db" || unreadable || made >= before_ || needed_.contains(digest)) continue;
    report_.snapshots.push_back(digest);
  }
  std::ranges::sort(report_.snapshots);
  if (what_ == What::trial) return {};
  for (const auto& digest : report_.snapshots) {
    std::filesystem::remove(store.folder() / "snapshots" / (digest + ".db"), error);
    if (error)
      return base::fail(
          base::ErrorKind::unavailable,
          {"journal.cannot_delete",
           {{"file", (store.folder() / "snapshots" / (digest + ".db")).string()}, {"reason", error.message()}}});
  }
  return store.forget_log();
}

}  // namespace broadcaster::journal
