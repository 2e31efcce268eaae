#include <gtest/gtest.h>

#include "tests/plan/example.hpp"

namespace broadcaster::plan {
namespace {

using example::Folder;
using example::has;

base::Checked<std::vector<Endpoint>> read(const std::string& text) {
  const Folder folder;
  return read_endpoints(folder.write("endpoints.yaml", text), example::traits());
}

std::string sms(const std::string& name, const std::string& more) {
  return "  - {name: " + name +
         ", channel: sms, mode: drill, url: \"http://127.0.0.1:1/x\", username: u, password: \"env:P\", "
         "sender: S, " +
         more + "}\n";
}

TEST(Endpoints, TheExampleHasATwinForEveryLiveOne) {
  const auto live = example::town().of_mode(alert::Mode::live);
  const auto drill = example::town().of_mode(alert::Mode::drill);
  ASSERT_EQ(live.size(), drill.size());
  for (std::size_t i = 0; i < live.size(); ++i) {
    const auto& traits = *find_traits(example::traits(), live[i].channel);
    EXPECT_EQ(live[i].channel, drill[i].channel);
    EXPECT_NE(destination(live[i], traits), destination(drill[i], traits));
  }
}

TEST(Endpoints, ChannelsDefaultsStandWhereTheFileSaysNothing) {
  const auto endpoints = read("endpoints:\n" + sms("a", "audience: residents"));
  ASSERT_TRUE(endpoints) << example::lines(endpoints.error());
  const auto& endpoint = endpoints->front();
  EXPECT_EQ(endpoint.route.value, "a");
  EXPECT_EQ(endpoint.on_unknown, OnUnknown::hold);
  EXPECT_EQ(endpoint.reconcile_after, std::chrono::seconds(60));
  EXPECT_EQ(endpoint.settings.at("password"), "env:P");
}

TEST(Endpoints, TheDestinationIsSortedAndHoldsNoSecret) {
  const auto endpoints = read("endpoints:\n" + sms("a", "audience: residents"));
  ASSERT_TRUE(endpoints);
  const auto& traits = *find_traits(example::traits(), "sms");
  EXPECT_EQ(destination(endpoints->front(), traits),
            "channel=sms\nmode=drill\nsender=S\nurl=http://127.0.0.1:1/x\nusername=u\n");
  EXPECT_EQ(fingerprint(endpoints->front(), traits).size(), 64u);
  auto other = endpoints->front();
  other.settings["password"] = "env:OTHER";
  EXPECT_EQ(fingerprint(other, traits), fingerprint(endpoints->front(), traits));
  other.settings["sender"] = "T";
  EXPECT_NE(fingerprint(other, traits), fingerprint(endpoints->front(), traits));
  other = endpoints->front();
  other.mode = alert::Mode::live;
  EXPECT_NE(fingerprint(other, traits), fingerprint(endpoints->front(), traits));
}

struct BadCase {
  std::string text;
  std::string id;
};

TEST(Endpoints, EveryMistakeIsNamed) {
  const std::string web = "  - {name: w, channel: webhook, mode: drill, secret: \"env:S\", url: ";
  const BadCase cases[] = {
      {"  - {name: a, channel: fax, mode: drill, number: 1}\n", "plan.endpoint_channel"},
      {sms("a", "audience: residents, colour: red"), "base.unknown_key"},
      {sms("a", "audience: residents") + sms("a", "audience: residents"), "plan.endpoint_twice"},
      {sms("a", "limit: 1"), "plan.endpoint_audience_missing"},
      {sms("a", "audience: \"../people\""), "plan.endpoint_audience_name"},
      {sms("a", "audience: residents, time_zone: Asia/Tirtapura"), "plan.endpoint_time_zone"},
      {sms("a", "audience: residents, in_flight: 0"), "base.out_of_range"},
      {sms("a", "audience: residents, on_unknown: guess"), "base.expected_one_of"},
      {sms("a", "audience: residents, route: r") + sms("b", "audience: staff, route: r"), "plan.route_audiences"},
      {sms("a", "audience: residents, route: r") + sms("b", "audience: residents, route: r, languages: [en]"),
       "plan.route_reach"},
      {sms("a", "audience: residents") + sms("b", "audience: residents, zones: [muara]"),
       "plan.endpoint_audience_differs"},
      {web + "\"http://x\", audience: residents}\n", "plan.endpoint_audience_unused"},
      {web + "ftp://x}\n", "plan.endpoint_url"},
      {sms("a", "audience: residents, contract: isp"), "plan.contract_and_share"},
      {sms("a", "audience: residents, share: 70"), "plan.contract_and_share"},
      {sms("a", "audience: residents, contract: isp, share: 70"), "plan.contract_share_empty"},
      {sms("a", "audience: residents, contract: isp, share: 5, rate: 10"), "plan.contract_share_empty"},
      {sms("a", "audience: residents, contract: isp, share: 70, rate: 100") +
           sms("b", "audience: residents, contract: isp, share: 30, rate: 50"),
       "plan.contract_rates"},
      {sms("a", "audience: residents, contract: isp, share: 70, rate: 100") +
           sms("b", "audience: residents, contract: isp, share: 31, rate: 100"),
       "plan.contract_given_away"},
      {web + "\"https://user:word@x\"}\n", "plan.endpoint_url"},
      {web + "\"http://x\", route: a}\n" + sms("a", "audience: residents"), "plan.route_addressing"},
  };
  for (const auto& test : cases) {
    const auto endpoints = read("endpoints:\n" + test.text);
    ASSERT_FALSE(endpoints) << test.id;
    EXPECT_TRUE(has(endpoints.error(), test.id)) << test.id << "\n" << example::lines(endpoints.error());
    EXPECT_EQ(endpoints.error().size(), 1u) << example::lines(endpoints.error());
    EXPECT_GT(endpoints.error().front().place->line, 0);
  }
}

TEST(Endpoints, ARouteNeverMixesModes) {
  auto live = sms("b", "audience: residents, route: r");
  live.replace(live.find("drill"), 5, "live");
  const auto endpoints = read("endpoints:\n" + sms("a", "audience: residents, route: r") + live);
  ASSERT_FALSE(endpoints);
  EXPECT_TRUE(has(endpoints.error(), "plan.route_modes"));
}

TEST(Endpoints, ALiveEndpointAndItsDrillTwinHaveEachTheirShareOfOneContract) {
  auto live = sms("b", "audience: residents, contract: isp, share: 80, rate: 50");
  live.replace(live.find("drill"), 5, "live");
  const auto endpoints =
      read("endpoints:\n" + sms("a", "audience: residents, contract: isp, share: 20, rate: 50") + live);
  ASSERT_TRUE(endpoints) << example::lines(endpoints.error());
  EXPECT_EQ(endpoints->at(0).rate_per_second, 10);
  EXPECT_EQ(endpoints->at(1).rate_per_second, 40);
}

TEST(Endpoints, ASecretInTheFileIsRefusedAndNotRepeated) {
  auto text = sms("a", "audience: residents");
  text.replace(text.find("env:P"), 5, "hunter2hunter2");
  const auto endpoints = read("endpoints:\n" + text);
  ASSERT_FALSE(endpoints);
  EXPECT_TRUE(has(endpoints.error(), "plan.endpoint_bare_secret"));
  EXPECT_EQ(example::lines(endpoints.error()).find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace broadcaster::plan
