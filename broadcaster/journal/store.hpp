// The journal: everything decided, sent and answered, on disk. All SQL of the product stands behind this class.
//
// SqliteStore is blocking and single-threaded: in the product StoreThread owns it, in the simulation it is called
// directly on a file system that lies. One connection writes and checkpoints (WAL, synchronous=FULL). Every method that
// writes is one transaction, and one chained entry of the record; when it returns, it is on disk.
//
// Errors: unavailable with the reason (disk full, I/O error). After a write that failed the object is broken() and
// every further write fails: what is on disk is not known until it is opened again. A change that expects another state
// than the row has is a bug of the caller and throws std::logic_error; nothing is written then.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "broadcaster/approval/release.hpp"
#include "broadcaster/base/signing_key.hpp"
#include "broadcaster/base/time.hpp"
#include "broadcaster/delivery/changes.hpp"

namespace broadcaster::journal {

using delivery::AlertId;
using delivery::RouteIndex;
using delivery::State;

using StateCounts = std::map<State, std::int64_t>;

/// What a row of `alert` says; enough to go on after a restart.
struct StoredAlert {
  AlertId id;
  approval::StoredRelease release;
  std::string plan_digest;  ///< hex, of the whole signed plan
  std::string identifier;
  base::WallTime expires;
  std::optional<base::WallTime> stopped_at;
  std::string stop_reason;
  bool expanded = false;  ///< every delivery has its row
};

/// The result of insert_release(): `joined` when this plan was released before; then nothing was written.
struct Inserted {
  AlertId alert;
  enum class How { released, joined } how = How::released;
};

struct Claimed {
  std::vector<delivery::Row> rows;
  /// When the next open row of this (alert, route) is due; nullopt: there is none.
  std::optional<base::WallTime> next_due;
};

struct Expanded {
  std::map<RouteIndex, std::int64_t> added;  ///< rows by route
  /// held: everybody has a row but the people of an audience that cannot be read. Asking again tries it again.
  enum class Progress { more, held, complete } progress = Progress::more;
  std::optional<base::Error> held;  ///< why, as long as some audience is held
};

struct EndpointTimes {
  std::optional<base::WallTime> first_attempt, first_accepted, last_accepted, first_confirmed, last_confirmed;
  std::int64_t attempts = 0;
  std::int64_t possible_duplicates = 0;  ///< resends after unknown
};

struct AlertStatus {
  StoredAlert alert;
  std::map<RouteIndex, StateCounts> routes;
  std::map<plan::EndpointName, StateCounts>
      endpoints;  ///< by the endpoint of the last attempt; untried: the route's first
  std::map<plan::EndpointName, EndpointTimes> times;
  /// Posts that were read back and show something else than was approved, and nothing has confirmed since.
  std::map<plan::EndpointName, std::int64_t> differs;
};

/// How far an alert had come when the last process ended.
struct HowFar {
  std::map<RouteIndex, StateCounts> routes;
  /// Unknown rows that nothing happens to by itself, by the endpoint of their last try: who waits for a person is one
  /// of them.
  std::map<plan::EndpointName, std::vector<delivery::DeliveryId>> held;
};

/// One delivery for reports: who (keyed hash for a number, else as it is), how it stands, why.
struct DeliveryLine {
  delivery::DeliveryId id;
  RouteIndex route;
  plan::EndpointName endpoint;
  std::string recipient;
  alert::Language language;
  alert::ZoneId zone;
  State state = State::pending;
  int attempts = 0;
  std::string why;
  std::vector<std::string> evidence;  ///< "sounding 2026-…Z", in order
};

/// One entry of the record, as it stands on disk. See record.hpp for what `entry` holds.
struct RecordEntry {
  std::int64_t seq = 0;
  std::int64_t at_ms = 0;
  std::string kind;
  std::string entry;  ///< canonical JSON, the bytes that are hashed
  std::string hash;   ///< 32 bytes: SHA-256(hash of the entry before ‖ entry)
};

struct AttemptLine {
  delivery::AttemptId id;
  plan::EndpointName endpoint;
  base::WallTime at;
  std::optional<base::WallTime> ended;
  std::string outcome;  ///< empty: not ended yet
  std::string why;
  std::string ref;  ///< the far side's id of it, where it gave one; empty before format 3
};

/// What came back later about a delivery: receipts, acknowledgements, read-backs.
struct EvidenceId {
  delivery::DeliveryId delivery;
  std::int64_t number = 0;
};
struct EvidenceLine {
  EvidenceId id;
  plan::EndpointName endpoint;
  std::string proof;   ///< name(Proof)
  std::string kind;    ///< "receipt", "read_back", …
  std::string detail;  ///< what the far side said; numbers masked
  base::WallTime at;
};

/// A recipient as he stands in the journal: a number in clear, until it is erased.
struct RecipientLine {
  delivery::DeliveryId delivery;
  std::string recipient;
};

/// An alert that ended before some time, and the people in it.
struct Erasure {
  AlertId alert;
  std::string identifier;
  std::string code;
  base::WallTime ended;         ///< stopped, or expired
  std::int64_t deliveries = 0;  ///< all of it, sirens and posts too
  std::optional<base::WallTime> erased_at;
  /// Why it must not be erased yet: something of it, or of an alert that follows it, is open or in force.
  std::optional<base::Text> open;
};
struct Erased {
  std::int64_t numbers = 0;  ///< by this call
  enum class Progress { more, complete } progress = Progress::complete;
};

/// What tells whether an alert goes on: small, whatever the number of its rows.
struct Pulse {
  std::optional<base::WallTime> stopped_at;
  enum class Followed { no, yes } followed = Followed::no;  ///< by an update, a false alarm or an all-clear
  bool expanded = false;
  std::map<RouteIndex, StateCounts> counters;  ///< as every screen shows them
  std::map<RouteIndex, base::WallTime>
      oldest_due;  ///< of the open rows with a due; 1970: at once, since it has its row
};

/// A page of a count of the rows themselves.
struct CountedRows {
  StateCounts states;
  std::string last;  ///< the recipient to go on after
  enum class Progress { more, complete } progress = Progress::complete;
};

/// One alert through the night: each update in the place of the one before, and an all-clear behind them.
struct Revisions {
  std::vector<AlertId> ids;              ///< oldest first
  std::optional<AlertId> taken_back_by;  ///< the newest one's false alarm, which is no revision
};

/// What open() takes besides the folder and the mode.
struct OpenOptions {
  /// Name of a registered SQLite VFS; empty: the machine's own files. The simulation registers one that loses writes.
  std::string vfs;
  /// Times of the record's entries; nullptr: the machine's clock. Must outlive the store.
  const base::Clock* clock = nullptr;
};

class SqliteStore {
 public:
  /// Opens or makes <folder>/journal.db with the record in it; the folder is made when it is missing. The file is
  /// locked for as long as it is open. Errors: refused for a state of a newer format (names both) or of the other mode;
  /// unavailable (disk, another process, a file that is no journal).
  static base::Result<std::unique_ptr<SqliteStore>> open(const std::filesystem::path& folder, alert::Mode mode,
                                                         const OpenOptions& options = {});
  virtual ~SqliteStore() = default;

