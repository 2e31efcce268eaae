// Feeds, as a shell sees them: a real owner, and a centre that answers what it is told to.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <csignal>
#include <filesystem>
#include <map>
#include <mutex>
#include <thread>

#include "broadcaster/net/server.hpp"
#include "tests/cli/town.hpp"

namespace broadcaster::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

/// A warning centre on loopback, in a thread of its own.
class Centre {
 public:
  Centre() : loop_(net::Loop::create()) {
    server_ =
        net::HttpServer::listen(*loop_, "127.0.0.1", 0, [this](net::ServerRequest request, net::Responder responder) {
          const std::lock_guard lock(mutex_);
          asked_.push_back(request.target);
          const auto* mark = request.header("If-None-Match");
          const auto page = pages_.find(request.target);
          if (page == pages_.end()) return responder.answer(404, {}, "");
          if (mark && *mark == "\"" + std::to_string(std::hash<std::string>()(page->second)) + "\"") {
            ++unchanged_;
            return responder.answer(304, {}, "");
          }
          responder.answer(200, {{"ETag", "\"" + std::to_string(std::hash<std::string>()(page->second)) + "\""}},
                           page->second);
        }).value();
    port_ = server_->port();
    thread_ = std::thread([this] { loop_->run(); });
  }
  ~Centre() {
    loop_->stop();
    thread_.join();
  }
  std::string url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port_) + path; }
  void page(const std::string& path, const std::string& text) {
    const std::lock_guard lock(mutex_);
    pages_[path] = text;
  }
  std::size_t asked(const std::string& path) {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::ranges::count(asked_, path));
  }
  int unchanged() {
    const std::lock_guard lock(mutex_);
    return unchanged_;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> pages_;
  std::vector<std::string> asked_;
  int unchanged_ = 0;
  std::unique_ptr<net::Loop> loop_;
  std::unique_ptr<net::HttpServer> server_;
  unsigned short port_ = 0;
  std::thread thread_;
};

std::string cap_time(std::chrono::minutes from_now) {
  return base::format_cap_time(base::SystemClock().now().wall + from_now);
}

/// A tsunami at the coast of the example agency.
std::string bulletin(const std::string& identifier, const std::string& status = "Exercise",
                     const std::string& more = "<msgType>Alert</msgType>") {
  return "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>" + identifier +
         "</identifier><sender>inatews.example</sender><sent>" + cap_time(std::chrono::minutes(-1)) +
         "</sent><status>" + status + "</status>" + more.substr(0, more.find("<references>")) +
         "<scope>Public</scope><note>drill</note>" +
         (more.find("<references>") == std::string::npos ? "" : more.substr(more.find("<references>"))) +
         "<info><language>id</language><category>Geo</category><event>Tsunami</event>"
         "<responseType>Evacuate</responseType><urgency>Immediate</urgency><severity>Extreme</severity>"
         "<certainty>Likely</certainty><expires>" +
         cap_time(std::chrono::minutes(180)) +
         "</expires><area><areaDesc>pantai</areaDesc><polygon>-12.07,100.03 -12.07,100.05 -12.05,100.05 "
         "-12.07,100.03</polygon></area></info></alert>";
}

struct Feeds : testing::Test {
  void configure(const std::string& kind, const std::string& more = "senders: [inatews.example]") {
    town.write("config/feeds.yaml", "feeds:\n  - {name: inatews, mode: drill, url: '" + centre.url("/feed") +
                                        "', kind: " + kind + ", every: 10s, " + more + "}\n");
  }
  void serve(const std::string& mode = "drill") {
    server.emplace(town.call({"serve", "--mode", mode, "--json"}));
    ASSERT_TRUE(server->wait_for("\n"));
  }
  void kill() {
    server->signal(SIGKILL);
    server->end();
    server.reset();
  }
  json::object feeds() {
    const auto ended = town.run({"feeds", "--mode", "drill", "--json"});
    EXPECT_EQ(ended.status, 0) << ended.err;
    return ended.status == 0 ? json::parse(ended.out).as_object() : json::object();
  }
  json::array matters() { return feeds().at("matters").as_array(); }
  template <class Condition>
  void until(Condition so) {
    const auto last = std::chrono::steady_clock::now() + std::chrono::seconds(40);
    while (!so() && std::chrono::steady_clock::now() < last) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_TRUE(so());
  }
  std::vector<std::string> drafts() const {
    std::vector<std::string> out;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(town.path("state/drafts"), none))
      out.push_back("state/drafts/" + entry.path().filename().string());
    std::ranges::sort(out);
    return out;
  }
  std::string status() { return town.run({"status", "--mode", "drill"}).out; }
  Town town;
  Centre centre;
  std::optional<Running> server;
};

