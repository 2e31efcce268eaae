// The danger is still real and something has changed: one alert in the place of another.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/cli/sending.hpp"

namespace broadcaster::cli {
namespace {

struct Updating : Sending {
  Updating() {
    town.replace("config/alerts/tsunami-coast.yaml", "teluk, karang]", "teluk]");
    approved();
    EXPECT_EQ(town.run({"send", "drill.plan"}).status, 0);
  }
  Ended make(const std::string& answers) {
    return town.run({"update", "TL1", "--mode", "drill", "-o", "u.yaml", "--key", town.key("sari")}, answers);
  }
  Ended send() {
    EXPECT_EQ(town.run({"approve", "u.plan", "--key", town.key("ratna"), "--yes"}).status, 0);
    return town.run({"send", "u.plan"});
  }
};

TEST_F(Updating, TakesThePlaceOfTheAlertAndSaysSoInBoth) {
  // A zone more, another arrival; the rest as it was.
  const auto made = make("\n*\n35\n\n");
  ASSERT_EQ(made.status, 0) << made.err << made.out;
  EXPECT_NE(made.out.find("Update of TL1. Enter keeps what it says now.\n"), std::string::npos) << made.out;
  const auto file = town.read("u.yaml");
  EXPECT_NE(file.find("msgType: Update\n"), std::string::npos) << file;
  EXPECT_NE(file.find("level: AWAS\n"), std::string::npos) << file;
  EXPECT_NE(file.find("zones: [muara, pasir, teluk, karang]\n"), std::string::npos) << file;
  EXPECT_NE(file.find(status().at("identifier").as_string()), std::string::npos) << file;
  const auto shown = town.run({"show", "u.plan"});
  EXPECT_NE(shown.out.find("UPDATE: it replaces TL1-"), std::string::npos) << shown.out;

  const auto sent = send();
  EXPECT_EQ(sent.status, 0) << sent.err;
  EXPECT_NE(sent.out.find("Released as TL2.\n"), std::string::npos) << sent.out;
  const auto old = status();
  EXPECT_EQ(old.at("life").as_string(), "stopped");
  EXPECT_EQ(old.at("stop").as_object().at("how").as_string(), "update");
  EXPECT_EQ(old.at("stop").as_object().at("code").as_string(), "TL2");
  EXPECT_EQ(status("TL2").at("type").as_string(), "Update");
  EXPECT_NE(town.run({"status", "TL1", "--mode", "drill"}).out.find("the update TL2 went out"), std::string::npos);
  EXPECT_EQ(town.run({"record", "verify", "--mode", "drill"}).status, 0);
}

TEST_F(Updating, NobodyWhoWasToldToLeaveIsLeftWithoutAWord) {
  const auto made = make("\n1\nmuara\nmuara,pasir,teluk\n\n\n");
  EXPECT_EQ(made.status, 0) << made.err << made.out;
  EXPECT_NE(made.err.find("Zone pasir was told to leave: it stays in the update"), std::string::npos) << made.err;
  // By hand, where no question is asked.
  town.replace("u.yaml", "zones: [muara, pasir, teluk]", "zones: [muara, pasir]");
  ASSERT_EQ(town.run({"plan", "u.yaml", "-o", "v.plan", "--key", town.key("sari")}).status, 0);
  ASSERT_EQ(town.run({"approve", "v.plan", "--key", town.key("ratna"), "--yes"}).status, 0);
  const auto sent = town.run({"send", "v.plan"});
  EXPECT_EQ(sent.status, 4) << sent.out;
  EXPECT_NE(sent.err.find("zone teluk was told to leave and this update says nothing to it"), std::string::npos)
      << sent.err;
  EXPECT_EQ(status().at("stop"), nullptr) << "the alert goes on";
}

TEST_F(Updating, OfAnAlertThatNobodyKnowsOrThatWasReplacedIsRefused) {
  ASSERT_EQ(make("\n\n\n\n").status, 0);
  auto stranger = town.read("u.yaml");
  const auto at = stranger.find("TL1-");
  ASSERT_NE(at, std::string::npos);
  town.write("w.yaml", stranger.replace(at, 3, "TL7"));
  ASSERT_EQ(town.run({"plan", "w.yaml", "-o", "w.plan", "--key", town.key("sari")}).status, 0);
  ASSERT_EQ(town.run({"approve", "w.plan", "--key", town.key("ratna"), "--yes"}).status, 0);
  EXPECT_EQ(town.run({"send", "w.plan"}).status, 1);
  ASSERT_EQ(town.run({"plan", "u.yaml", "-o", "second.plan", "--key", town.key("sari")}).status, 0);
  ASSERT_EQ(town.run({"approve", "second.plan", "--key", town.key("ratna"), "--yes"}).status, 0);
  ASSERT_EQ(send().status, 0);
  const auto again = town.run({"send", "second.plan"});
  EXPECT_EQ(again.status, 4);
  EXPECT_NE(again.err.find("TL1 was replaced by TL2 already"), std::string::npos) << again.err;
}

TEST_F(Updating, OfAnUpdateNamesEveryRevision) {
  ASSERT_EQ(make("\n\n\n\n").status, 0);
  ASSERT_EQ(send().status, 0);
  const auto again =
      town.run({"update", "TL2", "--mode", "drill", "-o", "v.yaml", "--key", town.key("sari")}, "\n\n\n\n");
  ASSERT_EQ(again.status, 0) << again.err;
  const auto file = town.read("v.yaml");
  const auto first = file.find(status().at("identifier").as_string());
  ASSERT_NE(first, std::string::npos) << file;
  EXPECT_NE(file.find(status("TL2").at("identifier").as_string(), first), std::string::npos) << file;
  EXPECT_NE(town.run({"show", "v.plan"}).out.find("UPDATE: it replaces TL2-"), std::string::npos);
  ASSERT_EQ(town.run({"approve", "v.plan", "--key", town.key("ratna"), "--yes"}).status, 0);
  const auto sent = town.run({"send", "v.plan"});
  EXPECT_EQ(sent.status, 0) << sent.err;
  EXPECT_EQ(status("TL2").at("stop").as_object().at("code").as_string(), "TL3");
}

TEST_F(Updating, WhatIsWrongNowIsTheUpdate) {
  ASSERT_EQ(make("\n\n\n\n").status, 0);
  ASSERT_EQ(send().status, 0);
  const auto cancelled = town.run({"cancel", "TL1", "--mode", "drill", "--false-alarm", "--key", town.key("ratna"),
                                   "--passphrase-file", town.path("passphrase"), "--confirm", "NO TSUNAMI"});
  EXPECT_EQ(cancelled.status, 4) << cancelled.out;
  EXPECT_NE(cancelled.err.find("cancel that one"), std::string::npos) << cancelled.err;
}

TEST_F(Updating, AnAlertFileThatIsNoOrderIsNoPlan) {
  town.write("c.yaml", "msgType: Cancel\nreferences: \"a@example.org,X-1,2026-11-24T02:15:00-00:00\"\n" +
                           town.read("config/alerts/tsunami-coast.yaml"));
  const auto planned = town.run({"plan", "c.yaml", "-o", "c.plan", "--key", town.key("sari")});
  EXPECT_EQ(planned.status, 1);
  EXPECT_NE(planned.err.find("Cancel is none"), std::string::npos) << planned.err;
}

}  // namespace
}  // namespace broadcaster::cli
