// An export stands by itself: it says what belongs to it, who vouches for it, and gives out numbers only when asked to.
#include "broadcaster/journal/export.hpp"

#include <sqlite3.h>

#include <boost/json.hpp>
#include <cstdlib>

#include "broadcaster/base/files.hpp"
#include "broadcaster/journal/export_files.hpp"
#include "broadcaster/journal/verify_export.hpp"
#include "tests/journal/sample.hpp"

namespace broadcaster::journal {
namespace {

using namespace sample;  // NOLINT
namespace json = boost::json;

TEST(CsvField, IsNoFormulaInASpreadsheet) {
  const std::pair<const char*, const char*> cases[] = {{"plain", "plain"},
                                                       {"", ""},
                                                       {"=1+1", "'=1+1"},
                                                       {"+99900000005", "'+99900000005"},
                                                       {"-2", "'-2"},
                                                       {"@SUM(A1)", "'@SUM(A1)"},
                                                       {"\tx", "'\tx"},
                                                       {"\nx", "\"'\nx\""},
                                                       {"a,b", "\"a,b\""},
                                                       {"say \"a\"", "\"say \"\"a\"\"\""},
                                                       {"=a,\"b\"", "\"'=a,\"\"b\"\"\""},
                                                       {"a=b", "a=b"}};
  for (const auto& [text, field] : cases) EXPECT_EQ(csv_field(text), field);
}

struct Export : testing::Test {
  Folder folder;
  std::filesystem::path out = folder.path() / "evidence";
  std::unique_ptr<SqliteStore> store = open(folder.path());
  RecordKey key = must(take_record_key(folder.path(), {1, store->record_head().second}));

