#include "broadcaster/drill/score.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace broadcaster::drill {
namespace {

using Kind = Expectation::Kind;
using Outcome = Verdict::Outcome;
namespace json = boost::json;

json::object counts(std::int64_t planned, std::int64_t accepted, std::int64_t confirmed) {
  json::object object{{"name", "sirens"},
                      {"planned", planned},
                      {"accepted", accepted},
                      {"confirmed", confirmed},
                      {"failed", planned - accepted - confirmed},
                      {"first_proven_ms", 84}};
  for (const auto* state : {"pending", "sent", "unknown", "expired", "cancelled"}) object[state] = 0;
  return object;
}

Facts facts(std::int64_t planned = 20, std::int64_t accepted = 1, std::int64_t confirmed = 18) {
  Facts facts;
  facts.alert = {{"endpoints", json::array{counts(planned, accepted, confirmed)}},
                 {"deliveries", counts(planned, accepted, confirmed)},
                 {"zones", json::array{json::object{{"floor_met", true}}, json::object{{"floor_met", false}}}}};
  facts.sirens = {{"siren-01", "confirmed"}, {"siren-14", "failed"}};
  facts.record = {{"whole", true}, {"entries", 7}};
  return facts;
}

Outcome ask(Expectation expectation, const Facts& found) {
  Scenario scenario;
  expectation.name = "it";
  scenario.expectations = {std::move(expectation)};
  return score(scenario, found).front().outcome;
}

Expectation of(Kind kind, std::string subject, std::int64_t number) {
  return {.kind = kind, .name = {}, .subject = std::move(subject), .number = number, .state = {}, .place = {}};
}

TEST(Score, AcceptedIsNotProven) {
  EXPECT_EQ(ask(of(Kind::proven_at_least, "sirens", 18), facts()), Outcome::met);
  EXPECT_EQ(ask(of(Kind::proven_at_least, "sirens", 19), facts()), Outcome::not_met);
  EXPECT_EQ(ask(of(Kind::accepted_at_least, "sirens", 19), facts()), Outcome::met);
}

TEST(Score, AnEndpointThatIsNotThereMeetsNothing) {
  EXPECT_EQ(ask(of(Kind::proven_at_least, "nobody", 1), facts()), Outcome::not_met);
  EXPECT_EQ(ask(of(Kind::first_proven_within, "nobody", 1000), facts()), Outcome::not_met);
  EXPECT_EQ(ask(of(Kind::accepted_percent, "nobody", 0), facts()), Outcome::not_met);
}

TEST(Score, TheFirstProofHasATime) {
  EXPECT_EQ(ask(of(Kind::first_proven_within, "sirens", 84), facts()), Outcome::met);
  EXPECT_EQ(ask(of(Kind::first_proven_within, "sirens", 83), facts()), Outcome::not_met);
}

TEST(Score, EveryDeliveryMustBeInExactlyOneState) {
  EXPECT_EQ(ask(of(Kind::counted_all, "", 0), facts()), Outcome::met);
  auto lost = facts();
  lost.alert["deliveries"].as_object()["planned"] = 21;
  EXPECT_EQ(ask(of(Kind::counted_all, "", 0), lost), Outcome::not_met);
}

TEST(Score, SirensAreAskedByName) {
  auto is = of(Kind::siren_is, "siren-14", 0);
  is.state = delivery::State::failed;
  EXPECT_EQ(ask(is, facts()), Outcome::met);
  is.subject = "siren-99";
  EXPECT_EQ(ask(is, facts()), Outcome::not_met);
  auto is_not = of(Kind::siren_is_not, "siren-01", 0);
  is_not.state = delivery::State::confirmed;
  EXPECT_EQ(ask(is_not, facts()), Outcome::not_met);
}

TEST(Score, ACopyTooManyOnOnePhoneCountsOnce) {
  const SeenText text{"phone", "+9991", "ALERT", "Go now", "", ""};
  auto other = text;
  other.who = "+9992";
  EXPECT_EQ(duplicates({text, other}), 0);
  EXPECT_EQ(duplicates({text, other, text, text}), 2);
}

TEST(Score, WhatTheMachineCannotCountIsNeitherMetNorFailed) {
  auto found = facts();
  EXPECT_EQ(ask(of(Kind::connections_out, "", 0), found), Outcome::not_counted);
  found.packets_out = 0;
  EXPECT_EQ(ask(of(Kind::connections_out, "", 0), found), Outcome::met);
  found.packets_out = 1;
  EXPECT_EQ(ask(of(Kind::connections_out, "", 0), found), Outcome::not_met);
}

TEST(Score, AnAllClearIsAskedForItself) {
  auto found = facts();
  found.all_clear = facts(20, 2, 3).alert;
  auto asked = of(Kind::proven_at_least, "sirens", 4);
  EXPECT_EQ(ask(asked, found), Outcome::met) << "of the order";
  asked.of = Expectation::Of::all_clear;
  EXPECT_EQ(ask(asked, found), Outcome::not_met);
  EXPECT_EQ(ask(asked, facts()), Outcome::not_met) << "where none went out";
}

TEST(Score, OnWhoseAuthorityAndHowItEnded) {
  auto found = facts();
  EXPECT_EQ(ask(of(Kind::authority_is, "break_glass", 0), found), Outcome::not_met);
  EXPECT_EQ(ask(of(Kind::ended_by, "all_clear", 0), found), Outcome::not_met);
  found.alert["authority"] = "break_glass";
  found.alert["stop"] = json::object{{"how", "all_clear"}, {"code", "TL2"}};
  EXPECT_EQ(ask(of(Kind::authority_is, "break_glass", 0), found), Outcome::met);
  EXPECT_EQ(ask(of(Kind::ended_by, "all_clear", 0), found), Outcome::met);
  found.alert["stop"].as_object()["how"] = "halted";
  EXPECT_EQ(ask(of(Kind::ended_by, "all_clear", 0), found), Outcome::not_met);
}

TEST(Score, PeopleOnDutyAreCountedByTheirPhones) {
  auto found = facts();
  found.duty_numbers = {"+9996009001", "+9996009002"};
  const SeenText page{"phone", "+9996009001", "P1", "It waits for you", "", ""};
  auto resident = page;
  resident.who = "+9996001001";
  found.seen = {page, page, resident};
  EXPECT_EQ(ask(of(Kind::called_at_least, "", 1), found), Outcome::met);
  EXPECT_EQ(ask(of(Kind::called_at_least, "", 2), found), Outcome::not_met) << "called twice is one";
}

TEST(Score, FloorsAndTheRecordAreLookedAt) {
  EXPECT_EQ(ask(of(Kind::zones_below_floor_at_most, "", 0), facts()), Outcome::not_met);
  EXPECT_EQ(ask(of(Kind::zones_below_floor_at_most, "", 1), facts()), Outcome::met);
  auto broken = facts();
  broken.record["whole"] = false;
  EXPECT_EQ(ask(of(Kind::record_whole, "", 0), broken), Outcome::not_met);
}

}  // namespace
}  // namespace broadcaster::drill
