// Opening: settings, formats, modes, joins and what a full disk does.
#include <sqlite3.h>

#include "broadcaster/journal/verify.hpp"
#include "tests/journal/faulty_disk.hpp"
#include "tests/journal/sample.hpp"

namespace broadcaster::journal {
namespace {

using namespace sample;  // NOLINT: a test's own helpers

std::string ask(const std::filesystem::path& state, const std::string& sql) {
  sqlite3* db = nullptr;
  EXPECT_EQ(sqlite3_open((state / "journal.db").c_str(), &db), SQLITE_OK);
  std::string out;
  char* error = nullptr;
  sqlite3_exec(
      db, sql.c_str(),
      [](void* text, int columns, char** values, char**) {
        for (int i = 0; i < columns; ++i)
          *static_cast<std::string*>(text) += std::string(values[i] ? values[i] : "") + "|";
        return 0;
      },
      &out, &error);
  EXPECT_EQ(error, nullptr) << error;
  sqlite3_free(error);
  sqlite3_close(db);
  return out;
}

TEST(Opening, MakesTheFolderForItsOwnerAlone) {
  Folder folder;
  open(folder.path() / "state");
  const auto rights = std::filesystem::status(folder.path() / "state" / "journal.db").permissions();
  EXPECT_EQ(rights & std::filesystem::perms(0077), std::filesystem::perms::none);
  EXPECT_EQ(ask(folder.path() / "state", "PRAGMA user_version; PRAGMA journal_mode; PRAGMA page_size"), "3|wal|4096|");
}

TEST(Opening, AStateOfTheFirstFormatIsGoneOnWith) {
  Folder folder;
  auto store = open(folder.path());
  const auto first = must(store->insert_release(release("urn:1"), std::string(digest), plan()));
  store.reset();
  ask(folder.path(),
      "DROP INDEX evidence_differs; ALTER TABLE attempt DROP COLUMN ref; ALTER TABLE alert DROP COLUMN erased_at;"
      "ALTER TABLE alert DROP COLUMN follows; PRAGMA user_version = 1");
  store = open(folder.path());
  EXPECT_FALSE(must(verify(*store)).first_bad);
  auto follow_up = release("urn:2");
  follow_up.false_alarm = true;
  must(store->insert_follow_up(follow_up, std::string(digest), plan(), first.alert, "false alarm urn:2"));
  store.reset();
  EXPECT_EQ(ask(folder.path(), "SELECT follows FROM alert ORDER BY id; PRAGMA user_version"), "|1|3|");
  store = open(folder.path());
  EXPECT_EQ(must(store->alerts()).size(), 2U);
}

TEST(Opening, RefusesANewerFormatAndNamesBoth) {
  Folder folder;
  open(folder.path());
  ask(folder.path(), "PRAGMA user_version = 7");
  const auto store = SqliteStore::open(folder.path(), alert::Mode::drill);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, base::ErrorKind::refused);
  EXPECT_EQ(store.error().text.id, "journal.newer_format");
  const std::pair<std::string, base::Argument> found{"found", std::int64_t{7}}, known{"known", std::int64_t{3}};
  EXPECT_EQ(store.error().text.arguments.at(1), found);
  EXPECT_EQ(store.error().text.arguments.at(2), known);
}

TEST(Opening, RefusesTheOtherModeAndNamesBoth) {
  Folder folder;
  open(folder.path());
  const auto store = SqliteStore::open(folder.path(), alert::Mode::live);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, base::ErrorKind::refused);
  EXPECT_EQ(store.error().text.id, "journal.other_mode");
  const std::pair<std::string, base::Argument> found{"found", "drill"}, wanted{"wanted", "live"};
  EXPECT_EQ(store.error().text.arguments.at(1), found);
  EXPECT_EQ(store.error().text.arguments.at(2), wanted);
}

TEST(Opening, OneOwnerAtATime) {
  Folder folder;
  const auto first = open(folder.path());
  const auto second = SqliteStore::open(folder.path(), alert::Mode::drill);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().text.id, "journal.in_use");
}

