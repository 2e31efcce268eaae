// The request for a copy of the state: page by page between everybody else's work. What may wait for the disk of the
// copy has a thread of its own.
#include <boost/json.hpp>

#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/service/backup.hpp"
#include "broadcaster/service/request_fields.hpp"
#include "broadcaster/service/requests.hpp"
#include "broadcaster/service/standing.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {
namespace json = boost::json;
namespace {

/// 256 KiB: less than a millisecond of the store's time.
constexpr int pages_at_once = 64;
/// So little is written between two syncs that the system never holds a writer up for what is not yet on the stick.
constexpr int steps_a_sync = 4;

struct Copied {
  journal::SqliteStore::BackupProgress progress;
  journal::RecordHead head;  ///< in the moment of this step
};

base::Result<Copied> step(journal::SqliteStore& store) {
  const auto progress = store.step_backup(pages_at_once);
  if (!progress) return std::unexpected(progress.error());
  const auto [seq, hash] = store.record_head();
  return Copied{*progress, {seq, hash}};
}

base::Result<void> begin(journal::SqliteStore& store, const BackupTarget& target, base::WallTime now) {
  if (auto marked = mark_copied(store, now); !marked) return marked;
  return store.begin_backup(target.journal());
}

}  // namespace

template <alert::Mode M>
struct Requests<M>::BackupRun {
  std::string by;
  Reply reply;
  std::optional<BackupTarget> target;  ///< once it is ours
  int steps = 0;
  std::int64_t told = -1;  ///< percent
};

/// Elsewhere, then back here: `work` may take as long as the disk of the copy takes.
template <alert::Mode M>
void Requests<M>::copy_aside(std::shared_ptr<BackupRun> run, std::function<base::Result<void>(BackupRun&)> work,
                             std::function<void()> then) {
  const auto result = std::make_shared<base::Result<void>>();
  const bool queued = copying_.run([run, work = std::move(work), result] { *result = work(*run); },
                                   [this, run, result, then = std::move(then)] {
                                     if (!*result) return give_up(run, result->error());
                                     then();
                                   });
  if (!queued) end_backup(*run, base::fail(base::ErrorKind::unavailable, {"service.busy", {}}));
}

template <alert::Mode M>
void Requests<M>::backup(const Object& request, const net::Peer& peer, Reply reply) {
  if (backing_up_ == BackingUp::yes)
    return reply(bad(base::Error{base::ErrorKind::unavailable, {"service.backup_under_way", {}}, {}, {}}));
  backing_up_ = BackingUp::yes;
  auto run = std::make_shared<BackupRun>(by_whom(request, peer), std::move(reply), std::nullopt);
  copy_aside(
      run,
      [state = tools_.options.state, folder = string_of(request, "folder")](BackupRun& mine) -> base::Result<void> {
        auto target = prepare_backup(state, folder);
        if (!target) return std::unexpected(target.error());
        mine.target = std::move(*target);
        return {};
      },
      [this, run] {
        tools_.store.run([target = *run->target, now = tools_.clock.now().wall](
                             journal::SqliteStore& store) { return begin(store, target, now); },
                         [this, run](const base::Result<void>& begun) {
                           if (!begun) return give_up(run, begun.error());
                           copy_pages(run);
                         });
      });
}

template <alert::Mode M>
void Requests<M>::copy_pages(std::shared_ptr<BackupRun> run) {
  tools_.store.run(
      [](journal::SqliteStore& store) { return step(store); },
      [this, run](const base::Result<Copied>& copied) {
        if (!copied) return give_up(run, copied.error());
        const auto& progress = copied->progress;
        const auto percent = progress.pages > 0 ? (progress.pages - progress.left) * 100 / progress.pages : 0;
        if (std::exchange(run->told, percent) != percent) run->reply(good({{"done", false}, {"percent", percent}}));
        if (progress.left == 0) return finish_copy(run, copied->head);
        if (++run->steps % steps_a_sync != 0) return copy_pages(run);
        copy_aside(run, [](BackupRun& mine) { return sync_backup(*mine.target); }, [this, run] { copy_pages(run); });
      });
}

template <alert::Mode M>
void Requests<M>::finish_copy(std::shared_ptr<BackupRun> run, journal::RecordHead head) {
  copy_aside(
      run,
      [state = tools_.options.state, head, now = tools_.clock.now().wall](BackupRun& mine) {
        return finish_backup(state, *mine.target, M, head, now);
      },
      [this, run, head] {
        const auto entry =
            base::canonical_json(json::object{{"by", run->by}, {"hash", base::hex(head.hash)}, {"seq", head.seq}});
        tools_.store.run([entry, now = tools_.clock.now().wall](
                             journal::SqliteStore& store) { return store.note("backed_up", entry, now); },
                         [this, run](const base::Result<void>& noted) { end_backup(*run, noted); });
      });
}

/// Nothing half is left behind, and it is said why.
template <alert::Mode M>
void Requests<M>::give_up(std::shared_ptr<BackupRun> run, base::Error reason) {
  if (!run->target) return end_backup(*run, std::unexpected(reason));
  const auto remove = [this, run, reason] {
    const bool queued = copying_.run([run] { give_up_backup(*run->target); },
                                     [this, run, reason] { end_backup(*run, std::unexpected(reason)); });
    if (!queued) end_backup(*run, std::unexpected(reason));
  };
  tools_.store.run(
      [](journal::SqliteStore& store) -> base::Result<void> {
        store.end_backup();
        return {};
      },
      [remove](const base::Result<void>&) { remove(); });
}

template <alert::Mode M>
void Requests<M>::end_backup(const BackupRun& run, const base::Result<void>& result) {
  backing_up_ = BackingUp::no;
  if (!result) return run.reply(bad(result.error()));
  run.reply(good({{"done", true}, {"folder", run.target->folder.string()}}));
}

template void Requests<alert::Mode::live>::backup(const boost::json::object&, const net::Peer&, Reply);
template void Requests<alert::Mode::drill>::backup(const boost::json::object&, const net::Peer&, Reply);

}  // namespace broadcaster::service
