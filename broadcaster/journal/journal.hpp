// The one implementation of SqliteStore, cut into files by what it does: schema, releases, expand, claim, commit,
// reading. Inside this folder only. Thread rule: as SqliteStore.
#pragma once

#include <any>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <type_traits>
#include <unordered_set>

#include "broadcaster/journal/record.hpp"
#include "broadcaster/journal/sqlite.hpp"
#include "broadcaster/journal/store.hpp"
#include "broadcaster/plan/snapshot.hpp"

namespace broadcaster::journal {

inline std::int64_t to_ms(base::WallTime time) { return time.time_since_epoch().count(); }
inline base::WallTime from_ms(std::int64_t ms) { return base::WallTime(base::milliseconds(ms)); }
inline std::optional<std::int64_t> to_ms(const std::optional<base::WallTime>& time) {
  if (!time) return std::nullopt;
  return to_ms(*time);
}
inline std::optional<base::WallTime> from_ms(const std::optional<std::int64_t>& ms) {
  if (!ms) return std::nullopt;
  return from_ms(*ms);
}
inline int to_number(State state) { return static_cast<int>(state); }

/// disk_full, busy, damaged or io, with SQLite's own words.
base::Error error_of(const sqlite::Failure& failure, const std::filesystem::path& folder);

/// How far an expansion has come: the unit of the worklist, and the last recipient in it.
struct Cursor {
  std::size_t unit = 0;
  std::string after;
  bool operator==(const Cursor&) const = default;
};
struct Walk {
  Cursor head;
  std::vector<Cursor> held;  ///< units behind the head, of audiences that cannot be read
  std::optional<base::Error> why;
  /// Where a start begins again: the first that is not done.
  const Cursor& first() const { return held.empty() ? head : held.front(); }
};

class Journal final : public SqliteStore {
 public:
  static constexpr int current_format = 3;

  /// Throws sqlite::Failure.
  Journal(const std::filesystem::path& folder, const OpenOptions& options);
  /// Makes what is missing; refuses what is not ours.
  base::Result<void> prepare(alert::Mode mode);

  base::Result<std::int64_t> reserve_code() override;
  base::Result<Inserted> insert_release(const approval::StoredRelease& release, const std::string& plan_digest,
                                        const plan::Plan& plan) override;
  base::Result<Inserted> insert_follow_up(const approval::StoredRelease& release, const std::string& plan_digest,
                                          const plan::Plan& plan, AlertId stops, const std::string& why) override;
  base::Result<Expanded> expand(AlertId alert, const plan::Plan& plan, int limit) override;
  base::Result<std::vector<AlertId>> open_alerts() override;
  base::Result<HowFar> how_far(AlertId alert) override;
  base::Result<std::int64_t> recover(AlertId alert, const plan::Plan& plan, base::WallTime now,
                                     base::milliseconds longest) override;

  base::Result<Claimed> claim(AlertId alert, RouteIndex route, base::WallTime now, int limit) override;
  base::Result<std::vector<delivery::Moved>> commit(std::span<const delivery::Change> changes) override;
  base::Result<std::vector<delivery::Moved>> sweep(AlertId alert, State to, const std::string& why, base::WallTime now,
                                                   int limit) override;

  base::Result<std::optional<std::string>> load(const std::string& key) override;
  base::Result<void> save(const std::string& key, const std::string& value) override;
  base::Result<void> note(const std::string& kind, const std::string& canonical, base::WallTime now) override;

  base::Result<std::vector<Erasure>> ended_before(base::WallTime before) override;
  base::Result<Erased> erase_people(AlertId alert, base::WallTime now, int limit) override;
  base::Result<void> forget_log() override;

  base::Result<Revisions> revisions(AlertId any) override;
  base::Result<std::optional<AlertId>> find_alert(const std::string& identifier_or_code) override;
  base::Result<std::optional<AlertId>> find_release(const std::string& plan_digest, ReleaseOf of) override;
  base::Result<std::vector<AlertId>> alerts() override;
  base::Result<std::vector<AlertId>> alerts_in_force(base::WallTime now) override;
  base::Result<std::vector<AlertId>> halted_in_force(base::WallTime now) override;
  base::Result<StoredAlert> alert(AlertId alert) override;
  base::Result<AlertStatus> status(AlertId alert) override;
  base::Result<std::vector<DeliveryLine>> deliveries(AlertId alert, delivery::DeliveryId after, int limit) override;
  base::Result<std::vector<AttemptLine>> attempts(AlertId alert, delivery::AttemptId after, int limit) override;
  base::Result<std::vector<EvidenceLine>> evidence(AlertId alert, EvidenceId after, int limit) override;
  base::Result<std::vector<RecipientLine>> recipients(AlertId alert, delivery::DeliveryId after, int limit) override;
  base::Result<Pulse> pulse(AlertId alert) override;
  base::Result<CountedRows> count_rows(AlertId alert, RouteIndex route, const std::string& after, int limit) override;
  base::Result<std::vector<RecordEntry>> record(std::int64_t after, int limit) override;
  std::pair<std::int64_t, base::Digest> record_head() const override { return {seq_, head_}; }
  base::Result<void> sign_record(const base::SigningKey& key) override;
  std::int64_t unsigned_entries() const override { return seq_ - signed_seq_; }