TEST(Opening, SaysThatAFileIsNoJournal) {
  Folder folder;
  std::ofstream(folder.path() / "journal.db") << std::string(8192, 'x');
  const auto store = SqliteStore::open(folder.path(), alert::Mode::drill);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().text.id, "journal.damaged");
  EXPECT_EQ(store.error().kind, base::ErrorKind::unavailable);
}

TEST(Release, IsReadBackAsItWasGiven) {
  Folder folder;
  auto store = open(folder.path());
  const auto what = release();
  const auto inserted = must(store->insert_release(what, std::string(digest), plan()));
  EXPECT_EQ(inserted.how, Inserted::How::released);
  store.reset();
  store = open(folder.path());
  const auto open_alerts = must(store->open_alerts());
  ASSERT_EQ(open_alerts.size(), 1U);
  const auto alert = must(store->alert(open_alerts.front()));
  EXPECT_EQ(alert.id, inserted.alert);
  EXPECT_EQ(alert.plan_digest, digest);
  EXPECT_EQ(alert.identifier, "urn:drill:1");
  EXPECT_EQ(alert.expires, at(3600));
  EXPECT_FALSE(alert.expanded);
  EXPECT_FALSE(alert.stopped_at);
  EXPECT_EQ(alert.release.canonical_plan, what.canonical_plan);
  EXPECT_EQ(alert.release.people_yaml, what.people_yaml);
  EXPECT_EQ(alert.release.signatures, what.signatures);
  EXPECT_EQ(alert.release.filling.code, "TP1");
  EXPECT_EQ(must(store->find_alert("TP1")), inserted.alert);
  EXPECT_EQ(must(store->find_alert("urn:drill:1")), inserted.alert);
  EXPECT_EQ(must(store->find_alert("TP2")), std::nullopt);
}

TEST(Release, TheSamePlanJoinsAndWritesNothing) {
  Folder folder;
  const auto store = open(folder.path());
  const auto first = must(store->insert_release(release("urn:1"), std::string(digest), plan()));
  const auto head = store->record_head();
  const auto again = must(store->insert_release(release("urn:2"), std::string(digest), plan()));
  EXPECT_EQ(again.how, Inserted::How::joined);
  EXPECT_EQ(again.alert, first.alert);
  EXPECT_EQ(store->record_head(), head);
}

// Both were judged before either was written.
TEST(Release, OfTwoUpdatesInOneMillisecondOneIsTaken) {
  Folder folder;
  const auto store = open(folder.path());
  const auto first = must(store->insert_release(release("urn:1"), std::string(digest), plan())).alert;
  auto update = release("urn:2");
  update.filling.code = "TP2";
  const std::string of_update(64, '2'), of_other(64, '3');
  const auto taken = must(store->insert_follow_up(update, of_update, plan(), first, "update TP2"));
  const auto head = store->record_head();
  const auto other = store->insert_follow_up(release("urn:3"), of_other, plan(), first, "update TP3");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, base::ErrorKind::refused);
  EXPECT_EQ(other.error().text, (base::Text{"journal.replaced_already", {{"by", std::string("TP2")}}}));
  auto false_alarm = release("urn:4");
  false_alarm.false_alarm = true;
  EXPECT_FALSE(store->insert_follow_up(false_alarm, std::string(digest), plan(), first, "false alarm TP4"));
  EXPECT_EQ(store->record_head(), head) << "nothing was written";
  EXPECT_EQ(must(store->insert_follow_up(update, of_update, plan(), first, "update TP2")).how, Inserted::How::joined);
  EXPECT_TRUE(store->insert_follow_up(release("urn:5"), of_other, plan(), taken.alert, "update TP5"));
}

