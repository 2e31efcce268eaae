#include "tests/simulation/world.hpp"

#include <fmt/core.h>
#include <stdlib.h>

#include <fstream>

#include "broadcaster/alert/zones.hpp"
#include "broadcaster/journal/verify.hpp"
#include "broadcaster/plan/snapshot.hpp"

namespace broadcaster::simulation {

using namespace std::chrono_literals;

// ── the stage ───────────────────────────────────────────────────────────────────────────────────────────────────────

Stage::Stage() {
  std::string name = (std::filesystem::temp_directory_path() / "simulate-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  folder_ = name;
  std::filesystem::create_directories(folder_ / "snapshots");
  read("few", 8);
  read("some", 40);
  read("many", 90);
}

Stage::~Stage() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Stage::move_lists(Lists where) const {
  const auto there = folder_ / "snapshots", away = folder_ / "away";
  std::error_code already;
  where == Lists::there ? std::filesystem::rename(away, there, already) : std::filesystem::rename(there, away, already);
}

void Stage::read(const std::string& name, int recipients) {
  const auto file = folder_ / (name + ".csv");
  std::ofstream csv(file);
  csv << "number,language,zone\n";
  for (int i = 0; i < recipients; ++i)
    csv << fmt::format("+999{:07},{},{}\n", i, i % 4 == 0 ? "en" : "id", i % 3 == 0 ? "hill" : "coast");
  csv.close();
  std::vector<alert::Zone> zones(2);
  zones[0].id = alert::ZoneId("coast");
  zones[1].id = alert::ZoneId("hill");
  const alert::Zones map(zones);
  const auto made = plan::make_snapshot({.file = file,
                                         .folder = folder_ / "snapshots",
                                         .languages = {alert::Language("id"), alert::Language("en")},
                                         .zones = {zones[0].id, zones[1].id},
                                         .map = &map,
                                         .bad_rows = plan::BadRows::refuse});
  if (!made) throw std::runtime_error("the audience cannot be read");
  std::map<alert::ZoneId, std::vector<std::string>> people;
  for (int i = 0; i < recipients; ++i) people[zones[i % 3 == 0 ? 1 : 0].id].push_back(fmt::format("+999{:07}", i));
  audiences_.push_back(
      {name, {.name = name, .digest = made->digest, .counts = made->counts, .skipped = 0}, std::move(people)});
}

// ── the world ───────────────────────────────────────────────────────────────────────────────────────────────────────

World::World(Stage& stage, std::uint64_t seed, Process::World::Trace trace)
    : stage_(stage),
      dice_(seed),
      timeline_(dice_.split()),
      story_(tell(dice_.split(), stage.audiences())),
      witness_(story_, timeline_),
      far_sides_(timeline_, dice_.split(), story_, witness_, [this](Receipt receipt) { report(std::move(receipt)); }),
      wire_(timeline_, dice_.split(), story_, witness_, far_sides_),
      trace_(trace),
      releases_(story_.alerts.size()),
      halts_(story_.alerts.size()) {
  if (dice_.chance(0.5)) disk_.failed_sync(journal::sample::FaultyDisk::FailedSync::forgets);
}

void World::start() {
  timeline_.new_process();
  witness_.new_process();
  auto store =
      journal::SqliteStore::open(stage_.folder(), alert::Mode::drill, {.vfs = disk_.name(), .clock = &timeline_});
  if (!store) throw Violation("the state does not open after a crash: " + store.error().text.id);
  witness_.reopened(**store);
  process_ = std::make_unique<Process>(Process::World{.timeline = timeline_,
                                                      .story = story_,
                                                      .witness = witness_,
                                                      .wire = wire_,
                                                      .unused = stage_.unused(),
                                                      .start_failed = [this] { luck_ = Luck::start_failed; },
                                                      .disk_fails = [this] { disk_fails(); },
                                                      .disk_works = [this] { go_on(); },
                                                      .trace = trace_},
                                       dice_.split(), std::move(*store));
  process_->resume();
  go_on();
}

/// What a person was not answered is tried again.
void World::go_on() {
  for (std::size_t n = 0; n < story_.alerts.size(); ++n) {
    if (releases_[n].stage == Intention::Stage::trying) release(n);
    if (halts_[n].stage == Intention::Stage::trying) halt(n);
  }
}

/// Sometimes somebody mends it before the process ends.
void World::disk_fails() {
  if (dice_.chance(0.3)) {
    luck_ = Luck::start_failed;
    return;
  }
  ++witness_.tally.outages;
  timeline_.after(dice_.between(100ms, 20s), [this] { disk_.die_at(-1); });
}

void World::crash() {
  ++witness_.tally.crashes;
  // Nothing is written any more: closing must not do what the crash left undone.
  disk_.die_at(disk_.calls());
  process_.reset();
  if (dice_.chance(story_.weather.power_cut)) {
    ++witness_.tally.power_cuts;
    disk_.cut(dice_.chance(0.5) ? journal::sample::FaultyDisk::Unsynced::dropped
                                : journal::sample::FaultyDisk::Unsynced::subset_and_torn,
              static_cast<std::uint32_t>(dice_.next()));
  }
  disk_.die_at(-1);
  luck_ = Luck::good;
  timeline_.after(dice_.between(500ms, 8s), [this] { start(); });
}

void World::bad_luck() {
  if (!process_) return;
  if (luck_ == Luck::start_failed) return crash();
  if (timeline_.time() >= story_.calm_from) return;
  if (dice_.chance(story_.weather.crash)) return crash();
  if (dice_.chance(story_.weather.crash_in_write)) disk_.die_at(disk_.calls() + dice_.whole(0, 40));
  if (dice_.chance(story_.weather.full)) fill_the_disk();
}

/// Something else has taken what was left, and gives it back after a while.
void World::fill_the_disk() {
  using Room = journal::sample::FaultyDisk::Room;
  ++witness_.tally.full_disks;
  disk_.room(Room::none);
  timeline_.after(dice_.between(100ms, 25s), [this] { disk_.room(Room::there); });
}

void World::schedule() {
  for (std::size_t n = 0; n < story_.alerts.size(); ++n) {
    timeline_.at(story_.alerts[n].at, [this, n] {
      releases_[n].stage = Intention::Stage::trying;
      auto& alert = story_.alerts[n];
      alert.plan.expires = timeline_.now().wall + alert.life;
      release(n);
    });
    if (const auto at = story_.alerts[n].halted_at)
      timeline_.at(*at, [this, n] {
        halts_[n].stage = Intention::Stage::trying;
        halt(n);
      });
  }
  if (const auto& away = story_.lists_away) {
    timeline_.at(away->from, [this] { stage_.move_lists(Stage::Lists::away); });
    timeline_.at(away->until, [this] { stage_.move_lists(Stage::Lists::there); });
  }
  for (const auto& jump : story_.jumps) timeline_.at(jump.at, [this, jump] { timeline_.jump_wall(jump.by); });
}

void World::release(std::size_t n) {
  if (!process_) return;  // tried again after the start
  auto& alert = story_.alerts[n];
  const auto done = [this, n](delivery::AlertId id) { releases_[n] = {Intention::Stage::done, id}; };
  if (!alert.stops) return process_->release(alert, done);
  if (const auto first = releases_[*alert.stops].alert) return process_->follow_up(alert, *first, done);
  timeline_.after(500ms, [this, n] {
    if (releases_[n].stage == Intention::Stage::trying) release(n);
  });
}

void World::halt(std::size_t n) {
  if (!process_) return;
  const auto alert = releases_[n].alert;
  if (!alert) {
    timeline_.after(500ms, [this, n] { halt(n); });
    return;
  }
  process_->halt(*alert, [this, n](Process::Stop how) {
    if (how == Process::Stop::recorded) halts_[n].stage = Intention::Stage::done;
  });
}

void World::report(Receipt receipt) {
  // A gateway that is not answered asks again.
  ++receipts_;
  struct Asking {
    Receipt receipt;
    bool over = false;  ///< answered, or asked anew
  };
  const auto asking = std::make_shared<Asking>(std::move(receipt));
  const auto over = [this, asking] {
    if (!std::exchange(asking->over, true)) --receipts_;
  };
  if (process_)
    process_->receive(asking->receipt, [this, asking, over] {
      witness_.proof_acknowledged(asking->receipt.delivery, asking->receipt.proof);
      over();
    });
  timeline_.after(10s, [this, asking, over] {
    if (asking->over) return;
    over();
    report(asking->receipt);
  });
}

bool World::done() const {
  if (timeline_.time() < story_.calm_from || !process_ || receipts_ > 0 || wire_.in_flight() > 0) return false;
  for (std::size_t n = 0; n < story_.alerts.size(); ++n)
    if (releases_[n].stage != Intention::Stage::done || halts_[n].stage == Intention::Stage::trying) return false;
  return process_->settled();
}

Tally World::run() {
  const auto limit = story_.calm_from + 30min;
  stage_.move_lists(Stage::Lists::there);  // a world before this one may have ended in a violation
  start();
  schedule();
  timeline_.at(story_.calm_from, [this] {
    disk_.die_at(-1);
    disk_.room(journal::sample::FaultyDisk::Room::there);
  });
  Micros quiet_since = 0s;
  while (timeline_.step()) {
    witness_.look();
    bad_luck();
    if (timeline_.steps() % 128 != 0) continue;
    witness_.check_urgent_ends();
    if (process_ && luck_ == Luck::good && !disk_.dead() && !process_->store().broken())
      witness_.check_counters(process_->store());
    // A world has some thousands. One that goes round in circles would not come to its limit in time.
    if (timeline_.steps() > 500'000) throw Violation(fmt::format("goes round in circles:{}", witness_.still_open()));
    if (timeline_.time() > limit)
      throw Violation(fmt::format("no end half an hour after everything was calm:{}", witness_.still_open()));
    // Receipts may still be on their way; half a minute of silence is the end.
    if (!done())
      quiet_since = timeline_.time();
    else if (timeline_.time() > quiet_since + 50s)
      break;
  }
  if (!process_ || !done()) throw Violation(fmt::format("everything has stopped:{}", witness_.still_open()));
  witness_.check_end(process_->store(), process_->engine());
  const auto report = journal::verify(process_->store());
  if (!report || report->first_bad) throw Violation("the record does not verify");
  witness_.tally.events = timeline_.steps();
  return witness_.tally;
}

}  // namespace broadcaster::simulation
