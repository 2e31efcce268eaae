// The journal after its disk failed: opened again, and what was in doubt is known.
#include "broadcaster/journal/journal.hpp"
#include "broadcaster/journal/statements.hpp"

namespace broadcaster::journal {

base::Result<void> Journal::reopen(Repeats repeats) try {
  landed_.reset();
  backup_.reset();
  db_.reopen();
  db_.execute(statements::settings);
  db_.make_durable_what_is_found();
  find_what_is_on_disk();
  if (repeats == Repeats::no) found_.reset();
  readers_.clear();
  failure_.reset();
  // A disk that is full can be opened and read. Only a write shows that it is mended.
  auto proven = transact("reopened", now(), [](boost::json::object&) {});
  if (proven) landed_ = std::exchange(found_, {});
  return proven;
} catch (const sqlite::Failure& failure) {
  return std::unexpected(broke(failure));
}

/// Everything that was acknowledged must be there, and at most the write in doubt behind it: who goes on from memory
/// relies on it.
void Journal::find_what_is_on_disk() {
  const auto [seq, head] = record_head();
  read_head();
  auto doubt = std::exchange(doubt_, std::nullopt);
  if (seq_ == seq && head_ == head) return;
  if (doubt && seq_ == seq + 1 && head_ == doubt->head) {
    if (doubt->made.has_value()) found_ = std::move(doubt->made);
    return;
  }
  const auto found = std::to_string(seq_);
  seq_ = seq;
  head_ = head;
  throw sqlite::Failure(SQLITE_CORRUPT, "it ends at entry " + found + ", and " + std::to_string(seq) + " were written");
}

}  // namespace broadcaster::journal
