#include "broadcaster/plan/snapshot.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>

#include "broadcaster/plan/csv.hpp"
#include "tests/plan/example.hpp"

namespace broadcaster::plan {
namespace {

using example::Folder;
using example::has;

base::Checked<SnapshotInfo> make(const Folder& folder, const std::string& csv, BadRows bad_rows) {
  return make_snapshot({.file = folder.write("residents.csv", csv),
                        .folder = folder.path,
                        .languages = {alert::Language("id"), alert::Language("en")},
                        .zones = {alert::ZoneId("muara"), alert::ZoneId("pasir")},
                        .map = &example::town().zones,
                        .bad_rows = bad_rows});
}

std::vector<Recipient> all(const Folder& folder, const std::string& digest, int page) {
  std::vector<Recipient> out;
  auto reader = SnapshotReader::open(folder.path, digest);
  EXPECT_TRUE(reader);
  for (;;) {
    const auto rows = reader->next(out.empty() ? "" : out.back().number, page);
    EXPECT_TRUE(rows);
    if (!rows || rows->empty()) return out;
    EXPECT_LE(rows->size(), static_cast<std::size_t>(page));
    out.insert(out.end(), rows->begin(), rows->end());
  }
}

Recipient person(const char* number, const char* language, const char* zone) {
  return {number, alert::Language(language), alert::ZoneId(zone)};
}

TEST(Snapshot, OneRowAPersonSortedByNumber) {
  const Folder folder;
  const auto info = make(folder,
                         "number,language,zone\n+9996000003,id,pasir\n+9996000001,en,muara\n+9996000002,id,teluk\n"
                         "+9996000001,id,pasir\n",
                         BadRows::refuse);
  ASSERT_TRUE(info) << example::lines(info.error());
  EXPECT_EQ(info->recipients, 2);
  EXPECT_EQ(info->duplicates, 1);
  EXPECT_EQ(info->elsewhere, 1);
  EXPECT_EQ(info->counts, (std::vector<AudienceCount>{{alert::Language("en"), alert::ZoneId("muara"), 1},
                                                      {alert::Language("id"), alert::ZoneId("pasir"), 1}}));
  const std::vector expected{person("+9996000001", "en", "muara"), person("+9996000003", "id", "pasir")};
  EXPECT_EQ(all(folder, info->digest, 1), expected);
  EXPECT_EQ(all(folder, info->digest, 100), expected);
}

TEST(Snapshot, WhoOnlyHearsASirenIsInItForTheFalseAlarmAndNeverTakesAnAlertedPlace) {
  const Folder folder;
  const auto made = make_snapshot({.file = folder.write("residents.csv",
                                                        "number,language,zone\n+9996000001,id,bukit\n"
                                                        "+9996000002,en,bukit\n+9996000002,id,muara\n"
                                                        "+9996000003,id,pasir\n+9996000003,en,bukit\n"
                                                        "+9996000004,id,karang\n"),
                                   .folder = folder.path,
                                   .languages = {alert::Language("id"), alert::Language("en")},
                                   .zones = {alert::ZoneId("muara"), alert::ZoneId("pasir")},
                                   .in_hearing = {alert::ZoneId("bukit")},
                                   .map = &example::town().zones,
                                   .bad_rows = BadRows::refuse});
  ASSERT_TRUE(made) << example::lines(made.error());
  EXPECT_EQ(made->recipients, 2) << "of the alert";
  EXPECT_EQ(made->elsewhere, 1);
  const std::vector expected{person("+9996000001", "id", "bukit"), person("+9996000002", "id", "muara"),
                             person("+9996000003", "id", "pasir")};
  EXPECT_EQ(all(folder, made->digest, 100), expected);
}

TEST(Snapshot, SomebodyInTwoZonesIsReachedThroughTheAlertedOne) {
  const Folder folder;
  const auto info = make(folder, "number,language,zone\n+9996000001,id,teluk\n+9996000001,id,muara\n", BadRows::refuse);
  ASSERT_TRUE(info);
  EXPECT_EQ(all(folder, info->digest, 9), std::vector{person("+9996000001", "id", "muara")});
}

TEST(Snapshot, NobodyIsLeftOutForTheirLanguage) {
  const Folder folder;
  const auto info = make(folder, "number,language,zone\n+9996000001,jv,muara\n", BadRows::refuse);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->other_language, 1);
  EXPECT_EQ(all(folder, info->digest, 9), std::vector{person("+9996000001", "id", "muara")});
}

TEST(Snapshot, TheDigestIsOfTheRecipientsAndNotOfTheFile) {
  const Folder folder;
  const auto plain =
      make(folder, "number,language,zone\n+9996000001,id,muara\n+9996000002,en,pasir\n", BadRows::refuse);
  const auto windows =
      make(folder, "\xef\xbb\xbf\"zone\",number,language\r\npasir,+9996000002,en\r\n\r\n\"muara\",\"+9996000001\",id",
           BadRows::refuse);
  ASSERT_TRUE(plain);
  ASSERT_TRUE(windows) << example::lines(windows.error());
  EXPECT_EQ(plain->digest, windows->digest);
  EXPECT_EQ(plain->digest,
            base::hex(base::sha256(std::string_view("+9996000001\tid\tmuara\n+9996000002\ten\tpasir\n"))));
}

constexpr const char* with_mistakes =
    "number,language,zone\n+9996000001,id,muara\n08123456789,id,muara\n+9996000002,id,nowhere\n+9996000003,id\n"
    "+0996000003,id,muara\n+99960,id,muara\n+9996000009,,muara\n+9996000004,id,pasir\n";

TEST(Snapshot, BadRowsAreNamedByTheirLine) {
  const Folder folder;
  const auto info = make(folder, with_mistakes, BadRows::refuse);
  ASSERT_FALSE(info);
  ASSERT_EQ(info.error().size(), 7u) << example::lines(info.error());
  EXPECT_EQ(info.error()[0].place->line, 3);
  EXPECT_EQ(info.error()[0].text.id, "plan.row_number");
  EXPECT_EQ(info.error()[1].text.id, "plan.row_zone");
  EXPECT_EQ(info.error()[2].text.id, "plan.row_columns");
  EXPECT_EQ(info.error()[5].text.id, "plan.row_language");
  EXPECT_EQ(info.error()[6].text.id, "plan.rows_refused");
  EXPECT_EQ(example::lines(info.error()).find("08123"), std::string::npos) << "numbers stay out of errors";
}

TEST(Snapshot, BadRowsAreSkippedOnlyWhenThatWasAsked) {
  const Folder folder;
  const auto info = make(folder, with_mistakes, BadRows::skip);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->recipients, 2);
  EXPECT_EQ(info->skipped, 6);
  ASSERT_EQ(info->bad_rows.size(), 6u);
  EXPECT_EQ(info->bad_rows[0].row, 3);
}

