// The work on documents, on a real disk: files of drafts, and what a crash between two steps leaves.
#include "broadcaster/service/feed_work.hpp"

#include "broadcaster/base/files.hpp"
#include "broadcaster/feeds/event.hpp"
#include "tests/feeds/support.hpp"
#include "tests/journal/sample.hpp"

namespace broadcaster::service {
namespace {

namespace fs = std::filesystem;
using feeds::Known;
using feeds::Matter;
using feeds::testing::feed;
using feeds::testing::first;
using feeds::testing::now;
using feeds::testing::with;
using namespace std::chrono_literals;

const std::string url = "https://centre.example/1.xml";

struct FeedWork : ::testing::Test {
  FeedOutcome work(const std::string& text, const Known& known, base::WallTime at = now) {
    return work_on_document(rules, feed(), known, url, text, nullptr, at);
  }
  /// As an owner does it: known, then the files.
  Known take(const std::string& text, const Known& known, base::WallTime at = now) {
    auto outcome = work(text, known, at);
    EXPECT_TRUE(write_drafts(outcome.files).empty());
    return std::move(outcome.known);
  }
  std::vector<std::string> files() const {
    std::vector<std::string> out;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(rules.drafts, none)) out.push_back(entry.path().filename());
    std::ranges::sort(out);
    return out;
  }
  std::string update() const {
    auto out = with(feeds::testing::whole, "<identifier>bmkg-2026-1124-01", "<identifier>bmkg-2026-1124-02");
    out = with(out, "bmkg-2026-1124-00,2026-11-24T09:05:00+07:00", "bmkg-2026-1124-01,2026-11-24T09:15:00+07:00");
    return with(out, "Pergi ke tempat tinggi", "Pergi ke tempat yang lebih tinggi");
  }
  const Matter& only(const Known& known) const {
    EXPECT_EQ(known.matters.size(), 1u);
    return known.matters.begin()->second;
  }
  journal::sample::Folder folder;
  FeedRules rules{.agency = feeds::testing::agency(),
                  .zones = feeds::testing::map(),
                  .hazards = feeds::testing::hazards,
                  .mode = alert::Mode::live,
                  .drafts = fs::path(folder.path()) / "drafts"};
};

TEST_F(FeedWork, ADraftIsAFileThatOnlyItsOwnerReads) {
  const auto known = take(first, {});
  ASSERT_EQ(files(), (std::vector<std::string>{only(known).file}));
  const auto path = rules.drafts / only(known).file;
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(fs::status(rules.drafts).permissions(), fs::perms::owner_all);
  EXPECT_NE(base::read_file(path)->find("hazard: tsunami"), std::string::npos);
}

TEST_F(FeedWork, WhatIsKnownIsWrittenBeforeTheFile) {
  const auto outcome = work(first, {});
  EXPECT_TRUE(files().empty()) << "the owner writes it when what is known is on disk";
  ASSERT_EQ(outcome.files.size(), 1u);
  // Killed in between: the next owner knows of it, and mends it; the bulletin is no news.
  const auto mended = mend(rules, outcome.known, {}, {}, now + 1min);
  ASSERT_EQ(mended.files.size(), 1u);
  EXPECT_EQ(mended.files[0].path, outcome.files[0].path);
  EXPECT_EQ(mended.files[0].text, outcome.files[0].text);
  EXPECT_TRUE(work(first, outcome.known, now + 1min).notes.empty());
}

TEST_F(FeedWork, KilledBeforeAnythingIsKnownItIsTheSameDraft) {
  const auto lost = work(first, {});
  write_drafts(lost.files);
  const auto known = take(first, {}, now + 1min);
  EXPECT_EQ(only(known).id, only(lost.known).id);
  EXPECT_EQ(files().size(), 1u);
}

TEST_F(FeedWork, AnUpdateRewritesADraftThatNobodyTouched) {
  const auto known = take(update(), take(first, {}));
  EXPECT_EQ(files().size(), 1u);
  EXPECT_NE(base::read_file(rules.drafts / only(known).file)->find("lebih tinggi"), std::string::npos);
}

TEST_F(FeedWork, WhatAPersonHasWrittenStays) {
  const auto before = take(first, {});
  const auto path = rules.drafts / only(before).file;
  ASSERT_TRUE(base::write_file(path, "edited by sari\n"));
  const auto after = take(update(), before);
  EXPECT_EQ(*base::read_file(path), "edited by sari\n");
  EXPECT_EQ(only(after).file, only(after).id + "-2.yaml");
  EXPECT_EQ(files().size(), 2u);
  const auto twice =
      take(with(with(update(), "bmkg-2026-1124-02", "bmkg-2026-1124-03"), "yang lebih", "yang jauh lebih"), after);
  EXPECT_EQ(files().size(), 2u) << "the second one was ours";
  EXPECT_EQ(only(twice).file, only(twice).id + "-2.yaml");
}

TEST_F(FeedWork, ACancelLeavesTheAlertOfTheDraftAsItWas) {
  const auto before = take(first, {});
  const auto alert_of = [&](const Known& known) {
    const auto text = *base::read_file(rules.drafts / only(known).file);
    return text.substr(text.find("\n\n"));
  };
  const auto was = alert_of(before);
  const auto after = take(with(update(), "<msgType>Update", "<msgType>Cancel"), before);
  EXPECT_EQ(alert_of(after), was);
}

TEST_F(FeedWork, AQuestionKeepsItsDocument) {
  const auto text = with(first, "Actual", "Aktuell");
  const auto outcome = work(text, {});
  EXPECT_TRUE(outcome.files.empty());
  EXPECT_EQ(*base::read_file(rules.drafts / only(outcome.known).file), text);
  ASSERT_EQ(outcome.notes.size(), 1u);
  EXPECT_EQ(outcome.notes[0].word, "asked");
}

// An index, and a document, begin with the newest.
TEST_F(FeedWork, TheOldestOfADocumentIsJudgedFirst) {
  const auto inside = [](const std::string& text) { return text.substr(text.find("<alert")); };
  auto newest = with(update(), "<sent>2026-11-24T09:15:00", "<sent>2026-11-24T09:17:00");
  const auto outcome =
      work("<feed><entry>" + inside(newest) + "</entry><entry>" + inside(first) + "</entry></feed>", {}, now + 5min);
  ASSERT_EQ(outcome.notes.size(), 2u);
  EXPECT_EQ(outcome.notes[0].word, "draft");
  EXPECT_EQ(outcome.notes[1].word, "changed");
  const auto cancelled = work("<feed><entry>" + inside(with(newest, "<msgType>Update", "<msgType>Cancel")) +
                                  "</entry><entry>" + inside(first) + "</entry></feed>",
                              {}, now + 5min);
  EXPECT_EQ(cancelled.notes.back().word, "over");
}

TEST_F(FeedWork, WhatIsCorrectedInItsPlaceStandsOnTheRecordAndInTheFile) {
  const auto known = take(first, {});
  const auto text = with(first, "Pergi ke tempat tinggi", "Pergi ke tempat yang jauh lebih tinggi");
  const auto outcome = work(text, known);
  ASSERT_EQ(outcome.notes.size(), 1u);
  EXPECT_EQ(outcome.notes[0].word, "changed");
  take(text, known);
  EXPECT_NE(base::read_file(rules.drafts / only(outcome.known).file)->find("jauh lebih"), std::string::npos);
}

TEST_F(FeedWork, EntriesTooOldToReadAreNotedOnceTogether) {
  const std::string index =
      "<feed><entry><id>1</id><updated>2026-11-01T09:15:00+07:00</updated><link href=\"/1.xml\"/></entry>"
      "<entry><id>2</id><updated>2026-11-02T09:15:00+07:00</updated><link href=\"/2.xml\"/></entry></feed>";
  const auto outcome = work(index, {});
  ASSERT_EQ(outcome.notes.size(), 1u);
  EXPECT_EQ(base::Catalogue::of("en").say(*outcome.notes[0].why), "2 entries of its index older than 7 days: not read");
  EXPECT_TRUE(work(index, outcome.known).notes.empty());
}

// A feed whose index leads elsewhere asks once, and counts; a real bulletin is a draft beside it.
TEST_F(FeedWork, OneFeedAsksOnceForOneReason) {
  std::string index = "<feed>";
  for (int i = 0; i < 200; ++i)
    index += "<entry><id>" + std::to_string(i) + "</id><updated>2026-11-24T09:15:00+07:00</updated>" +
             "<link href=\"https://cdn.example/" + std::to_string(i) + ".xml\"/></entry>";
  const auto asked = work(index + "</feed>", {});
  const auto& question = only(asked.known);
  EXPECT_EQ(question.count, 200);
  auto text = question.news;
  text.arguments.emplace_back("file", "–");
  text.arguments.emplace_back("id", question.id);
  const auto said = base::Catalogue::of("en").say(text);
  EXPECT_EQ(said.find("Feed inatews: 200 times something was not made a draft."), 0u) << said;
  EXPECT_NE(said.find("leads to another host (https://cdn.example)"), std::string::npos) << said;
  EXPECT_NE(base::Catalogue::of("id").say(text).find("menuju host lain"), std::string::npos) << "the reader's language";
  EXPECT_EQ(work(first, asked.known).notes.at(0).word, "draft");
}

TEST_F(FeedWork, ADocumentOfManyQuestionsIsOneFileThatGoesWithThem) {
  std::string text = "<alerts>";
  const auto inside = with(first, "Actual", "Aktuell").substr(first.find("<alert"));
  for (int i = 0; i < 40; ++i)
    text += with(inside, "<identifier>bmkg-2026-1124-01", "<identifier>b-" + std::to_string(i));
  const auto known = take(text + "</alerts>", {});
  EXPECT_EQ(only(known).count, 40);
  EXPECT_EQ(files(), std::vector<std::string>{only(known).file});
  const auto dismissed = dismiss(rules, known, only(known).id, now);
  remove_documents(dismissed->remove);
  EXPECT_TRUE(files().empty());
}

TEST_F(FeedWork, AQuestionKeepsItsLastDocuments) {
  Known known;
  for (int i = 0; i < 12; ++i) {
    const auto outcome =
        work(with(with(first, "Actual", "Aktuell"), "bmkg-2026-1124-01", "b-" + std::to_string(i)), known);
    remove_documents(outcome.remove);
    known = outcome.known;
  }
  EXPECT_EQ(only(known).count, 12);
  EXPECT_EQ(files().size(), feeds::most_files);
}

TEST_F(FeedWork, DocumentsOfQuestionsFillNoDisk) {
  fs::create_directories(rules.drafts);
  for (std::size_t i = 0; i < most_documents; ++i)
    ASSERT_TRUE(base::write_file(rules.drafts / (std::to_string(i) + ".xml"), "x"));
  const auto outcome = work(with(first, "Actual", "Aktuell"), {});
  EXPECT_EQ(files().size(), most_documents);
  ASSERT_EQ(outcome.troubles.size(), 1u) << "and it is said";
  EXPECT_EQ(only(outcome.known).file, "") << "the question stands all the same";
}

// ── a disk that fails for a while ──

TEST_F(FeedWork, ADraftThatCouldNotBeRewrittenIsWrittenLater) {
  const auto before = take(first, {});
  const auto path = rules.drafts / only(before).file;
  const auto old = *base::read_file(path);
  const auto outcome = work(update(), before);  // and the write fails
  auto mended = mend(rules, outcome.known, {}, {}, now + 1min);
  ASSERT_EQ(mended.files.size(), 1u);
  EXPECT_EQ(mended.files[0].path, path);
  write_drafts(mended.files);
  EXPECT_NE(*base::read_file(path), old);
  EXPECT_TRUE(mend(rules, mended.known, {}, {}, now + 2min).files.empty());
  ASSERT_TRUE(base::write_file(path, "edited by sari\n"));
  EXPECT_TRUE(mend(rules, mended.known, {}, {}, now + 3min).files.empty()) << "what a person wrote stays";
}

TEST_F(FeedWork, AFailedWriteMakesNoSecondFile) {
  const auto one = work(update(), take(first, {}));  // not written
  const auto two =
      take(with(with(update(), "bmkg-2026-1124-02", "bmkg-2026-1124-03"), "yang lebih", "yang jauh lebih"), one.known);
  EXPECT_EQ(files().size(), 1u);
  EXPECT_NE(base::read_file(rules.drafts / only(two).file)->find("jauh lebih"), std::string::npos);
}

TEST_F(FeedWork, ADocumentThatCouldNotBeWrittenIsTriedAgain) {
  ASSERT_TRUE(base::write_file(rules.drafts, "a file where the folder should be"));
  const auto outcome = work(with(first, "Actual", "Aktuell"), {});
  ASSERT_EQ(outcome.troubles.size(), 1u);
  fs::remove(rules.drafts);
  const auto mended = mend(rules, outcome.known, {}, {outcome.troubles[0].file}, now + 1min);
  EXPECT_TRUE(write_drafts(mended.files).empty());
  EXPECT_EQ(files(), std::vector<std::string>{only(outcome.known).file});
}

TEST_F(FeedWork, ADocumentThatTakesLongIsStoppedAndReadAgain) {
  const Enough enough = true;
  const feeds::Entry entry{"1", url, "", {}};
  const auto outcome = work_on_document(rules, feed(), {}, url, first, &entry, now, &enough);
  ASSERT_TRUE(outcome.unreadable);
  EXPECT_EQ(base::Catalogue::of("en").say(outcome.unreadable->text),
            "it takes too long: 0 of 1 bulletins were judged; the rest is read again");
  EXPECT_TRUE(outcome.known.matters.empty());
  EXPECT_TRUE(std::holds_alternative<feeds::Fetch>(decide(entry, feed(), outcome.known, now)));
}

TEST_F(FeedWork, WhatCannotBeReadChangesNothing) {
  const auto known = take(first, {});
  for (const auto& text : {std::string("<alert"), std::string("<!DOCTYPE a [<!ENTITY x \"y\">]><alert/>")}) {
    const auto outcome = work(text, known);
    EXPECT_TRUE(outcome.unreadable);
    EXPECT_EQ(outcome.known, known);
    EXPECT_TRUE(outcome.values.empty());
  }
}

TEST_F(FeedWork, AnIndexNamesWhatIsNewAndForgetsNothing) {
  const std::string index =
      "<feed><entry><id>1</id><updated>2026-11-24T09:15:00+07:00</updated><link href=\"/1.xml\"/></entry>"
      "<entry><id>2</id><link href=\"https://evil.example/2.xml\"/></entry></feed>";
  auto outcome = work(index, {});
  ASSERT_EQ(outcome.fetch.size(), 1u);
  EXPECT_EQ(only(outcome.known).kind, Matter::Kind::question) << "it leads to another host";
  const auto entry = outcome.fetch[0];
  auto fetched = work_on_document(rules, feed(), outcome.known, entry.link, first, &entry, now);
  EXPECT_EQ(fetched.known.matters.size(), 2u);
  outcome = work(index, fetched.known);
  EXPECT_TRUE(outcome.fetch.empty());
  EXPECT_TRUE(outcome.notes.empty());
}

TEST_F(FeedWork, ADocumentThatCannotBeReadIsFetchedAgain) {
  const feeds::Entry entry{"1", url, "", {}};
  const auto outcome = work_on_document(rules, feed(), {}, url, "<alert", &entry, now);
  EXPECT_TRUE(std::holds_alternative<feeds::Fetch>(decide(entry, feed(), outcome.known, now)));
}

TEST_F(FeedWork, WhatEndsStandsOnTheRecord) {
  const auto known = take(first, {});
  auto outcome = mend(rules, known, {}, {}, now + 3h);
  ASSERT_EQ(outcome.notes.size(), 1u);
  EXPECT_EQ(outcome.notes[0].word, "expired");
  EXPECT_TRUE(outcome.known.matters.empty());
  const auto dismissed = dismiss(rules, known, only(known).id, now);
  ASSERT_TRUE(dismissed);
  EXPECT_EQ(dismissed->notes[0].word, "dismissed");
  EXPECT_FALSE(dismiss(rules, known, "none", now));
}

// R38: one person who dismisses a draft takes nothing back.
TEST_F(FeedWork, ADraftThatIsDismissedIsSilentAndItsBulletinStaysInForce) {
  const auto known = dismiss(rules, take(first, {}), only(take(first, {})).id, now)->known;
  EXPECT_TRUE(only(known).dismissed);
  EXPECT_TRUE(feeds::is_silent(only(known), {"TL1"}, now + 1h));
  EXPECT_EQ(feeds::in_force(known, {alert::ZoneId("muara")}, now).size(), 1u);
  EXPECT_EQ(feeds::resting_on(only(known), {{"TL1", only(known).sources[0].draft.source}}).size(), 1u);
  EXPECT_FALSE(dismiss(rules, known, only(known).id, now)) << "once";
  fs::remove_all(rules.drafts);
  EXPECT_TRUE(mend(rules, known, {}, {}, now + 1min).files.empty()) << "nobody wants its file";
  EXPECT_FALSE(feeds::is_silent(only(known), {"TL1"}, now + 3h)) << "it expires under an alert: that is told";
  EXPECT_TRUE(feeds::is_silent(only(known), {}, now + 3h));
  const auto ended = take(with(update(), "<msgType>Update", "<msgType>Cancel"), known);
  EXPECT_FALSE(feeds::is_silent(only(ended), {}, now)) << "what its centre says then is news again";
  EXPECT_TRUE(feeds::in_force(ended, {alert::ZoneId("muara")}, now).empty());
}

TEST_F(FeedWork, AQuestionThatIsDismissedIsGone) {
  const auto known = take(with(first, "Actual", "Aktuell"), {});
  EXPECT_TRUE(dismiss(rules, known, only(known).id, now)->known.matters.empty());
}

TEST_F(FeedWork, ADiskThatFailsIsSaid) {
  fs::create_directories(rules.drafts.parent_path());
  ASSERT_TRUE(base::write_file(rules.drafts, "a file where the folder should be"));
  EXPECT_EQ(write_drafts(work(first, {}).files).size(), 1u);
}

// ── across a restart ──

TEST_F(FeedWork, WhatIsKnownComesBackFromTheJournal) {
  auto store = journal::sample::open(folder.path());
  const auto keep = [&](const FeedOutcome& outcome) {
    for (const auto& [key, value] : outcome.values) ASSERT_TRUE(store->save(key, value));
  };
  auto outcome = work(first, {});
  keep(outcome);
  auto asked = work(with(with(first, "Actual", "Aktuell"), "bmkg-2026-1124-01", "bmkg-9"), outcome.known);
  keep(asked);
  auto loaded = load_feeds(*store, {"inatews"});
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->unreadable, 0);
  EXPECT_EQ(loaded->known, asked.known);
  keep(*dismiss(rules, asked.known, only(outcome.known).id, now));
  loaded = load_feeds(*store, {"inatews"});
  EXPECT_EQ(loaded->known.matters.size(), 2u);
  EXPECT_TRUE(loaded->known.matters.at(only(outcome.known).id).dismissed);
  EXPECT_TRUE(work(first, loaded->known).notes.empty()) << "dismissed is seen, too";
}

TEST_F(FeedWork, WhatCannotBeReadIsSaidAndHidesNothingElse) {
  auto store = journal::sample::open(folder.path());
  const auto outcome = work(first, {});
  for (const auto& [key, value] : outcome.values) ASSERT_TRUE(store->save(key, value));
  ASSERT_TRUE(store->save("feeds/seen/inatews", "{"));
  const auto loaded = load_feeds(*store, {"inatews"});
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->unreadable, 1);
  EXPECT_EQ(loaded->known.matters, outcome.known.matters);
}

}  // namespace
}  // namespace broadcaster::service
