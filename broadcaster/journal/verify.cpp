#include "broadcaster/journal/verify.hpp"

#include <fmt/format.h>

#include <boost/json/value.hpp>
#include <charconv>

#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/files.hpp"
#include "broadcaster/journal/record.hpp"

namespace broadcaster::journal {
namespace {

constexpr int page = 64;  // an entry of an expansion is about half a megabyte

/// nullopt: this entry is what the chain says.
std::optional<base::Text> wrong(const RecordEntry& entry, std::int64_t expected_seq, const base::Digest& before) {
  if (entry.seq != expected_seq)
    return base::Text{"journal.record_missing", {{"expected", expected_seq}, {"found", entry.seq}}};
  const auto hash = next_hash(before, entry.entry);
  if (std::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()) != entry.hash)
    return base::Text{"journal.record_changed", {{"seq", entry.seq}}};
  // The columns beside the entry are for reading; they must say the same.
  const auto parsed = base::parse_json(entry.entry, "record");
  const auto* object = parsed ? parsed->if_object() : nullptr;
  const auto* seq = object ? object->if_contains("seq") : nullptr;
  const auto* at = object ? object->if_contains("at") : nullptr;
  const auto* kind = object ? object->if_contains("kind") : nullptr;
  using boost::json::value;
  const auto shown = base::format_utc(base::WallTime(base::milliseconds(entry.at_ms)));
  if (!seq || *seq != value(entry.seq) || !at || *at != value(shown) || !kind || *kind != value(entry.kind))
    return base::Text{"journal.record_columns", {{"seq", entry.seq}}};
  return std::nullopt;
}

std::optional<base::Digest> digest_of(const std::string& bytes) {
  base::Digest out{};
  if (bytes.size() != out.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

}  // namespace

base::Result<VerifyReport> verify(SqliteStore& store, std::span<const RecordHead> kept) {
  std::vector<RecordHead> heads(kept.begin(), kept.end());
  const auto file = read_record_head(store.folder());
  if (!file) return std::unexpected(file.error());
  if (*file) heads.push_back(**file);

  VerifyReport report;
  std::vector<bool> seen(heads.size(), false);
  for (;;) {
    const auto entries = store.record(report.head.seq, page);
    if (!entries) return std::unexpected(entries.error());
    if (entries->empty()) break;
    for (const auto& entry : *entries) {
      if (auto reason = wrong(entry, report.head.seq + 1, report.head.hash)) {
        report.first_bad = report.head.seq + 1;
        report.reason = std::move(*reason);
        return report;
      }
      ++report.entries;
      report.head = {entry.seq, *digest_of(entry.hash)};
      for (std::size_t i = 0; i < heads.size(); ++i) {
        if (heads[i].seq != entry.seq) continue;
        seen[i] = true;
        if (heads[i].hash == report.head.hash) continue;
        report.first_bad = entry.seq;
        report.reason = {"journal.record_other_head", {{"seq", entry.seq}}};
        return report;
      }
    }
  }
  for (std::size_t i = 0; i < heads.size(); ++i) {
    if (seen[i] || heads[i].seq == 0) continue;
    report.first_bad = report.head.seq + 1;
    report.reason = {"journal.record_cut", {{"entries", report.entries}, {"known", heads[i].seq}}};
    return report;
  }
  return report;
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
