// duty.yaml: who is on duty when, and every mistake with its place.
#include "broadcaster/service/paging/duty.hpp"

#include <gtest/gtest.h>

#include "broadcaster/base/catalogue.hpp"

namespace broadcaster::service {
namespace {

approval::People two_people() {
  approval::People people;
  people.persons = {{.id = "sari", .name = "Sari Wulandari", .roles = {}, .keys = {}},
                    {.id = "bayu", .name = "Bayu Pratama", .roles = {}, .keys = {}}};
  return people;
}

std::vector<plan::Endpoint> gateways() {
  plan::Endpoint live;
  live.name = plan::EndpointName("sms-live");
  live.channel = "sms";
  live.mode = alert::Mode::live;
  live.settings = {{"url", "https://sms.example.org/"},
                   {"username", "tirtapura"},
                   {"password", "env:SMS_PASSWORD"},
                   {"sender", "BPBD"}};
  auto post = live;
  post.name = plan::EndpointName("posts");
  post.channel = "mastodon";
  return {live, post};
}

base::Checked<Duty> read(const std::string& yaml) {
  const auto people = two_people();
  const auto endpoints = gateways();
  return parse_duty(yaml, "duty.yaml", {.people = people, .endpoints = endpoints});
}

const std::string ways = R"(ways:
  - {name: sms, kind: sms, mode: live, endpoint: sms-live}
  - {name: push, kind: ntfy, mode: drill, url: "http://127.0.0.1:8080/", token: "env:T"}
  - {name: mail, kind: email, mode: live, url: "smtps://mail.example.org:465", from: p@example.org, password: "file:pw"}
)";
const std::string people = R"(people:
  - {person: sari, wake: [{way: sms, to: "+62811"}, {way: push, to: sari-topic}]}
  - {person: bayu, language: en, wake: [{way: mail, to: "env:BAYU"}, {way: push, to: bayu}]}
)";
const std::string always = "shifts: [{order: [sari, bayu]}]\n";

TEST(Duty, AGatewayOfTheEndpointsIsUsedAsItStandsThere) {
  const auto duty = read(ways + people + always);
  ASSERT_TRUE(duty) << base::Catalogue::of("en").say(duty.error().front());
  const auto* sms = duty->way("sms");
  ASSERT_NE(sms, nullptr);
  EXPECT_EQ(sms->url, "https://sms.example.org");
  EXPECT_EQ(sms->password, "env:SMS_PASSWORD");
  EXPECT_EQ(duty->find("bayu")->name, "Bayu Pratama");
  EXPECT_EQ(duty->next_after, std::chrono::minutes(2));
}

TEST(Duty, TheFirstShiftThatFitsDecidesInLocalTimeAndOverMidnight) {
  const auto duty = read(ways + people +
                         "shifts:\n  - {days: [fri], from: \"22.00\", until: \"06.00\", order: [bayu]}\n"
                         "  - {order: [sari, bayu]}\n");
  ASSERT_TRUE(duty) << base::Catalogue::of("en").say(duty.error().front());
  const auto first = [&](const char* utc) {
    return on_duty(*duty, base::parse_utc(utc).value(), std::chrono::hours(7)).front();
  };
  EXPECT_EQ(first("2026-11-27T14:59:59.000Z"), "sari");  // Friday 21.59 in Jakarta
  EXPECT_EQ(first("2026-11-27T15:00:00.000Z"), "bayu");
  EXPECT_EQ(first("2026-11-27T22:59:00.000Z"), "bayu");  // Saturday 05.59
  EXPECT_EQ(first("2026-11-27T23:00:00.000Z"), "sari");
  EXPECT_EQ(first("2026-11-26T15:00:00.000Z"), "sari");  // Thursday
}

TEST(Duty, AShiftOverTheEndOfTheWeekGoesOnOnMonday) {
  const auto duty = read(ways + people +
                         "shifts:\n  - {days: [sun], from: \"20.00\", until: \"08.00\", order: [bayu]}\n"
                         "  - {order: [sari]}\n");
  ASSERT_TRUE(duty);
  const auto monday = base::parse_utc("2026-11-30T05:00:00.000Z").value();
  EXPECT_EQ(on_duty(*duty, monday, std::chrono::minutes(0)).front(), "bayu");
}

TEST(Duty, AHoleInTheRosterIsFoundByDay) {
  const auto duty =
      read(ways + people +
           "shifts:\n  - {from: \"06.00\", until: \"02.00\", order: [sari]}\n"
           "  - {days: [mon, tue, thu, fri, sat, sun], from: \"02.00\", until: \"06.00\", order: [bayu]}\n");
  ASSERT_FALSE(duty);
  EXPECT_EQ(base::Catalogue::of("en").say(duty.error().front()),
            "duty.yaml:9:3: shifts: nobody is on duty on Wednesday from 02.00 to 06.00");
}