TEST(Release, ThePreparedFalseAlarmOfAPlanIsAnotherRelease) {
  Folder folder;
  const auto store = open(folder.path());
  const auto first = must(store->insert_release(release("urn:1"), std::string(digest), plan()));
  auto follow_up = release("urn:2");
  follow_up.false_alarm = true;
  const auto second =
      must(store->insert_follow_up(follow_up, std::string(digest), plan(), first.alert, "false alarm urn:2"));
  EXPECT_EQ(second.how, Inserted::How::released);
  const auto alerts = must(store->alerts());
  ASSERT_EQ(alerts.size(), 2U);
  EXPECT_EQ(must(store->alert(alerts[0])).stopped_at, at(0));
  EXPECT_EQ(must(store->alert(alerts[0])).stop_reason, "false alarm urn:2");
  EXPECT_FALSE(must(store->alert(alerts[1])).stopped_at);
  EXPECT_EQ(must(store->alerts_in_force(at(1))), std::vector{second.alert});
  EXPECT_TRUE(must(store->alerts_in_force(at(3600))).empty());
  using Of = SqliteStore::ReleaseOf;
  EXPECT_EQ(must(store->find_release(std::string(digest), Of::the_plan)), first.alert);
  EXPECT_EQ(must(store->find_release(std::string(digest), Of::its_false_alarm)), second.alert);
  EXPECT_FALSE(must(store->find_release("another", Of::the_plan)));
}

TEST(Release, AFollowUpOfNothingIsABugAndLeavesNothing) {
  Folder folder;
  const auto store = open(folder.path());
  EXPECT_THROW((void)store->insert_follow_up(release(), std::string(digest), plan(), AlertId(99), "x"),
               std::logic_error);
  EXPECT_TRUE(must(store->alerts()).empty());
  EXPECT_FALSE(store->broken());
}

TEST(Release, OfTheOtherModeAndOfATakenIdentifierIsRefused) {
  Folder folder;
  const auto store = open(folder.path());
  auto live = plan();
  live.mode = alert::Mode::live;
  const auto refused = store->insert_release(release(), std::string(digest), live);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text.id, "journal.plan_of_other_mode");
  must(store->insert_release(release(), std::string(digest), plan()));
  const auto taken = store->insert_release(release(), std::string(64, 'f'), plan());
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().text.id, "journal.identifier_taken");
  EXPECT_FALSE(store->broken());
}

TEST(Codes, AreNeverGivenTwice) {
  Folder folder;
  auto store = open(folder.path());
  EXPECT_EQ(must(store->reserve_code()), 1);
  EXPECT_EQ(must(store->reserve_code()), 2);
  store.reset();
  EXPECT_EQ(must(open(folder.path())->reserve_code()), 3);
}

TEST(Values, SurviveAndAreReplaced) {
  Folder folder;
  auto store = open(folder.path());
  EXPECT_EQ(must(store->load("siren.counter")), std::nullopt);
  must(store->save("siren.counter", "64"));
  must(store->save("siren.counter", std::string("128\0x", 5)));
  store.reset();
  EXPECT_EQ(must(open(folder.path())->load("siren.counter")), std::string("128\0x", 5));
}

TEST(FullDisk, IsAnErrorAndBreaksTheStoreUntilItIsOpenedAgain) {
  FaultyDisk disk("full");
  auto store = open("/full", {.vfs = disk.name()});
  must(store->save("a", "before"));
  std::int64_t largest = 0;
  for (const auto& [name, file] : disk.files) largest = std::max<std::int64_t>(largest, file->live.size());
  disk.space(largest + 8192);
  base::Result<void> saved;
  for (int i = 0; i < 100 && saved; ++i) saved = store->save("a", std::string(3000, 'x'));
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().kind, base::ErrorKind::unavailable);
  EXPECT_EQ(saved.error().text.id, "journal.disk_full");
  EXPECT_TRUE(store->broken());
  disk.space(std::int64_t{1} << 30);
  const auto refused = store->save("a", "later");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text.id, "journal.broken");
  store.reset();
  store = open("/full", {.vfs = disk.name()});
  EXPECT_TRUE(must(store->load("a")));
  must(store->save("a", "after"));
  EXPECT_EQ(must(store->load("a")), "after");
}

}  // namespace
}  // namespace broadcaster::journal
