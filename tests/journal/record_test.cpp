// The chain: any change shows; and the export.
#include "broadcaster/journal/record.hpp"

#include <sqlite3.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <random>

#include "broadcaster/base/files.hpp"
#include "broadcaster/journal/export.hpp"
#include "broadcaster/journal/export_files.hpp"
#include "broadcaster/journal/verify.hpp"
#include "tests/journal/sample.hpp"

namespace broadcaster::journal {
namespace {

using namespace sample;  // NOLINT

TEST(MaskedText, HidesNumbersOfPeopleAndKeepsTimes) {
  EXPECT_EQ(masked_text("no route to +999 0000-0005"), "no route to +[number]");
  EXPECT_EQ(masked_text("sounding at 2026-11-24T02:15:00Z"), "sounding at 2026-11-24T02:15:00Z");
  EXPECT_EQ(masked_text("2026-11-24 02:15 to 99900000005"), "2026-11-24 02:15 to [number]");
  EXPECT_EQ(masked_text("2026-11-24 9990000005"), "2026-11-24 [number]");
  for (const auto* number :
       {"+2026-11-24", "2026-13-24", "2026-11-245", "3026-11-24", "08122026-11-24", "0812 2026-11-24"})
    EXPECT_NE(masked_text(number).find("[number]"), std::string::npos) << number;
}

struct Record : testing::Test {
  Folder folder;
  void SetUp() override {
    const auto store = open(folder.path());
    const auto audience = snapshot(folder.path(), "+99900000005,id,port\n+99900000006,id,hill\n");
    const auto alert = released(*store, audience);
    for (const auto route : {sirens, toots, sms})
      for (const auto& row : must(store->claim(alert, route, at(1), 10)).rows)
        commit(*store, {intend(row, route == sms ? "kannel-a" : "toots"), settle(row, State::accepted, "ref")});
    must(store->note("halted", R"({"by":"sari","alert":1})", at(8)));
    must(write_record_head(*store));
  }
  void change(const std::string& sql) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open((folder.path() / "journal.db").c_str(), &db), SQLITE_OK);
    char* error = nullptr;
    ASSERT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &error), SQLITE_OK) << error;
    sqlite3_close(db);
  }
  VerifyReport verified() { return must(verify(folder.path())); }
};

TEST_F(Record, AnUntouchedOneIsWhole) {
  const auto report = verified();
  EXPECT_FALSE(report.first_bad) << report.reason.id;
  EXPECT_GT(report.entries, 10);
  EXPECT_EQ(report.head.seq, report.entries);
}

TEST_F(Record, RemovalReorderingAndTruncationAreFound) {
  const auto last = verified().entries;
  const std::string end = std::to_string(last);
  const std::pair<std::string, std::int64_t> cases[] = {
      {"DELETE FROM record WHERE seq = 4", 4},
      {"DELETE FROM record WHERE seq = 1", 1},
      {"DELETE FROM record WHERE seq = " + end, last},
      {"UPDATE record SET seq = -1 WHERE seq = 4; UPDATE record SET seq = 4 WHERE seq = 5;"
       "UPDATE record SET seq = 5 WHERE seq = -1",
       4},
      {"DELETE FROM record WHERE seq = 4; UPDATE record SET seq = seq - 1 WHERE seq > 4", 4},
      {"UPDATE record SET at = at + 1 WHERE seq = 3", 3},
      {"UPDATE record SET kind = 'commit' WHERE seq = 1", 1},
  };
  for (const auto& [sql, bad] : cases) {
    const auto copy = folder.path() / "copy";
    std::filesystem::remove(copy);
    std::filesystem::copy_file(folder.path() / "journal.db", copy);
    change(sql);
    const auto report = verified();
    EXPECT_EQ(report.first_bad, bad) << sql << " " << report.reason.id;
    std::filesystem::rename(copy, folder.path() / "journal.db");
  }
}

TEST_F(Record, ARecordThatWasWrittenAnewIsFoundByAKeptHead) {
  const auto kept = verified().head;
  std::filesystem::remove(folder.path() / "record.head");
  std::filesystem::remove(folder.path() / "journal.db");
  SetUp();
  const auto report = must(verify(folder.path(), {.heads = {kept}, .keys = {}}));
  EXPECT_EQ(report.first_bad, kept.seq);
  EXPECT_EQ(report.reason.id, "journal.record_other_head");
}

TEST_F(Record, EveryFlippedBitOfAnEntryOrHashIsFound) {
  const auto store = open(folder.path());
  std::mt19937 random(1);
  const auto entries = must(store->record(0, 1000));
  base::Digest before{};
  for (const auto& entry : entries) {
    const auto hash = next_hash(before, entry.entry);
    ASSERT_EQ(std::string(hash.begin(), hash.end()), entry.hash);
    for (int i = 0; i < 64; ++i) {
      auto changed = entry.entry;
      const auto bit = random() % (changed.size() * 8);
      changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
      EXPECT_NE(next_hash(before, changed), hash);
    }
    before = hash;
  }
}

