#include "broadcaster/plan/siren_words.hpp"

#include <gtest/gtest.h>

#include "tests/plan/example.hpp"

namespace broadcaster::plan {
namespace {

TEST(SirenWords, ADrillSoundsLikeNothingThatIsLive) {
  const auto& templates = example::town().templates;
  const auto& words = *templates.find("tsunami", alert::Language("id"));
  for (const auto speech : {Speech::order, Speech::false_alarm, Speech::all_clear, Speech::not_yet}) {
    const auto live = siren_words(words, speech, alert::Mark::forbidden, templates.marks);
    const auto drill = siren_words(words, speech, alert::Mark::required, templates.marks);
    EXPECT_EQ(live.program, wording(words, speech)->siren.program);
    EXPECT_NE(drill.program, live.program);
    EXPECT_NE(drill.voice, live.voice);
    EXPECT_EQ(drill.duration, live.duration);
  }
}

}  // namespace
}  // namespace broadcaster::plan
