// What a follow-up says to a channel beyond its words: whom it stops, and under which post it belongs.
#include "broadcaster/dispatch/order.hpp"

#include <gtest/gtest.h>

#include "tests/journal/sample.hpp"

namespace broadcaster::dispatch {
namespace {

namespace sample = journal::sample;

plan::Plan update() {
  auto out = sample::plan();
  out.alert.type = alert::MessageType::update;
  return out;
}

bool stops(const plan::Plan& plan) {
  const auto outgoing = make_outgoing(AlertId(1), plan, sample::release().filling, std::string(sample::digest));
  EXPECT_TRUE(outgoing);
  bool all = true;
  for (const auto& [_, content] : outgoing->contents) all = all && content->is_stop;
  return all;
}

TEST(Order, WhatEndsAnAlertStopsItsSirensAndAnUpdateDoesNot) {
  EXPECT_FALSE(stops(sample::plan()));
  EXPECT_FALSE(stops(update()));
  auto false_alarm = update();
  false_alarm.alert.type = alert::MessageType::cancel;
  EXPECT_TRUE(stops(false_alarm));
  auto all_clear = update();
  all_clear.alert.confirmation = "BMKG 06.31 WIB";
  EXPECT_TRUE(stops(all_clear));
}

TEST(Order, AnAttemptKnowsThePostThatItsOwnEndpointHasAccepted) {
  const auto outgoing = *make_outgoing(AlertId(1), update(), sample::release().filling, std::string(sample::digest));
  Try what;
  what.endpoint = plan::EndpointName("toots");
  what.row.route = sample::toots;
  const auto content = outgoing.contents.begin()->second;
  EXPECT_EQ(make_attempt(outgoing, what, content).follows_ref, "");
  what.row.earlier = {
      {plan::EndpointName("elsewhere"), "7"}, {plan::EndpointName("toots"), "9"}, {plan::EndpointName("toots"), "8"}};
  EXPECT_EQ(make_attempt(outgoing, what, content).follows_ref, "9") << "the newest of its own";
}

}  // namespace
}  // namespace broadcaster::dispatch
