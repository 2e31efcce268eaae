// The index: what is in force, newest first, in words that others read.
#include "channels/cap_feed/index.hpp"

#include "broadcaster/alert/cap/xml.hpp"
#include "broadcaster/feeds/index.hpp"
#include "tests/channels/cap_feed/support.hpp"

namespace broadcaster::channels::cap_feed {
namespace {

Listed listed(const std::string& identifier, base::WallTime updated = noon(), base::WallTime expires = noon() + 3h,
              std::vector<std::string> replaces = {}) {
  Listed out{identifier, "Title " + identifier, file_name(identifier), "Exercise", "Alert", updated, expires, {}};
  for (const auto& one : replaces) out.references.push_back("bpbd.example," + one + ",2026-11-24T04:00:00-00:00");
  return out;
}

std::vector<std::string> names(const Entries& entries) {
  std::vector<std::string> out;
  for (const auto& one : entries) out.push_back(one.identifier);
  return out;
}
using Names = std::vector<std::string>;

TEST(Index, ListsWhatIsInForceNewestFirst) {
  auto entries = in_force({}, {}, listed("a"), noon());
  entries = in_force(entries, {}, listed("b", noon() + 1min, noon() + 1h), noon());
  EXPECT_EQ(names(entries), (Names{"b", "a"}));
  EXPECT_EQ(next_expiry(entries), noon() + 1h);
  EXPECT_EQ(in_force(entries, {}, listed("a"), noon()), entries) << "a repeat is no second entry";
  EXPECT_EQ(names(in_force(entries, {}, std::nullopt, noon() + 1h)), Names{"a"}) << "what has expired leaves";
  EXPECT_EQ(next_expiry({}), std::nullopt);
}

TEST(Index, WhatIsReplacedLeavesAndDoesNotComeBack) {
  const auto entries = in_force({listed("a"), listed("b")}, {}, listed("c", noon() + 2min, noon() + 1h, {"a"}), noon());
  EXPECT_EQ(names(entries), (Names{"c", "b"}));
  EXPECT_EQ(in_force(entries, {}, listed("a"), noon()), entries) << "an old one that comes late";
  EXPECT_TRUE(is_told(entries, listed("a"), noon()));
  EXPECT_FALSE(is_told(entries, listed("d"), noon()));
  EXPECT_TRUE(is_told(entries, listed("d"), noon() + 3h)) << "expired";
}

TEST(Index, OurOwnWordsCountAndNotThoseOfAFileThatOthersCanWrite) {
  auto changed = listed("a");
  changed.title = "All is well";
  const auto entries = in_force({changed, listed("of another writer")}, {listed("a")}, std::nullopt, noon());
  EXPECT_EQ(entries[0].title, "Title a");
  EXPECT_EQ(entries.size(), 2u);
}

TEST(Index, IsBounded) {
  Entries many;
  for (std::size_t i = 0; i < most_listed + 5; ++i)
    many.push_back(listed("a" + std::to_string(i), noon() + std::chrono::seconds(i)));
  const auto kept = in_force(many, {}, std::nullopt, noon());
  EXPECT_EQ(kept.size(), most_listed);
  EXPECT_EQ(kept[0].identifier, "a" + std::to_string(most_listed + 4));
}

TEST(Index, SaysWhatTheDocumentSays) {
  auto cancel = order(alert::Status::exercise);
  cancel.type = alert::MessageType::cancel;
  const auto read = entry_of(plan::fill(made(cancel), filling("TP13:1")));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->title, "LATIHAN: Go up <now> & stay");
  EXPECT_EQ(read->file, "TP13_1.xml");
  EXPECT_EQ(read->status, "Exercise");
  EXPECT_EQ(read->type, "Cancel");
  EXPECT_EQ(read->expires, noon() + 3h);
  EXPECT_EQ(read->references, std::vector<std::string>{"bpbd.example,TP11-1,2026-11-24T04:00:00-00:00"});
  EXPECT_FALSE(entry_of("<alert/>"));
  EXPECT_FALSE(entry_of(""));
}

TEST(Index, IsAtomWithWordsOfCap) {
  const auto text = atom({listed("a<\"&", noon(), noon() + 3h, {"b"})},
                         {"https://alerts.example/cap/", "BPBD", alert::Mode::live}, noon() + 1min);
  EXPECT_EQ(text,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:cap=\"urn:oasis:names:tc:emergency:cap:1.2\">\n"
            "  <id>https://alerts.example/cap/index.atom</id>\n"
            "  <title>BPBD</title>\n"
            "  <updated>2026-11-24T05:01:00.000Z</updated>\n"
            "  <author><name>BPBD</name></author>\n"
            "  <link rel=\"self\" type=\"application/atom+xml\" href=\"https://alerts.example/cap/index.atom\"/>\n"
            "  <category scheme=\"broadcaster:mode\" term=\"live\"/>\n"
            "  <entry>\n"
            "    <id>https://alerts.example/cap/a___.xml</id>\n"
            "    <title>Title a&lt;&quot;&amp;</title>\n"
            "    <updated>2026-11-24T05:00:00.000Z</updated>\n"
            "    <link rel=\"alternate\" type=\"application/cap+xml\" href=\"https://alerts.example/cap/a___.xml\"/>\n"
            "    <cap:identifier>a&lt;&quot;&amp;</cap:identifier>\n"
            "    <cap:status>Exercise</cap:status>\n"
            "    <cap:msgType>Alert</cap:msgType>\n"
            "    <cap:expires>2026-11-24T08:00:00-00:00</cap:expires>\n"
            "    <cap:references>bpbd.example,b,2026-11-24T04:00:00-00:00</cap:references>\n"
            "  </entry>\n"
            "</feed>\n");
}

TEST(Index, IsReadAsItWasWritten) {
  const Entries entries = {listed("b<&\"", noon() + 1min, noon() + 2h, {"x", "y"}), listed("a")};
  const auto read = read_index(atom(entries, drill_frame(), noon()), drill_frame());
  ASSERT_TRUE(std::holds_alternative<Entries>(read));
  EXPECT_EQ(std::get<Entries>(read), entries);
}

TEST(Index, OfTheOtherModeOrOfSomebodyElseIsKnownForIt) {
  auto live = drill_frame();
  live.mode = alert::Mode::live;
  EXPECT_TRUE(std::holds_alternative<OtherMode>(read_index(atom({}, live, noon()), drill_frame())));
  for (const auto* other : {"", "<feed xmlns=\"http://www.w3.org/2005/Atom\"/>", "<html/>", "<feed", "{}"})
    EXPECT_TRUE(std::holds_alternative<NotOurs>(read_index(other, drill_frame()))) << other;
}

TEST(Index, AnEntryOfAnotherPlaceIsLeftOut) {
  auto elsewhere = drill_frame();
  elsewhere.url = "https://evil.example/cap/";
  const auto read = read_index(atom({listed("a")}, elsewhere, noon()), drill_frame());
  EXPECT_EQ(std::get<Entries>(read), Entries{});
}

TEST(Index, OurOwnWatcherReadsIt) {
  const auto root = alert::cap::parse_xml(atom({listed("a")}, drill_frame(), noon()), "index");
  ASSERT_TRUE(root);
  ASSERT_TRUE(feeds::is_index(*root));
  const auto index = feeds::read_index(*root, "https://alerts.example/cap/index.atom");
  ASSERT_EQ(index.entries.size(), 1u);
  EXPECT_EQ(index.entries[0].link, "https://alerts.example/cap/a.xml");
}

TEST(Index, AFileNameIsPlain) {
  EXPECT_EQ(file_name("TP12-1"), "TP12-1.xml");
  EXPECT_EQ(file_name("../a b/c"), ".._a_b_c.xml");
}

}  // namespace
}  // namespace broadcaster::channels::cap_feed
