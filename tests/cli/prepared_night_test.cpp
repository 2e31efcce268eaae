// A prepared alert at three in the morning, through the real program: pressed twice, with a list that is gone, by
// somebody who types as people type.
#include <boost/json.hpp>
#include <filesystem>

#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/approval/form_file.hpp"
#include "broadcaster/approval/key_file.hpp"
#include "broadcaster/net/lines.hpp"
#include "tests/cli/preparing.hpp"
#include "tests/cli/terminal.hpp"

namespace broadcaster::cli {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

std::size_t alerts(const Town& town) {
  return json::parse(town.run({"status", "--mode", "drill", "--json"}).out).at("alerts").as_array().size();
}

struct PreparedNight : Prepared {
  Ended fire_again(const std::string& zones, const std::string& arrival) const {
    return town.run({"fire", form, "--zones", zones, "--arrival", arrival, "--again", "--key", town.key("hendra"),
                     "--confirm", "DRILL tsunami 2"});
  }
};

TEST_F(PreparedNight, MinutesFromNowTypedTwiceAreOneAlert) {
  prepared();
  std::optional<Running> server(town.call({"serve", "--mode", "drill", "--json"}));
  ASSERT_TRUE(server->wait_for("\n"));
  ASSERT_EQ(fire("muara,pasir", "25").status, 0);
  const auto again = fire("muara,pasir", "25");
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_NE(again.out.find("TL1 was released before"), std::string::npos) << again.out;
  EXPECT_EQ(alerts(town), 1u);
  for (const auto& [zones, arrival] : {std::pair{"muara,pasir", "50"}, std::pair{"pasir,teluk", "25"}}) {
    const auto other = fire(zones, arrival);
    EXPECT_EQ(other.status, 4) << zones << arrival;
    EXPECT_NE(other.err.find("TL1 of this prepared alert is in force for muara, pasir"), std::string::npos)
        << other.err;
    EXPECT_NE(other.err.find("broadcaster update TL1"), std::string::npos) << other.err;
    EXPECT_NE(other.err.find("Nothing was sent by this"), std::string::npos) << other.err;
  }
  EXPECT_EQ(alerts(town), 1u) << "nobody reads two alerts because of two presses";
  EXPECT_NE(fire_again("muara,pasir", "50").out.find("Released as TL2."), std::string::npos) << "who wants it says so";
}

struct PreparedLists : PreparedNight {
  PreparedLists() {
    town.write("config/endpoints.yaml",
               town.read("config/endpoints.yaml") +
                   "  - {name: sms-drill, channel: sms, mode: drill, audience: residents, limit: 1, rate: 100, "
                   "url: \"http://127.0.0.1:9\", username: drill, password: \"env:TOKEN\", sender: LATIHAN}\n");
  }
  const std::string list = "config/audiences/residents.csv";
  Ended press() const {
    return town.run({"fire", form, "--zones", "muara,pasir", "--arrival", "25", "--key", town.key("hendra"),
                     "--confirm", "DRILL tsunami 2", "--no-wait"});
  }
};

TEST_F(PreparedLists, TheSameSignatureFiresOnceWhateverIsWrittenBesideIt) {
  prepared();
  std::optional<Running> server(town.call({"serve", "--mode", "drill", "--json"}));
  ASSERT_TRUE(server->wait_for("\n"));
  const auto signed_form = approval::read_form_file(town.path(form));
  ASSERT_TRUE(signed_form);
  const auto key = approval::unlock(approval::read_key_file(town.key("hendra")).value(), "kata sandi panjang");
  ASSERT_TRUE(key);
  const auto now = base::SystemClock().now().wall;
  auto firing =
      approval::fire(*key, approval::Role::approver, *signed_form, {alert::ZoneId("muara")}, now + 25min, now);
  ASSERT_TRUE(firing);
  const auto ask = [&] {
    auto client = net::LineClient::connect(town.path("state/control.sock"));
    EXPECT_TRUE(client);
    EXPECT_TRUE(client->send(json::serialize(json::object{{"op", "fire"},
                                                          {"form", approval::form_file_text(*signed_form)},
                                                          {"file", form},
                                                          {"by", "hendra"},
                                                          {"firing", approval::to_json(*firing)}})));
    return client->receive(30s).value().value_or("nothing");
  };
  EXPECT_NE(ask().find("\"released\""), std::string::npos);
  ASSERT_EQ(town.run({"halt", "TL1", "--mode", "drill"}).status, 0);
  // One person more, inside the tolerance: the plan has other bytes, so its digest does not tell that it was sent.
  town.write(list, town.read(list) + "+12025550199,id,muara\n");
  firing->signature.login = approval::Login{"another", "login", ""};
  const auto again = ask();
  EXPECT_NE(again.find("\"joined\""), std::string::npos) << again;
  EXPECT_EQ(alerts(town), 1u);
}

TEST_F(PreparedLists, AListThatIsGoneIsSaidByDayAndBeforeTheReleaseAndEverythingElseGoesOut) {
  prepared();
  EXPECT_EQ(listed().find("List residents"), std::string::npos) << listed();
  std::filesystem::remove(town.path(list));
  EXPECT_NE(listed().find("ready until "), std::string::npos) << "sirens and posts do not wait for a list";
  EXPECT_NE(listed().find("List residents: UNREADABLE (audiences/residents.csv)"), std::string::npos) << listed();
  EXPECT_NE(town.run({"check"}).err.find("residents.csv: cannot be read"), std::string::npos);
  std::optional<Running> server(town.call({"serve", "--mode", "drill", "--json"}));
  ASSERT_TRUE(server->wait_for("\n"));
  Terminal officer(
      town.call({"fire", form, "--zones", "muara,pasir", "--arrival", "25", "--key", town.key("hendra"), "--no-wait"}));
  EXPECT_TRUE(officer.wait_for("residents.csv")) << officer.screen();
  EXPECT_TRUE(officer.wait_for("NOT said over sms-drill")) << officer.screen();
  EXPECT_TRUE(officer.wait_for("or halt this alert and fire it again")) << officer.screen();
  EXPECT_TRUE(officer.wait_for("Released as TL1.")) << officer.screen();
  officer.end();
  const auto blocked = listed();
  EXPECT_NE(blocked.find("audiences/residents.csv could not be read"), std::string::npos) << blocked;
  EXPECT_NE(blocked.find("broadcaster new"), std::string::npos) << "and what can be done" << blocked;
}

TEST_F(PreparedLists, TwoTownsThatHaveChangedPlacesAreHeldAndNamed) {
  prepared();
  auto text = town.read(list);
  for (std::size_t at = 0; (at = text.find(",muara", at)) != std::string::npos; ++at) text.replace(at, 6, ",pasir");
  town.write(list, text);
  EXPECT_NE(listed().find("List residents, muara: OUTSIDE (0 now"), std::string::npos) << listed();
  EXPECT_NE(listed().find("List residents, pasir: OUTSIDE"), std::string::npos) << listed();
  EXPECT_NE(town.run({"check"}).out.find("List residents, muara: OUTSIDE (0 now"), std::string::npos);
  std::optional<Running> server(town.call({"serve", "--mode", "drill", "--json"}));
  ASSERT_TRUE(server->wait_for("\n"));
  const auto fired = press();
  EXPECT_NE(fired.out.find("NOT said over sms-drill · id · muara"), std::string::npos) << fired.out << fired.err;
  EXPECT_NE(fired.out.find("NOT said over sms-drill · id · pasir"), std::string::npos) << fired.out;
}

TEST_F(PreparedLists, ACopyThatCannotBeStoredHoldsTheListAlone) {
  prepared();
  std::optional<Running> server(town.call({"serve", "--mode", "drill", "--json"}));
  ASSERT_TRUE(server->wait_for("\n"));
  std::filesystem::remove_all(town.path("state/snapshots"));
  town.write("state/snapshots", "no folder");
  const auto fired = press();
  EXPECT_EQ(fired.status, 0) << fired.err;
  EXPECT_NE(fired.out.find("Released as TL1."), std::string::npos) << fired.out << fired.err;
  EXPECT_NE(listed().find("could not be read, or no copy of it could be stored"), std::string::npos) << listed();
}

TEST_F(PreparedNight, WhoTypesAsPeopleTypeIsAskedAgainAndReadsTheArrivalBack) {
  prepared();
  std::optional<Running> server(town.call({"serve", "--mode", "drill", "--json"}));
  ASSERT_TRUE(server->wait_for("\n"));
  Terminal officer(town.call({"fire", form, "--key", town.key("hendra"), "--no-wait"}));
  ASSERT_TRUE(officer.wait_for("Which zones?")) << officer.screen();
  officer.type("hutan");
  ASSERT_TRUE(officer.wait_for("“hutan” is none of the zones")) << officer.screen();
  ASSERT_TRUE(officer.wait_for("Which zones?")) << "asked again" << officer.screen();
  officer.type("Semua");
  ASSERT_TRUE(officer.wait_for("When does the hazard arrive?")) << officer.screen();
  officer.type("5 menit");
  ASSERT_TRUE(officer.wait_for("10 to 120 minutes")) << officer.screen();
  ASSERT_TRUE(officer.wait_for("When does the hazard arrive?")) << officer.screen();
  officer.type("1 jam");
  ASSERT_TRUE(officer.wait_for("The texts say that it arrives from 20")) << officer.screen();
  ASSERT_TRUE(officer.wait_for("WIB")) << officer.screen();
  EXPECT_TRUE(officer.wait_for("Released as TL1.")) << officer.screen();
  EXPECT_EQ(officer.end(), 0);
}

TEST_F(PreparedNight, SaysOnWhichDayItsKeysEndIt) {
  const auto soon = base::format_cap_time(
      std::chrono::floor<std::chrono::seconds>(base::SystemClock().now().wall + std::chrono::days(7)));
  auto people = town.read("config/people.yaml");
  const auto hendra = people.find("\"}]", people.find("id: hendra"));
  people.insert(hendra + 1, ", expires: " + soon);
  town.write("config/people.yaml", people);
  ASSERT_EQ(prepare().status, 0);
  const auto approved = town.run({"approve", form, "--key", town.key("ratna"), "--yes"});
  ASSERT_EQ(approved.status, 0) << approved.err;
  EXPECT_NE(approved.err.find("It ends before its last day, on " + soon.substr(0, 8)), std::string::npos)
      << approved.err;
  EXPECT_NE(listed().find("ready until " + soon.substr(0, 8)), std::string::npos)
      << "not the day that the form says" << listed();
}

}  // namespace
}  // namespace broadcaster::cli
