// Atom and RSS as centres write them.
#include "broadcaster/feeds/index.hpp"

#include "broadcaster/alert/cap/xml.hpp"
#include "tests/feeds/support.hpp"

namespace broadcaster::feeds {
namespace {

const std::string url = "https://centre.example/feeds/cap.atom";

Index read(const std::string& text) {
  const auto root = alert::cap::parse_xml(text, "x");
  EXPECT_TRUE(root) << base::Catalogue::of("en").say(root.error());
  return root ? read_index(*root, url) : Index{};
}

std::string atom(const std::string& entries) {
  return "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>x</title>" + entries + "</feed>";
}

TEST(Index, AtomLinksToItsBulletins) {
  const auto index =
      read(atom("<entry><id> urn:1 </id><updated>2026-11-24T09:15:00+07:00</updated>"
                "<link rel=\"alternate\" type=\"text/html\" href=\"/page\"/>"
                "<link rel=\"related\" type=\"application/cap+xml\" href=\"1.xml?a=1&amp;b=2\"/></entry>"
                "<entry><id>urn:2</id><link href=\"https://centre.example/2.xml\"/></entry>"));
  ASSERT_EQ(index.entries.size(), 2u);
  EXPECT_EQ(index.entries[0].id, "urn:1");
  EXPECT_EQ(index.entries[0].link, "https://centre.example/feeds/1.xml?a=1&b=2");
  EXPECT_EQ(index.entries[0].time, testing::now);
  EXPECT_EQ(index.entries[1].link, "https://centre.example/2.xml");
  EXPECT_FALSE(index.entries[1].time);
}

TEST(Index, OfSeveralLinksTheAlertsOwnIsTaken) {
  const auto link = [](const std::string& links) {
    return read(atom("<entry><id>urn:1</id>" + links + "</entry>")).entries[0].link;
  };
  EXPECT_EQ(link("<link rel=\"self\" href=\"/self\"/><link href=\"/1.xml\"/>"), "https://centre.example/1.xml");
  EXPECT_EQ(link("<link href=\"/page\"/><link type=\"application/xml\" href=\"/1.xml\"/>"),
            "https://centre.example/1.xml");
  EXPECT_EQ(link("<link type=\"text/html\" href=\"/page\"/>"), "");
  EXPECT_EQ(link("<link rel=\"alternate\"/>"), "");
  EXPECT_EQ(link(""), "");
}

TEST(Index, RssLinksToItsBulletins) {
  const auto index = read(
      "<rss "
      "version=\"2.0\"><channel><title>x</title><item><title>Tsunami</title><link>https://centre.example/1.xml</link>"
      "<guid>urn:1</guid><pubDate>Tue, 24 Nov 2026 09:15:00 +0700</pubDate></item><item><link>/2.xml</link></item>"
      "</channel></rss>");
  ASSERT_EQ(index.entries.size(), 2u);
  EXPECT_EQ(index.entries[0].id, "urn:1");
  EXPECT_EQ(index.entries[0].updated, "Tue, 24 Nov 2026 09:15:00 +0700");
  EXPECT_EQ(index.entries[1].link, "https://centre.example/2.xml");
  EXPECT_EQ(index.entries[1].id, "https://centre.example/2.xml") << "what has no name is known by its address";
}

TEST(Index, AnEntryWithItsWholeAlertHasNoLink) {
  EXPECT_TRUE(read(atom("<entry><id>urn:1</id><link href=\"/1.xml\"/><content type=\"text/xml\">" +
                        testing::first_inside + "</content></entry>"))
                  .entries.empty());
}

TEST(Index, IsBounded) {
  std::string entries;
  for (int i = 0; i < 1500; ++i) entries += "<entry><id>" + std::to_string(i) + "</id></entry>";
  const auto index = read(atom(entries));
  EXPECT_EQ(index.entries.size(), most_entries);
  EXPECT_EQ(index.left_out, 500);
  EXPECT_EQ(read(atom("<entry><id>" + std::string(5000, 'x') + "</id></entry>")).entries[0].id, "");
}

TEST(Index, NothingElseIsOne) {
  const auto root = alert::cap::parse_xml("<rss><item/></rss>", "x");
  EXPECT_FALSE(is_index(*root));
  EXPECT_TRUE(read_index(*root, url).entries.empty());
}

}  // namespace
}  // namespace broadcaster::feeds
