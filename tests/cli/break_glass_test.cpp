// One person alone, as the real program does it: everybody who decides is woken at once, then the glass may be broken.
#include <boost/json.hpp>
#include <csignal>

#include "tests/cli/sending.hpp"
#include "tests/support/pager_peers.hpp"

namespace broadcaster::cli {
namespace {

namespace json = boost::json;

struct Glass : Sending {
  Glass() {
    town.write("config/service.yaml", "hooks: {listen: '127.0.0.1:0'}\n");
    town.replace("config/policy.yaml", "after: 60s", "after: 2s");
    town.write("config/duty.yaml",
               "shifts: [{order: [sari]}]\npeople:\n"
               "  - {person: sari, wake: [{way: push, to: sari}]}\n  - {person: bayu, wake: [{way: push, to: bayu}]}\n"
               "  - {person: ratna, language: en, wake: [{way: push, to: ratna}]}\n"
               "  - {person: hendra, wake: [{way: push, to: hendra}]}\n"
               "ways: [{name: push, kind: ntfy, mode: drill, url: '" +
                   push.url() + "'}]\n");
  }
  void serve() {
    server.emplace(town.call({"serve", "--mode", "drill", "--json"}));
    ASSERT_TRUE(server->wait_for("\n"));
  }
  Ended alone(const std::string& person = "bayu", const std::string& confirm = "DRILL tsunami 4",
              const std::string& reason = "both approvers are asleep") const {
    return town.run({"send", "drill.plan", "--break-glass", "--key", town.key(person), "--confirm", confirm, "--reason",
                     reason, "--no-wait"});
  }
  /// Asks until the time has come; each try takes a process.
  Ended alone_in_time() const {
    auto ended = alone();
    for (int n = 0; n < 100 && ended.err.find("break-glass is possible in") != std::string::npos; ++n) ended = alone();
    return ended;
  }
  HttpPeer push;
  std::optional<Running> server;
};

TEST_F(Glass, EverybodyWhoDecidesIsCalledAtOnceAndOneReleasesAloneAfterTheWait) {
  town.make_plan();
  serve();
  EXPECT_EQ(alone().status, 4);
  EXPECT_NE(alone().err.find("First: broadcaster page approvers PLAN"), std::string::npos);
  const auto paged = town.run({"page", "approvers", "drill.plan"});
  ASSERT_EQ(paged.status, 0) << paged.err;
  EXPECT_NE(paged.out.find("P1: everybody who may approve it is called since "), std::string::npos) << paged.out;
  ASSERT_TRUE(push.wait_for(3));
  std::set<std::string> called;
  for (const auto& request : push.got()) {
    const auto body = json::parse(request.substr(request.find("\r\n\r\n") + 4)).as_object();
    called.emplace(body.at("topic").as_string());
    if (body.at("topic").as_string() == "ratna")
      EXPECT_EQ(body.at("message").as_string(),
                "EXERCISE: BPBD Tirtapura P1: Exercise, tsunami, 4 zones, by sari: it waits for you. Approve it, or "
                "halt it. EXERCISE.");
  }
  EXPECT_EQ(called, (std::set<std::string>{"bayu", "ratna", "hendra"})) << "the author is awake already";

  EXPECT_EQ(alone("sari").status, 4) << "not the author";
  const auto released = alone_in_time();
  ASSERT_EQ(released.status, 0) << released.err;
  EXPECT_EQ(status().at("authority").as_string(), "break_glass");
  EXPECT_EQ(status().at("glass").at("person").as_string(), "bayu");
  EXPECT_NE(town.run({"status", "--mode", "drill"})
                .out.find("BREAK-GLASS: released by bayu alone. Reason: both approvers are asleep"),
            std::string::npos);
  const auto pages = json::parse(town.run({"page", "--mode", "drill", "--json"}).out);
  EXPECT_TRUE(pages.at("open").as_array().empty()) << "who is called about a plan that is out?";

  server->signal(SIGKILL);
  server->end();
  serve();
  EXPECT_EQ(status().at("authority").as_string(), "break_glass");
  EXPECT_EQ(town.run({"halt", "TL1", "--mode", "drill"}).status, 0) << "any one person still stops it";
  ASSERT_EQ(town.run({"record", "export", "TL1", "--mode", "drill", "-o", "out"}).status, 0);
  EXPECT_NE(town.read("out/glass.json").find("both approvers are asleep"), std::string::npos);
  EXPECT_EQ(town.run({"record", "verify", "--mode", "drill"}).status, 0);
}

TEST_F(Glass, NothingGoesOutWithoutTheWordsAReasonOrThePolicy) {
  town.replace("config/policy.yaml", "after: 2s", "after: 0s");
  town.make_plan();
  serve();
  ASSERT_EQ(town.run({"page", "approvers", "drill.plan"}).status, 0);
  EXPECT_EQ(alone("bayu", "DRILL tsunami 3").status, 4);
  EXPECT_EQ(alone("bayu", "DRILL").status, 4) << "a drill's habit is not enough here";
  EXPECT_EQ(alone("bayu", "DRILL tsunami 4", "help").status, 4);
  town.replace("config/policy.yaml", "break_glass:", "# break_glass:");
  const auto ended = alone();
  EXPECT_EQ(ended.status, 4);
  EXPECT_NE(ended.err.find("policy.yaml of this agency does not allow it"), std::string::npos) << ended.err;
  EXPECT_TRUE(json::parse(town.run({"status", "--mode", "drill", "--json"}).out).at("alerts").as_array().empty());
}

TEST_F(Glass, PagingApproversNeedsAProcessThatGoesOnAndAPlanThatItsAuthorSigned) {
  town.make_plan();
  const auto alone_here = town.run({"page", "approvers", "drill.plan"});
  EXPECT_EQ(alone_here.status, 5);
  EXPECT_NE(alone_here.err.find("First: broadcaster serve --mode drill"), std::string::npos) << alone_here.err;
  ASSERT_EQ(town.run({"plan", "config/alerts/tsunami-coast.yaml", "-o", "unsigned.plan"}).status, 0);
  serve();
  EXPECT_EQ(town.run({"page", "approvers", "unsigned.plan"}).status, 4);
  EXPECT_TRUE(push.got().empty());
}

}  // namespace
}  // namespace broadcaster::cli
