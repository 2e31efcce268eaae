// Every text of the example as people will read it, letter for letter. BROADCASTER_UPDATE_GOLDEN=1 writes the files
// anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "broadcaster/base/files.hpp"
#include "broadcaster/plan/preview.hpp"
#include "tests/plan/example.hpp"
#include "tests/support/places.hpp"

namespace broadcaster::plan {
namespace {

void expect_golden(const std::string& name, const std::string& content) {
  const auto path = std::filesystem::path(places::source("tests/plan/golden")) / name;
  if (std::getenv("BROADCASTER_UPDATE_GOLDEN")) std::ofstream(path, std::ios::binary) << content;
  const auto golden = base::read_file(path);
  ASSERT_TRUE(golden) << path;
  EXPECT_EQ(content, *golden) << path;
}

std::string all_texts(const Plan& plan) {
  std::string out;
  for (const auto& message : plan.messages) {
    out += "== " + message.endpoint.value + " " + message.language.value + " " + message.zone.value + "\n";
    if (const auto* pieces = std::get_if<Pieces>(&message.body)) {
      out += fill(*pieces, example::filling()) + "\n";
    } else {
      const auto& siren = std::get<SirenProgram>(message.body);
      out += siren.program + "\n";
      for (const auto& voice : siren.voice_texts) out += voice + "\n";
    }
  }
  return out;
}

/// Each text once, with the channel that says it: what a reader of the wording wants to see.
void add_new(const Plan& plan, const std::string& title, std::string& out) {
  std::string said;
  for (const auto& message : plan.messages) {
    std::vector<std::string> texts;
    if (const auto* pieces = std::get_if<Pieces>(&message.body))
      texts = {fill(*pieces, example::filling())};
    else
      texts = std::get<SirenProgram>(message.body).voice_texts;
    for (const auto& text : texts)
      if (out.find("\n" + text + "\n") == std::string::npos && said.find("\n" + text + "\n") == std::string::npos)
        said += "-- " + message.form + " " + message.language.value + " " + std::to_string(message.length.used) + "/" +
                std::to_string(message.length.limit) + "\n" + text + "\n";
  }
  if (!said.empty()) out += "== " + title + "\n" + said;
}

struct Scene {
  std::string name;
  alert::Status status;
  example::Arrival arrival;
};

TEST(Golden, TextsAsPeopleReadThem) {
  const Scene scenes[] = {{"live", alert::Status::actual, example::Arrival::known},
                          {"live-no-arrival", alert::Status::actual, example::Arrival::unknown},
                          {"drill", alert::Status::exercise, example::Arrival::known}};
  for (const auto& scene : scenes) {
    const auto plan = example::plan_of(example::order(scene.status, scene.arrival));
    ASSERT_TRUE(plan) << example::lines(plan.error());
    expect_golden(scene.name + ".txt", all_texts(*plan));
    expect_golden(scene.name + "-false-alarm.txt", all_texts(*plan->false_alarm));
  }
}

TEST(Golden, EveryHazardInItsOwnWords) {
  using example::Arrival;
  for (const auto& hazard : example::town().templates.hazards()) {
    const auto plan = [&](alert::Status status, Arrival arrival) {
      auto made = example::plan_of(example::order_for(hazard, status, arrival));
      EXPECT_TRUE(made) << hazard << "\n" << example::lines(made.error());
      return std::move(*made);
    };
    std::string out;
    const auto live = plan(alert::Status::actual, Arrival::known);
    EXPECT_TRUE(live.blocked.empty() && live.false_alarm->blocked.empty()) << hazard;
    add_new(live, "live", out);
    add_new(plan(alert::Status::actual, Arrival::unknown), "live, arrival not known", out);
    add_new(*live.false_alarm, "false alarm", out);
    if (!example::town().templates.find(hazard, alert::Language("id"))->mode)
      add_new(plan(alert::Status::exercise, Arrival::known), "drill", out);
    // Two zones for what is said to all of them.
    auto over = example::all_clear(example::order_for(hazard, alert::Status::actual, Arrival::unknown));
    for (const auto ending : {alert::Ending::may_return, alert::Ending::not_yet}) {
      over.zones.front().ending = ending;
      const auto made = example::plan_of(over);
      ASSERT_TRUE(made) << hazard << "\n" << example::lines(made.error());
      for (const auto& gap : made->blocked)
        ADD_FAILURE() << hazard << " " << gap.endpoint.value << " " << gap.language.value << " " << gap.reason.id;
      add_new(*made, ending == alert::Ending::may_return ? "all-clear" : "over, not yet", out);
    }
    over.zones.push_back({alert::ZoneId("pasir"), {}, alert::Ending::may_return});
    const auto both = example::plan_of(over);
    ASSERT_TRUE(both) << hazard;
    for (const auto& gap : both->blocked)
      ADD_FAILURE() << hazard << " " << gap.endpoint.value << " " << gap.language.value << " " << gap.reason.id;
    add_new(*both, "all-clear, one zone waits", out);
    expect_golden("hazards/" + hazard + ".txt", out);
  }
}

TEST(Golden, ArabicAndHindi) {
  std::string out;
  const auto live = example::plan_in_other_scripts(alert::Status::actual, example::Arrival::known);
  add_new(live, "live", out);
  add_new(example::plan_in_other_scripts(alert::Status::actual, example::Arrival::unknown), "live, arrival not known",
          out);
  add_new(*live.false_alarm, "false alarm", out);
  add_new(example::plan_in_other_scripts(alert::Status::exercise, example::Arrival::known), "drill", out);
  auto over = example::all_clear(example::order_for("tsunami", alert::Status::actual, example::Arrival::unknown));
  add_new(example::plan_in_other_scripts(over), "all-clear", out);
  over.zones.front().ending = alert::Ending::not_yet;
  add_new(example::plan_in_other_scripts(over), "over, not yet", out);
  expect_golden("other-scripts.txt", out);
}

TEST(Golden, PreviewInBothLanguages) {
  auto plan = *example::plan_of(example::order(alert::Status::exercise));
  plan.blocked.push_back(
      {EndpointName("sms-drill"),
       alert::Language("id"),
       alert::ZoneId("teluk"),
       "sms",
       {"plan.too_long",
        {{"used", std::int64_t{171}}, {"limit", std::int64_t{160}}, {"unit", base::Key{"plan.unit_gsm7"}}}},
       40});
  for (const auto* language : {"id", "en"}) {
    const auto page = preview(plan, {.language = language, .width = 80});
    EXPECT_EQ(page.find("<<"), std::string::npos) << "a text is missing";
    expect_golden(std::string("preview-") + language + ".txt", page);
  }
}

}  // namespace
}  // namespace broadcaster::plan
