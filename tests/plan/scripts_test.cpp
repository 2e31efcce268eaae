// A right-to-left script and another non-Latin one, the whole way from the template to the preview.
#include <gtest/gtest.h>

#include <algorithm>

#include "broadcaster/alert/mark.hpp"
#include "broadcaster/plan/preview.hpp"
#include "broadcaster/plan/values.hpp"
#include "tests/plan/example.hpp"

namespace broadcaster::plan {
namespace {

using example::Arrival;

std::string said(const Message& message) { return fill(std::get<Pieces>(message.body), example::filling()); }

TEST(OtherScripts, EveryMessageGoesOutAndAnSmsIsCountedInUcs2) {
  for (const auto status : {alert::Status::actual, alert::Status::exercise})
    for (const auto arrival : {Arrival::known, Arrival::unknown}) {
      const auto plan = example::plan_in_other_scripts(status, arrival);
      for (const auto* one : {&plan, plan.false_alarm.get()}) {
        for (const auto& gap : one->blocked) ADD_FAILURE() << gap.endpoint.value << " " << gap.reason.id;
        EXPECT_EQ(one->messages.size(), 2u + 2 * 2 + 1 + 2) << "posts, two lists, sirens, partners";
        for (const auto& message : one->messages) {
          if (message.form != "sms") continue;
          EXPECT_EQ(message.length.unit, "ucs2");
          EXPECT_EQ(message.length.limit, 3 * 67) << "3GPP TS 23.040: 67 in each of several parts";
          EXPECT_EQ(message.length.segments, (message.length.used + 66) / 67);
        }
      }
    }
}

TEST(OtherScripts, ATextThatNeedsSeveralPartsIsAWarningAndItsOwnScriptIsNone) {
  const auto plan = example::plan_in_other_scripts(alert::Status::actual, Arrival::known);
  const auto has = [&](const std::string& rule) {
    return std::ranges::find(plan.findings, rule, &Finding::rule) != plan.findings.end();
  };
  EXPECT_TRUE(has("sms_parts"));
  EXPECT_FALSE(has("ucs2"));
  EXPECT_FALSE(has("long_sentence"));
}

TEST(OtherScripts, TimesHaveTheDigitsOfEveryClock) {
  const auto plan = example::plan_in_other_scripts(alert::Status::actual, Arrival::known);
  for (const auto& message : plan.messages)
    if (message.form == "post") {
      EXPECT_NE(said(message).find("02:35"), std::string::npos) << said(message);
      EXPECT_NE(said(message).find("02:15"), std::string::npos) << said(message);
    }
}

TEST(OtherScripts, ADrillBearsItsMarkInItsOwnScript) {
  const auto plan = example::plan_in_other_scripts(alert::Status::exercise, Arrival::known);
  for (const auto& message : plan.messages) {
    if (message.form == "siren") continue;
    EXPECT_TRUE(alert::begins_with_drill_mark(said(message))) << said(message);
    EXPECT_TRUE(said(message).starts_with(std::string(alert::drill_word(message.language)) + ":")) << said(message);
  }
}

TEST(OtherScripts, NoMessageHasADirectionOfTheScreensAndThePreviewHas) {
  const auto plan = example::plan_in_other_scripts(alert::Status::actual, Arrival::known);
  for (const auto& message : plan.messages)
    if (message.form != "siren") EXPECT_EQ(said(message).find("\u2068"), std::string::npos);
  const auto page = preview(plan, {.language = "en", .width = 80});
  EXPECT_NE(page.find("\u2068"), std::string::npos);
}

TEST(OtherScripts, AZoneWithoutANameInALanguageIsCalledAsTheAgencyCallsIt) {
  const std::map<std::string, std::string> names{{"id", "Kelurahan Muara"}, {"en", "Muara ward"}};
  EXPECT_EQ(name_in(names, alert::Language("ar"), example::town().agency), "Kelurahan Muara");
  EXPECT_EQ(name_in({{"en", "Muara ward"}}, alert::Language("ar"), example::town().agency), "Muara ward");
}

}  // namespace
}  // namespace broadcaster::plan
