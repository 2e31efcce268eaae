// Who is called about a plan that was just signed: the decision, and the real program with and without an owner.
#include "broadcaster/cli/call_approvers.hpp"

#include <boost/json.hpp>

#include "tests/cli/sending.hpp"
#include "tests/support/pager_peers.hpp"

namespace broadcaster::cli {
namespace {

namespace json = boost::json;
using alert::Mode;

struct Called : Sending {
  Called() {
    town.write("config/service.yaml", "hooks: {listen: '127.0.0.1:0'}\n");
    duty("");
  }
  void duty(const std::string& more_ways) const {
    town.write("config/duty.yaml",
               "shifts: [{order: [sari]}]\npeople:\n"
               "  - {person: sari, wake: [{way: push, to: sari}" +
                   std::string(more_ways.empty() ? "" : ", {way: live, to: sari}") +
                   "]}\n  - {person: bayu, wake: [{way: push, to: bayu}]}\n"
                   "  - {person: ratna, wake: [{way: push, to: ratna}]}\n"
                   "  - {person: hendra, wake: [{way: push, to: hendra}]}\n"
                   "ways:\n  - {name: push, kind: ntfy, mode: drill, url: '" +
                   push.url() + "'}\n" + more_ways);
  }
  void serve() {
    server.emplace(town.call({"serve", "--mode", "drill", "--json"}));
    ASSERT_TRUE(server->wait_for("\n"));
  }
  Ended plan(std::vector<std::string> more = {}) const {
    std::vector<std::string> words{"plan",          "config/alerts/tsunami-coast.yaml", "-o", "drill.plan", "--key",
                                   town.key("sari")};
    words.insert(words.end(), more.begin(), more.end());
    return town.run(words);
  }
  HttpPeer push;
  std::optional<Running> server;
};

TEST_F(Called, APlanCallsItsApproversAndTheTimeOfBreakGlassBegins) {
  serve();
  const auto made = plan();
  ASSERT_EQ(made.status, 0) << made.err;
  EXPECT_NE(made.err.find("P1: everybody who may approve it is called since "), std::string::npos) << made.err;
  EXPECT_NE(made.err.find("one person alone may release it from "), std::string::npos) << made.err;
  ASSERT_TRUE(push.wait_for(3)) << "bayu, ratna and hendra; the author is awake";
  const auto early = town.run({"send", "drill.plan", "--break-glass", "--key", town.key("bayu"), "--confirm",
                               "DRILL tsunami 4", "--reason", "nobody answers", "--no-wait"});
  EXPECT_EQ(early.status, 4);
  EXPECT_NE(early.err.find("break-glass is possible in"), std::string::npos) << early.err;
}

TEST_F(Called, ForProgramsThePageStandsInTheAnswer) {
  serve();
  const auto made = plan({"--json"});
  ASSERT_EQ(made.status, 0) << made.err;
  EXPECT_EQ(json::parse(made.out).at("called").at("page").as_string(), "P1");
}

TEST_F(Called, NewCallsThemToo) {
  serve();
  const auto made = town.run({"new", "tsunami", "-o", "night.yaml", "--key", town.key("sari")}, "1\n*\n20\n\n");
  ASSERT_EQ(made.status, 0) << made.err;
  EXPECT_NE(made.err.find("P1: everybody who may approve it"), std::string::npos) << made.err;
}

TEST_F(Called, NobodyIsCalledWithNoPageOrForAPlanThatNobodySigned) {
  serve();
  EXPECT_EQ(plan({"--no-page"}).err.find("is called since"), std::string::npos);
  EXPECT_EQ(town.run({"plan", "config/alerts/tsunami-coast.yaml", "-o", "unsigned.plan"}).status, 0);
  EXPECT_TRUE(json::parse(town.run({"page", "--mode", "drill", "--json"}).out).at("open").as_array().empty());
  EXPECT_TRUE(push.got().empty());
}

TEST_F(Called, APlanIsAPlanWhereNobodyCanBeCalledAndItIsSaid) {
  const auto made = plan();
  EXPECT_EQ(made.status, 0);
  EXPECT_NE(made.err.find("First: broadcaster serve --mode drill"), std::string::npos) << made.err;
  EXPECT_NE(made.err.find("broadcaster page approvers drill.plan"), std::string::npos) << made.err;
  std::filesystem::remove(town.path("config/duty.yaml"));
  EXPECT_EQ(plan().err, "") << "who has no duty.yaml is told by check and status";
}

TEST_F(Called, AnOwnerThatRefusesIsSaidAndNoErrorOfThePlan) {
  std::filesystem::rename(town.path("config/duty.yaml"), town.path("duty.yaml"));
  serve();  // which knows of nobody on duty
  std::filesystem::rename(town.path("duty.yaml"), town.path("config/duty.yaml"));
  const auto made = plan();
  EXPECT_EQ(made.status, 0);
  EXPECT_NE(made.err.find("Nobody was called to approve it: "), std::string::npos) << made.err;
}

TEST_F(Called, ADrillOverTheFileOfTheRealThingCallsNobodyByItself) {
  duty("  - {name: live, kind: ntfy, mode: live, url: '" + push.url() + "'}\n");
  serve();
  const auto made = plan();
  EXPECT_EQ(made.status, 0);
  EXPECT_NE(made.err.find("A drill calls nobody by itself"), std::string::npos) << made.err;
  EXPECT_TRUE(push.got().empty());
}

TEST(WhoCalls, ALiveOneByItselfWhereverSomebodyIsOnDuty) {
  const auto with = [](std::vector<Mode> modes) {
    service::Duty duty;
    for (const auto mode : modes) {
      service::PageWay way;
      way.name = std::string(alert::name(mode));
      way.mode = mode;
      duty.ways.push_back(way);
    }
    return std::optional(duty);
  };
  EXPECT_EQ(who_calls(std::nullopt, Mode::live, Owner::runs), WhoCalls::nobody);
  EXPECT_EQ(who_calls(with({Mode::live}), Mode::live, Owner::runs), WhoCalls::the_owner);
  EXPECT_EQ(who_calls(with({Mode::live, Mode::drill}), Mode::live, Owner::runs), WhoCalls::the_owner);
  EXPECT_EQ(who_calls(with({Mode::live}), Mode::live, Owner::does_not_run), WhoCalls::needs_serve);
  EXPECT_EQ(who_calls(with({Mode::drill}), Mode::live, Owner::runs), WhoCalls::no_way);
  EXPECT_EQ(who_calls(with({Mode::live}), Mode::drill, Owner::runs), WhoCalls::no_way);
  EXPECT_EQ(who_calls(with({Mode::drill}), Mode::drill, Owner::runs), WhoCalls::the_owner);
  EXPECT_EQ(who_calls(with({Mode::live, Mode::drill}), Mode::drill, Owner::runs), WhoCalls::on_request);
}

}  // namespace
}  // namespace broadcaster::cli
