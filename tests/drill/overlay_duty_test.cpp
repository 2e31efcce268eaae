// Who is called in a drill where nobody answers.
#include "broadcaster/drill/overlay_duty.hpp"

#include <gtest/gtest.h>

#include "broadcaster/base/catalogue.hpp"
#include "channels/table.hpp"
#include "tests/support/places.hpp"

namespace broadcaster::drill {
namespace {

service::Config example() {
  auto config = service::read_config(places::source("config"));
  if (!config) throw std::runtime_error(base::Catalogue::of("en").say(config.error().front()));
  return std::move(*config);
}

const ScriptedAlone alone{.by = "bayu.pratama", .reason = "nobody answers", .after = std::chrono::seconds(3)};

TEST(OverlayDuty, EverybodyHasAnInventedNumberOverADrillGatewayAlone) {
  const auto config = example();
  const auto files = make_duty(config, alone);
  ASSERT_TRUE(files);
  const auto duty =
      service::parse_duty(files->duty, "duty.yaml", {.people = config.people, .endpoints = config.endpoints});
  ASSERT_TRUE(duty) << base::Catalogue::of("en").say(duty.error().front());
  EXPECT_TRUE(duty->has_ways(alert::Mode::drill));
  EXPECT_FALSE(duty->has_ways(alert::Mode::live)) << "no drill wakes anybody over a live way";
  EXPECT_EQ(files->numbers.size(), config.people.persons.size());
  EXPECT_EQ(duty->find("ratna.kusuma")->wake.front().to, files->numbers[2]);
}

TEST(OverlayDuty, TheWaitIsShortenedAndTheLimitOfZonesIsTheAgencys) {
  const auto files = make_duty(example(), alone);
  ASSERT_TRUE(files);
  const auto traits = channels::traits();
  const auto policy = plan::parse_policy(files->policy, "policy.yaml", traits);
  ASSERT_TRUE(policy);
  EXPECT_EQ(policy->break_glass->after, std::chrono::seconds(3));
  EXPECT_EQ(policy->break_glass->zones, 4);
}

TEST(OverlayDuty, WhatTheAgencyDoesNotOfferIsNotDrilled) {
  auto config = example();
  config.policy.break_glass.reset();
  EXPECT_EQ(make_duty(config, alone).error().text.id, "drill.no_break_glass");
  auto mute = example();
  std::erase_if(mute.endpoints, [](const plan::Endpoint& endpoint) { return endpoint.channel == "sms"; });
  EXPECT_EQ(make_duty(mute, alone).error().text.id, "drill.no_break_glass");
}

}  // namespace
}  // namespace broadcaster::drill