TEST(Snapshot, OnlyTheFirstTwentyMistakesAreListed) {
  const Folder folder;
  std::string csv = "number,language,zone\n";
  for (int i = 0; i < 50; ++i) csv += "x,id,muara\n";
  EXPECT_EQ(make(folder, csv, BadRows::refuse).error().size(), 21u);
  EXPECT_EQ(make(folder, csv, BadRows::skip)->bad_rows.size(), 20u);
}

TEST(Snapshot, TheHeadingAndTheFileAreChecked) {
  const Folder folder;
  EXPECT_TRUE(has(make(folder, "number,zone\n", BadRows::skip).error(), "plan.audience_heading"));
  EXPECT_TRUE(has(make(folder, "", BadRows::skip).error(), "plan.audience_heading"));
  EXPECT_EQ(make(folder, "number,language,zone\n", BadRows::skip)->recipients, 0);
  const auto missing = make_snapshot({.file = folder.path / "nobody.csv",
                                      .folder = folder.path,
                                      .languages = {alert::Language("id")},
                                      .zones = {},
                                      .map = &example::town().zones});
  EXPECT_TRUE(has(missing.error(), "plan.audience_unreadable"));
}

TEST(Snapshot, LeavesNoTemporaryFileBehind) {
  const Folder folder;
  ASSERT_FALSE(make(folder, with_mistakes, BadRows::refuse));
  for (const auto& entry : std::filesystem::directory_iterator(folder.path))
    EXPECT_EQ(entry.path().extension(), ".csv") << entry.path();
}

TEST(SnapshotReader, RefusesRecipientsThatAreNotThePlans) {
  const Folder folder;
  const auto info = make(folder, "number,language,zone\n+9996000001,id,muara\n", BadRows::refuse);
  ASSERT_TRUE(info);
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((folder.path / (info->digest + ".db")).c_str(), &database), SQLITE_OK);
  sqlite3_exec(database, "INSERT INTO recipient VALUES('+9996000002','id','muara')", nullptr, nullptr, nullptr);
  sqlite3_close(database);
  const auto reader = SnapshotReader::open(folder.path, info->digest);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().kind, base::ErrorKind::refused);
  EXPECT_EQ(SnapshotReader::open(folder.path, std::string(64, '0')).error().text.id, "plan.snapshot_missing");
  EXPECT_EQ(SnapshotReader::open(folder.path, "../people").error().text.id, "plan.snapshot_missing");
}

TEST(Snapshot, AQuoteThatIsNotClosedIsOneBadRowAndSwallowsNobody) {
  const Folder folder;
  const auto info =
      make(folder, "number,language,zone\n\"+9996000001,id,muara\n+9996000002,id,muara\n+9996000003,id,muara\"\n",
           BadRows::skip);
  ASSERT_TRUE(info);
  ASSERT_EQ(info->bad_rows.size(), 2U);
  EXPECT_EQ(info->bad_rows[0].row, 2);
  EXPECT_EQ(info->bad_rows[0].reason.id, "plan.row_quote");
  EXPECT_EQ(info->bad_rows[1].row, 4);
  EXPECT_EQ(info->recipients, 1);
}

TEST(Csv, QuotesMayHoldCommasAndQuotesAndEndWithTheirLine) {
  const Folder folder;
  auto csv = CsvReader::open(folder.write("x.csv", "a,\"b,\"\"c\"\"d\"\n\"open\nnext\n\"last"));
  ASSERT_TRUE(csv);
  std::vector<std::string> fields;
  EXPECT_EQ(csv->next(fields), CsvReader::Step::record);
  EXPECT_EQ(fields, (std::vector<std::string>{"a", "b,\"c\"d"}));
  EXPECT_EQ(csv->next(fields), CsvReader::Step::open_quote);
  EXPECT_EQ(csv->line(), 2);
  EXPECT_EQ(csv->next(fields), CsvReader::Step::record);
  EXPECT_EQ(fields, std::vector<std::string>{"next"});
  EXPECT_EQ(csv->next(fields), CsvReader::Step::open_quote);
  EXPECT_EQ(csv->next(fields), CsvReader::Step::end);
  auto endless = CsvReader::open(folder.write("y.csv", std::string(100'000, 'x') + "\nend"));
  EXPECT_EQ(endless->next(fields), CsvReader::Step::too_long);
  EXPECT_EQ(endless->next(fields), CsvReader::Step::record);
  EXPECT_EQ(fields, std::vector<std::string>{"end"});
}

}  // namespace
}  // namespace broadcaster::plan
