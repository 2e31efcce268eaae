// A prepared alert: its file, its form, and that firing gives the bytes that rendering would give, and the same ones
// for ever.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "broadcaster/plan/fill_form.hpp"
#include "broadcaster/plan/make_form.hpp"
#include "tests/plan/form_example.hpp"

namespace broadcaster::plan {
namespace {

using namespace std::chrono_literals;
using namespace form_example;
using example::night;
using example::town;

std::string mistakes(const std::string& text) {
  const auto read_file = read(text);
  return read_file ? "" : example::lines(read_file.error());
}

std::string refusal(const Slots& of) {
  const auto text = slot_refusal(form(), of);
  return text ? text->id : "";
}

using Said = std::map<std::string, std::string>;

/// Every text of a plan, its holes filled, by whom it is for; messages to nobody are left out.
Said said(const Plan& plan) {
  Said out;
  for (const auto& message : plan.messages) {
    const auto key = message.endpoint.value + "/" + message.language.value + "/" + message.zone.value;
    const auto* pieces = std::get_if<Pieces>(&message.body);
    if (pieces) out[key] = fill(*pieces, example::filling());
    if (const auto* siren = std::get_if<SirenProgram>(&message.body))
      for (const auto& text : siren->voice_texts) out[key] += siren->program + text;
  }
  for (const auto& info : plan.alert.infos)
    out["info/" + info.language.value] =
        info.event + "|" + info.headline + "|" + info.description + "|" + info.instruction;
  return out;
}

TEST(FillForm, SaysForEveryChoiceOfZonesWhatAPlanWouldSay) {
  for (const auto& zones : all_choices()) {
    const auto at = night() + 24h;
    const auto fired = fill_form(form(), slots(zones, at));
    auto order = read(file)->alert;
    std::erase_if(order.zones,
                  [&](const alert::ZoneOrder& one) { return std::ranges::find(zones, one.zone) == zones.end(); });
    for (auto& info : order.infos) {
      info.onset = at + 20min;
      info.expires = at + 3h;
    }
    const auto planned = with(order, at, town().templates, [](const PlanInput& input) { return make_plan(input); });
    ASSERT_TRUE(planned) << example::lines(planned.error());
    EXPECT_EQ(said(fired), said(*planned));
    EXPECT_EQ(said(*fired.false_alarm), said(*planned->false_alarm));
    EXPECT_EQ(fired.expires, planned->expires);
    EXPECT_EQ(fired.false_alarm->expires, planned->false_alarm->expires);
    EXPECT_EQ(fired.zones, planned->zones);
    EXPECT_EQ(fired.alert.zones, planned->alert.zones);
    EXPECT_EQ(fired.priority, planned->priority);
    std::set<std::string> missed, also;
    for (const auto& zone : fired.not_alerted) missed.insert(zone.id.value);
    for (const auto& zone : planned->not_alerted) also.insert(zone.id.value);
    EXPECT_EQ(missed, also) << "what the hazard can reach and nobody alerts is named";
  }
}

TEST(FillForm, IsAFunctionOfFormAndSlots) {
  const auto again = parse_form(canonical(form()), "form");
  ASSERT_TRUE(again);
  for (const auto& zones : all_choices()) {
    const auto once = canonical(fill_form(form(), slots(zones)));
    EXPECT_EQ(canonical(fill_form(*again, slots(zones))), once) << "from the file, as from memory";
    EXPECT_TRUE(parse_plan(once, "plan")) << "a plan like any other";
    EXPECT_NE(canonical(fill_form(form(), slots(zones, night() + 25h))), once);
  }
}

TEST(FillForm, LeavesNoSlotOpen) {
  const auto plan = fill_form(form(), slots(ids({"muara", "teluk"})));
  for (const auto* one : {&plan, plan.false_alarm.get()})
    for (const auto& message : one->messages)
      if (const auto* pieces = std::get_if<Pieces>(&message.body)) EXPECT_FALSE(has_slots(*pieces));
  EXPECT_FALSE(plan.messages.empty());
}

TEST(Slots, EachAtItsBoundsAndOneBeyond) {
  const auto at = night() + 24h;
  const auto arriving = [&](std::chrono::seconds in) {
    auto out = slots(ids({"muara"}), at);
    out.arrival = at + in;
    return refusal(out);
  };
  EXPECT_EQ(arriving(10min), "");
  EXPECT_EQ(arriving(10min - 1s), "plan.fire_arrival_range");
  EXPECT_EQ(arriving(2h), "");
  EXPECT_EQ(arriving(2h + 1s), "plan.fire_arrival_range");
  EXPECT_EQ(arriving(-1min), "plan.fire_arrival_range") << "it has passed (R45 d)";
  auto without = slots(ids({"muara"}), at);
  without.arrival.reset();
  EXPECT_EQ(refusal(without), "plan.fire_arrival_missing");

  EXPECT_EQ(refusal(slots(ids({"muara", "pasir", "teluk"}))), "");
  EXPECT_EQ(refusal(slots(ids({}))), "plan.fire_no_zone");
  EXPECT_EQ(refusal(slots(ids({"muara", "karang"}))), "plan.fire_zone") << "a zone of the town, and not of the form";
  EXPECT_EQ(refusal(slots(ids({"pasir", "muara"}))), "plan.fire_zone_order");
  EXPECT_EQ(refusal(slots(ids({"muara", "muara"}))), "plan.fire_zone_order");
  EXPECT_EQ(in_order(form(), ids({"teluk", "muara"})), ids({"muara", "teluk"}));

  EXPECT_EQ(refusal(slots(ids({"muara"}), form().last)), "");
  EXPECT_EQ(refusal(slots(ids({"muara"}), form().last + 1ms)), "plan.form_over");
  EXPECT_EQ(refusal(slots(ids({"muara"}), night())), "");
  EXPECT_EQ(refusal(slots(ids({"muara"}), night() - 1ms)), "plan.fire_before");
}

TEST(Form, ComesBackWholeAndIsNoPlan) {
  const auto text = canonical(form());
  const auto back = parse_form(text, "form");
  ASSERT_TRUE(back) << back.error().text.id << " " << back.error().key;
  EXPECT_EQ(canonical(*back), text);
  EXPECT_FALSE(parse_plan(text, "plan"));
  EXPECT_FALSE(parse_form(canonical(fill_form(form(), slots(ids({"muara"})))), "form"));
}

TEST(Form, AMissingPartIsRefused) {
  auto less = form();
  less.order.pop_back();
  EXPECT_EQ(parse_form(canonical(less), "form").error().text.id, "plan.form_incomplete");
  less = form();
  less.lists.pop_back();
  EXPECT_EQ(parse_form(canonical(less), "form").error().text.id, "plan.form_incomplete")
      << "a language would name no zone";
  less = form();
  less.basis.pop_back();
  EXPECT_EQ(parse_form(canonical(less), "form").error().text.id, "plan.form_incomplete")
      << "what is not named could never void it";
  less = form();
  less.plan.false_alarm = nullptr;
  EXPECT_EQ(parse_form(canonical(less), "form").error().text.id, "plan.form_incomplete");
}

TEST(Form, AnOlderOneIsRefusedInPlainWords) {
  auto older = form();
  older.format = 1;
  const auto read_again = parse_form(canonical(older), "form");
  ASSERT_FALSE(read_again);
  EXPECT_EQ(read_again.error().text.id, "plan.form_older");
  EXPECT_EQ(read_again.error().kind, base::ErrorKind::refused);
}

TEST(MakeForm, ATextThatDoesNotFitWithTheLongestNamesIsBlockedByDay) {
  const auto longest = [](const Naming& naming) {
    int used = 0;
    for (const auto& message : naming.messages)
      if (message.form == "post") used = std::max(used, message.length.used);
    return used;
  };
  EXPECT_LT(longest(form().order[0]), longest(form().order[2]));
  for (const auto& zones : all_choices())
    for (const auto& message : fill_form(form(), slots(zones)).messages)
      if (const auto* pieces = std::get_if<Pieces>(&message.body)) {
        EXPECT_LE(fill_longest(*pieces).size(), 4096u);
        EXPECT_LE(message.length.used, message.length.limit);
      }
}

TEST(MakeForm, WordsThatCountOrChooseByASlotAreRefused) {
  auto templates = town().templates;
  for (auto& words : templates.all)
    if (words.hazard == "tsunami" && words.language.value == "en")
      words.order.forms["post"].push_back(
          {Fragment::Need::optional, " {zones, select, x {X} other {Y}}", std::nullopt});
  const auto made = form_of(file, templates);
  ASSERT_FALSE(made);
  EXPECT_TRUE(example::has(made.error(), "plan.form_pattern")) << example::lines(made.error());
}

TEST(MakeForm, OnlyTheTemplatesOwnWords) {
  const auto made = form_of(file + "headline: {id: Lari, en: Run}\n");
  ASSERT_FALSE(made);
  EXPECT_TRUE(example::has(made.error(), "plan.form_typed")) << example::lines(made.error());
}

TEST(PreparedFile, SaysEachMistake) {
  EXPECT_EQ(mistakes(file), "");
  EXPECT_NE(mistakes("status: Exercise\n").find("plan.form_no_terms"), std::string::npos);
  EXPECT_NE(mistakes(changed(file, "2027-05-15", "2027-05-30")).find("plan.form_last_late"), std::string::npos)
      << "180 days and no more";
  EXPECT_NE(mistakes(changed(file, "2027-05-15", "2026-05-15")).find("plan.form_last_past"), std::string::npos);
  EXPECT_NE(mistakes(changed(file, "lasts: 3h", "lasts: 13h")).find("plan.form_lasts"), std::string::npos);
  EXPECT_NE(mistakes(changed(file, "latest: 2h", "latest: 3h")).find("plan.form_arrival_life"), std::string::npos);
  EXPECT_NE(mistakes(changed(file, "earliest: 10m", "earliest: 3h")).find("plan.form_arrival_order"),
            std::string::npos);
  EXPECT_NE(mistakes(changed(file, "earliest: 10m", "earliest: 0s")).find("plan.form_arrival_early"),
            std::string::npos);
  EXPECT_NE(mistakes(file + "onset: +20m\n").find("onset: plan.form_time"), std::string::npos);
  EXPECT_NE(mistakes(changed(file, "{roles: [duty_officer], persons: [bayu.pratama]}", "{}")).find("plan.form_nobody"),
            std::string::npos);
  EXPECT_NE(mistakes(changed(file, "  tolerance: 10", "  tolerance: 60")), "");
}

TEST(FormNames, JoinAsTheLanguageDoes) {
  std::vector<const alert::Zone*> zones;
  for (const auto* name : {"muara", "pasir", "teluk"}) zones.push_back(town().zones.find(alert::ZoneId(name)));
  for (const auto* language : {"id", "en", "ar", "hi"})
    EXPECT_TRUE(list_zones(zones, alert::Language(language), town().agency)) << language;
}

}  // namespace
}  // namespace broadcaster::plan
