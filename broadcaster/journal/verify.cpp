#include "broadcaster/journal/verify.hpp"

#include "broadcaster/base/files.hpp"
#include "broadcaster/journal/record_key.hpp"

namespace broadcaster::journal {
namespace {

// A step takes about 2 ms. An entry of an expansion alone has about half a megabyte.
constexpr std::size_t bytes_a_step = 128u << 10;
constexpr std::size_t bytes_of_a_query = 256;  // what asking for one entry costs, as bytes that are hashed and read

}  // namespace

base::Result<Kept> kept_from(std::span<const std::string> heads, std::span<const std::string> keys) {
  Kept kept;
  for (const auto& text : heads) {
    const auto head = head_from(text);
    if (!head) return base::fail(base::ErrorKind::usage, {"journal.no_head", {{"found", text}}});
    kept.heads.push_back(*head);
  }
  for (const auto& text : keys) {
    const auto key = base::digest_from_hex(text);
    if (!key) return base::fail(base::ErrorKind::usage, {"journal.no_record_key", {{"found", text}}});
    kept.keys.push_back(*key);
  }
  return kept;
}

base::Result<RecordCheck> RecordCheck::begin(const std::filesystem::path& folder, const Kept& kept) {
  const auto file = read_record_head(folder);
  if (!file) return std::unexpected(file.error());
  const auto own = read_record_key(folder);
  if (!own) return std::unexpected(own.error());
  std::vector<KnownSigner> signers;
  for (const auto& key : kept.keys)
    signers.push_back(*own && (*own)->key.public_key() == key ? (*own)->known() : KnownSigner{key, std::nullopt});
  if (signers.empty() && *own) signers.push_back((*own)->known());
  RecordCheck check;
  check.chain_ = Chain(std::move(signers));
  for (const auto& head : kept.heads) check.heads_.push_back({.head = head});
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
  if (auto reason = chain_.end()) return found(report_.head.seq + 1, std::move(*reason));
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
    report_.vouched = chain_.vouched();
    if (auto reason = other_head()) return found(entry.seq, std::move(*reason));
    bytes += entry.entry.size() + bytes_of_a_query;
  }
  return Progress::more;
}

base::Result<VerifyReport> verify(SqliteStore& store, const Kept& kept) {
  auto check = RecordCheck::begin(store.folder(), kept);
  if (!check) return std::unexpected(check.error());
  for (;;) {
    const auto progress = check->step(store);
    if (!progress) return std::unexpected(progress.error());
    if (*progress == RecordCheck::Progress::complete) return check->report();
  }
}

base::Result<VerifyReport> verify(const std::filesystem::path& folder, const Kept& kept) {
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
  return base::write_file(store.folder() / "record.head", text_of(RecordHead{seq, hash}) + "\n");
}

base::Result<std::optional<RecordHead>> read_record_head(const std::filesystem::path& folder) {
  const auto path = folder / "record.head";
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return std::nullopt;
  const auto text = base::read_file(path, 200);
  if (!text) return std::unexpected(text.error());
  auto head = text->ends_with('\n') ? head_from(std::string_view(*text).substr(0, text->size() - 1)) : std::nullopt;
  if (!head) return base::fail(base::ErrorKind::check_failed, {"journal.bad_head", {{"file", path.string()}}});
  return head;
}

}  // namespace broadcaster::journal
