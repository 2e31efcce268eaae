// Documents that want to do harm, or that are no documents: each is refused with its place, and nothing is done.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "broadcaster/alert/cap/xml.hpp"
#include "tests/alert/cap/documents.hpp"

namespace broadcaster::alert::cap {
namespace {

using testing::whole;
using testing::whole_with;
using testing::with;

std::string refusal(const std::string& text) {
  const auto read = read_cap(text, "a.xml");
  return read ? "READ" : alert::testing::said(read.error())[0];
}

TEST(HostileXml, ABombNeverGetsToDefineAnything) {
  std::string bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [\n<!ENTITY lol \"lol\">\n";
  for (int i = 1; i < 10; ++i)
    bomb += "<!ENTITY lol" + std::to_string(i) + " \"&lol" + (i == 1 ? "" : std::to_string(i - 1)) +
            ";&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;\">\n";
  bomb += "]>\n<alert>&lol9;</alert>";
  EXPECT_TRUE(refusal(bomb).starts_with("a.xml:2:")) << refusal(bomb);
  EXPECT_NE(refusal(bomb).find("document type"), std::string::npos) << refusal(bomb);
}

TEST(HostileXml, AnExternalEntityIsNeverLookedUp) {
  for (const auto* source :
       {"SYSTEM \"file:///etc/passwd\"", "SYSTEM \"http://127.0.0.1:9/x\"", "PUBLIC \"-//x\" \"file:///etc/passwd\""}) {
    const auto text = "<!DOCTYPE alert [<!ENTITY x " + std::string(source) + ">]>\n<alert><note>&x;</note></alert>";
    EXPECT_NE(refusal(text).find("document type"), std::string::npos) << refusal(text);
  }
  EXPECT_NE(refusal("<!DOCTYPE alert SYSTEM \"http://127.0.0.1:9/x.dtd\"><alert/>").find("document type"),
            std::string::npos);
  // In UTF-16 too, where no search for "<!DOCTYPE" would see it.
  std::string wide = "\xff\xfe";
  for (const char c : std::string("<!DOCTYPE a [<!ENTITY b \"c\">]><alert>&b;</alert>")) wide += {c, '\0'};
  EXPECT_NE(refusal(wide).find("document type"), std::string::npos) << refusal(wide);
}

TEST(HostileXml, AnEntityThatNobodyDefinedIsAMistake) {
  EXPECT_TRUE(refusal(whole_with("Tsunami mendekat", "Tsunami&nbsp;mendekat")).starts_with("a.xml:28:"));
}

TEST(HostileXml, XIncludeIsTextAndNothingElse) {
  const auto read = testing::read_one(whole_with(
      "<note>second bulletin</note>",
      "<note><xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"/etc/passwd\" parse=\"text\"/></note>"));
  EXPECT_EQ(read.alert.note, "");
}

TEST(HostileXml, DepthAndNumberHaveBounds) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  EXPECT_NE(refusal(deep).find("more than 32 deep"), std::string::npos) << refusal(deep);
  std::string wide = "<alert>";
  for (int i = 0; i < 60'000; ++i) wide += "<code>a</code>";
  EXPECT_NE(refusal(wide + "</alert>").find("more than 50,000 elements"), std::string::npos)
      << refusal(wide + "</alert>");
}

// 294 kB of names that nobody knows once took minutes.
TEST(HostileXml, UnknownNamesCostNoMoreThanReadingThem) {
  std::string text = "<alert><msgType>Alert</msgType>";
  for (int i = 0; i < 49'000; ++i) text += "<zzz/>";
  const auto begin = std::chrono::steady_clock::now();
  const auto read = testing::read_one(text + "</alert>");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
  EXPECT_GT(read.notes.not_listed, 48'000);
}

TEST(HostileXml, AMisspeltNameIsStillMeantBehindAFewUnknownOnes) {
  std::string unknown;
  for (int i = 0; i < 20; ++i) unknown += "<zzz/>";
  EXPECT_EQ(testing::read_one(with(whole_with("<note>", unknown + "<notes>"), "</note>", "</notes>")).alert.note,
            "second bulletin");
}

/// Bytes that this process has read so far (proc(5), /proc/pid/io).
long long bytes_read() {
  std::ifstream io("/proc/self/io");
  std::string name;
  long long value = 0;
  io >> name >> value;
  return name == "rchar:" ? value : -1;
}

TEST(HostileXml, AHugeFileIsNotReadToItsEnd) {
  const auto path =
      std::filesystem::temp_directory_path() / ("broadcaster-huge-" + std::to_string(::getpid()) + ".xml");
  std::ofstream(path) << whole;
  std::filesystem::resize_file(path, std::uintmax_t{200} << 20);
  const auto before = bytes_read();
  ASSERT_GE(before, 0);
  const auto read = read_document(path);
  const auto taken = bytes_read() - before;
  std::filesystem::remove(path);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().text.id, "base.file_too_large");
  EXPECT_LT(taken, static_cast<long long>(largest_document) + (1 << 20));
  EXPECT_NE(refusal(std::string(largest_document + 1, ' ')).find("larger than"), std::string::npos);
}

TEST(HostileXml, WhatIsNoDocumentSaysWhere) {
  EXPECT_EQ(refusal(""), "a.xml: empty; expected a CAP alert in XML");
  EXPECT_EQ(refusal("   \n"), "a.xml: empty; expected a CAP alert in XML");
  EXPECT_TRUE(refusal("status: Actual\n").starts_with("a.xml:1:1: not well-formed XML (")) << refusal("status: A\n");
  EXPECT_TRUE(refusal(whole.substr(0, 900)).starts_with("a.xml:")) << refusal(whole.substr(0, 900));
  EXPECT_TRUE(refusal(whole_with("</sender>", "</sendr>")).starts_with("a.xml:4:"))
      << refusal(whole_with("</sender>", "</sendr>"));
  EXPECT_TRUE(refusal(whole + "<alert/>").starts_with("a.xml:52:")) << refusal(whole + "<alert/>");
  EXPECT_TRUE(refusal(whole_with("Tsunami", "Tsu\x01nami")).starts_with("a.xml:17:"));
  EXPECT_TRUE(refusal(whole_with("Tsunami", "Tsu\xffnami")).starts_with("a.xml:17:"));
  EXPECT_EQ(refusal("<rss><channel/></rss>"), "a.xml:1: no alert in it: expected <alert>, found \"<rss>\"");
}

TEST(HostileXml, EveryBeginningOfADocumentIsRefusedNotHalfRead) {
  for (std::size_t length = 0; length + 2 < whole.size(); length += 7)
    EXPECT_NE(refusal(whole.substr(0, length)), "READ") << length;
}

}  // namespace
}  // namespace broadcaster::alert::cap
