// What a prepared alert rests on: each thing that changes voids it, in words of its own.
#include "broadcaster/plan/form_basis.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/plan/form_example.hpp"

namespace broadcaster::plan {
namespace {

using namespace form_example;
using example::town;

std::vector<std::string> changes(const Today& today) {
  std::vector<std::string> out;
  for (const auto& text : changes_since(form(), today)) out.push_back(text.id);
  return out;
}

Today today_with(const std::vector<Endpoint>& endpoints) {
  return {basis(), endpoints_today(endpoints, example::traits())};
}

TEST(ChangesSince, EachThingThatItRestsOnVoidsItAndIsNamed) {
  auto today = today_with(town().of_mode(alert::Mode::drill));
  EXPECT_TRUE(changes_since(form(), today).empty());
  for (auto& part : today.basis) {
    const auto kept = part.digest;
    part.digest = std::string(64, 'c');
    ASSERT_EQ(changes_since(form(), today).size(), 1u);
    EXPECT_EQ(changes_since(form(), today).front().id, "plan.void_" + part.what);
    part.digest = kept;
  }
  EXPECT_EQ(basis_parts[2], "shelters") << "a shelter in the alerted area (R57)";
}

TEST(ChangesSince, AnEndpointIsBoundByAllThatDecidesWhatItSaysAndToWhom) {
  const auto changed_by = [](auto change) {
    auto endpoints = town().of_mode(alert::Mode::drill);
    const auto sms = std::ranges::find(endpoints, "sms", &Endpoint::channel);
    change(endpoints, *sms);
    return changes(today_with(endpoints));
  };
  using Endpoints = std::vector<Endpoint>;
  using Voids = std::vector<std::string>;
  EXPECT_EQ(changed_by([](Endpoints&, Endpoint&) {}), Voids{});
  const Voids settings{"plan.void_endpoint_settings"};
  EXPECT_EQ(changed_by([](Endpoints&, Endpoint& sms) { sms.zones = ids({"muara"}); }), settings);
  EXPECT_EQ(changed_by([](Endpoints&, Endpoint& sms) { sms.languages = {alert::Language("id")}; }), settings);
  EXPECT_EQ(changed_by([](Endpoints&, Endpoint& sms) { sms.limit = 3; }), settings);
  EXPECT_EQ(changed_by([](Endpoints&, Endpoint& sms) { sms.time_zone = "Asia/Makassar"; }), settings);
  EXPECT_EQ(changed_by([](Endpoints&, Endpoint& sms) { sms.route = RouteName("other"); }), settings);
  EXPECT_EQ(changed_by([](Endpoints&, Endpoint& sms) { sms.audience = "others"; }), settings);
  EXPECT_EQ(changed_by([](Endpoints&, Endpoint& sms) { sms.rate_per_second += 1; }), Voids{})
      << "who and what, not when";
  EXPECT_EQ(changed_by([](Endpoints& all, Endpoint&) { all.erase(all.begin()); }), Voids{"plan.void_endpoint_gone"});
  EXPECT_EQ(changed_by([](Endpoints& all, Endpoint& sms) {
              auto another = sms;
              another.name = EndpointName("sms-new");
              all.push_back(another);
            }),
            Voids{"plan.void_endpoint_new"})
      << "it would be silent, and no gap would say so";
  EXPECT_EQ(changed_by([](Endpoints& all, Endpoint& sms) {
              auto live = sms;
              live.name = EndpointName("sms-live");
              live.mode = alert::Mode::live;
              all.push_back(live);
            }),
            Voids{})
      << "of the other mode";
  auto today = today_with(town().of_mode(alert::Mode::drill));
  today.endpoints.front().fingerprint = std::string(64, 'd');
  EXPECT_EQ(changes(today), Voids{"plan.void_endpoint"}) << "where it leads is said first";
}

TEST(ChangesSince, TheFormsOwnEntryOfAnEndpointIsHeldAgainstItToo) {
  const auto today = today_with(town().of_mode(alert::Mode::drill));
  for (auto change : {+[](PlannedEndpoint& sms) { sms.audience = "staff"; },
                      +[](PlannedEndpoint& sms) { sms.route = RouteName("sirens-drill"); }}) {
    auto other = form();
    change(*std::ranges::find(other.plan.endpoints, "sms-drill", [](const auto& one) { return one.name.value; }));
    ASSERT_EQ(changes_since(other, today).size(), 1u);
    EXPECT_EQ(changes_since(other, today).front().id, "plan.void_endpoint_settings");
  }
}

TEST(ChangesSince, WhomAnAccountServesIsDerivedAgain) {
  const auto today = today_with(town().of_mode(alert::Mode::drill));
  auto other = form();
  other.accounts.push_back({EndpointName("sms-drill"), ids({"muara"})});
  ASSERT_EQ(changes_since(other, today).size(), 1u);
  EXPECT_EQ(changes_since(other, today).front().id, "plan.form_misfit") << "a list is no account";
  other = form();
  ASSERT_FALSE(other.accounts.empty());
  other.accounts.front().zones.pop_back();
  EXPECT_FALSE(changes_since(other, today).empty());
}

}  // namespace
}  // namespace broadcaster::plan
