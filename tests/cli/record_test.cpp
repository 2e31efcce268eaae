// The record from the command line: its key, its check against what somebody kept, its export, and erasing people.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/cli/sending.hpp"

namespace broadcaster::cli {
namespace {

namespace json = boost::json;

struct RecordCommands : Sending {
  void SetUp() override {
    approved();
    ASSERT_EQ(town.run({"send", "drill.plan"}).status, 0);
  }
  Ended record(std::vector<std::string> words) {
    words.insert(words.begin(), "record");
    words.insert(words.end(), {"--mode", "drill"});
    return town.run(words);
  }
  json::object key() {
    const auto shown = record({"key", "--json"});
    EXPECT_EQ(shown.status, 0) << shown.err;
    return json::parse(shown.out).as_object();
  }
  static std::string text(const json::object& object, const char* name) {
    return json::value_to<std::string>(object.at(name));
  }
};

TEST_F(RecordCommands, AKeyAndAHeadThatWereKeptHoldTheRecordToItsWord) {
  const auto kept = key();
  const auto verified = record({"verify", "--key", text(kept, "key"), "--head", text(kept, "head")});
  EXPECT_EQ(verified.status, 0) << verified.err;
  EXPECT_NE(verified.out.find("Signed through entry "), std::string::npos) << verified.out;
  EXPECT_NE(verified.out.find(text(kept, "key")), std::string::npos) << verified.out;
  const auto stranger = record({"verify", "--key", std::string(64, 'a')});
  EXPECT_EQ(stranger.status, 6);
  EXPECT_NE(stranger.err.find("which is none of those that count"), std::string::npos) << stranger.err;
  auto other = text(kept, "head");
  other.back() = other.back() == '0' ? '1' : '0';
  EXPECT_EQ(record({"verify", "--head", other}).status, 6);
  EXPECT_EQ(record({"verify", "--head", "99999 " + std::string(64, 'a')}).status, 6) << "it was cut";
  EXPECT_EQ(record({"verify", "--head", "yesterday"}).status, 2);
  EXPECT_EQ(record({"verify", "--key", "short"}).status, 2);
}

TEST_F(RecordCommands, AnExportIsCheckedWithoutTheState) {
  const auto exported = record({"export", "TL1", "-o", "evidence"});
  EXPECT_EQ(exported.status, 0) << exported.err;
  const auto kept = key();
  std::filesystem::remove_all(town.folder() / "state");
  const auto whole = town.run({"record", "verify", "--export", "evidence", "--key", text(kept, "key")});
  EXPECT_EQ(whole.status, 0) << whole.err;
  EXPECT_NE(whole.out.find("The export is whole: "), std::string::npos) << whole.out;
  const auto cap = town.read("evidence/alert.cap.xml");
  EXPECT_NE(cap.find("<status>Exercise</status>"), std::string::npos) << cap;
  EXPECT_NE(town.read("evidence/alert.yaml").find("tsunami"), std::string::npos);
  EXPECT_NE(town.read("evidence/plan.txt"), "");
  EXPECT_NE(town.read("evidence/report.html").find("TL1"), std::string::npos);
  EXPECT_EQ(town.read("evidence/report.html").find("a-secret-token"), std::string::npos);
  town.replace("evidence/messages.jsonl", "TSUNAMI", "TSUNAMl");
  const auto changed = town.run({"record", "verify", "--export", "evidence"});
  EXPECT_EQ(changed.status, 6);
  EXPECT_NE(changed.err.find("messages.jsonl is not what was exported"), std::string::npos) << changed.err;
  EXPECT_EQ(town.run({"record", "verify", "--export", "nowhere"}).status, 1);
}

TEST_F(RecordCommands, NumbersInClearNeedAReasonThatStandsOnTheRecord) {
  EXPECT_EQ(record({"export", "TL1", "-o", "clear", "--numbers", "clear"}).status, 2);
  EXPECT_EQ(record({"export", "TL1", "-o", "clear", "--numbers", "all"}).status, 2);
  EXPECT_EQ(record({"export", "TL1"}).status, 2) << "no folder";
  EXPECT_EQ(record({"export", "TL1", "-o", "clear", "--numbers", "clear", "--reason", "court order 12"}).status, 0);
  EXPECT_NE(town.read("clear/record.jsonl").find("court order 12"), std::string::npos);
}

TEST_F(RecordCommands, PeopleOfAnAlertInForceAreNotErased) {
  const auto trial = record({"erase", "--before", "0d", "--dry-run"});
  EXPECT_EQ(trial.status, 0) << trial.err;
  EXPECT_NE(trial.out.find("Nothing was erased. To be erased: the people of 0 alerts"), std::string::npos) << trial.out;
  EXPECT_EQ(record({"erase", "--before", "tomorrow"}).status, 2);
  EXPECT_EQ(record({"erase", "--before", "2199-01-01"}).status, 2) << "still to come";
  ASSERT_EQ(town.run({"halt", "TL1", "--reason", "over", "--mode", "drill"}).status, 0);
  const auto erased = record({"erase", "--before", "0d"});
  EXPECT_EQ(erased.status, 4) << "it may still have to be taken back: " << erased.out;
  EXPECT_NE((erased.out + erased.err).find("can still be taken back, until 6 hours after it expires"),
            std::string::npos)
      << erased.err;
  EXPECT_NE(erased.out.find("of 0 alerts"), std::string::npos) << erased.out;
  EXPECT_EQ(record({"verify"}).status, 0);
}

}  // namespace
}  // namespace broadcaster::cli
