#include "broadcaster/journal/verify.hpp"

#include <fmt/format.h>

#include <charconv>

#include "broadcaster/base/files.hpp"

namespace broadcaster::journal {
namespace {

// A step takes about 2 ms. An entry of an expansion alone has about half a megabyte.
constexpr std::size_t bytes_a_step = 128u << 10;
constexpr std::size_t bytes_of_a_query = 256;  // what asking for one entry costs, as bytes that are hashed and read

}  // namespace

base::Result<RecordCheck> RecordCheck::begin(const std::filesystem::path& folder, std::span<const RecordHead> kept) {
  const auto file = read_record_head(folder);
  if (!file) return std::unexpected(file.error());
  RecordCheck check;
  for (const auto& head : kept) check.heads_.push_back({.head = head});
  if (*file) check.heads_.push_back({.head = **file});
  return check;
}

RecordCheck::Progress RecordCheck::found(std::int64_t seq, base::Text reason) {
  report_.first_bad = seq;
  report_.reason = std::move(reason);
  return Progress::complete;
}

/// Somebody kept another hash for the entry that was read last.
std::optional<base::Text> RecordCheck::other_head() {
  for (auto& known : heads_) {
    if (known.head.seq != report_.head.seq) continue;
    known.seen = KnownHead::Seen::yes;
    if (known.head.hash != report_.head.hash)
      return base::Text{"journal.record_other_head", {{"seq", report_.head.seq}}};
  }
  return std::nullopt;
}

RecordCheck::Progress RecordCheck::end() {
  for (const auto& known : heads_)
    if (known.seen == KnownHead::Seen::no && known.head.seq != 0)
      return found(report_.head.seq + 1,
                   {"journal.record_cut", {{"entries", report_.entries}, {"known", known.head.seq}}});
  return Progress::complete;
}

base::Result<RecordCheck::Progress> RecordCheck::step(SqliteStore& store) {
  for (std::size_t bytes = 0; bytes < bytes_a_step;) {
    const auto entries = store.record(report_.head.seq, 1);
    if (!entries) return std::unexpected(entries.error());
    if (entries->empty()) return end();
    const auto& entry = entries->front();
    if (auto reason = chain_.add(entry)) return found(chain_.head().seq + 1, std::move(*reason));
    ++report_.entries;
    report_.head = chain_.head();
    if (auto reason = other_head()) return found(entry.seq, std::move(*reason));
    bytes += entry.entry.size() + bytes_of_a_query;
  }
  return Progress::more;
}

base::Result<VerifyReport> verify(SqliteStore& store, std::span<const RecordHead> kept) {
  auto check = RecordCheck::begin(store.folder(), kept);
  if (!check) return std::unexpected(check.error());
  for (;;) {
    const auto progress = check->step(store);
    if (!progress) return std::unexpected(progress.error());
    if (*progress == RecordCheck::Progress::complete) return check->report();
  }
}

base::Result<VerifyReport> verify(const std::filesystem::path& folder, std::span<const RecordHead> kept) {
  if (!std::filesystem::exists(folder / "journal.db"))
    return base::fail(base::ErrorKind::unavailable, {"journal.no_state", {{"folder", folder.string()}}});
  auto store = SqliteStore::open(folder, alert::Mode::live);
  // Of the other mode: then it is a drill's. Every other error comes again.
  if (!store) store = SqliteStore::open(folder, alert::Mode::drill);
  if (!store) return std::unexpected(store.error());
  return verify(**store, kept);
}

base::Result<void> write_record_head(const SqliteStore& store) {
  const auto [seq, hash] = store.record_head();
  return base::write_file(store.folder() / "record.head", fmt::format("{} {}\n", seq, base::hex(hash)));
}

base::Result<std::optional<RecordHead>> read_record_head(const std::filesystem::path& folder) {
  const auto path = folder / "record.head";
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return std::nullopt;
  const auto text = base::read_file(path, 200);
  if (!text) return std::unexpected(text.error());
  RecordHead head;
  const auto* end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, head.seq);
  const std::string_view tail(rest, static_cast<std::size_t>(end - rest));
  const auto hash = tail.size() == 66 && tail.front() == ' ' && tail.back() == '\n'
                        ? base::digest_from_hex(tail.substr(1, 64))
                        : std::nullopt;
  if (error != std::errc() || head.seq < 0 || !hash)
    return base::fail(base::ErrorKind::check_failed, {"journal.bad_head", {{"file", path.string()}}});
  head.hash = *hash;
  return head;
}

}  // namespace broadcaster::journal
