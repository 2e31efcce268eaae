// An alert of ours on its way to other agencies: planned, approved, sent, updated, taken back, ended, as a shell sees
// it.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "tests/cli/sending.hpp"

namespace broadcaster::cli {
namespace {

namespace fs = std::filesystem;

/// A town with two feeds: a folder, and uploads to a web server that looks at conditions.
struct CapFeed : Sending {
  CapFeed() {
    const auto make =
        "cd " + town.folder().string() +
        " && mkdir web config/signers && openssl genrsa -out cap.key 2048 >/dev/null 2>&1 && openssl pkey "
        "-in cap.key -pubout -out config/signers/us.pem 2>/dev/null && openssl pkey -in cap.key -pubout "
        "-outform DER 2>/dev/null | sha256sum | cut -c1-64 >cap.digest";
    EXPECT_EQ(std::system(make.c_str()), 0);
    auto digest = town.read("cap.digest");
    digest.pop_back();
    const auto keys = ", title: BPBD Tirtapura, signing_key: 'file:../cap.key', signer: '" + digest + "'}\n";
    const auto address = "url: 'http://127.0.0.1:" + std::to_string(port);
    town.write("config/endpoints.yaml",
               town.read("config/endpoints.yaml") + "  - {name: cap-folder, channel: cap_feed, mode: drill, " +
                   address + "/nowhere/', folder: ../web" + keys +
                   "  - {name: cap-upload, channel: cap_feed, mode: drill, " + address + "/cap_feed/agency/'" + keys);
    town.replace("config/alerts/tsunami-coast.yaml", "teluk, karang]", "teluk]");
  }
  std::string index() const { return town.read("web/index.atom"); }
  std::string uploaded(const std::string& file) const { return get(port, "/cap_feed/agency/" + file); }
  static std::size_t entries(const std::string& index) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = index.find("<entry>", at)) != std::string::npos; ++at) ++count;
    return count;
  }
  /// The document of an alert: by its identifier, from the folder; the same must lie where uploads go.
  std::string document(const std::string& code) {
    const auto file = std::string(status(code).at("identifier").as_string()) + ".xml";
    const auto text = town.read("web/" + file);
    EXPECT_NE(text, "") << file;
    EXPECT_NE(uploaded(file).find("<identifier>" + file.substr(0, file.size() - 4) + "<"), std::string::npos);
    EXPECT_TRUE(is_signed(text)) << text;
    EXPECT_TRUE(is_signed(uploaded(file)));
    return text;
  }
  /// As another agency would see it, which trusts us. What takes an alert back is imported by nobody, but its signature
  /// is looked at first.
  bool is_signed(const std::string& text) const {
    town.write("there.xml", text);
    const auto imported = town.run({"import", "there.xml", "-o", "imported.yaml"});
    fs::remove(town.path("imported.yaml"));
    return (imported.err + imported.out).find("Signed by us") != std::string::npos;
  }
  Ended approve_and_send(const std::string& plan) {
    EXPECT_EQ(town.run({"approve", plan, "--key", town.key("ratna"), "--yes"}).status, 0);
    return town.run({"send", plan});
  }
};

