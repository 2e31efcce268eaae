// What is done with a bulletin. This is the specification: what is certain is refused, what is not is asked, and
// nothing that a feed says ends anything.
#include "broadcaster/feeds/decide.hpp"

#include "tests/feeds/support.hpp"

namespace broadcaster::feeds {
namespace {

using testing::bulletin;
using testing::context;
using testing::feed;
using testing::first;
using testing::first_with;
using testing::now;
using testing::said;
using testing::take;
using testing::with;
using namespace std::chrono_literals;

std::string decided(const std::string& text, const Context& at = context()) {
  return said(decide(bulletin(text), feed(), Known{}, at));
}

TEST(Decide, ABulletinThatTouchesUsIsADraft) {
  const auto decision = decide(bulletin(first), feed(), Known{}, context());
  const auto* open = std::get_if<OpenDraft>(&decision);
  ASSERT_TRUE(open) << said(decision);
  EXPECT_EQ(open->source.name, "inatews.example,bmkg-2026-1124-01,2026-11-24T02:15:00-00:00");
  EXPECT_EQ(open->source.draft.hazard, "tsunami");
  EXPECT_EQ(testing::zones_of(open->source.draft), (std::vector<std::string>{"muara", "teluk"}));
  EXPECT_EQ(open->source.expires, now + 3h);
  EXPECT_EQ(open->source.draft.identifier, "") << "a release gives it";
}

TEST(Decide, WhatWasSeenIsNoNews) {
  Known known;
  take(known, bulletin(first), feed());
  EXPECT_EQ(said(take(known, bulletin(first), feed())), "");
  EXPECT_EQ(known.matters.size(), 1u);
}

TEST(Decide, WhatWasRefusedIsNotJudgedAgain) {
  Known known;
  const auto old = bulletin(with(first_with("2026-11-24T09:15:00+07:00", "2026-11-24T07:00:00+07:00"),
                                 "<expires>2026-11-24T12:15", "<expires>2026-11-24T09:15"));
  EXPECT_EQ(said(take(known, old, feed())), "refused: sent too long ago (2026-11-24T00:00:00-00:00)");
  EXPECT_EQ(said(take(known, old, feed())), "");
}

TEST(Decide, WhatIsOldOrExpiredIsRefused) {
  EXPECT_EQ(decided(first, context(alert::Mode::live, now + 61min)),
            "asked: it was sent long ago (2026-11-24T02:15:00-00:00), and says that it is still in force");
  EXPECT_EQ(decided(with(first_with("-12.1,100 -12.1,100.1 -12,100.1 -12.1,100", "10,10 10,11 11,11 10,10"),
                         "<circle>-12.05,100.05 2.5</circle>", ""),
                    context(alert::Mode::live, now + 61min)),
            "refused: it touches none of our zones");
  EXPECT_EQ(decided(first, context(alert::Mode::live, now + 59min)), "draft");
  EXPECT_EQ(decided(first_with("<expires>2026-11-24T12:15", "<expires>2026-11-24T09:20"),
                    context(alert::Mode::live, now + 6min)),
            "refused: it has expired");
}

TEST(Decide, WhatIsDatedInTheFutureIsAsked) {
  EXPECT_EQ(decided(first, context(alert::Mode::live, now - 2min)), "draft") << "clocks differ";
  EXPECT_EQ(decided(first, context(alert::Mode::live, now - 3min)),
            "asked: it is dated in the future (2026-11-24T02:15:00-00:00)");
}

TEST(Decide, ALiveOwnerTakesActualAndADrillOwnerExercises) {
  const auto drill = context(alert::Mode::drill);
  EXPECT_EQ(decided(first_with("Actual", "Test")), "refused: its status is Test, and this process works in live");
  EXPECT_EQ(decided(first_with("Actual", "Exercise")),
            "refused: its status is Exercise, and this process works in live");
  EXPECT_EQ(decided(first_with("Actual", "Draft")), "refused: its status is Draft, and this process works in live");
  EXPECT_EQ(decided(first_with("Actual", "System")), "refused: its status is System, and this process works in live");
  EXPECT_EQ(decided(first_with("Actual", "Exercise"), drill), "draft");
  EXPECT_EQ(decided(first_with("Actual", "Test"), drill), "draft");
  EXPECT_EQ(decided(first, drill), "refused: its status is Actual, and this process works in a drill");
  EXPECT_EQ(decided(first_with("Actual", "Draft"), drill),
            "refused: its status is Draft, and this process works in a drill");
}

TEST(Decide, AStatusOrScopeThatNobodyUnderstandsIsAsked) {
  EXPECT_EQ(decided(first_with("Actual", "Aktuell")), "asked: status cannot be understood");
  EXPECT_EQ(decided(first_with("Public", "Umum")), "asked: scope cannot be understood");
  EXPECT_EQ(decided(first_with("<scope>Public</scope>", "<scope>Restricted</scope><restriction>staff</restriction>")),
            "asked: its scope is Restricted, not Public");
}

TEST(Decide, AnActualTextThatIsMarkedAsATestIsAsked) {
  // 27 May 2021: "TEST--Peringatan Dini Tsunami" went to phones.
  EXPECT_EQ(decided(first_with("Tsunami mendekat", "TEST--Peringatan Dini Tsunami")),
            "asked: its status is Actual, but its text is marked as a test (TEST)");
  EXPECT_TRUE(decided(first_with("Tsunami mendekat", "LATIHAN: Tsunami")).starts_with("asked: its status is Actual"));
  EXPECT_EQ(decided(first_with("Tsunami mendekat", "Balai Latihan Kerja ditutup")), "draft");
}

TEST(Decide, AForeignRegionIsRefusedAndAnUntoldOneAsked) {
  const auto elsewhere = with(first_with("-12.1,100 -12.1,100.1 -12,100.1 -12.1,100", "10,10 10,11 11,11 10,10"),
                              "<circle>-12.05,100.05 2.5</circle>", "");
  EXPECT_EQ(decided(elsewhere), "refused: it touches none of our zones");
  const auto from = first.find("      <polygon>");
  auto nowhere = first;
  nowhere.erase(from, first.find("      <altitude>") - from);
  EXPECT_EQ(decided(nowhere), "asked: it does not say where");
  const auto unread = with(elsewhere, "10,10 10,11 11,11 10,10", "near the coast");
  EXPECT_TRUE(decided(unread).starts_with("asked: ")) << decided(unread);
}

TEST(Decide, AGeocodeOfTheFeedMeansUs) {
  auto ours = feed();
  ours.region = {{"adm4", "99.01.01.1001"}};
  const auto elsewhere = with(first_with("-12.1,100 -12.1,100.1 -12,100.1 -12.1,100", "10,10 10,11 11,11 10,10"),
                              "<circle>-12.05,100.05 2.5</circle>", "");
  EXPECT_EQ(said(decide(bulletin(elsewhere), ours, Known{}, context())), "draft");
  ours.region = {{"adm4", "99.01.01.9999"}};
  EXPECT_EQ(said(decide(bulletin(elsewhere), ours, Known{}, context())), "refused: it touches none of our zones");
}

TEST(Decide, NobodyIsBelievedWhoIsNotNamed) {
  EXPECT_EQ(decided(first_with("<sender>inatews.example", "<sender>evil.example")),
            "refused: its sender \"evil.example\" is none that this feed is believed for");
  auto strict = feed();
  strict.senders.clear();
  strict.signature = Feed::Signature::required;
  const auto by = [&](Trust trust, const std::string& signer) {
    return said(decide(bulletin(first, trust, signer), strict, Known{}, context()));
  };
  EXPECT_EQ(by(Trust::by_signer, "inatews"), "draft");
  EXPECT_EQ(by(Trust::unsigned_, ""), "asked: it is not signed, and this feed must be");
  EXPECT_EQ(by(Trust::bad, ""), "asked: its signature is not good, or not of a key that is pinned here");
  EXPECT_TRUE(said(decide(bulletin(first, Trust::bad), feed(), Known{}, context())).starts_with("asked: its signature"))
      << "a signature that is there must be good, also where none is required";
}

TEST(Decide, WhatIsAboutAMessageOrHasNoNameIsNoDraft) {
  EXPECT_EQ(decided(first_with("<msgType>Alert", "<msgType>Ack")),
            "refused: Ack is about a message, not about a danger");
  EXPECT_EQ(decided(first_with("<msgType>Alert", "<msgType>Error")),
            "refused: Error is about a message, not about a danger");
  EXPECT_TRUE(decided(first_with("<identifier>bmkg-2026-1124-01</identifier>", "")).starts_with("asked: identifier"));
  EXPECT_TRUE(decided(first_with("2026-11-24T09:15:00+07:00", "this morning")).starts_with("asked: identifier"));
}

// ── several bulletins ──

/// Of another centre, ten minutes later.
std::string other_centre(const std::string& text = first) {
  auto out = with(text, "<sender>inatews.example", "<sender>jma.example");
  out = with(out, "<identifier>bmkg-2026-1124-01", "<identifier>jma-7");
  return with(out, "<sent>2026-11-24T09:15:00", "<sent>2026-11-24T09:25:00");
}
Feed other_feed() {
  auto out = feed("jma");
  out.senders = {"jma.example"};
  return out;
}
const auto later = context(alert::Mode::live, now + 10min);

std::string update(const std::string& text = testing::whole) {
  auto out = with(text, "<identifier>bmkg-2026-1124-01", "<identifier>bmkg-2026-1124-02");
  out = with(out, "<sent>2026-11-24T09:15:00", "<sent>2026-11-24T09:25:00");
  return with(out, "bmkg-2026-1124-00,2026-11-24T09:05:00+07:00", "bmkg-2026-1124-01,2026-11-24T09:15:00+07:00");
}

TEST(Decide, SeveralSourcesOfOneEventAreOneDraft) {
  Known known;
  take(known, bulletin(first), feed());
  const auto joined = take(known, bulletin(other_centre()), other_feed(), later);
  ASSERT_TRUE(std::holds_alternative<Join>(joined)) << said(joined);
  ASSERT_EQ(known.matters.size(), 1u);
  EXPECT_EQ(known.matters.begin()->second.sources.size(), 2u);
}

TEST(Decide, AnotherHazardAnotherZoneOrAnotherTimeIsAnotherDraft) {
  auto no_incident = with(first, "<incidents>gempa-1</incidents>", "");
  for (const auto& [text, at] : {std::pair{with(other_centre(no_incident), "<event>Tsunami", "<event>Flood"), later},
                                 {other_centre(no_incident), context(alert::Mode::live, now + 55min)}}) {
    Known known;
    take(known, bulletin(no_incident), feed());
    auto late = text;
    if (at.now > now + 30min) late = with(late, "<sent>2026-11-24T09:25:00", "<sent>2026-11-24T10:00:00");
    EXPECT_EQ(said(take(known, bulletin(with(late, "<value>TSW</value>", "<value>XXX</value>")), other_feed(), at)),
              "draft");
    EXPECT_EQ(known.matters.size(), 2u);
  }
}

TEST(Decide, OneIncidentIsOneEventWhateverItIsCalled) {
  Known known;
  take(known, bulletin(first), feed());
  const auto text = with(with(other_centre(), "<event>Tsunami", "<event>Gelombang tinggi"), "<value>TSW</value>",
                         "<value>XXX</value>");
  EXPECT_EQ(said(take(known, bulletin(text), other_feed(), later)), "joined");
}

TEST(Decide, TheSameBulletinByAnotherFeedIsNoNews) {
  Known known;
  take(known, bulletin(first), feed());
  EXPECT_EQ(said(take(known, bulletin(first), feed("mirror"))), "");
}

TEST(Decide, AnUpdateChangesTheDraft) {
  Known known;
  take(known, bulletin(first), feed());
  const auto decision = take(known, bulletin(update()), feed(), later);
  const auto* change = std::get_if<Change>(&decision);
  ASSERT_TRUE(change) << said(decision);
  const auto& matter = known.matters.begin()->second;
  ASSERT_EQ(matter.sources.size(), 1u);
  EXPECT_EQ(matter.sources[0].identifier, "bmkg-2026-1124-02");
  EXPECT_EQ(matter.sources[0].replaced, (std::vector<std::string>{"bmkg-2026-1124-01"}));
}

TEST(Decide, AnUpdateOfAnUnknownBulletinIsADraftOfItsOwn) { EXPECT_EQ(decided(testing::whole), "draft"); }

TEST(Decide, OnlyItsOwnCentreUpdatesABulletin) {
  Known known;
  take(known, bulletin(first, Trust::by_signer, "inatews"), feed());
  auto foreign = with(update(), "<sender>inatews.example", "<sender>jma.example");
  EXPECT_EQ(said(take(known, bulletin(foreign), other_feed(), later)), "joined");
  EXPECT_EQ(said(take(known, bulletin(update()), feed(), later)), "joined") << "the first was signed, this is not";
  EXPECT_EQ(known.matters.begin()->second.sources.size(), 3u);
}

// ── R45: no feed ends anything ──

TEST(Decide, ACancelIsToldAndEndsNothing) {
  Known known;
  take(known, bulletin(first), feed());
  const auto before = known.matters.begin()->second;
  const auto cancel = with(update(), "<msgType>Update", "<msgType>Cancel");
  const auto decision = take(known, bulletin(cancel), feed(), later);
  ASSERT_TRUE(std::holds_alternative<Over>(decision)) << said(decision);
  ASSERT_EQ(known.matters.size(), 1u);
  const auto& after = known.matters.begin()->second;
  EXPECT_EQ(after.sources[0].draft, before.sources[0].draft) << "word for word what it was";
  EXPECT_EQ(after.sources[0].says, Source::Says::over);
  EXPECT_EQ(after.file, before.file);
}

TEST(Decide, ABulletinThatSaysAllClearEndsNothing) {
  for (const auto& over : {with(update(), "<responseType>Evacuate", "<responseType>AllClear"),
                           with(update(), "<urgency>Immediate", "<urgency>Past")}) {
    Known known;
    take(known, bulletin(first), feed());
    EXPECT_TRUE(std::holds_alternative<Over>(take(known, bulletin(over), feed(), later)));
    EXPECT_EQ(known.matters.begin()->second.sources[0].draft.infos[0].urgency, alert::Urgency::immediate);
    EXPECT_TRUE(
        said(decide(bulletin(over), feed(), Known{}, later)).starts_with("asked: it says that something is over"))
        << "an alert of ours may rest on it";
  }
}

TEST(Decide, TheEndOfWhatConcernedNobodyIsRefused) {
  const auto cancel = with(update(), "<msgType>Update", "<msgType>Cancel");
  auto bare = cancel;
  bare.erase(bare.find("  <info>"), bare.find("</alert>") - bare.find("  <info>"));
  EXPECT_EQ(said(decide(bulletin(bare), feed(), Known{}, later)),
            "refused: it ends something that concerns nobody here");
}

TEST(Decide, TheEndOfADraftThatIsGoneIsAsked) {
  Known known;
  take(known, bulletin(first), feed());
  known.matters.clear();  // sent, or dismissed
  auto bare = with(update(), "<msgType>Update", "<msgType>Cancel");
  bare.erase(bare.find("  <info>"), bare.find("</alert>") - bare.find("  <info>"));
  EXPECT_TRUE(said(decide(bulletin(bare), feed(), known, later)).starts_with("asked: "));
}

TEST(Decide, NobodyElseTakesABulletinBack) {
  Known known;
  take(known, bulletin(first, Trust::by_signer, "inatews"), feed());
  const auto cancel = bulletin(with(update(), "<msgType>Update", "<msgType>Cancel"));
  EXPECT_FALSE(std::holds_alternative<Over>(decide(cancel, feed(), known, later))) << "unsigned";
  EXPECT_EQ(known.matters.begin()->second.sources[0].says, Source::Says::in_force);
}

TEST(Decide, TooManyAreAsked) {
  Known known;
  for (std::size_t i = 0; i < most_matters; ++i) {
    Matter matter;
    matter.id = "x-" + std::to_string(i);
    known.matters[matter.id] = matter;
  }
  EXPECT_TRUE(said(decide(bulletin(first), feed(), known, context())).starts_with("asked: too many drafts"));
  known.matters["x-0"].dismissed = now;
  EXPECT_EQ(said(decide(bulletin(first), feed(), known, context())), "draft") << "what is settled takes no place";
  for (auto& [_, matter] : known.matters) {
    matter.dismissed.reset();
    matter.kind = Matter::Kind::question;
  }
  EXPECT_EQ(said(decide(bulletin(first), feed(), known, context())), "draft") << "nor does a question";
}

// ── an index ──

std::string entry_decided(const Entry& entry, const Known& known = {}) {
  const auto decision = decide(entry, feed(), known, now);
  const auto& words = base::Catalogue::of("en");
  if (const auto* fetch = std::get_if<Fetch>(&decision)) return "fetch " + fetch->url;
  if (const auto* refused = std::get_if<Refuse>(&decision)) return "refused: " + words.say(refused->why);
  if (const auto* asked = std::get_if<Ask>(&decision)) return "asked: " + words.say(asked->why);
  return "known";
}

TEST(DecideEntry, WhatIsNewIsFetchedOnce) {
  const Entry entry{"urn:1", "https://centre.example/1.xml", "2026-11-24T09:15:00+07:00", now};
  EXPECT_EQ(entry_decided(entry), "fetch https://centre.example/1.xml");
  Known known;
  remember(known, "inatews", key_of(entry), "", now);
  EXPECT_EQ(entry_decided(entry, known), "known");
  auto changed = entry;
  changed.updated = "2026-11-24T09:16:00+07:00";
  EXPECT_EQ(entry_decided(changed, known), "fetch https://centre.example/1.xml");
}

TEST(DecideEntry, WhatIsOldMayStillBeInForceAndIsFetchedForAWeek) {
  const Entry entry{"urn:1", "https://centre.example/1.xml", "x", now - 61min};
  const auto decision = decide(entry, feed(), Known{}, now);
  ASSERT_TRUE(std::holds_alternative<Fetch>(decision));
  EXPECT_EQ(std::get<Fetch>(decision).why, Fetch::Why::old);
  EXPECT_EQ(entry_decided({"urn:1", "https://centre.example/1.xml", "x", now - 169h}),
            "refused: sent too long ago (2026-11-17T01:15:00-00:00)");
}

TEST(DecideEntry, WhatDoesNotSayWhenItChangesIsReadAgain) {
  const Entry entry{"urn:1", "https://centre.example/1.xml", "", {}};
  Known known;
  remember_read(known, "inatews", entry, now);
  EXPECT_EQ(std::get<KnownAlready>(decide(entry, feed(), known, now + 9min)), KnownAlready());
  const auto decision = decide(entry, feed(), known, now + 10min);
  ASSERT_TRUE(std::holds_alternative<Fetch>(decision));
  EXPECT_EQ(std::get<Fetch>(decision).why, Fetch::Why::again);
  remember_read(known, "inatews", entry, now + 10min);
  EXPECT_EQ(entry_decided(entry, known), "known");
}

TEST(DecideEntry, TheOldestIsFetchedFirst) {
  const Entry c{"c", "", "x", now}, b{"b", "", "x", now - 1min}, untold{"u", "", "", {}}, older{"o", "", "", {}};
  EXPECT_EQ(in_order({c, b, untold, older}), (std::vector{b, c, older, untold}));
}

TEST(DecideEntry, AnIndexLeadsToItsOwnHostAlone) {
  for (const auto* link : {"https://other.example/1.xml", "https://centre.example:444/1.xml"})
    EXPECT_TRUE(entry_decided({"urn:1", link, "x", {}}).starts_with("asked: the entry \"urn:1\" leads to another host"))
        << link;
  for (const auto* link : {"", "http://centre.example/1.xml", "file:///etc/passwd", "javascript:alert(1)"})
    EXPECT_TRUE(entry_decided({"urn:1", link, "x", {}}).starts_with("asked: the entry \"urn:1\" has no address"))
        << link;
}

}  // namespace
}  // namespace broadcaster::feeds
