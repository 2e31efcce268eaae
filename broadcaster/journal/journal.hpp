// The one implementation of SqliteStore, cut into files by what it does: schema, releases, expand, claim, commit,
// reading. Inside this folder only. Thread rule: as SqliteStore.
#pragma once

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

class Journal final : public SqliteStore {
 public:
  static constexpr int current_format = 1;

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
  base::Result<std::vector<StoredAlert>> open_alerts() override;
  base::Result<std::int64_t> recover(AlertId alert, const plan::Plan& plan, base::WallTime now) override;

  base::Result<Claimed> claim(AlertId alert, RouteIndex route, base::WallTime now, int limit) override;
  base::Result<std::vector<delivery::Moved>> commit(std::span<const delivery::Change> changes) override;
  base::Result<std::vector<delivery::Moved>> sweep(AlertId alert, State to, const std::string& why, base::WallTime now,
                                                   int limit) override;

  base::Result<std::optional<std::string>> load(const std::string& key) override;
  base::Result<void> save(const std::string& key, const std::string& value) override;
  base::Result<void> note(const std::string& kind, const std::string& canonical, base::WallTime now) override;

  base::Result<std::optional<AlertId>> find_alert(const std::string& identifier_or_code) override;
  base::Result<std::vector<StoredAlert>> alerts() override;
  base::Result<AlertStatus> status(AlertId alert) override;
  base::Result<std::vector<DeliveryLine>> deliveries(AlertId alert, delivery::DeliveryId after, int limit) override;
  base::Result<std::vector<AttemptLine>> attempts(AlertId alert, delivery::AttemptId after, int limit) override;
  base::Result<std::vector<RecordEntry>> record(std::int64_t after, int limit) override;
  std::pair<std::int64_t, base::Digest> record_head() const override { return {seq_, head_}; }

  const std::filesystem::path& folder() const override { return folder_; }
  bool broken() const override { return broken_; }
  void tend() override;

 private:
  /// One transaction and its entry of the record. `work(entry)` writes rows and fills the entry's body; what it returns
  /// is returned. A failed statement rolls back and breaks the store; an exception of another kind rolls back and goes
  /// on.
  template <class Work>
  auto transact(std::string_view kind, base::WallTime at, Work work)
      -> base::Result<std::invoke_result_t<Work, boost::json::object&>> {
    if (broken_) return base::fail(base::ErrorKind::unavailable, {"journal.broken", {{"folder", folder_.string()}}});
    try {
      sqlite::Transaction transaction(db_);
      boost::json::object body;
      if constexpr (std::is_void_v<std::invoke_result_t<Work, boost::json::object&>>) {
        work(body);
        finish(transaction, std::move(body), kind, at);
        return {};
      } else {
        auto result = work(body);
        finish(transaction, std::move(body), kind, at);
        return result;
      }
    } catch (const sqlite::Failure& failure) {
      broken_ = true;
      return std::unexpected(error_of(failure, folder_));
    }
  }

  base::WallTime now() const { return clock_.now().wall; }
  void finish(sqlite::Transaction& transaction, boost::json::object body, std::string_view kind, base::WallTime at);
  void make_schema(alert::Mode mode);
  void read_head();
  /// The rows of a release; fills its entry.
  AlertId add_release(const approval::StoredRelease& release, const std::string& plan_digest, const plan::Plan& plan,
                      boost::json::object& body);
  std::optional<AlertId> same_plan(const std::string& plan_digest, bool false_alarm);
  base::Result<void> may_insert(const approval::StoredRelease& release, const plan::Plan& plan);
  base::Result<StoredAlert> read_alert(AlertId alert);
  base::Result<std::vector<StoredAlert>> read_alerts(const std::vector<AlertId>& ids);
  base::Bytes alert_key(AlertId alert);

  std::filesystem::path folder_;
  base::SystemClock system_clock_;
  const base::Clock& clock_;
  alert::Mode mode_ = alert::Mode::drill;
  sqlite::Database db_;
  bool broken_ = false;
  std::int64_t seq_ = 0;
  base::Digest head_{};
  /// Claimed and not yet changed: memory only, see claim().
  std::unordered_set<std::int64_t> claimed_;
  /// By digest, while alerts are being expanded: opening one reads it whole.
  std::map<std::string, plan::SnapshotReader> readers_;
};

}  // namespace broadcaster::journal