  base::Result<void> begin_backup(const std::filesystem::path& file) override;
  base::Result<BackupProgress> step_backup(int pages) override;
  void end_backup() override { backup_.reset(); }
  base::Result<std::int64_t> doubt_pending(AlertId alert, const plan::Plan& plan, base::WallTime now,
                                           int limit) override;
  base::Result<void> skip_codes(int n) override;

  const std::filesystem::path& folder() const override { return folder_; }
  bool broken() const override { return failure_.has_value(); }
  const std::optional<base::Error>& failure() const override { return failure_; }
  base::Result<void> reopen(Repeats repeats) override;
  void tend() override;

 private:
  /// One transaction and its entry of the record. `work(entry)` writes rows and fills the entry's body; what it returns
  /// is returned. A failed statement rolls back and breaks the store; an exception of another kind rolls back and goes
  /// on.
  template <class Work>
  auto transact(std::string_view kind, base::WallTime at, Work work)
      -> base::Result<std::invoke_result_t<Work, boost::json::object&>> {
    using Made = std::invoke_result_t<Work, boost::json::object&>;
    if (broken()) return base::fail(base::ErrorKind::unavailable, {"journal.broken", {{"folder", folder_.string()}}});
    if constexpr (!std::is_void_v<Made>)
      if (auto done = take_landed<Made>()) return std::move(*done);
    std::any made;
    try {
      sqlite::Transaction transaction(db_);
      boost::json::object body;
      if constexpr (std::is_void_v<Made>) {
        work(body);
        finish(transaction, std::move(body), kind, at);
        return {};
      } else {
        made = work(body);
        finish(transaction, std::move(body), kind, at);
        return std::any_cast<Made>(std::move(made));
      }
    } catch (const sqlite::Failure& failure) {
      doubt_ = Doubt{next_head_, std::move(made)};
      return std::unexpected(broke(failure));
    }
  }
  /// Notes why nothing can be written any more.
  base::Error broke(const sqlite::Failure& failure) {
    db_.distrust();
    failure_ = error_of(failure, folder_);
    return *failure_;
  }
  /// What a write answers that failed, is repeated, and was on disk after all; once.
  template <class Made>
  std::optional<Made> take_landed() {
    auto* made = std::any_cast<Made>(&landed_);
    if (!made) return std::nullopt;
    std::optional<Made> out(std::move(*made));
    landed_.reset();
    return out;
  }

  base::WallTime now() const { return clock_.now().wall; }
  void finish(sqlite::Transaction& transaction, boost::json::object body, std::string_view kind, base::WallTime at);
  void make_schema(alert::Mode mode);
  void upgrade(std::int64_t format);
  void close_lists();
  void read_head();
  void find_what_is_on_disk();
  /// The rows of a release; fills its entry.
  AlertId add_release(const approval::StoredRelease& release, const std::string& plan_digest, const plan::Plan& plan,
                      boost::json::object& body);
  std::optional<AlertId> same_plan(const std::string& plan_digest, bool false_alarm);
  base::Result<void> may_insert(const approval::StoredRelease& release, const plan::Plan& plan);
  base::Result<StoredAlert> read_alert(AlertId alert);
  base::Bytes alert_key(AlertId alert);
  std::optional<base::Text> still_open(AlertId alert, base::WallTime now);

  std::filesystem::path folder_;
  base::SystemClock system_clock_;
  const base::Clock& clock_;
  alert::Mode mode_ = alert::Mode::drill;
  sqlite::Database db_;
  std::unique_ptr<sqlite::Backup> backup_;  ///< under way; gone before the file is opened again
  std::optional<base::Error> failure_;
  std::int64_t seq_ = 0;
  base::Digest head_{};
  std::int64_t signed_seq_ = 0;  ///< of the last checkpoint
  base::Digest next_head_{};     ///< of the transaction under way, as soon as its entry is made
  /// The write that failed: the disk has it or has it not.
  struct Doubt {
    base::Digest head;
    std::any made;
  };
  std::optional<Doubt> doubt_;
  std::any found_;   ///< made by a write that failed and is on disk; kept until the file can be written again
  std::any landed_;  ///< the same, for the write that is to be repeated now
  /// Claimed and not yet changed: memory only, see claim().
  std::unordered_set<std::int64_t> claimed_;
  /// By digest, while alerts are being expanded: opening one reads it whole.
  std::map<std::string, plan::SnapshotReader> readers_;
  /// Of alerts with an audience that is held. Memory only: a start walks again from the first held one, and finds the
  /// rows behind it there.
  std::map<AlertId, Walk> walks_;
};

}  // namespace broadcaster::journal