TEST_F(Feeds, ABulletinBecomesADraftThatPeoplePlanAndApprove) {
  centre.page("/feed", bulletin("b-1"));
  configure("cap");
  serve();
  until([&] { return matters().size() == 1; });
  ASSERT_EQ(drafts().size(), 1u);
  const auto shown = status();
  EXPECT_NE(shown.find("ALARM since"), std::string::npos) << shown;
  EXPECT_NE(shown.find("bulletin inatews.example,b-1,"), std::string::npos) << shown;
  EXPECT_NE(shown.find("Feeds: 1, none in trouble. Waiting for a person: 1 draft, 0 questions"), std::string::npos)
      << shown;
  const auto list = town.run({"feeds", "--mode", "drill"}).out;
  EXPECT_NE(list.find("inatews (cap, every 10 s, "), std::string::npos) << list;
  EXPECT_NE(list.find("rests on inatews.example,b-1,"), std::string::npos) << list;
  EXPECT_EQ(list.find("<<"), std::string::npos) << list;
  const auto planned = town.run({"plan", drafts()[0], "-o", "d.plan", "--key", town.key("sari")});
  EXPECT_EQ(planned.status, 0) << planned.err;
}

TEST_F(Feeds, ARestartOpensNoSecondDraft) {
  centre.page("/feed", bulletin("b-1"));
  configure("cap");
  serve();
  until([&] { return matters().size() == 1; });
  const auto before = town.read(drafts().at(0));
  kill();
  EXPECT_EQ(matters().size(), 1u) << "what waits is shown without an owner, too";
  serve();
  until([&] { return centre.asked("/feed") >= 2; });
  until([&] { return feeds().at("feeds").as_array().at(0).as_object().contains("last_good"); });
  EXPECT_EQ(matters().size(), 1u);
  ASSERT_EQ(drafts().size(), 1u);
  EXPECT_EQ(town.read(drafts()[0]), before);
  EXPECT_NE(status().find("draft at"), std::string::npos) << "and the alarm is up again";
}

TEST_F(Feeds, AnIndexIsFollowedAndWhatIsUnchangedNotReadAgain) {
  centre.page("/feed",
              "<feed><entry><id>1</id><link href=\"/1.xml\"/></entry><entry><id>2</id><link "
              "href=\"/2.xml\"/></entry></feed>");
  centre.page("/1.xml", bulletin("b-1"));
  centre.page("/2.xml", bulletin("b-2"));
  configure("atom");
  serve();
  until([&] { return matters().size() == 1 && matters().at(0).as_object().at("sources").as_array().size() == 2; });
  until([&] { return centre.unchanged() > 0; });
  EXPECT_EQ(centre.asked("/1.xml"), 1u);
  EXPECT_EQ(drafts().size(), 1u) << "two bulletins of one event";
}

TEST_F(Feeds, ACancelIsToldAndEndsNothing) {
  centre.page("/feed", bulletin("b-1"));
  configure("cap");
  serve();
  until([&] { return matters().size() == 1; });
  const auto before = town.read(drafts().at(0));
  const auto sent = before.substr(before.find("inatews.example,b-1,"));
  const auto reference = sent.substr(0, sent.find(' '));
  kill();
  centre.page("/feed",
              bulletin("b-2", "Exercise", "<msgType>Cancel</msgType><references>" + reference + "</references>"));
  serve();
  until([&] { return status().find("Nothing is ended by it") != std::string::npos; });
  ASSERT_EQ(drafts().size(), 1u);
  const auto after = town.read(drafts()[0]);
  EXPECT_EQ(after.substr(after.find("\n\n")), before.substr(before.find("\n\n")));
}

