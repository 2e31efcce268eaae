// How long `record verify` takes: a record as a night of SMS leaves it, read and checked by an owner that does nothing
// else, over its own socket.
#include "broadcaster/journal/record.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <boost/json.hpp>
#include <memory>
#include <tuple>

#include "broadcaster/journal/chain.hpp"
#include "broadcaster/service/session.hpp"
#include "tests/bench/figure.hpp"
#include "tests/bench/measures.hpp"
#include "tests/bench/town.hpp"

namespace broadcaster::bench {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// The three entries of an SMS that goes through: intent, answer, receipt; one change each, as at a slow gateway.
json::object entry_of(std::int64_t number) {
  const auto delivery = number / 3 + 1;
  const auto at = std::int64_t{1'790'000'000'000} + number;
  const auto reference = fmt::format("{:010}", delivery);
  switch (number % 3) {
    case 0:
      return {{"changes", json::array{json::array{"sent", delivery, 1, "gateway", at}}}};
    case 1:
      return {{"changes", json::array{json::array{"settled", delivery, 1, "accepted", "accepted", "", reference, at}}}};
    default:
      return {{"changes", json::array{json::array{"proof", delivery, "accepted", "confirmed", "gateway", "confirmed",
                                                  "receipt", "stat:DELIVRD err:000", at}}}};
  }
}

/// SQLite's own words end the measurement.
void must_do(int code, sqlite3* db) {
  if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) throw std::runtime_error(sqlite3_errmsg(db));
}

/// Behind what stands in the record already; in one transaction, because a million would take an hour of this disk.
/// How many bytes their entries are.
std::int64_t append(const std::filesystem::path& state, journal::RecordHead head, std::int64_t entries) {
  sqlite3* opened = nullptr;
  const auto code = sqlite3_open((state / "journal.db").c_str(), &opened);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> db(opened, sqlite3_close);
  must_do(code, opened);
  must_do(sqlite3_exec(opened, "PRAGMA synchronous=OFF; BEGIN", nullptr, nullptr, nullptr), opened);
  sqlite3_stmt* prepared = nullptr;
  must_do(sqlite3_prepare_v2(opened, "INSERT INTO record VALUES(?1, ?2, 'commit', ?3, ?4)", -1, &prepared, nullptr),
          opened);
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> insert(prepared, sqlite3_finalize);
  std::int64_t bytes = 0;
  for (const auto last = head.seq + entries; head.seq < last;) {
    const base::WallTime at(base::milliseconds(1'790'000'000'000 + head.seq));
    const auto entry = journal::record_entry(entry_of(head.seq), head.seq + 1, at, "commit");
    head = {head.seq + 1, journal::next_hash(head.hash, entry)};
    bytes += static_cast<std::int64_t>(entry.size());
    sqlite3_reset(prepared);
    sqlite3_bind_int64(prepared, 1, head.seq);
    sqlite3_bind_int64(prepared, 2, at.time_since_epoch().count());
    sqlite3_bind_blob64(prepared, 3, entry.data(), entry.size(), SQLITE_STATIC);
    sqlite3_bind_blob64(prepared, 4, head.hash.data(), head.hash.size(), SQLITE_STATIC);
    must_do(sqlite3_step(prepared), opened);
  }
  sqlite3_reset(prepared);
  must_do(sqlite3_exec(opened, "COMMIT", nullptr, nullptr, nullptr), opened);
  return bytes;
}

/// What the machine needs for the hashes alone.
double bare_hashes(std::int64_t entries, std::int64_t bytes) {
  const std::string entry(static_cast<std::size_t>(bytes / entries), 'x');
  base::Digest hash{};
  const auto begin = Clock::now();
  for (std::int64_t i = 0; i < entries; ++i) hash = journal::next_hash(hash, entry);
  const Seconds took = Clock::now() - begin;
  if (hash == base::Digest{}) throw std::runtime_error("no hash");
  return took.count();
}

}  // namespace

void measure_record(Size size) {
  const int entries = size.of(1'000'000, 20'000);
  Town town("http://127.0.0.1:9");
  journal::RecordHead head;
  {
    const auto store = town.open();
    std::tie(head.seq, head.hash) = store->record_head();
  }
  const auto bytes = append(town.state(), head, entries);
  auto session = must(service::Session::open(
      {.state = {town.state()}, .config = {}, .mode = alert::Mode::live, .work = service::Work::read}));
  const auto begin = Clock::now();
  const auto report = must(session.ask({{"op", "verify"}}));
  const Seconds took = Clock::now() - begin;
  const auto* whole = report.if_contains("whole");
  const auto* read = report.if_contains("entries");
  if (whole == nullptr || *whole != true || read == nullptr || read->to_number<std::int64_t>() < entries)
    throw std::runtime_error("the record is not whole: " + json::serialize(report));
  tell({.name = "record.verify",
        .value = took.count(),
        .unit = "s",
        .bar = {Bar::Kind::at_most, 10},
        .beside = {{"entries", entries},
                   {"bytes_an_entry", static_cast<double>(bytes) / entries},
                   {"bare_hashes_s", bare_hashes(entries, bytes)}}});
}

}  // namespace broadcaster::bench
