// What far sides do on a bad night, against the real program: the alert arrives once, or a person reads why not.
#include <csignal>

#include "tests/cli/sending.hpp"

namespace broadcaster::cli {
namespace {

struct BrokenPeers : Sending {
  void SetUp() override {
    town.replace("config/endpoints.yaml", "mode: drill,", "mode: drill, reconcile_after: 1s,");
    approved();
  }
  void fault(const std::string& json) { ASSERT_EQ(post(port, "/faults", json), 204); }
  /// `send` to its end, whatever stands in the way.
  Ended send() { return town.run({"send", "drill.plan"}); }
  /// Statuses that the public sees.
  std::size_t posts() {
    const auto page = get(port, "/seen.json");
    return boost::json::parse(page).as_object().at("seen").as_array().size();
  }
};

struct Fault {
  const char* name;
  const char* json;
};
class OneBadAnswer : public BrokenPeers, public testing::WithParamInterface<Fault> {};

TEST_P(OneBadAnswer, DelaysAPostAndDoublesNone) {
  fault(GetParam().json);
  const auto sent = send();
  EXPECT_EQ(sent.status, 0) << sent.err << sent.out;
  EXPECT_NE(sent.out.find("everything is accepted or proven"), std::string::npos) << sent.out;
  EXPECT_EQ(posts(), 2u) << "one in each language";
}

// Accepted is not published: the post is there, and says something else.
TEST_F(BrokenPeers, APostThatShowsSomethingElseIsAnAlarmEverywhere) {
  fault(R"({"side": "mastodon", "kind": "rewrite", "from": "TL1", "to": "TL9", "times": 2, "method": "GET"})");
  Running serve(town.call({"serve", "--mode", "drill"}));
  ASSERT_TRUE(serve.wait_for("\n"));
  const auto sent = send();
  EXPECT_EQ(sent.status, 6) << sent.err << sent.out;
  EXPECT_NE(sent.out.find("TL1: WHAT WAS PUBLISHED IS NOT WHAT WAS APPROVED"), std::string::npos) << sent.out;
  EXPECT_NE(sent.out.find("✗ mastodon-drill: 2 posts show something else"), std::string::npos) << sent.out;
  EXPECT_EQ(status().at("differs").as_int64(), 2);
  const auto shown = town.run({"status", "--mode", "drill"});
  EXPECT_NE(shown.out.find("mastodon-drill: WHAT WAS PUBLISHED IS NOT WHAT WAS APPROVED"), std::string::npos)
      << "an alarm: " << shown.out;
  ASSERT_EQ(town.run({"record", "export", "TL1", "-o", "evidence", "--mode", "drill"}).status, 0);
  EXPECT_NE(town.read("evidence/evidence.csv").find("read_back_differs"), std::string::npos);
  EXPECT_NE(town.read("evidence/record.jsonl").find("read_back_differs"), std::string::npos);
  serve.signal(SIGTERM);
  EXPECT_EQ(serve.end().status, 0);
  // It outlives the process that saw it.
  const auto later = town.run({"status", "--mode", "drill"});
  EXPECT_NE(later.out.find("✗ mastodon-drill: 2 posts show something else"), std::string::npos) << later.out;
}

INSTANTIATE_TEST_SUITE_P(
    Range, OneBadAnswer,
    testing::Values(
        Fault{"TooManyRequests",
              R"({"side": "mastodon", "kind": "status", "status": 429, "retry_after": "1", "method": "POST"})"},
        Fault{"ServerError", R"({"side": "mastodon", "kind": "status", "status": 500, "method": "POST"})"},
        Fault{"HalfAnAnswer", R"({"side": "mastodon", "kind": "half_answer", "method": "POST"})"},
        Fault{"AnswerLost", R"({"side": "mastodon", "kind": "accept_then_close", "method": "POST"})"},
        Fault{"Reset", R"({"side": "mastodon", "kind": "reset", "method": "POST"})"},
        Fault{"Nothing", R"({"side": "mastodon", "kind": "no_answer", "method": "POST"})"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(BrokenPeers, RefusedCredentialsShutTheWayOutAndSaySo) {
  fault(R"({"side": "mastodon", "kind": "status", "status": 401, "times": 2, "method": "POST"})");
  const auto sent = send();
  EXPECT_NE(sent.out.find("mastodon-drill is shut (its credentials are refused)"), std::string::npos) << sent.out;
  EXPECT_EQ(sent.status, 0) << "a try goes out from time to time, and the third is taken: " << sent.out;
  EXPECT_EQ(posts(), 2u);
}

TEST_F(BrokenPeers, AServerThatIsDownAndComesBackGetsItThen) {
  const auto at = std::to_string(port);
  range->signal(SIGTERM);
  range->end();
  Running sending(town.call({"send", "drill.plan"}));
  ASSERT_TRUE(sending.wait_for("mastodon-drill"));
  start_range(at);
  const auto sent = sending.end();
  EXPECT_EQ(sent.status, 0) << sent.err << sent.out;
  EXPECT_EQ(posts(), 2u);
}

TEST_F(BrokenPeers, AServerThatDiesInTheMiddleLeavesTheStateUsable) {
  fault(R"({"side": "mastodon", "kind": "no_answer", "times": 9, "method": "POST"})");
  Running sending(town.call({"send", "drill.plan"}));
  ASSERT_TRUE(sending.wait_for("mastodon-drill"));
  range->signal(SIGKILL);
  range->end();
  sending.signal(SIGKILL);
  sending.end();
  start_range(std::to_string(port));
  const auto again = send();
  EXPECT_EQ(again.status, 0) << again.err << again.out;
  EXPECT_NE(again.out.find("was released before; following it."), std::string::npos) << again.out;
  EXPECT_EQ(posts(), 2u);
  EXPECT_EQ(town.run({"record", "verify", "--mode", "drill"}).status, 0);
}

}  // namespace
}  // namespace broadcaster::cli
