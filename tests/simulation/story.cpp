#include "tests/simulation/story.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "broadcaster/base/digest.hpp"

namespace broadcaster::simulation {
namespace {

using namespace std::chrono_literals;

plan::PlannedEndpoint endpoint(Dice& dice, const char* name, const char* route, const char* channel) {
  plan::PlannedEndpoint out;
  out.name = plan::EndpointName(name);
  out.channel = channel;
  out.route = plan::RouteName(route);
  out.fingerprint = name;
  out.rate_per_second = dice.chance(0.5) ? dice.whole(10, 60) : 0;
  // The wide ones answer so much during a commit that rows are intended ahead of them.
  out.in_flight = dice.chance(0.75) ? dice.whole(2, 12) : dice.whole(12, 80);
  out.intent = plan::Intent::before_the_byte;
  out.on_unknown =
      dice.chance(0.7) ? plan::OnUnknown::resend : (dice.chance(0.5) ? plan::OnUnknown::hold : plan::OnUnknown::report);
  out.reconcile_after = std::chrono::seconds(dice.whole(3, 25));
  return out;
}

std::vector<plan::PlannedEndpoint> endpoints(Dice& dice) {
  std::vector<plan::PlannedEndpoint> out = {endpoint(dice, "kannel-a", "sms", "sms"),
                                            endpoint(dice, "kannel-b", "sms", "sms"),
                                            endpoint(dice, "toots", "toots", "mastodon")};
  // The post carries a key of its own: a repeat is harmless, and while the journal fails it may go from memory.
  if (dice.chance(0.3)) out[2].intent = plan::Intent::with_the_outcome;
  return out;
}

Weather weather(Dice& dice) {
  const auto odds = [&](double highest) { return dice.chance(0.3) ? 0.0 : highest * dice.whole(1, 100) / 100.0; };
  Weather out;
  out.lost_request = odds(0.06);
  out.lost_answer = odds(0.06);
  out.slow = odds(0.05);
  out.throttled = odds(0.05);
  out.error_before = odds(0.05);
  out.error_after = odds(0.03);
  out.half_answer = odds(0.02);
  out.crash = odds(0.002);
  out.crash_in_write = odds(0.002);
  out.power_cut = odds(0.8);
  out.full = odds(0.001);
  if (dice.chance(0.4)) out.slowest_write = dice.between(10ms, 80ms);
  if (dice.chance(0.15)) out.slowest_write = dice.between(300ms, 900ms);
  return out;
}

void add_outages(Dice& dice, Story& story) {
  const int n = dice.whole(0, 4);
  for (int i = 0; i < n; ++i) {
    const auto& at = story.endpoints[dice.below(story.endpoints.size())];
    const auto from = dice.between(0s, story.calm_from);
    const auto kind = static_cast<Outage::Kind>(dice.below(4));
    story.weather.outages.push_back({at.name, from, std::min(story.calm_from, from + dice.between(2s, 40s)), kind});
  }
}

plan::Message message(const plan::PlannedEndpoint& at, const char* language, const char* zone) {
  plan::Message out;
  out.endpoint = at.name;
  out.language = alert::Language(language);
  out.zone = alert::ZoneId(zone);
  out.form = at.channel == "sms" ? "sms" : "post";
  out.body = plan::Pieces{fmt::format("LATIHAN {} ", language), plan::Hole{}};
  return out;
}

plan::Plan plan_of(const Story& story, const Audience& audience, plan::Priority priority) {
  plan::Plan out;
  out.mode = alert::Mode::drill;
  out.priority = priority;
  out.code_prefix = "TP";
  alert::Info info;
  info.urgency = priority == 0 ? alert::Urgency::immediate : alert::Urgency::expected;
  out.alert.infos = {info};
  out.routes = {{plan::RouteName("sms"), {story.endpoints[0].name, story.endpoints[1].name}},
                {plan::RouteName("toots"), {story.endpoints[2].name}}};
  out.endpoints = story.endpoints;
  for (auto& each : out.endpoints)
    if (each.channel == "sms") each.audience = audience.name;
  for (const char* id : {"coast", "hill"})
    out.zones.push_back(
        {.id = alert::ZoneId(id), .names = {}, .people = 100, .floor_percent = 75, .sirens = {}, .onset = {}});
  out.audiences = {audience.planned};
  for (const char* language : {"id", "en"}) {
    for (const char* zone : {"coast", "hill"})
      for (int i : {0, 1})
        out.messages.push_back(message(story.endpoints[static_cast<std::size_t>(i)], language, zone));
    out.messages.push_back(message(story.endpoints[2], language, ""));
  }
  return out;
}

AlertStory alert(Dice& dice, const Story& story, const Audience& audience, int number) {
  AlertStory out;
  out.at = dice.between(0s, story.calm_from * 2 / 3);
  out.plan = plan_of(story, audience, dice.chance(0.3) ? 0 : dice.whole(1, 6));
  // Half of them must carry everything out after the storm; the others end in the middle of it.
  out.life = dice.chance(0.5) ? std::chrono::seconds(6h) : std::chrono::seconds(dice.whole(15, 240));
  out.code = fmt::format("TP{}", number);
  out.identifier = fmt::format("drill-{}", number);
  out.digest = base::hex(base::sha256(out.identifier));
  out.people = audience.people;
  for (const auto& count : audience.planned.counts) out.planned[plan::RouteName("sms")] += count.recipients;
  out.planned[plan::RouteName("toots")] = 2;
  return out;
}

/// An alert, and revisions of it while its list is still being worked on.
void add_updates(Dice& dice, Story& story, const Audience& audience) {
  const auto priority = dice.whole(0, 2);
  const auto life = std::chrono::seconds(6h);
  auto at = dice.between(0s, story.calm_from / 2);
  const int revisions = dice.whole(2, 5);
  for (int n = 0; n < revisions; ++n) {
    auto revision = alert(dice, story, audience, static_cast<int>(story.alerts.size()) + 1);
    revision.plan = plan_of(story, audience, priority);
    revision.life = life;
    revision.at = at;
    if (n > 0) {
      revision.plan.alert.type = alert::MessageType::update;
      revision.stops = story.alerts.size() - 1;
    }
    story.alerts.push_back(std::move(revision));
    at += dice.between(50ms, 5s);
  }
}

}  // namespace

Story tell(Dice dice, const std::vector<Audience>& audiences) {
  Story story;
  story.clear = dice.chance(0.2);
  story.calm_from = dice.between(20s, 150s);
  story.endpoints = endpoints(dice);
  if (!story.clear) {
    story.weather = weather(dice);
    add_outages(dice, story);
  }
  story.weather.bad_number = 0.02;
  story.weather.no_receipt = 0.1;
  story.weather.undelivered = 0.05;
  story.weather.contradicting = 0.03;
  story.weather.early = 0.1;

  const int alerts = dice.whole(1, 3);
  for (int i = 0; i < alerts; ++i)
    story.alerts.push_back(alert(dice, story, audiences[dice.below(audiences.size())], i + 1));
  std::ranges::sort(story.alerts, {}, &AlertStory::at);
  if (dice.chance(0.4)) {
    auto follow_up = alert(dice, story, audiences[0], alerts + 1);
    follow_up.plan.priority = 0;
    follow_up.stops = 0;
    follow_up.at = story.alerts[0].at + dice.between(100ms, 20s);
    story.alerts.push_back(std::move(follow_up));
  }
  if (dice.chance(0.3)) add_updates(dice, story, audiences[dice.below(audiences.size())]);
  for (auto& each : story.alerts)
    if (dice.chance(0.15)) each.halted_at = each.at + dice.between(10ms, 15s);
  if (!story.clear && dice.chance(0.2)) {
    const auto from = dice.between(0s, story.calm_from);
    story.lists_away = Absence{from, std::min(story.calm_from, from + dice.between(1s, 60s))};
  }
  // Somebody sets the clock, by an hour or so: that may end an alert, and delays none.
  for (int i = dice.whole(-3, 2); i > 0; --i)
    story.jumps.push_back({dice.between(0s, story.calm_from), base::milliseconds(dice.whole(-5'400'000, 5'400'000))});
  if (!story.clear) {
    // One of them while an alert is about to expire: either clock may say so first.
    const auto& some = story.alerts[dice.below(story.alerts.size())];
    if (dice.chance(0.3))
      story.jumps.push_back({some.at + dice.between(0s, std::min(story.calm_from, Micros(some.life))),
                             base::milliseconds(dice.whole(-300'000, -20'000))});
    for (int i = dice.whole(-2, 2); i > 0; --i)
      story.jumps.push_back({dice.between(0s, story.calm_from), base::milliseconds(dice.whole(-300'000, 300'000))});
  }
  return story;
}

}  // namespace broadcaster::simulation
