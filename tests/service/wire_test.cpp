#include "broadcaster/service/wire.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace broadcaster::service {
namespace {

TEST(Wire, AnErrorArrivesAsItWas) {
  const base::Error error{base::ErrorKind::refused,
                          {"approval.x", {{"name", "sari"}, {"n", std::int64_t{3}}, {"what", base::Key{"base.y"}}}},
                          base::Place{"a.yaml", 3, 7},
                          "info[0].urgency"};
  const auto answer = parse_answer(bad(error));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error(), error);
}

TEST(Wire, AGoodAnswerIsAnObject) {
  const auto answer = parse_answer(good({{"alert", "TP12"}}));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->at("alert").as_string(), "TP12");
}

TEST(Wire, WhatIsNoAnswerIsUnavailable) {
  for (const auto* line : {"", "{", "[]", "3", "{\"ok\":\"yes\"}", "{\"ok\":false}", "null"}) {
    const auto answer = parse_answer(line);
    ASSERT_FALSE(answer) << line;
    EXPECT_EQ(answer.error().kind, base::ErrorKind::unavailable) << line;
  }
}

}  // namespace
}  // namespace broadcaster::service
