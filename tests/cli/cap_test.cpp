// import, export and profiles, as a shell sees them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/cli/town.hpp"

namespace broadcaster::cli {
namespace {

const std::string bulletin =
    "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n"
    "  <identifier>bmkg-1</identifier><sender>inatews.example</sender>\n"
    "  <sent>2026-11-24T10:00:00Z</sent>\n"
    "  <status>Exercise</status><msgType>Alert</msgType><scope>Public</scope><note>drill of the centre</note>\n"
    "  <info><language>id</language><category>Geo</category><event>Tsunami</event>"
    "<responseType>Evacuate</responseType><urgency>Immediate</urgency><severity>Extreme</severity>"
    "<certainty>Likely</certainty><expires>2099-11-24T12:15:00+07:00</expires>\n"
    "    <area><areaDesc>pantai</areaDesc><polygon>-12.07,100.03 -12.07,100.05 -12.05,100.05</polygon></area></info>\n"
    "</alert>\n";

bool has(const Ended& ended, const std::string& text) { return ended.err.find(text) != std::string::npos; }

void openssl(const Town& town, const std::string& arguments) {
  ASSERT_EQ(std::system(("cd " + town.folder().string() + " && openssl " + arguments + " >/dev/null 2>&1").c_str()), 0);
}

TEST(Import, ABulletinBecomesADraftThatCanBePlanned) {
  const Town town;
  town.write("b.xml", bulletin);
  const auto ended = town.run({"import", "b.xml", "-o", "a.yaml"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_TRUE(has(ended, "Unsigned: nobody vouches")) << ended.err;
  EXPECT_TRUE(has(ended, "b.xml:3: sent: \"2026-11-24T10:00:00Z\" read as 2026-11-24T10:00:00-00:00")) << ended.err;
  EXPECT_TRUE(has(ended, "b.xml:6: info[0].area[0].polygon[0]: ")) << ended.err;
  EXPECT_TRUE(has(ended, "Draft: hazard taken as tsunami")) << ended.err;
  EXPECT_TRUE(has(ended, "Draft: zone muara: the area touches a part of it")) << ended.err;
  EXPECT_EQ(ended.err.find("<<"), std::string::npos) << ended.err;
  EXPECT_NE(ended.out.find("Nobody has approved it"), std::string::npos) << ended.out;
  const auto planned = town.run({"plan", "a.yaml", "-o", "a.plan"});
  EXPECT_EQ(planned.status, 0) << planned.err;
}

TEST(Import, WhatIsHostileOrEndsAnAlertIsRefused) {
  const Town town;
  town.write("bomb.xml", "<!DOCTYPE alert [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n" + bulletin);
  auto ended = town.run({"import", "bomb.xml", "-o", "a.yaml"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.err.starts_with("bomb.xml:1:")) << ended.err;
  auto cancel = bulletin;
  cancel.replace(cancel.find("<msgType>Alert"), 14, "<msgType>Cancel");
  town.write("cancel.xml", cancel);
  ended = town.run({"import", "cancel.xml", "-o", "a.yaml"});
  EXPECT_EQ(ended.status, 4) << ended.err;
  EXPECT_TRUE(has(ended, "A bulletin ends no alert here")) << ended.err;
  town.write("huge.xml", bulletin);
  std::filesystem::resize_file(town.path("huge.xml"), std::uintmax_t{200} << 20);
  EXPECT_EQ(town.run({"import", "huge.xml", "-o", "a.yaml"}).status, 1);
  EXPECT_EQ(town.read("a.yaml"), "") << "nothing is written";
}

TEST(Import, AFileThatIsThereIsNotOverwritten) {
  const Town town;
  town.write("b.xml", bulletin);
  town.write("a.yaml", "edited by sari\n");
  const auto ended = town.run({"import", "b.xml", "-o", "a.yaml"});
  EXPECT_NE(ended.status, 0);
  EXPECT_TRUE(has(ended, "a.yaml")) << ended.err;
  EXPECT_EQ(town.read("a.yaml"), "edited by sari\n");
}

TEST(Import, OneOfSeveralIsChosenByItsName) {
  const Town town;
  auto other = bulletin;
  other.replace(other.find("bmkg-1"), 6, "bmkg-2");
  town.write("b.xml", "<alerts>" + bulletin + other + "</alerts>");
  const auto ended = town.run({"import", "b.xml", "-o", "a.yaml"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(has(ended, "bmkg-1, bmkg-2")) << ended.err;
  EXPECT_EQ(town.run({"import", "b.xml", "-o", "a.yaml", "--identifier", "bmkg-2"}).status, 0);
  EXPECT_NE(town.read("a.yaml").find("bmkg-2"), std::string::npos);
}

TEST(Import, OnlyPinnedSignersAreBelieved) {
  const Town town;
  openssl(town, "genrsa -out k.pem 2048");
  openssl(town, "rsa -in k.pem -pubout -out centre.pem");
  openssl(town, "genrsa -out x.pem 2048");
  openssl(town, "rsa -in x.pem -pubout -out other.pem");
  auto ended = town.run({"export", "config/alerts/tsunami-coast.yaml", "-o", "s.xml", "--signing-key", "k.pem"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  ended = town.run({"import", "s.xml", "-o", "a.yaml", "--signer", "centre.pem"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_TRUE(has(ended, "Signed by centre; read is what was signed.")) << ended.err;
  EXPECT_TRUE(has(town.run({"import", "s.xml", "-o", "n.yaml"}), "NOT checked"));
  EXPECT_EQ(town.run({"import", "s.xml", "-o", "b.yaml", "--signer", "other.pem"}).status, 4);
  std::filesystem::create_directory(town.path("config/signers"));
  std::filesystem::copy(town.path("other.pem"), town.path("config/signers/other.pem"));
  EXPECT_EQ(town.run({"import", "s.xml", "-o", "b.yaml"}).status, 4) << "signed, by nobody who is pinned";
  EXPECT_EQ(town.read("b.yaml"), "");
  EXPECT_EQ(town.run({"import", "s.xml", "-o", "b.yaml", "--ignore-signature"}).status, 0);
  town.write("b.xml", bulletin);
  EXPECT_EQ(town.run({"import", "b.xml", "-o", "c.yaml", "--signer", "other.pem"}).status, 4) << "unsigned";
}

TEST(Export, WhatNobodyReleasedGoesOutAsDraft) {
  const Town town;
  auto ended = town.run({"export", "config/alerts/tsunami-coast-live.yaml", "-o", "live.xml"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_TRUE(has(ended, "It is Actual and was not released")) << ended.err;
  EXPECT_NE(town.read("live.xml").find("<status>Draft</status>"), std::string::npos);
  EXPECT_EQ(town.read("live.xml").find("Actual"), std::string::npos);
  town.make_plan();
  ended = town.run({"export", "drill.plan", "-o", "drill.xml", "--json"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(town.read("drill.xml").find("<status>Exercise</status>"), std::string::npos);
  EXPECT_NE(town.read("drill.xml").find("<headline>"), std::string::npos) << "a plan has its texts";
}

TEST(Export, AnExerciseComesBackAsTheSameAlertFile) {
  const Town town;
  ASSERT_EQ(town.run({"export", "config/alerts/tsunami-coast.yaml", "-o", "a.xml"}).status, 0);
  ASSERT_EQ(town.run({"import", "a.xml", "-o", "a.yaml"}).status, 0);
  ASSERT_EQ(town.run({"export", "a.yaml", "-o", "b.xml"}).status, 0);
  ASSERT_EQ(town.run({"import", "b.xml", "-o", "b.yaml"}).status, 0);
  EXPECT_EQ(town.read("b.yaml"), town.read("a.yaml"));
  EXPECT_NE(town.read("a.yaml").find("zones: [muara, pasir, teluk, karang]"), std::string::npos) << town.read("a.yaml");
}

TEST(Profile, IsCheckedOnRequest) {
  const Town town;
  auto ended = town.run({"check", "config/alerts/tsunami-coast.yaml", "--profile", "ipaws"});
  EXPECT_EQ(ended.status, 6) << ended.err;
  EXPECT_TRUE(has(ended, "code: IPAWS wants the code IPAWSv1.0")) << ended.err;
  EXPECT_EQ(town.run({"check", "config/alerts/tsunami-coast.yaml", "--profile", "google"}).status, 0)
      << "the plan fills its texts from the wording";
  EXPECT_EQ(town.run({"check", "config/alerts/tsunami-coast.yaml"}).status, 0);
  town.write("b.xml", bulletin);
  EXPECT_EQ(town.run({"import", "b.xml", "-o", "a.yaml", "--profile", "google"}).status, 6);
  ended = town.run({"import", "b.xml", "-o", "a.yaml", "--profile", "nothing"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_TRUE(has(ended, "expected one of ipaws, google")) << ended.err;
  EXPECT_EQ(town.run({"check", "--profile", "ipaws"}).status, 2);
}

}  // namespace
}  // namespace broadcaster::cli