  // Releases
  /// The next number for a public code; never given twice.
  virtual base::Result<std::int64_t> reserve_code() = 0;
  /// Plan, signatures, people file, filling, cursors: one transaction. The same plan again joins. `plan` is what goes
  /// out: with release.false_alarm the prepared plan inside the signed one. Errors: refused for a plan of the other
  /// mode, and for an identifier that another plan has.
  virtual base::Result<Inserted> insert_release(const approval::StoredRelease& release, const std::string& plan_digest,
                                                const plan::Plan& plan) = 0;
  /// A follow-up: its release and the stop of the alert that it refers to (of several revisions the newest), in one
  /// transaction. When it joins, the other alert was stopped with it before. Errors: refused where the other was
  /// replaced before, and for an all-clear where it was taken back.
  virtual base::Result<Inserted> insert_follow_up(const approval::StoredRelease& release,
                                                  const std::string& plan_digest, const plan::Plan& plan, AlertId stops,
                                                  const std::string& why) = 0;
  /// Makes up to `limit` delivery rows from the plan and its snapshots (<folder>/snapshots), by a cursor: the same rows
  /// whatever happens. Sirens first, then accounts, then audiences; in each nearest onset first, then most people, then
  /// siren, language or number. Ids rise in this order, and claim() goes by it. An Update does not restart the list: in
  /// a zone come first those whom no revision has reached, then those of whom it is not known, then the others (R42).
  /// A recipient for whom every endpoint of
  /// the route is blocked gets no row. An audience that cannot be read, or is not what was signed, holds its own people
  /// and nobody else. Errors: unavailable.
  virtual base::Result<Expanded> expand(AlertId alert, const plan::Plan& plan, int limit) = 0;
  /// Alerts with work that may still be done by itself, the not yet expanded ones, and those in force with rows that
  /// wait for a person; for a start.
  virtual base::Result<std::vector<AlertId>> open_alerts() = 0;
  virtual base::Result<HowFar> how_far(AlertId alert) = 0;
  /// After a start: attempts that were SENT when the process ended become unknown, due after the endpoint's
  /// reconcile_after (at once where a repeat is harmless). Due times are of the wall, which somebody may have set back
  /// since: what is pending waits for `longest` at most or goes at once, what is unknown for its reconcile_after.
  /// Returns how many were SENT.
  virtual base::Result<std::int64_t> recover(AlertId alert, const plan::Plan& plan, base::WallTime now,
                                             base::milliseconds longest) = 0;

