// A form that was edited before it was signed: what may not be in it.
#include "broadcaster/plan/form_faults.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/plan/form_example.hpp"

namespace broadcaster::plan {
namespace {

using namespace form_example;
using namespace std::chrono_literals;
using Ids = std::vector<std::string>;

Ids faults_of(const std::function<void(Form&)>& change) {
  auto other = form();
  change(other);
  Ids out;
  for (const auto& text : form_faults(other)) out.push_back(text.id);
  return out;
}

const Ids misfit{"plan.form_misfit"};

TEST(FormFaults, AFormAsItIsMadeHasNone) {
  EXPECT_EQ(faults_of([](Form&) {}), Ids{});
}

TEST(FormFaults, HoldsTheLimitsWhoeverWroteIt) {
  EXPECT_EQ(faults_of([](Form& f) { f.lasts = 12h + 1s; }), Ids{"plan.form_lasts"});
  EXPECT_EQ(faults_of([](Form& f) { f.lasts = 12h; }), Ids{});
  EXPECT_EQ(faults_of([](Form& f) {
              f.lasts = 9min;
              f.arrival.reset();
            }),
            Ids{"plan.form_lasts"});
  EXPECT_EQ(faults_of([](Form& f) { f.arrival = ArrivalRange{59s, 2h}; }), Ids{"plan.form_arrival_early"});
  EXPECT_EQ(faults_of([](Form& f) { f.arrival = ArrivalRange{1min, 3h - 1s}; }), Ids{});
  EXPECT_EQ(faults_of([](Form& f) { f.arrival = ArrivalRange{1min, 3h}; }), Ids{"plan.form_arrival_life"});
  EXPECT_EQ(faults_of([](Form& f) { f.arrival = ArrivalRange{2h, 1h}; }), Ids{"plan.form_arrival_order"});
}

TEST(FormFaults, WhoServesAListIsNoAccount) {
  EXPECT_EQ(faults_of([](Form& f) {
              f.accounts.push_back({EndpointName("sms-drill"), ids({"pasir"})});
              std::erase_if(f.plan.messages, [](const Message& m) { return m.endpoint.value == "sms-drill"; });
              auto calming = *f.plan.false_alarm;
              std::erase_if(calming.messages, [](const Message& m) { return m.endpoint.value == "sms-drill"; });
              f.plan.false_alarm = std::make_shared<const Plan>(std::move(calming));
            }),
            misfit);
}

TEST(FormFaults, ATextForSeveralZonesIsAnAccountsAndForNoZone) {
  const auto with_text = [](auto change) {
    return faults_of([&](Form& f) {
      auto text = f.order.at(1).messages.front();
      change(text);
      f.order.at(1).messages.push_back(text);
    });
  };
  EXPECT_EQ(with_text([](Message&) {}), Ids{}) << "it stands on the page";
  EXPECT_EQ(with_text([](Message& m) { m.endpoint = EndpointName("sms-drill"); }), misfit);
  EXPECT_EQ(with_text([](Message& m) { m.zone = alert::ZoneId("muara"); }), misfit);
  EXPECT_EQ(with_text([](Message& m) { m.body = SirenProgram{}; }), misfit);
}

TEST(FormFaults, ATextForOneZoneIsForOneOfItsZonesAndOverNoAccount) {
  EXPECT_EQ(faults_of([](Form& f) { f.plan.messages.front().zone = alert::ZoneId("karang"); }), misfit);
  EXPECT_EQ(faults_of([](Form& f) {
              auto text = f.order.front().messages.front();
              text.zone = alert::ZoneId("muara");
              f.plan.messages.push_back(text);
            }),
            misfit);
}

TEST(FormFaults, AnAccountServesZonesOfTheFormInItsOrder) {
  for (const auto& zones : {ids({}), ids({"karang"}), ids({"pasir", "muara"}), ids({"muara", "muara"})})
    EXPECT_FALSE(faults_of([&](Form& f) { f.accounts.front().zones = zones; }).empty());
}

TEST(FormFaults, EveryLanguageOfTheAlertHasItsTextsForEveryNumber) {
  EXPECT_EQ(faults_of([](Form& f) { f.order.back().infos.pop_back(); }), misfit);
  EXPECT_EQ(faults_of([](Form& f) { f.endpoints.pop_back(); }), misfit);
}

/// A filling that an account reads for `zones`, by their number.
TEST(LongestFillings, HaveEveryTextOfAnAccountWithTheLongestNames) {
  auto other = form();
  other.lists.front().zones.at(1).whole = "Kelurahan Pasir yang Sangat Panjang Namanya";
  for (std::size_t count = 1; count <= 3; ++count) {
    const auto fillings = longest_fillings(other);
    const auto fired = std::ranges::count_if(fillings, [&](const Plan& plan) { return plan.zones.size() == count; });
    EXPECT_GT(fired, 0) << count;
    EXPECT_TRUE(std::ranges::any_of(fillings, [&](const Plan& plan) {
      return plan.zones.size() == count && std::ranges::any_of(plan.messages, [](const Message& message) {
               const auto* pieces = std::get_if<Pieces>(&message.body);
               return pieces && fill_longest(*pieces).find("Sangat Panjang") != std::string::npos;
             });
    })) << count;
  }
}

}  // namespace
}  // namespace broadcaster::plan
