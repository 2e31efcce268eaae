// A document taken apart: who vouches for what is read of it.
#include "broadcaster/feeds/bulletin.hpp"

#include <cstdlib>

#include "broadcaster/base/files.hpp"
#include "tests/feeds/support.hpp"

namespace broadcaster::feeds {
namespace {

namespace fs = std::filesystem;
using testing::first;

const std::string url = "https://centre.example/1.xml";

/// Two centres with keys made for this run.
struct Signed : ::testing::Test {
  Signed() {
    char path[] = "/tmp/broadcaster-feeds-XXXXXX";
    folder = ::mkdtemp(path);
    for (const auto* name : {"centre", "stranger"}) {
      const auto at = (folder / name).string();
      const auto make = "openssl genrsa -out " + at + ".key 2048 >/dev/null 2>&1 && openssl rsa -in " + at +
                        ".key -pubout -out " + at + ".pem >/dev/null 2>&1";
      EXPECT_EQ(std::system(make.c_str()), 0);
    }
    feed = testing::feed();
    feed.signature = Feed::Signature::required;
    feed.signers = {alert::cap::read_pin(folder / "centre.pem").value()};
  }
  ~Signed() override { fs::remove_all(folder); }
  std::string by(const std::string& who, const std::string& text) const {
    return alert::cap::with_signature(text, {base::read_file(folder / (who + ".key")).value(), ""}).value();
  }
  Bulletin only(const std::string& text) const {
    auto document = take_apart(text, url, feed);
    EXPECT_TRUE(document && document->bulletins.size() == 1);
    return document ? std::move(document->bulletins.at(0)) : Bulletin{};
  }
  fs::path folder;
  Feed feed;
};

TEST_F(Signed, ByWhomItIsBelieved) {
  const auto good = only(by("centre", first));
  EXPECT_EQ(good.trust, Trust::by_signer);
  EXPECT_EQ(good.signer, "centre");
  EXPECT_EQ(good.alert.identifier, "bmkg-2026-1124-01");
  EXPECT_EQ(only(by("stranger", first)).trust, Trust::bad);
  EXPECT_EQ(only(first).trust, Trust::unsigned_);
}

TEST_F(Signed, AChangedByteIsABadSignature) {
  auto text = by("centre", first);
  text.replace(text.find("Evacuate"), 8, "Shelter ");
  EXPECT_EQ(only(text).trust, Trust::bad);
}

TEST_F(Signed, WrappingGetsNothingIn) {
  // The signed alert rides inside another one.
  const auto good = by("centre", first);
  const auto inner = good.substr(good.find("<alert"));
  auto evil = testing::first_with("bmkg-2026-1124-01", "evil");
  evil.insert(evil.rfind("</alert>"), inner);
  const auto document = take_apart(evil, url, feed);
  ASSERT_TRUE(document);
  for (const auto& one : document->bulletins) EXPECT_NE(one.trust, Trust::by_signer) << one.alert.identifier;
}

TEST(Document, AnIndexGivesLinksAndWholeAlerts) {
  const auto fat = "<feed><entry><id>1</id><link href=\"/1.xml\"/></entry><entry><content>" + testing::first_inside +
                   "</content></entry></feed>";
  const auto document = take_apart(fat, url, testing::feed());
  ASSERT_TRUE(document);
  EXPECT_EQ(document->index.entries.size(), 1u);
  ASSERT_EQ(document->bulletins.size(), 1u);
  EXPECT_EQ(document->bulletins[0].trust, Trust::unsigned_);
  EXPECT_TRUE(take_apart("<feed/>", url, testing::feed())->bulletins.empty()) << "a quiet day";
}

TEST(Document, WhatIsHostileOrNoBulletinIsRefused) {
  for (const auto& text :
       {std::string("<!DOCTYPE a [<!ENTITY x \"xxxx\"><!ENTITY y \"&x;&x;&x;\">]><alert>&y;</alert>"),
        std::string("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><alert>&x;</alert>"),
        std::string("<alert><identifier>"), std::string("<html>It works!</html>"), std::string(),
        std::string("\0\1", 2)})
    EXPECT_FALSE(take_apart(text, url, testing::feed())) << text;
  const auto refused = take_apart("<alert", "https://centre.example/1.xml?key=secret", testing::feed());
  EXPECT_EQ(base::Catalogue::of("en").say(refused.error()[0]).find("secret"), std::string::npos);
}

TEST(Document, ABulletinIsNamedAsReferencesNameIt) {
  const auto document = take_apart(first, url, testing::feed());
  EXPECT_EQ(name_of(document->bulletins[0].alert), "inatews.example,bmkg-2026-1124-01,2026-11-24T02:15:00-00:00");
  EXPECT_EQ(shown_name(alert::Alert{}), ",,–");
}

}  // namespace
}  // namespace broadcaster::feeds