  // Sending
  /// Up to `limit` open rows that are due, oldest due first, then in order of expansion. A claim is memory only: the
  /// row stays as it is on disk, and is not claimed again until its next change (Intend, Settle, Move, sweep, or
  /// evidence that moves it) has been committed. Whoever claims a row and does not start it gives it back by a Move
  /// with a due.
  virtual base::Result<Claimed> claim(AlertId alert, RouteIndex route, base::WallTime now, int limit) = 0;
  /// All changes in their order, or none. What evidence has overtaken is no bug and no regress: a Settle of a row that
  /// is past SENT keeps its attempt, reference and memo, a Move from unknown is dropped, and with it the Intend of a
  /// resend, all without a Moved; they stand in the record as overtaken. Move with from == to sets a new due on a
  /// pending or unknown row.
  virtual base::Result<std::vector<delivery::Moved>> commit(std::span<const delivery::Change> changes) = 0;
  /// Up to `limit` pending rows → expired or cancelled; 0 when none is left.
  virtual base::Result<std::vector<delivery::Moved>> sweep(AlertId alert, State to, const std::string& why,
                                                           base::WallTime now, int limit) = 0;

  // Small durable values of channels
  virtual base::Result<std::optional<std::string>> load(const std::string& key) = 0;
  virtual base::Result<void> save(const std::string& key, const std::string& value) = 0;

  /// A decision that is no delivery ("refused", "approved", "halted", "owner started"): an entry of the record.
  /// `canonical` is canonical JSON without numbers of people.
  virtual base::Result<void> note(const std::string& kind, const std::string& canonical, base::WallTime now) = 0;

  // Erasing people; erase.cpp says what goes and what stays
  /// Alerts that ended before `before`, oldest first.
  virtual base::Result<std::vector<Erasure>> ended_before(base::WallTime before) = 0;
  /// Puts the keyed hash in the place of up to `limit` numbers, and after the last one destroys the key of the alert.
  /// Errors: refused for an alert that is open (Erasure::open says why).
  virtual base::Result<Erased> erase_people(AlertId alert, base::WallTime now, int limit) = 0;
  /// What was overwritten is no longer in the file beside the database either; takes as long as the WAL is big.
  virtual base::Result<void> forget_log() = 0;