TEST_F(CapFeed, ThePlanShowsTheDocumentThatPeopleApprove) {
  town.make_plan();
  const auto shown = town.run({"show", "drill.plan"});
  EXPECT_NE(shown.out.find("cap-folder"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("<status>Exercise</status>"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("<headline>LATIHAN: "), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find(" … ("), std::string::npos) << "polygons are shortened";
  EXPECT_NE(shown.out.find("signer="), std::string::npos) << "the key is part of the destination";
  EXPECT_EQ(shown.out.find("cap.key"), std::string::npos) << "and where its secret lies is not";
}

TEST_F(CapFeed, WhatIsSentLiesThereSignedAndInTheIndexAndIsReadBack) {
  approved();
  const auto sent = town.run({"send", "drill.plan"});
  EXPECT_EQ(sent.status, 0) << sent.err << sent.out;
  for (const auto& there : {index(), uploaded("index.atom")}) {
    EXPECT_NE(there.find("<title>EXERCISE: BPBD Tirtapura</title>"), std::string::npos) << there;
    EXPECT_NE(there.find("<title>LATIHAN: "), std::string::npos) << there;
    EXPECT_EQ(entries(there), 1u);
  }
  EXPECT_NE(document("TL1").find("<status>Exercise</status>"), std::string::npos);
  const auto record = town.run({"record", "verify", "--mode", "drill"});
  EXPECT_EQ(record.status, 0) << record.err;
  ASSERT_EQ(town.run({"record", "export", "TL1", "-o", "evidence", "--mode", "drill"}).status, 0);
  EXPECT_NE(town.read("evidence/record.jsonl").find("read_back"), std::string::npos);
}

TEST_F(CapFeed, AnUpdateAFalseAlarmAndAnAllClearAreDocumentsOfTheirOwn) {
  approved();
  ASSERT_EQ(town.run({"send", "drill.plan"}).status, 0);
  ASSERT_EQ(
      town.run({"update", "TL1", "--mode", "drill", "-o", "u.yaml", "--key", town.key("sari")}, "\n*\n35\n\n").status,
      0);
  const auto updated = approve_and_send("u.plan");
  ASSERT_EQ(updated.status, 0) << updated.err << updated.out;
  const auto first = std::string(status("TL1").at("identifier").as_string());
  const auto second = std::string(status("TL2").at("identifier").as_string());
  const auto update = document("TL2");
  EXPECT_NE(update.find("<msgType>Update</msgType>"), std::string::npos);
  EXPECT_NE(update.find("," + first + ","), std::string::npos) << update;
  EXPECT_EQ(entries(index()), 1u) << index();
  EXPECT_NE(index().find(second + ".xml"), std::string::npos);

  const auto over = town.run({"all-clear", "TL2", "--mode", "drill", "-o", "over.yaml", "--key", town.key("sari")},
                             "BMKG bulletin 4, 06.31 WIB\nmay return\nmay return\nmay return\nnot yet\n\n");
  ASSERT_EQ(over.status, 0) << over.err << over.out;
  const auto ended = approve_and_send("over.plan");
  ASSERT_EQ(ended.status, 0) << ended.err << ended.out;
  const auto clear = document("TL3");
  EXPECT_NE(clear.find("," + first + ","), std::string::npos) << "it names every revision";
  EXPECT_NE(clear.find("," + second + ","), std::string::npos);
  // Each info names its own zones alone.
  std::size_t infos = 0;
  for (std::size_t at = 0; (at = clear.find("<info>", at)) != std::string::npos; ++at) {
    const auto info = clear.substr(at, clear.find("</info>", at) - at);
    const bool may_return = info.find("<responseType>AllClear</responseType>") != std::string::npos;
    EXPECT_EQ(info.find("<value>karang</value>") != std::string::npos, !may_return) << info;
    EXPECT_EQ(info.find("<value>muara</value>") != std::string::npos, may_return) << info;
    ++infos;
  }
  EXPECT_GE(infos, 4u);
  for (const auto& there : {index(), uploaded("index.atom")}) {
    EXPECT_EQ(entries(there), 1u) << there;
    EXPECT_NE(there.find(std::string(status("TL3").at("identifier").as_string())), std::string::npos);
  }
  EXPECT_TRUE(fs::exists(town.path("web/" + first + ".xml"))) << "what was published stays at its address";
  EXPECT_EQ(town.run({"record", "verify", "--mode", "drill"}).status, 0);
}

TEST_F(CapFeed, AFalseAlarmTakesItsPlaceAndRefersToIt) {
  approved();
  ASSERT_EQ(town.run({"send", "drill.plan"}).status, 0);
  const auto identifier = std::string(status().at("identifier").as_string());
  const auto ended = town.run({"cancel", "TL1", "--mode", "drill", "--false-alarm", "--key", town.key("ratna"),
                               "--passphrase-file", town.path("passphrase"), "--confirm", "NO TSUNAMI"});
  ASSERT_EQ(ended.status, 0) << ended.err << ended.out;
  const auto cancel = document("TL2");
  EXPECT_NE(cancel.find("<msgType>Cancel</msgType>"), std::string::npos);
  EXPECT_NE(cancel.find("," + identifier + ","), std::string::npos) << cancel;
  for (const auto& there : {index(), uploaded("index.atom")}) {
    EXPECT_EQ(entries(there), 1u) << there;
    EXPECT_NE(there.find("<cap:msgType>Cancel</cap:msgType>"), std::string::npos) << there;
  }
  EXPECT_TRUE(fs::exists(town.path("web/" + identifier + ".xml")));
}

TEST_F(CapFeed, ADrillLeavesALiveFeedAloneAndSaysWhy) {
  const std::string live =
      "<feed xmlns=\"http://www.w3.org/2005/Atom\"><category scheme=\"broadcaster:mode\" "
      "term=\"live\"/></feed>";
  town.write("web/index.atom", live);
  approved();
  Running serve(town.call({"serve", "--mode", "drill"}));
  ASSERT_TRUE(serve.wait_for("\n"));
  const auto sent = town.run({"send", "drill.plan", "--no-wait"});
  EXPECT_EQ(sent.status, 0) << sent.err;
  std::string shown;
  for (int tries = 0; tries < 50 && shown.find("cap-folder is shut") == std::string::npos; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    shown = town.run({"status", "--mode", "drill"}).out;
  }
  EXPECT_NE(shown.find("cap-folder is shut"), std::string::npos) << shown;
  EXPECT_NE(shown.find("the index there is of a feed of the other mode"), std::string::npos) << shown;
  EXPECT_EQ(index(), live);
  for (const auto& entry : fs::directory_iterator(town.path("web"))) EXPECT_NE(entry.path().extension(), ".xml");
  EXPECT_EQ(entries(uploaded("index.atom")), 1u) << "the other feed is none the worse";
  serve.signal(SIGTERM);
  EXPECT_EQ(serve.end().status, 0);
}

TEST_F(CapFeed, APlaceOfBothModesIsNamedWithItsLine) {
  auto text = town.read("config/endpoints.yaml");
  const auto at = text.find("  - {name: cap-folder");
  auto live = text.substr(at, text.find('\n', at) - at + 1);
  live.replace(live.find("cap-folder"), 10, "cap-live");
  live.replace(live.find("mode: drill"), 11, "mode: live");
  live.replace(live.find("/nowhere/"), 9, "/elsewhere/");
  live.replace(live.find("../web"), 6, "./../web/");
  town.write("config/endpoints.yaml", text + live);
  const auto ended = town.run({"check"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("a drill’s documents never lie where live ones do"), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("endpoints.yaml:6:"), std::string::npos) << ended.err;
}

TEST_F(CapFeed, WhatWouldCutADocumentIsRefused) {
  town.replace("config/endpoints.yaml", "folder: ../web", "zones: [muara], folder: ../web");
  const auto ended = town.run({"check"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("a document is the whole alert"), std::string::npos) << ended.err;
}

TEST_F(CapFeed, CheckCountsWhatItWouldSay) {
  const auto ended = town.run({"check"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.out.find("cap-folder"), std::string::npos) << ended.out;
}

}  // namespace
}  // namespace broadcaster::cli
