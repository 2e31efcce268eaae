// How a document gets out and into the index: every answer that a place can give, and other writers in between.
#include "channels/cap_feed/publication.hpp"

#include <map>

#include "broadcaster/alert/cap/schema.hpp"
#include "broadcaster/alert/cap/xml.hpp"
#include "tests/channels/cap_feed/support.hpp"

namespace broadcaster::channels::cap_feed {
namespace {

enum class Conditions { looked_at, ignored };

/// A place in memory that does as it is told, unless the test has something else in mind.
struct Shelf {
  Conditions conditions = Conditions::looked_at;
  std::map<std::string, std::string> files;
  std::vector<std::string> calls;
  /// Before the call of that number (from 1) is carried out; an answer takes its place.
  std::map<std::size_t, std::function<std::optional<Answer>()>> meanwhile;

  Answer answer(const Action& action) {
    const auto* read = std::get_if<Read>(&action);
    calls.push_back((read ? "GET " : "PUT ") + (read ? read->file : std::get<Write>(action).file));
    if (const auto found = meanwhile.find(calls.size()); found != meanwhile.end())
      if (auto other = found->second()) return std::move(*other);
    if (read) {
      const auto found = files.find(read->file);
      return found == files.end() ? Answer(Absent{}) : Answer(Found{found->second, tag(found->second)});
    }
    const auto& write = std::get<Write>(action);
    const auto there = files.find(write.file);
    const bool expected =
        !write.instead_of ? there == files.end() : there != files.end() && tag(there->second) == *write.instead_of;
    if (!expected && conditions == Conditions::looked_at) return Changed{};
    files[write.file] = write.content;
    return Stored{};
  }
  static std::string tag(const std::string& content) { return std::to_string(std::hash<std::string>()(content)); }
};

Sealed seal(const std::string& identifier, const std::shared_ptr<const Signer>& signer = us()) {
  auto out = sealed(approved(identifier), {identifier, alert::Mode::drill}, *signer);
  EXPECT_TRUE(out) << (out ? "" : out.error());
  return out.value();
}

Done play(Shelf& shelf, std::optional<Sealed> document, Frame frame = drill_frame(), Entries known = {}) {
  Publication publication({std::move(document), std::move(frame), std::move(known), us()});
  auto action = publication.begin();
  for (int i = 0; i < 100; ++i) {
    if (auto* done = std::get_if<Done>(&action)) return std::move(*done);
    action = publication.next(shelf.answer(action), noon());
  }
  ADD_FAILURE() << "it never ends";
  return {delivery::Unknown{""}};
}

Entries index_on(const Shelf& shelf, const Frame& frame = drill_frame()) {
  const auto read = read_index(shelf.files.at("index.atom"), frame);
  EXPECT_TRUE(std::holds_alternative<Entries>(read));
  return std::holds_alternative<Entries>(read) ? std::get<Entries>(read) : Entries{};
}

std::optional<Answer> failing(delivery::Outcome outcome) { return Failed{std::move(outcome)}; }

TEST(Publication, WritesTheDocumentThenTheIndexAndLooksAgain) {
  Shelf shelf;
  const auto document = seal("TP12-1");
  const auto done = play(shelf, document);
  EXPECT_EQ(said(done.outcome), "accepted");
  EXPECT_EQ(std::get<delivery::Accepted>(done.outcome).ref, "https://alerts.example/cap/TP12-1.xml");
  EXPECT_EQ(shelf.calls, (std::vector<std::string>{"GET index.atom", "PUT TP12-1.xml", "GET index.atom",
                                                   "PUT index.atom", "GET index.atom"}));
  EXPECT_EQ(shelf.files.at("TP12-1.xml"), document.document);
  EXPECT_EQ(index_on(shelf), Entries{document.listed});
  EXPECT_EQ(done.listed, Entries{document.listed});
}

TEST(Publication, DoneAgainItChangesNothing) {
  Shelf shelf;
  play(shelf, seal("TP12-1"));
  const auto before = shelf.files;
  EXPECT_EQ(said(play(shelf, seal("TP12-1")).outcome), "accepted") << "an ECDSA signature is another one each time";
  EXPECT_EQ(shelf.files, before);
}

TEST(Publication, ADocumentOfOursIsNeverChanged) {
  Shelf shelf;
  auto other = approved("TP12-1");
  other.replace(other.find("Wave"), 4, "Calm");
  shelf.files["TP12-1.xml"] = alert::cap::with_signature(other, us()->key).value();
  const auto before = shelf.files;
  EXPECT_EQ(said(play(shelf, seal("TP12-1")).outcome), "refused(message)");
  EXPECT_EQ(shelf.files, before);
}

TEST(Publication, WhatIsNotOursAtItsAddressIsReplaced) {
  const auto document = seal("TP12-1");
  for (const auto& there : {document.document.substr(0, 300), std::string(), seal("TP12-1", them()).document}) {
    Shelf shelf;
    shelf.files["TP12-1.xml"] = there;
    EXPECT_EQ(said(play(shelf, document).outcome), "accepted");
    EXPECT_EQ(shelf.files["TP12-1.xml"], document.document);
  }
}

TEST(Publication, ADrillWritesNothingIntoALiveFeedNorIntoAnythingElse) {
  auto live = drill_frame();
  live.mode = alert::Mode::live;
  for (const auto& there : {atom({}, live, noon()), std::string("<html/>"), std::string()}) {
    Shelf shelf;
    shelf.files["index.atom"] = there;
    const auto before = shelf.files;
    EXPECT_EQ(said(play(shelf, seal("TP12-1")).outcome), "refused(endpoint)");
    EXPECT_EQ(said(play(shelf, std::nullopt).outcome), "refused(endpoint)") << "and cares for it no more";
    EXPECT_EQ(shelf.files, before);
  }
}

TEST(Publication, ALiveAlertGoesOutOverABrokenIndexButNotIntoADrill) {
  auto live = drill_frame();
  live.mode = alert::Mode::live;
  auto document = sealed(approved("TP12-1", alert::Status::actual), {"TP12-1", alert::Mode::live}, *us()).value();
  Shelf broken;
  broken.files["index.atom"] = "<feed";
  auto known = document.listed;
  known.identifier = "TP11-1";
  known.file = "TP11-1.xml";
  EXPECT_EQ(said(play(broken, document, live, {known}).outcome), "accepted");
  EXPECT_EQ(index_on(broken, live).size(), 2u) << "begun anew with what is known";
  Shelf drill;
  drill.files["index.atom"] = atom({}, drill_frame(), noon());
  EXPECT_EQ(said(play(drill, document, live).outcome), "refused(endpoint)");
  EXPECT_FALSE(drill.files.contains("TP12-1.xml"));
}

TEST(Publication, TwoWritersAtOnceLoseNoEntry) {
  // The other one writes right before each of our calls.
  for (const auto conditions : {Conditions::looked_at, Conditions::ignored})
    for (std::size_t at = 1; at <= 5; ++at) {
      Shelf shelf;
      shelf.conditions = conditions;
      shelf.meanwhile[at] = [&]() -> std::optional<Answer> {
        Shelf other;
        other.files = shelf.files;
        play(other, seal("TP13-1"));
        shelf.files = other.files;
        return std::nullopt;
      };
      const auto done = play(shelf, seal("TP12-1"));
      EXPECT_EQ(said(done.outcome), "accepted");
      EXPECT_TRUE(shelf.files.contains("TP13-1.xml"));
      // A server that looks at no conditions may lose the other's; that one reads again, and writes once more.
      if (conditions == Conditions::ignored) play(shelf, seal("TP13-1"));
      EXPECT_EQ(index_on(shelf).size(), 2u) << at;
    }
}

TEST(Publication, AnIndexThatNeverComesToRestIsUnknownAndNotForEver) {
  Shelf shelf;
  for (std::size_t at = 2; at < 60; ++at)
    shelf.meanwhile[at] = [&]() -> std::optional<Answer> {
      if (shelf.calls.back() == "PUT index.atom") return Changed{};
      return std::nullopt;
    };
  EXPECT_EQ(said(play(shelf, seal("TP12-1")).outcome), "unknown");
  EXPECT_LT(shelf.calls.size(), 30u);
}

/// Which call fails, how, and what becomes of it.
struct Row {
  std::size_t call;
  delivery::Outcome outcome;
  const char* wanted;
  bool document_is_out;
};

TEST(Publication, TableOfOutcomes) {
  using namespace delivery;
  const Row rows[] = {
      // The first look: nothing has left.
      {1, NotSent{{}, "connect"}, "not_sent", false},
      {1, Unknown{"HTTP 500"}, "not_sent", false},
      {1, Refused{Cause::credentials, "HTTP 401"}, "refused(credentials)", false},
      {1, Refused{Cause::endpoint, "HTTP 405"}, "refused(endpoint)", false},
      // The document.
      {2, NotSent{{}, "HTTP 507"}, "not_sent", false},
      {2, Unknown{"half an answer"}, "unknown", false},
      {2, Refused{Cause::credentials, "HTTP 403"}, "refused(credentials)", false},
      {2, Refused{Cause::message, "HTTP 413"}, "refused(message)", false},
      // The index: the document is out already, so nothing is certain but that.
      {4, NotSent{{}, "connect"}, "unknown", true},
      {4, Unknown{"HTTP 500"}, "unknown", true},
      {4, Refused{Cause::credentials, "HTTP 403"}, "unknown", true},
      {5, Unknown{"half an answer"}, "unknown", true},
      {3, Unknown{"half an answer"}, "unknown", true},
  };
  for (const auto& row : rows) {
    Shelf shelf;
    shelf.meanwhile[row.call] = [&] { return failing(row.outcome); };
    const auto done = play(shelf, seal("TP12-1"));
    EXPECT_EQ(said(done.outcome), row.wanted) << row.call << " " << why(row.outcome);
    EXPECT_EQ(done.listed, std::nullopt);
    EXPECT_EQ(shelf.files.contains("TP12-1.xml"), row.document_is_out);
    shelf.meanwhile.clear();
    EXPECT_EQ(said(play(shelf, seal("TP12-1")).outcome), "accepted") << "and then it goes on";
    EXPECT_EQ(index_on(shelf).size(), 1u);
  }
}

TEST(Publication, TheIndexIsCaredForWithoutADocument) {
  Shelf shelf;
  EXPECT_EQ(said(play(shelf, std::nullopt).outcome), "accepted");
  EXPECT_EQ(index_on(shelf), Entries{}) << "an empty feed is one";
  auto expired = seal("TP11-1").listed;
  expired.expires = noon();
  shelf.files["index.atom"] = atom({expired}, drill_frame(), noon() - 1h);
  play(shelf, std::nullopt);
  EXPECT_EQ(index_on(shelf), Entries{});
  const auto calls = shelf.calls.size();
  play(shelf, std::nullopt);
  EXPECT_EQ(shelf.calls.size(), calls + 1) << "nothing to do, nothing written";
}

TEST(Publication, ALostIndexBeginsWithWhatIsKnown) {
  Shelf shelf;
  const auto known = seal("TP12-1").listed;
  EXPECT_EQ(play(shelf, std::nullopt, drill_frame(), {known}).listed, Entries{known});
  EXPECT_EQ(index_on(shelf), Entries{known});
}

// ── what is sealed ──

TEST(Sealed, IsTheApprovedTextWithASignatureThatOthersCanCheck) {
  for (const auto kind : {Kind::elliptic, Kind::rsa}) {
    const auto signer = new_signer(kind);
    const auto text = approved("TP12-1");
    const auto out = sealed(text, {"TP12-1", alert::Mode::drill}, *signer);
    ASSERT_TRUE(out) << out.error();
    EXPECT_EQ(difference(text, out->document), std::nullopt);
    const auto root = alert::cap::parse_xml(out->document, "x");
    ASSERT_TRUE(root);
    EXPECT_TRUE(alert::cap::schema_faults(*root).empty());
    const std::vector<alert::cap::Pin> pins{{"agency", signer->shown.pem}};
    EXPECT_TRUE(alert::cap::verified(out->document, "x", pins));
    EXPECT_EQ(judge(text, out->document, *signer), There::the_same);
    EXPECT_EQ(judge(text, out->document, *them()), There::not_ours);
  }
}

TEST(Sealed, NothingOfAnotherModeNameOrKindIsSealed) {
  const auto tried = [](const std::string& text, const std::string& identifier, alert::Mode mode) {
    return sealed(text, {identifier, mode}, *us()).has_value();
  };
  EXPECT_TRUE(tried(approved("TP12-1"), "TP12-1", alert::Mode::drill));
  EXPECT_FALSE(tried(approved("TP12-1"), "TP12-1", alert::Mode::live));
  EXPECT_FALSE(tried(approved("TP12-1", alert::Status::actual), "TP12-1", alert::Mode::drill));
  EXPECT_FALSE(tried(approved("TP12-1", alert::Status::draft), "TP12-1", alert::Mode::drill));
  EXPECT_FALSE(tried(approved("TP12-1"), "TP12-2", alert::Mode::drill));
  EXPECT_FALSE(tried("EXERCISE: go up", "TP12-1", alert::Mode::drill));
  auto invalid = approved("TP12-1");
  invalid.replace(invalid.find("<urgency>Immediate"), 18, "<urgency>Right now");
  EXPECT_FALSE(tried(invalid, "TP12-1", alert::Mode::drill));
}

TEST(Sealed, AChangedWordIsSaidWithItsPlace) {
  const auto text = approved("TP12-1");
  auto other = text;
  other.replace(other.find("Wave"), 4, "Calm");
  const auto said = difference(text, other);
  ASSERT_TRUE(said);
  EXPECT_NE(said->find("shown \"Calm at"), std::string::npos) << *said;
  EXPECT_TRUE(difference(text, ""));
}

TEST(PublicHalf, HasTheDigestThatOpensslShows) {
  char path[] = "/tmp/broadcaster-cap-key-XXXXXX";
  const std::filesystem::path folder = ::mkdtemp(path);
  ASSERT_TRUE(base::write_file(folder / "key", us()->key.pem));
  const auto shown = "openssl pkey -in " + (folder / "key").string() +
                     " -pubout -outform DER 2>/dev/null | sha256sum >" + (folder / "digest").string();
  ASSERT_EQ(std::system(shown.c_str()), 0);
  EXPECT_EQ(base::read_file(folder / "digest").value_or("").substr(0, 64), us()->shown.digest);
  std::filesystem::remove_all(folder);
  EXPECT_FALSE(alert::cap::public_half({us()->shown.pem, ""})) << "a public key is no private one";
  EXPECT_FALSE(alert::cap::public_half({"", ""}));
}

}  // namespace
}  // namespace broadcaster::channels::cap_feed