  // Reading
  /// An alert, what it replaced and what has replaced it, from any of them.
  virtual base::Result<Revisions> revisions(AlertId any) = 0;
  virtual base::Result<std::optional<AlertId>> find_alert(const std::string& identifier_or_code) = 0;
  /// The release of this plan, if there is one: the plan itself, or the false alarm prepared in it.
  enum class ReleaseOf { the_plan, its_false_alarm };
  virtual base::Result<std::optional<AlertId>> find_release(const std::string& plan_digest, ReleaseOf of) = 0;
  /// All, in the order of their release.
  virtual base::Result<std::vector<AlertId>> alerts() = 0;
  /// Those that are neither stopped nor expired.
  virtual base::Result<std::vector<AlertId>> alerts_in_force(base::WallTime now) = 0;
  /// Those that somebody halted and nothing has followed, and that have not expired.
  virtual base::Result<std::vector<AlertId>> halted_in_force(base::WallTime now) = 0;
  /// Errors: bad_input when there is none, or when what is stored cannot be read.
  virtual base::Result<StoredAlert> alert(AlertId alert) = 0;
  virtual base::Result<AlertStatus> status(AlertId alert) = 0;
  /// Every delivery after `after`, at most `limit`, for reports and export.
  virtual base::Result<std::vector<DeliveryLine>> deliveries(AlertId alert, delivery::DeliveryId after, int limit) = 0;
  /// Every attempt after `after`, in order of delivery and number, at most `limit`.
  virtual base::Result<std::vector<AttemptLine>> attempts(AlertId alert, delivery::AttemptId after, int limit) = 0;
  /// All evidence after `after`, in order of delivery and number, at most `limit`.
  virtual base::Result<std::vector<EvidenceLine>> evidence(AlertId alert, EvidenceId after, int limit) = 0;
  /// Numbers in clear, for an export that says so; every delivery after `after`, at most `limit`.
  virtual base::Result<std::vector<RecipientLine>> recipients(AlertId alert, delivery::DeliveryId after, int limit) = 0;
  /// Errors: bad_input when there is no such alert.
  virtual base::Result<Pulse> pulse(AlertId alert) = 0;
  /// Counts the rows of a route, in order of recipient after `after` (empty: from the first), at most `limit`.
  virtual base::Result<CountedRows> count_rows(AlertId alert, RouteIndex route, const std::string& after,
                                               int limit) = 0;
  /// Entries with a seq above `after`, in order, at most `limit`.
  virtual base::Result<std::vector<RecordEntry>> record(std::int64_t after, int limit) = 0;
  /// Number and hash of the last entry; 0 and zeroes before the first.
  virtual std::pair<std::int64_t, base::Digest> record_head() const = 0;
  /// An entry that vouches for all before it (checkpoint.hpp); nothing is written when the last entry is one.
  virtual base::Result<void> sign_record(const base::SigningKey& key) = 0;
  /// Entries behind the last checkpoint: exact up to most_unsigned, "at least" beyond it.
  virtual std::int64_t unsigned_entries() const = 0;

  // A second machine
  /// Begins a copy of the whole journal in `file`, which must not be there; what is written meanwhile comes with it.
  /// One at a time. Errors: unavailable.
  virtual base::Result<void> begin_backup(const std::filesystem::path& file) = 0;
  struct BackupProgress {
    std::int64_t left = 0, pages = 0;  ///< of 4 KiB
  };
  /// Copies up to `pages`. 0 left: the file is whole and closed, and not yet synced. Errors: unavailable; it is given
  /// up then.
  virtual base::Result<BackupProgress> step_backup(int pages) = 0;
  /// Gives up what is not finished; the file may be there.
  virtual void end_backup() = 0;
  /// After a restore: up to `limit` pending rows become unknown, because the machine that the copy is of may have sent
  /// them since, in the try after their last one. Due as in recover(). Returns how many; 0 when none is left.
  virtual base::Result<std::int64_t> doubt_pending(AlertId alert, const plan::Plan& plan, base::WallTime now,
                                                   int limit) = 0;
  /// The next `n` public codes are never given here: another machine may have given them.
  virtual base::Result<void> skip_codes(int n) = 0;

  virtual const std::filesystem::path& folder() const = 0;
  virtual bool broken() const = 0;
  /// Why it is broken; nullopt: it works.
  virtual const std::optional<base::Error>& failure() const = 0;
  /// After a failure: opens the file again, finds out whether the write that failed is on disk after all, and proves
  /// with an entry of the record that it can be written. `repeats`: the very next write is the one that failed, called
  /// again with the same arguments; where it had landed it is not done twice, and answers what it did. Errors:
  /// unavailable: it is as broken as before.
  enum class Repeats { no, yes };
  virtual base::Result<void> reopen(Repeats repeats) = 0;
  /// Checkpoint when the WAL has more than 1,000 frames; called when idle. (Far beyond that a write does it too.)
  virtual void tend() = 0;
};

}  // namespace broadcaster::journal
