// Sees everything that is written and everything that leaves, and says at once when a promise is broken.
//
// It keeps its own copy of what must be on disk, made from what the store acknowledged, and compares: at every change,
// at every byte, at every start after a crash, and at the end. A broken promise is a Violation. Thread rule: one
// thread.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "broadcaster/delivery/attempt.hpp"
#include "broadcaster/dispatch/engine.hpp"
#include "tests/simulation/story.hpp"
#include "tests/simulation/timeline.hpp"

namespace broadcaster::simulation {

struct Violation final : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// How much happened, for the last line.
struct Tally {
  std::uint64_t events = 0, deliveries = 0, sends = 0, crashes = 0, power_cuts = 0, outages = 0, duplicates = 0,
                resends = 0, full_disks = 0;
  std::uint64_t proofs_while_waiting = 0;  ///< positive proof of a row that waits for its resend
  Tally& operator+=(const Tally& other);
};

class Witness {
 public:
  Witness(const Story& story, const Timeline& timeline) : story_(story), timeline_(timeline) {}

  // ── what is on disk ──
  void released(delivery::AlertId id, const AlertStory& story);  ///< somebody reads "released"
  void stopped(delivery::AlertId id);                            ///< somebody reads "stopped"
  void stopped_here(delivery::AlertId id);                       ///< stopped, and not on disk
  void expanded(journal::SqliteStore& store, delivery::AlertId id);
  void written(const std::vector<delivery::Change>& changes, const std::vector<delivery::Moved>& moved);
  void moved(const std::vector<delivery::Moved>& moved);
  /// A write that failed: it is on disk or it is not.
  void in_doubt(const std::vector<delivery::Change>& changes);
  void all_in_doubt() { doubt_ = Doubt::all; }
  /// Everything that had failed was written after all.
  void nothing_in_doubt() {
    doubt_ = Doubt::none;
    doubted_.clear();
  }
  /// The store was opened after a crash: everything acknowledged is there.
  void reopened(journal::SqliteStore& store);
  void recovered(journal::SqliteStore& store);
  /// The store's counters say what the rows say.
  void check_counters(journal::SqliteStore& store);

  // ── what leaves ──
  void new_process();
  /// From here to the end of the process, a row whose repeat is harmless may leave without the disk knowing.
  void journal_failed() { journal_has_failed_ = true; }
  /// After every event: an alert that was over once is over, wherever the clocks jump later.
  void look();
  void knows(delivery::AlertId id);  ///< this process has the alert
  void claimed(const std::vector<delivery::Row>& rows);
  void handed_over(const delivery::Attempt& attempt);
  void finished(const delivery::AttemptId& attempt);
  void asked(delivery::DeliveryId id) { asked_.insert(id); }
  void leaves(delivery::DeliveryId id);  ///< its first byte, now
  std::optional<delivery::DeliveryId> of_key(const std::string& key) const;
  /// The far side took it, whatever we hear of it.
  void taken(delivery::DeliveryId id);
  /// The gateway asked for it; refused for good.
  void refused(delivery::DeliveryId id) { refused_.insert(id); }
  /// A receipt that was answered with 200.
  void proof_acknowledged(delivery::DeliveryId id, delivery::Proof proof);

  /// Nothing has gone wrong for long, whatever the wall clock shows: an evacuation has no row that still waits.
  void check_urgent_ends() const;

  // ── the end ──
  void check_end(journal::SqliteStore& store, const dispatch::Engine& engine);
  /// What is still open, for the message of a seed that does not come to its end.
  std::string still_open() const;

  Tally tally;

 private:
  enum class Had { nothing, perhaps, a_text };
  struct Known {
    delivery::AlertId alert;
    alert::ZoneId zone;
    delivery::RouteIndex route;
    delivery::State state = delivery::State::pending;
    int attempts = 0;
    int handed = 0;  ///< number of the attempt that was handed over last
    int resends = 0;
    int copies = 0;                 ///< taken by the far side
    bool left_from_memory = false;  ///< while the journal could not be written
    std::string recipient;
    std::optional<delivery::Proof> negative, positive;  ///< proof that we acknowledged
    Had had = Had::nothing;                             ///< of the revisions before, when its row was made
  };
  bool journal_has_failed_ = false;
  int sent_ = 0;  ///< rows that are SENT on disk
  struct Alert {
    const AlertStory* story = nullptr;
    base::WallTime expires;
    Micros released_at{};
    std::optional<Micros> first_byte;
    bool told_stopped = false;
    bool stopped_here = false;  ///< by this process, whatever the disk knows
    bool was_over = false;
    std::optional<base::MonoTime> expires_mono;  ///< of this process
    std::map<delivery::RouteIndex, journal::StateCounts> counts;
    delivery::DeliveryId last{0};
    std::optional<delivery::AlertId> follows;
    /// Of an update: what its revisions had come to when it was released, by number.
    std::map<std::string, Had> had;
  };
  void check_pace(const plan::EndpointName& endpoint, delivery::AttemptId attempt);
  void check_who_comes_first(delivery::AlertId id, const Known& row) const;
  Had had(const Alert& update, const std::string& number) const;
  bool is_in_hand(delivery::AlertId id, const std::string& number) const;
  Known& known(delivery::DeliveryId id);
  Alert& alert(delivery::AlertId id) { return alerts_.at(id); }
  const plan::PlannedEndpoint& planned(const plan::EndpointName& name) const;
  void set(Known& row, delivery::State to);
  bool over(const Alert& alert) const;
  void check_final(const Alert& alert, delivery::DeliveryId id, const Known& row,
                   const plan::EndpointName& endpoint) const;
  void check_urgent(const Alert& alert) const;
  [[noreturn]] void broken(const std::string& what) const;

  const Story& story_;
  const Timeline& timeline_;
  std::map<delivery::AlertId, Alert> alerts_;
  std::map<delivery::DeliveryId, Known> rows_;
  std::map<std::string, delivery::DeliveryId> keys_;
  std::set<delivery::DeliveryId> refused_;
  std::set<delivery::DeliveryId> asked_;  ///< by this process, since they became unknown
  /// What this process has handed to a channel: unanswered, and when.
  struct Handed {
    std::set<delivery::AttemptId> open;
    std::deque<Micros> lately;
  };
  std::map<plan::EndpointName, Handed> handed_;
  enum class Doubt { none, some, all } doubt_ = Doubt::none;
  std::set<delivery::DeliveryId> doubted_;
};

}  // namespace broadcaster::simulation