TEST(Duty, EveryMistakeHasItsPlaceAndItsWords) {
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {ways + people + "shifts: [{order: [sari, sari]}]\n", "service.duty_twice"},
      {ways + people + "shifts: [{order: [ratna]}]\n", "service.duty_nobody"},
      {ways + people + "shifts: []\n", "service.duty_list"},
      {ways + people + "shifts: [{days: [funday], order: [sari]}]\n", "service.duty_day"},
      {ways + people + "shifts: [{from: \"25.00\", order: [sari]}]\n", "service.duty_time"},
      {ways + people + "shifts: [{from: \"07.00\", until: \"07.00\", order: [sari]}]\n", "service.duty_no_hours"},
      {ways + people + always + "again_every: 1s\n", "service.duty_wait"},
      {ways + people + always + "agian_every: 1m\n", "base.unknown_key_meant"},
      {ways + always + "people: [{person: dewi, wake: [{way: sms, to: \"+62811\"}]}]\n", "service.duty_person"},
      {ways + always + "people: [{person: sari, wake: [{way: fax, to: \"+62811\"}]}]\n", "service.duty_way"},
      {ways + always + "people: [{person: sari, wake: [{way: sms, to: sari-topic}]}]\n", "service.duty_to"},
      {ways + always + "people: [{person: sari, wake: [{way: push, to: \"a topic\"}]}]\n", "service.duty_to"},
      {ways + always + "people: [{person: sari, language: xx, wake: [{way: sms, to: \"+62811\"}]}]\n",
       "service.duty_language"},
      {ways + "people: [{person: sari, wake: [{way: sms, to: \"+62811\"}]}]\nshifts: [{order: [sari]}]\n",
       "service.duty_unreachable"},
      {"ways: [{name: x, kind: sms, mode: drill, endpoint: sms-live}]\n" + people + always,
       "service.duty_endpoint_mode"},
      {"ways: [{name: x, kind: sms, mode: live, endpoint: posts}]\n" + people + always, "service.duty_endpoint"},
      {"ways: [{name: x, kind: ntfy, mode: live, url: \"https://u:p@host\"}]\n" + people + always, "service.duty_url"},
      {"ways: [{name: x, kind: ntfy, mode: live, url: \"https://h\", token: secret}]\n" + people + always,
       "service.duty_bare_secret"},
      {"ways: [{name: x, kind: email, mode: live, url: \"https://h\", from: p@x}]\n" + people + always,
       "service.duty_url"},
      {"ways: [{name: x, kind: email, mode: live, url: \"smtps://h\", from: px}]\n" + people + always,
       "service.duty_address"},
      {"ways: [{name: x, kind: sms, mode: live, url: \"https://h\", username: u, sender: s}]\n" + people + always,
       "service.duty_bare_secret"},
  };
  for (const auto& [yaml, text] : mistakes) {
    const auto duty = read(yaml);
    ASSERT_FALSE(duty) << yaml;
    const auto found = std::ranges::find(duty.error(), text, [](const base::Error& e) { return e.text.id; });
    ASSERT_NE(found, duty.error().end()) << text << " was not found; first: " << duty.error().front().text.id << "\n"
                                         << yaml;
    EXPECT_TRUE(found->place && found->place->line > 0 && found->place->column > 0) << text;
    EXPECT_EQ(base::Catalogue::of("en").say(*found).find("<<"), std::string::npos) << text;
    EXPECT_EQ(base::Catalogue::of("id").say(*found).find("<<"), std::string::npos) << text;
  }
}

TEST(Duty, ABareSecretIsNotShown) {
  const auto duty =
      read("ways: [{name: x, kind: ntfy, mode: live, url: \"https://h\", token: hunter2}]\n" + people + always);
  ASSERT_FALSE(duty);
  for (const auto& error : duty.error())
    EXPECT_EQ(base::Catalogue::of("en").say(error).find("hunter2"), std::string::npos);
}

TEST(Duty, WithoutAFileThereIsNone) {
  const auto people_file = two_people();
  const auto duty = read_duty("/nowhere/duty.yaml", {.people = people_file, .endpoints = {}});
  ASSERT_TRUE(duty);
  EXPECT_FALSE(*duty);
}

TEST(Duty, ASecretOfASignedDestinationGoesNowhereElse) {
  const auto refused = [](const std::string& yaml) {
    const auto duty = read(yaml);
    return duty ? std::string() : duty.error().front().text.id + " " + duty.error().front().key;
  };
  const auto stolen = [](const std::string& way) {
    return "ways:\n  - " + way + "\npeople:\n  - {person: sari, wake: [{way: w, to: x}]}\nshifts: [{order: [sari]}]\n";
  };
  EXPECT_EQ(refused(stolen("{name: w, kind: ntfy, mode: live, url: \"http://evil\", token: \"env:SMS_PASSWORD\"}")),
            "service.duty_secret_of_endpoint ways[0].token");
  EXPECT_EQ(refused(ways + "people:\n  - {person: sari, wake: [{way: push, to: \"env:SMS_PASSWORD\"}]}\n"
                           "shifts: [{order: [sari]}]\n"),
            "service.duty_secret_of_endpoint people[0].wake[0].to");
  EXPECT_EQ(refused(stolen("{name: w, kind: ntfy, mode: live, url: \"http://push\", token: \"env:PUSH\"}")), "");
}

}  // namespace
}  // namespace broadcaster::service