TEST_F(Record, RandomFlipsOnDiskAreFound) {
  std::mt19937 random(2);
  const auto last = verified().entries;
  for (int round = 0; round < 12; ++round) {
    const auto copy = folder.path() / "copy";
    std::filesystem::remove(copy);
    std::filesystem::copy_file(folder.path() / "journal.db", copy);
    const auto seq = 1 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(last));
    const std::string column = round % 2 ? "entry" : "hash";
    std::string bytes;
    {
      const auto store = open(folder.path());
      const auto entry = must(store->record(seq - 1, 1)).at(0);
      bytes = round % 2 ? entry.entry : entry.hash;
    }
    const auto bit = random() % (bytes.size() * 8);
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    const std::span raw(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    change("UPDATE record SET " + column + " = x'" + base::hex(raw) + "' WHERE seq = " + std::to_string(seq));
    EXPECT_EQ(verified().first_bad, seq) << column;
    std::filesystem::rename(copy, folder.path() / "journal.db");
  }
}

TEST_F(Record, PeopleCanBeErasedAndTheChainStillVerifies) {
  change("DELETE FROM alert_key; UPDATE delivery SET recipient = '+' || id WHERE recipient LIKE '+%'");
  EXPECT_FALSE(verified().first_bad);
}

TEST_F(Record, SaysWhoReleasedWhat) {
  const auto store = open(folder.path());
  const auto entries = must(store->record(0, 2));
  EXPECT_EQ(entries[0].kind, "opened");
  const auto entry = boost::json::parse(entries[1].entry);
  EXPECT_EQ(entry.at("kind"), "released");
  EXPECT_EQ(entry.at("by"), "sari");
  EXPECT_EQ(entry.at("plan"), boost::json::string_view(digest));
  EXPECT_EQ(entry.at("signatures").at(0).at(2), "approver");
}

TEST_F(Record, ANoteThatIsNoJsonIsRefused) {
  const auto store = open(folder.path());
  EXPECT_FALSE(store->note("halted", "{", at(1)));
  EXPECT_FALSE(store->broken());
}

TEST_F(Record, TheExportIsWholeWithoutNumbersAndOverwritesNothing) {
  const auto store = open(folder.path());
  const auto out = folder.path() / "export";
  const auto key = must(take_record_key(folder.path(), {1, {}}));
  ExportOptions options{.out = out, .language = "id", .by = "sari (uid 1000)", .key = key};
  must(export_record(*store, AlertId(1), options));
  for (const char* name : {"alert.json", "plan.json", "signatures.json", "people.yaml", "deliveries.csv",
                           "deliveries.jsonl", "attempts.csv", "attempts.jsonl", "evidence.csv", "record.jsonl",
                           "record-key.pem", "README.txt", "report.html", "SHA256SUMS"}) {
    const auto text = must(base::read_file(out / name));
    EXPECT_FALSE(text.empty()) << name;
    EXPECT_EQ(text.find("9990000"), std::string::npos) << name;
  }
  EXPECT_EQ(must(base::read_file(out / "plan.json")), release().canonical_plan);
  const auto deliveries = must(base::read_file(out / "deliveries.csv"));
  EXPECT_EQ(std::ranges::count(deliveries, '\n'), 1 + 4 + 2 + 2);
  // The record can be checked from the export alone, as its README says.
  const auto lines = must(base::read_file(out / "record.jsonl"));
  base::Digest hash{};
  std::string found;
  for (std::size_t at_byte = 0; at_byte < lines.size();) {
    const auto end = lines.find('\n', at_byte);
    const auto line = lines.substr(at_byte, end - at_byte);
    at_byte = end + 1;
    found = line.substr(9, 64);
    const auto entry = line.substr(83, line.size() - 84);
    hash = next_hash(hash, entry);
    ASSERT_EQ(base::hex(hash), found);
  }
  EXPECT_NE(must(base::read_file(out / "README.txt")).find(found), std::string::npos);
  const auto again = export_record(*store, AlertId(1), options);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().text.id, "journal.export_not_empty");
  const auto missing = export_record(*store, AlertId(9), {.out = folder.path() / "other"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().text.id, "journal.no_alert");
}

TEST(AcceptedWarnings, StandInTheRecord) {
  Folder folder;
  auto store = open(folder.path());
  auto warned = plan();
  warned.findings = {{"ucs2", {}, {}, {}, {}}, {"not_alerted", {}, {}, {}, {}}};
  ASSERT_TRUE(store->insert_release(release(), std::string(digest), warned));
  const auto entries = must(store->record(0, 2));
  const auto entry = boost::json::parse(entries[1].entry);
  EXPECT_EQ(boost::json::serialize(entry.at("accepted")), R"(["not_alerted","ucs2"])");
}

}  // namespace
}  // namespace broadcaster::journal
