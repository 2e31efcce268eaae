// What makes a prepared alert void, whoever signed it: its limits, its days, its texts, and who may still fire it.
#include <gtest/gtest.h>

#include "tests/approval/prepared_fixture.hpp"

namespace broadcaster::approval {
namespace {

TEST(Prepared, WhoeverLosesTheRoleThatHeWasNamedForFiresNothing) {
  Night night_of;
  auto form = sample_form();
  form.may_fire = {{"hendra", keys_of("hendra"), {"duty_officer"}}, {"bayu", keys_of("bayu")}};
  night_of.form = signed_form(form);
  EXPECT_EQ(night_of.outcome(night_of.fired()), "released");
  EXPECT_EQ(night_of.refusals(night_of.fired("hendra", Role::canceller)), Strings{"approval.fire_role_gone"})
      << "a role that he has, and was not named for";
  auto& hendra = *std::ranges::find(night_of.people.persons, "hendra", &Person::id);
  std::erase(hendra.roles, Role::duty_officer);
  ASSERT_FALSE(hendra.roles.empty()) << "he is still a canceller";
  EXPECT_EQ(firing_role(night_of.form, night_of.people, "hendra").error().text.id, "approval.fire_role_gone");
  EXPECT_NE(night_of.outcome(night_of.fired()), "released");
  EXPECT_EQ(night_of.refusals(night_of.fired("hendra", Role::canceller)), Strings{"approval.fire_role_gone"});
  const auto judged = judge_form(night_of.form, night_of.people, night_of.today, night(2, 0));
  EXPECT_EQ(ids(judged.warnings), Strings{"approval.firer_lost"});
  EXPECT_EQ(night_of.outcome(night_of.fired("bayu", Role::approver)), "released") << "named himself, not for a role";
}

TEST(Prepared, AFalseAlarmOfAnotherStatusOrModeVoidsIt) {
  const auto voids_with = [](alert::Mode mode, auto change) {
    Night night_of;
    auto form = sample_form(mode);
    auto calming = *form.plan.false_alarm;
    change(calming);
    form.plan.false_alarm = std::make_shared<const plan::Plan>(std::move(calming));
    night_of.form = signed_form(form);
    night_of.today = today_of(form);
    return night_of.voids();
  };
  const Strings why{"approval.false_alarm_mode"};
  EXPECT_EQ(voids_with(alert::Mode::drill, [](plan::Plan& p) { p.alert.status = alert::Status::actual; }), why)
      << "an unmarked “no tsunami” in a drill";
  EXPECT_EQ(voids_with(alert::Mode::live, [](plan::Plan& p) { p.alert.status = alert::Status::exercise; }), why);
  EXPECT_EQ(voids_with(alert::Mode::drill, [](plan::Plan& p) { p.mode = alert::Mode::live; }), why);
}

TEST(Prepared, ItsDaysCountFromTheSignaturesWhateverItsFileSays) {
  const auto voids_of = [](base::WallTime made_at, base::WallTime last, base::WallTime now) {
    Night night_of;
    auto form = sample_form();
    form.plan.made_at = made_at;
    form.last = last;
    night_of.form = signed_form(form);
    return night_of.voids(now);
  };
  const auto last = at(2, 0) + 100 * days;
  EXPECT_EQ(voids_of(at(2, 5), last, night(2, 0)), Strings{}) << "two clocks";
  EXPECT_EQ(voids_of(at(2, 5) + 1ms, last, night(2, 0)), Strings{"approval.form_ahead"});
  EXPECT_EQ(voids_of(at(2, 4), last, at(2, 3)), Strings{"approval.form_ahead"}) << "later than now";
  EXPECT_EQ(voids_of(at(1, 0), at(1, 0) + 180 * days, night(2, 0)), Strings{});
  EXPECT_EQ(voids_of(at(2, 5), at(2, 5) + 180 * days, night(2, 0)), Strings{"plan.form_last_late"})
      << "from the author's signature, not from what he wrote";
}

TEST(Prepared, LimitsHoldWhoeverWroteTheFile) {
  const auto voids_of = [](auto change) {
    Night night_of;
    auto form = sample_form();
    change(form);
    night_of.form = signed_form(form);
    return night_of.voids();
  };
  EXPECT_EQ(voids_of([](plan::Form& f) { f.lasts = 300h; }), Strings{"plan.form_lasts"});
  EXPECT_EQ(voids_of([](plan::Form& f) { f.arrival->earliest = 0s; }), Strings{"plan.form_arrival_early"});
  EXPECT_EQ(voids_of([](plan::Form& f) { f.arrival->latest = 3h; }), Strings{"plan.form_arrival_life"});
}

/// With a hill as its second zone, and an account that speaks to both.
plan::Form for_two_zones() {
  auto out = sample_form();
  plan::PlannedEndpoint social;
  social.name = plan::EndpointName("social");
  social.channel = "social";
  social.route = plan::RouteName("social");
  social.destination = "channel=social\nmode=live\n";
  social.fingerprint = base::hex(base::sha256(social.destination));
  auto hill = out.plan.zones.front();
  hill.id = alert::ZoneId("bukit");
  auto calming = *out.plan.false_alarm;
  for (auto* one : {&out.plan, &calming}) {
    one->endpoints.push_back(social);
    one->routes.push_back({social.route, {social.name}});
    one->zones.push_back(hill);
    one->alert.zones.push_back({hill.id, {}});
  }
  out.plan.false_alarm = std::make_shared<const plan::Plan>(std::move(calming));
  out.endpoints.push_back({social.name, std::string(64, 'e')});
  out.accounts = {{social.name, {alert::ZoneId("pantai"), hill.id}}};
  plan::Message post;
  post.endpoint = social.name;
  post.language = alert::Language("id");
  post.form = "post";
  post.body = plan::Pieces{"TSUNAMI di ", Hole{HoleKind::zones, "", 0min}, std::string(". Naik sekarang.")};
  post.length = {.unit = "graphemes", .used = 60, .limit = 60, .segments = 1};
  for (auto* namings : {&out.order, &out.false_alarm}) {
    namings->push_back(namings->front());
    namings->back().zones = 2;
    for (auto& naming : *namings) naming.messages = {post};
  }
  out.lists.front().zones.push_back({hill.id, "Bukit", "Bukit"});
  return out;
}

TEST(Prepared, EveryTextIsReadAgainForEveryNumberOfZones) {
  const auto voids_of = [](auto change) {
    Night night_of;
    auto form = for_two_zones();
    change(form);
    night_of.form = signed_form(form);
    night_of.today = today_of(form);
    night_of.today.endpoints.back().addressing = plan::Addressing::account;
    return night_of.voids();
  };
  EXPECT_EQ(voids_of([](plan::Form&) {}), Strings{});
  const auto text = [](plan::Naming& naming, const char* words) {
    naming.messages.front().body = plan::Pieces{std::string(words)};
  };
  for (const std::size_t named : {0u, 1u}) {
    EXPECT_EQ(voids_of([&](plan::Form& f) { text(f.order[named], "LATIHAN: TSUNAMI"); }),
              Strings{"approval.mark_in_live"})
        << named;
    EXPECT_EQ(voids_of([&](plan::Form& f) { text(f.false_alarm[named], "LATIHAN: TIDAK ADA TSUNAMI"); }),
              Strings{"approval.mark_in_live"})
        << named;
    EXPECT_EQ(voids_of([&](plan::Form& f) { text(f.order[named], " "); }), Strings{"approval.message_empty"});
  }
  EXPECT_EQ(voids_of([](plan::Form& f) { f.lists.front().pair = std::string(60, '-'); }),
            Strings{"approval.message_long"});
  EXPECT_EQ(voids_of([](plan::Form& f) { f.lists.front().zones.back().whole = std::string(60, 'x'); }),
            Strings{"approval.message_long"})
      << "with the longest name";
  EXPECT_EQ(
      voids_of([](plan::Form& f) { f.accounts.push_back({plan::EndpointName("sms"), {alert::ZoneId("bukit")}}); }),
      (Strings{"plan.form_misfit", "plan.form_misfit", "plan.form_misfit"}))
      << "by endpoints.yaml, by the form's own SMS, and by that of its false alarm: a list is no account";
}

TEST(Prepared, IsReadyUntilTheKeysThatCarryItExpire) {
  Night night_of;
  const auto until = [&] { return judge_form(night_of.form, night_of.people, night_of.today, night(2, 0)).until; };
  EXPECT_EQ(until(), night_of.form.form.last);
  const auto expires = [&](const char* person, base::WallTime when) {
    std::ranges::find(night_of.people.persons, person, &Person::id)->keys.front().expires = KeyMoment{when, ""};
  };
  expires("hendra", night(9, 0));
  EXPECT_EQ(until(), night_of.form.form.last) << "bayu is left who may fire it";
  expires("ratna", night(10, 0));
  EXPECT_EQ(until(), night(10, 0)) << "then only one approval counts";
  EXPECT_EQ(night_of.voids(night(10, 0)), Strings{});
  EXPECT_FALSE(night_of.voids(night(10, 0) + 1ms).empty());
  night_of = {};
  expires("hendra", night(9, 0));
  expires("bayu", night(8, 0));
  EXPECT_EQ(until(), night(8, 0));
}

TEST(IsSame, WhatIsNotSignedDecidesNothing) {
  const Night night_of;
  const auto hand = night_of.fired().signature;
  auto marked = hand;
  marked.login = Login{"eoc-1", "another", ""};
  EXPECT_NE(marked, hand);
  EXPECT_TRUE(is_same(marked, hand)) << "the login is a mark for those who look";
  EXPECT_FALSE(is_same(night_of.fired("hendra", Role::duty_officer, night(2, 35), night(2, 4)).signature, hand));
}

}  // namespace
}  // namespace broadcaster::approval
