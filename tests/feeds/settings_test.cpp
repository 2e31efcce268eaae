// config/feeds.yaml: what it may say, and what a mistake in it is told.
#include "broadcaster/feeds/settings.hpp"

#include "tests/feeds/support.hpp"

namespace broadcaster::feeds {
namespace {

using alert::testing::Lines;
using namespace std::chrono_literals;

const std::vector<alert::cap::Pin> pins{{"inatews", "-"}, {"other", "-"}};

base::Checked<std::vector<Feed>> parse(const std::string& text) { return parse_feeds(text, "feeds.yaml", pins); }
Lines wrong(const std::string& text) { return alert::testing::said(parse(text)); }

TEST(Settings, AFeedIsRead) {
  const auto feeds = parse(
      "feeds:\n"
      "  - name: inatews\n    mode: live\n    url: https://centre.example/cap.atom\n    kind: atom\n    every: 30s\n"
      "    signers: [inatews]\n    region: {adm4: [99.01, '99.02'], UGC: X1}\n    oldest: 2h\n    same_event: 45m\n"
      "  - {name: floods, mode: drill, url: 'http://127.0.0.1:8080/x', kind: cap, senders: [a.example]}\n");
  ASSERT_TRUE(feeds) << wrong("")[0];
  ASSERT_EQ(feeds->size(), 2u);
  const auto& one = (*feeds)[0];
  EXPECT_EQ(one.kind, Kind::atom);
  EXPECT_EQ(one.every, 30s);
  EXPECT_EQ(one.signature, Feed::Signature::required);
  ASSERT_EQ(one.signers.size(), 1u);
  EXPECT_EQ(one.signers[0].name, "inatews");
  EXPECT_EQ(one.region, (std::vector<alert::NamedValue>{{"adm4", "99.01"}, {"adm4", "99.02"}, {"UGC", "X1"}}));
  EXPECT_EQ(one.oldest, 2h);
  EXPECT_EQ(one.same_event, 45min);
  EXPECT_EQ(one.silent, 5min) << "never less than five minutes";
  const auto& other = (*feeds)[1];
  EXPECT_EQ(other.mode, alert::Mode::drill);
  EXPECT_EQ(other.signature, Feed::Signature::not_required);
  EXPECT_EQ(other.signers.size(), 2u) << "a signature that is there must be good, whoever made it";
}

TEST(Settings, NoFeedsIsNoMistake) {
  EXPECT_TRUE(parse("feeds: []\n")->empty());
  EXPECT_TRUE(read_feeds("/there/is/no/feeds.yaml", "/there/is/no/signers")->empty());
}

TEST(Settings, EveryMistakeIsToldWithItsPlace) {
  const std::string head = "feeds:\n  - name: a\n    mode: live\n    kind: cap\n    senders: [x]\n    ";
  EXPECT_EQ(
      wrong(head + "url: http://centre.example/\n"),
      (Lines{"feeds.yaml:6:10: feeds[0].url: expected https://… (http:// to this machine alone), without name and "
             "password, found \"http://centre.example/\""}));
  EXPECT_EQ(wrong(head + "url: https://c.example/?key=secret#x\n")[0].find("secret"), std::string::npos);
  EXPECT_EQ(wrong(head + "url: https://c.example/\n    every: 1s\n"),
            (Lines{"feeds.yaml:7:12: feeds[0].every: expected between 10 and 3,600 seconds, as 90s, 15m or 2h"}));
  EXPECT_EQ(wrong(head + "url: https://c.example/\n    every: 10m\n    silent: 5m\n"),
            (Lines{"feeds.yaml:8:13: feeds[0].silent: shorter than the time between two polls: it would always be an "
                   "alarm"}));
  EXPECT_EQ(wrong(head + "url: https://c.example/\n    signers: [nobody]\n"),
            (Lines{"feeds.yaml:7:14: feeds[0].signers: no key of that name: signers/ of the configuration holds no "
                   "\"nobody\".pem"}));
  EXPECT_EQ(wrong(head + "url: https://c.example/\n    region: here\n").size(), 1u);
  EXPECT_EQ(wrong(head + "url: https://c.example/\n    evry: 1m\n").size(), 1u);
  EXPECT_EQ(wrong("feeds:\n  - {name: a, mode: live, kind: cap, url: 'https://c.example/'}\n"),
            (Lines{"feeds.yaml:2:5: feeds[0].senders: nobody is believed: name the senders, or a signer"}));
  EXPECT_EQ(wrong("feeds:\n  - {name: A b, mode: both, kind: mail, url: 'https://c.example/', senders: [x]}\n").size(),
            3u);
  const std::string one = "  - {name: a, mode: live, kind: cap, url: 'https://c.example/', senders: [x]}\n";
  EXPECT_EQ(wrong("feeds:\n" + one + one), (Lines{"feeds.yaml:3:5: feeds[1].name: the feed a is there already"}));
  EXPECT_EQ(wrong("feeds: {}\n").size(), 1u);
}

}  // namespace
}  // namespace broadcaster::feeds