TEST_F(Feeds, ACancelUnderAReleasedAlertNamesItAndWhatAPersonCanDo) {
  centre.page("/feed", bulletin("b-1"));
  configure("cap");
  serve();
  until([&] { return matters().size() == 1; });
  const auto before = town.read(drafts().at(0));
  const auto sent = before.substr(before.find("inatews.example,b-1,"));
  const auto reference = sent.substr(0, sent.find(' '));
  ASSERT_EQ(town.run({"plan", drafts()[0], "-o", "drill.plan", "--key", town.key("sari")}).status, 0);
  town.approve("ratna");
  ASSERT_EQ(town.run({"send", "drill.plan", "--no-wait"}).status, 0);
  kill();
  centre.page("/feed",
              bulletin("b-2", "Exercise", "<msgType>Cancel</msgType><references>" + reference + "</references>"));
  serve();
  until([&] { return status().find("takes back what TL1 rests on") != std::string::npos; });
  const auto shown = status();
  EXPECT_NE(shown.find("TL1 goes on: nothing ends by itself"), std::string::npos) << shown;
  EXPECT_NE(shown.find("broadcaster all-clear TL1"), std::string::npos) << shown;
  EXPECT_NE(town.run({"feeds", "--mode", "drill"}).out.find("broadcaster update TL1"), std::string::npos);
  EXPECT_EQ(json::parse(town.run({"status", "TL1", "--mode", "drill", "--json"}).out)
                .at("alerts")
                .at(0)
                .at("life")
                .as_string(),
            "running");
  ASSERT_EQ(town.run({"halt", "TL1", "--mode", "drill"}).status, 0);
  kill();
  serve();
  until([&] { return status().find("Nothing is ended by it") != std::string::npos; });
  EXPECT_EQ(status().find("TL1 rests on"), std::string::npos) << "an alert that is stopped rests on nothing";
}

TEST_F(Feeds, AModeTakesItsOwnFeedsAndItsOwnBulletins) {
  centre.page("/feed", bulletin("b-1", "Actual"));
  configure("cap");
  serve();
  until([&] { return !feeds().at("refused").as_array().empty(); });
  EXPECT_TRUE(matters().empty());
  EXPECT_TRUE(drafts().empty());
  kill();
  fs::remove_all(town.path("state"));
  const auto asked = centre.asked("/feed");
  serve("live");
  EXPECT_EQ(town.run({"feeds", "--mode", "live"}).out.find("inatews"), std::string::npos);
  EXPECT_EQ(centre.asked("/feed"), asked) << "a live owner polls no drill feed";
}

TEST_F(Feeds, WhatIsHostileIsAnAlarmAndNoDraft) {
  centre.page("/feed", "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" + bulletin("b-1"));
  configure("cap");
  serve();
  until([&] { return status().find("gives what cannot be read") != std::string::npos; });
  EXPECT_NE(status().find("jenis dokumen"), std::string::npos)
      << "the reason is in the officers' language: " << status();
  EXPECT_TRUE(drafts().empty());
  EXPECT_NE(town.run({"feeds", "--mode", "drill"}).out.find("IN TROUBLE"), std::string::npos);
}

TEST_F(Feeds, AQuestionIsAnsweredByAPerson) {
  centre.page("/feed", bulletin("b-1", "Latihan"));
  configure("cap");
  serve();
  until([&] { return matters().size() == 1; });
  const auto matter = matters().at(0).as_object();
  EXPECT_EQ(matter.at("kind"), "question");
  EXPECT_NE(status().find("status cannot be understood"), std::string::npos) << status();
  ASSERT_EQ(drafts().size(), 1u);
  EXPECT_EQ(town.run({"import", drafts()[0], "-o", "a.yaml"}).status, 0) << "it is the document itself";
  const std::string id(matter.at("id").as_string());
  const auto unknown = town.run({"feeds", "dismiss", "nothing", "--reason", "x", "--mode", "drill"});
  EXPECT_EQ(unknown.status, 1) << unknown.err;
  const auto done = town.run({"feeds", "dismiss", id, "--reason", "a slip of the centre", "--mode", "drill"});
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_TRUE(matters().empty());
  EXPECT_EQ(status().find("cannot be understood"), std::string::npos) << "the alarm has ended";
}

TEST_F(Feeds, CheckNamesTheMistakesOfFeedsYaml) {
  town.write("config/feeds.yaml",
             "feeds:\n  - {name: inatews, mode: drill, url: 'http://centre.example/', kind: cap}\n");
  const auto ended = town.run({"check"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("feeds.yaml:2:39: feeds[0].url: expected https://"), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("nobody is believed"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace broadcaster::cli
