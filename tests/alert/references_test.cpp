// How an alert names those before it.
#include "broadcaster/alert/references.hpp"

#include <gtest/gtest.h>

namespace broadcaster::alert {
namespace {

const std::vector<Reference> two{{"tirtapura", "TP1-20261124T021500Z", "2026-11-24T02:15:00-00:00"},
                                 {"tirtapura", "TP2-20261124T022000Z", "2026-11-24T02:20:00-00:00"}};

TEST(References, AreTriplesWithASpaceBetween) {
  EXPECT_EQ(references_text(two),
            "tirtapura,TP1-20261124T021500Z,2026-11-24T02:15:00-00:00 "
            "tirtapura,TP2-20261124T022000Z,2026-11-24T02:20:00-00:00");
  EXPECT_EQ(references_text({}), "");
}

TEST(References, ComeBackAsTheyWent) {
  EXPECT_EQ(parse_references(references_text(two)), two);
  EXPECT_TRUE(parse_references("").empty());
}

TEST(References, WhatIsNotATripleIsLeftOut) {
  EXPECT_EQ(parse_references("half,one  " + references_text(two) + " x"), two);
}

}  // namespace
}  // namespace broadcaster::alert
