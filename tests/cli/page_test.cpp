// Pages as the real program makes them: an alarm wakes the first person, the second after that, across a kill -9, until
// somebody acknowledges.
#include <boost/json.hpp>
#include <csignal>

#include "tests/cli/sending.hpp"
#include "tests/support/pager_peers.hpp"

namespace broadcaster::cli {
namespace {

namespace json = boost::json;

struct Paged : Sending {
  Paged() {
    town.write("config/service.yaml",
               "hooks: {listen: '127.0.0.1:" + std::to_string(hooks) +
                   "', public: 'http://127.0.0.1:" + std::to_string(hooks) +
                   "'}\naudit: {every: 1s}\n"
                   "disk: {warn_below_mib: 1048576}\n");  // an alarm that is there from the first look on
    duty("10s", push.url());
  }
  void duty(const std::string& next_after, const std::string& push_url) const {
    town.write(
        "config/duty.yaml",
        "next_after: " + next_after +
            "\nagain_every: 10s\nshifts: [{order: [sari, bayu]}]\npeople:\n"
            "  - {person: sari, language: en, wake: [{way: push, to: sari-topic}, {way: push-live, to: sari}]}\n"
            "  - {person: bayu, language: id, wake: [{way: mail, to: bayu@bpbd.example}, {way: push-live, to: b}]}\n"
            "ways:\n  - {name: push, kind: ntfy, mode: drill, url: '" +
            push_url + "'}\n  - {name: mail, kind: email, mode: drill, url: '" + smtp.url() +
            "', from: pages@bpbd.example}\n  - {name: push-live, kind: ntfy, mode: live, url: '" + live.url() +
            "', token: 'env:NOT_THERE'}\n");
  }
  void serve() {
    server.emplace(town.call({"serve", "--mode", "drill", "--json"}));
    ASSERT_TRUE(server->wait_for("\n"));
  }
  json::object pages() {
    const auto ended = town.run({"page", "--mode", "drill", "--json"});
    EXPECT_EQ(ended.status, 0) << ended.err;
    return ended.status == 0 ? json::parse(ended.out).as_object() : json::object();
  }
  static std::string link_of(const std::string& request) {
    const auto body = json::parse(request.substr(request.find("\r\n\r\n") + 4));
    return std::string(body.at("actions").at(0).at("url").as_string());
  }
  const int hooks = closed_port();  ///< ours to listen on, also after a kill
  HttpPeer push, live;
  SmtpPeer smtp;
  std::optional<Running> server;
};

TEST_F(Paged, TheSecondPersonIsWokenAfterAKillAndAnAcknowledgementByTheLinkEndsIt) {
  serve();
  ASSERT_TRUE(push.wait_for(1));
  server->signal(SIGKILL);
  server->end();
  serve();
  ASSERT_TRUE(smtp.wait_for(1)) << "next_after counts from the first call, whoever made it";
  const auto shown = town.run({"page", "--mode", "drill"}).out;
  EXPECT_NE(shown.find("On duty: Officer sari, Officer bayu"), std::string::npos) << shown;
  EXPECT_NE(shown.find("P1 since "), std::string::npos) << shown;
  EXPECT_NE(shown.find("The disk is nearly full. Called: sari ("), std::string::npos) << shown;

  const auto link = link_of(push.got().back());
  const auto path = link.substr(link.find("/page/"));
  EXPECT_NE(get(hooks, path).find("<form method=\"post\">"), std::string::npos);
  EXPECT_TRUE(pages().at("open").at(0).at("acknowledged").as_array().empty()) << "a link that is opened is no answer";
  EXPECT_EQ(post(hooks, "/page/0123456789abcdef0123456789abcdef", ""), 404);
  EXPECT_EQ(post(hooks, path, ""), 200);
  EXPECT_EQ(pages().at("open").at(0).at("acknowledged").at(0).at("by").as_string(), "sari");

  // Acknowledged is on disk: a new process calls nobody.
  server->signal(SIGKILL);
  server->end();
  const auto calls = push.got().size() + smtp.got().size();
  serve();
  EXPECT_NE(town.run({"status", "--mode", "drill"}).out.find("  sari has it since "), std::string::npos);
  EXPECT_FALSE(push.wait_for(calls - smtp.got().size() + 1, 1500));
  EXPECT_TRUE(live.got().empty()) << "a drill wakes nobody over a live way";
  server->signal(SIGTERM);
  EXPECT_EQ(server->end().status, 0);
  EXPECT_EQ(town.run({"record", "verify", "--mode", "drill"}).status, 0);
}

TEST_F(Paged, TheConsoleAcknowledgesByAKnownNameWithAndWithoutAnOwner) {
  duty("10s", "http://127.0.0.1:" + std::to_string(closed_port()));
  serve();
  ASSERT_TRUE(smtp.wait_for(1)) << "the first cannot be reached, so the second is called at once";
  EXPECT_EQ(town.run({"page", "ack", "P1", "--by", "nobody", "--mode", "drill"}).status, 2);
  EXPECT_EQ(town.run({"page", "ack", "P7", "--by", "bayu", "--mode", "drill"}).status, 1);
  server->signal(SIGTERM);
  server->end();
  const auto acked = town.run({"page", "ack", "P1", "--by", "bayu", "--mode", "drill"});
  EXPECT_EQ(acked.status, 0) << acked.err;
  EXPECT_EQ(acked.out, "P1 is yours. Nobody is called about it any more.\n");
  EXPECT_EQ(pages().at("open").at(0).at("acknowledged").at(0).at("by").as_string(), "bayu");
}

TEST_F(Paged, WithoutDutyNobodyIsWokenAndItIsSaid) {
  std::filesystem::remove(town.path("config/duty.yaml"));
  serve();
  const std::string line = "Nobody is woken when something goes wrong: there is no duty.yaml";
  EXPECT_NE(town.run({"status", "--mode", "drill"}).out.find(line), std::string::npos);
  server->signal(SIGTERM);
  EXPECT_NE(server->end().err.find(line), std::string::npos);
  EXPECT_NE(town.run({"check"}).out.find(line), std::string::npos);
  EXPECT_NE(town.run({"page", "--mode", "drill"}).out.find("No page is open."), std::string::npos);
}

TEST_F(Paged, AMistakeInDutyYamlIsNamedWithItsPlace) {
  town.replace("config/duty.yaml", "order: [sari, bayu]", "order: [sari, budi]");
  const auto checked = town.run({"check"});
  EXPECT_EQ(checked.status, 1);
  EXPECT_NE(checked.err.find("config/duty.yaml:3:"), std::string::npos) << checked.err;
  EXPECT_NE(checked.err.find("“budi” is not under “people” here"), std::string::npos) << checked.err;
}

}  // namespace
}  // namespace broadcaster::cli