  void SetUp() override {
    auto what = plan(snapshot(folder.path(), "+99900000005,id,port\n+99900000006,id,hill\n"));
    auto made = release();
    made.canonical_plan = plan::canonical(what);
    const auto id = must(store->insert_release(made, std::string(digest), what)).alert;
    while (must(store->expand(id, what, 5000)).progress == Expanded::Progress::more) {
    }
    for (const auto route : {sirens, toots, sms})
      for (const auto& row : must(store->claim(id, route, at(1), 10)).rows) {
        const bool refused = route == toots && row.language.value == "en";
        auto answer = settle(row, refused ? State::failed : State::accepted, "ref-" + std::to_string(row.id.value));
        if (refused) answer.outcome = "refused", answer.why = "HTTP 422: <too long>", answer.ref = "";
        commit(*store, {intend(row, route == sms ? "kannel-a" : "toots"), answer});
        if (route == toots && !refused) {
          auto differs = prove(row.id, delivery::Proof::accepted);
          differs.evidence.kind = "read_back_differs";
          differs.evidence.detail = "approved \"=LATIHAN\", shown \"\"";
          commit(*store, {differs});
        }
      }
  }
  ExportOptions options() const { return {.out = out, .by = "sari (uid 1000)", .key = key}; }
  void make(ExportOptions made) { must(export_record(*store, AlertId(1), std::move(made))); }
  std::string file(const char* name) { return must(base::read_file(out / name)); }
  ExportVerdict verdict(const Kept& kept = {}) { return must(verify_export(out, kept)); }
};

TEST_F(Export, IsWholeAndSaysBothTablesTwice) {
  make(options());
  const auto found = verdict();
  EXPECT_TRUE(found.good()) << (found.files.empty() ? found.record.reason.id : found.files[0].id);
  EXPECT_EQ(found.checked, 15);
  EXPECT_EQ(found.record.vouched.key, key.key.public_key());
  EXPECT_EQ(found.record.vouched.through, found.record.head.seq - 1) << "everything is signed";
  for (const char* name : {"deliveries", "attempts", "evidence"}) {
    const auto csv = file((std::string(name) + ".csv").c_str()), lines = file((std::string(name) + ".jsonl").c_str());
    EXPECT_EQ(std::ranges::count(csv, '\n'), std::ranges::count(lines, '\n') + 1) << name;
  }
}

TEST_F(Export, HoldsEveryMessageByteForByteAndEveryAnswer) {
  make(options());
  const auto line = json::parse(file("messages.jsonl").substr(0, file("messages.jsonl").find('\n')));
  EXPECT_EQ(line.at("endpoint"), "sirens");
  EXPECT_EQ(json::value_to<std::string>(line.at("sha256")),
            base::hex(base::sha256(json::value_to<std::string>(line.at("text")))));
  EXPECT_NE(file("messages.jsonl").find("LATIHAN"), std::string::npos);
  EXPECT_NE(file("attempts.csv").find(",ref-1,"), std::string::npos) << file("attempts.csv");
  EXPECT_NE(file("evidence.jsonl").find("read_back_differs"), std::string::npos);
  const auto report = file("report.html");
  EXPECT_NE(report.find("HTTP 422: &lt;too long&gt;"), std::string::npos);
  EXPECT_NE(report.find("What was published is not what was approved"), std::string::npos);
  EXPECT_EQ(report.find("<script"), std::string::npos);
  EXPECT_EQ(report.find("http://"), std::string::npos) << "nothing comes from elsewhere";
}

TEST_F(Export, GivesNumbersOutOnlyWhenAskedTo) {
  make(options());
  for (const auto& entry : std::filesystem::directory_iterator(out))
    EXPECT_EQ(must(base::read_file(entry.path())).find("9990000"), std::string::npos) << entry.path();
  auto clear = options();
  clear.out = folder.path() / "clear";
  clear.numbers = ExportOptions::Numbers::clear;
  clear.why = "court order 12/2026";
  make(clear);
  EXPECT_NE(must(base::read_file(clear.out / "numbers.csv")).find(",'+99900000005\n"), std::string::npos);
  const auto entries = must(store->record(0, 1000));
  std::vector<std::string> exported;
  for (const auto& entry : entries)
    if (entry.kind == "exported") exported.push_back(entry.entry);
  ASSERT_EQ(exported.size(), 2u);
  EXPECT_NE(exported[0].find("\"numbers\":\"hashed\""), std::string::npos);
  EXPECT_NE(exported[1].find("court order 12/2026"), std::string::npos) << exported[1];
  EXPECT_NE(exported[1].find("\"by\":\"sari (uid 1000)\""), std::string::npos);
}

TEST_F(Export, EveryChangedMissingOrForeignFileIsFound) {
  make(options());
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(out)) files.push_back(entry.path());
  for (const auto& path : files) {
    const auto name = path.filename().string();
    const auto whole = must(base::read_file(path));
    auto changed = whole;
    changed[changed.size() / 2] = static_cast<char>(changed[changed.size() / 2] ^ 1);
    must(base::write_file(path, changed));
    EXPECT_FALSE(verdict().good()) << name << " changed";
    std::filesystem::remove(path);
    if (name != "SHA256SUMS")
      EXPECT_FALSE(verdict().good()) << name << " missing";
    else
      EXPECT_FALSE(verify_export(out)) << "no list, no export";
    must(base::write_file(path, whole));
  }
  EXPECT_TRUE(verdict().good());
  must(base::write_file(out / "more.txt", "x"));
  EXPECT_EQ(verdict().files.at(0).id, "journal.file_not_listed");
}

TEST_F(Export, WhoMakesAllOfItAnewHasAnotherKey) {
  make(options());
  const auto kept = verdict().record.head;
  auto forged = options();
  forged.out = folder.path() / "forged";
  forged.key->key = base::SigningKey::fresh();
  make(forged);
  const auto by_itself = must(verify_export(forged.out));
  EXPECT_EQ(by_itself.record.reason.id, "journal.checkpoint_stranger") << "the true checkpoint stands in it, too";
  const Kept known{.heads = {}, .keys = {key.key.public_key()}};
  EXPECT_FALSE(must(verify_export(forged.out, known)).good());
  EXPECT_TRUE(verdict(known).good());
  EXPECT_TRUE(verdict({.heads = {kept}, .keys = {}}).good());
  EXPECT_EQ(verdict({.heads = {{kept.seq, base::sha256("other")}}, .keys = {}}).record.first_bad, kept.seq);
  EXPECT_EQ(verdict({.heads = {{kept.seq + 1, kept.hash}}, .keys = {}}).record.reason.id, "journal.record_cut");
}

TEST_F(Export, CanBeCheckedWithoutOurProgram) {
  make(options());
  must(base::write_file(out / "check.py", check_by_hand()));
  const auto run = [&](const std::string& command) {
    return std::system(("cd " + out.string() + " && " + command + " > /dev/null 2>&1").c_str());
  };
  ASSERT_EQ(run("python3 check.py"), 0);
  EXPECT_EQ(run("test $(python3 check.py) = " + base::hex(verdict().record.head.hash)), 0);
  EXPECT_EQ(run("sha256sum -c SHA256SUMS"), 0);
  const std::string signed_list =
      "openssl pkeyutl -verify -pubin -inkey record-key.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig";
  EXPECT_EQ(run(signed_list), 0);
  auto lines = file("record.jsonl");
  lines[lines.size() / 2] = static_cast<char>(lines[lines.size() / 2] ^ 1);
  must(base::write_file(out / "record.jsonl", lines));
  EXPECT_NE(run("python3 check.py"), 0);
  EXPECT_NE(run("sha256sum -c SHA256SUMS"), 0);
  must(base::write_file(out / "SHA256SUMS", file("SHA256SUMS") + "\n"));
  EXPECT_NE(run(signed_list), 0);
}

TEST_F(Export, FurtherFilesHavePlainNames) {
  for (const char* name : {"../alert.yaml", "a/b", "", ".hidden", "report.html", "SHA256SUMS"}) {
    auto bad = options();
    bad.more[name] = "x";
    const auto refused = export_record(*store, AlertId(1), bad);
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().text.id, "journal.export_name");
  }
  auto good = options();
  good.more["alert.cap.xml"] = "<alert/>";
  make(good);
  EXPECT_EQ(file("alert.cap.xml"), "<alert/>");
}

TEST_F(Export, ARecordThatWasChangedIsExportedAndSaysSo) {
  store.reset();
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open((folder.path() / "journal.db").c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db, "UPDATE record SET entry = CAST(replace(entry, 'sari', 'budi') AS BLOB) WHERE seq = 2",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(db);
  store = open(folder.path());
  make(options());
  EXPECT_EQ(verdict().record.first_bad, 2);
  EXPECT_NE(file("report.html").find("The record was changed at entry 2"), std::string::npos);
}

}  // namespace
}  // namespace broadcaster::journal
