// Sentences in a narrow window.
#include "broadcaster/cli/wrap.hpp"

#include <gtest/gtest.h>

namespace broadcaster::cli {
namespace {

TEST(WrappedLine, BreaksBetweenWords) {
  EXPECT_EQ(wrapped_line("It goes to everybody who was alerted", 40), "It goes to everybody who was alerted");
  EXPECT_EQ(wrapped_line("It goes to everybody who was alerted", 20), "It goes to everybody\nwho was alerted");
}

TEST(WrappedLine, KeepsItsIndentation) {
  EXPECT_EQ(wrapped_line("  Ratna Kusuma has it since this morning", 24),
            "  Ratna Kusuma has it\n  since this morning");
}

TEST(WrappedLine, ACommandToBeCopiedStaysInOnePiece) {
  EXPECT_EQ(wrapped_line("Plan written. Next: broadcaster approve over.plan --key ANOTHER.key", 40),
            "Plan written. Next:\nbroadcaster approve over.plan --key ANOTHER.key");
  EXPECT_EQ(wrapped_line("Plan written to a.plan and signed by its author. Next: broadcaster approve a.plan", 62),
            "Plan written to a.plan and signed by its author. Next:\nbroadcaster approve a.plan");
  EXPECT_EQ(wrapped_line("Nobody could be called again. First broadcaster serve, then this.", 30),
            "Nobody could be called again.\nFirst broadcaster serve, then\nthis.");
}

TEST(WrappedLine, ATableStaysAsItIs) {
  const std::string row = "sms-live      12   13   14";
  EXPECT_EQ(wrapped_line(row, 20), row);
}

TEST(WrappedLine, CountsColumnsAndNotBytes) {
  EXPECT_EQ(wrapped_line("“ééééé” “ééééé” “é”", 20), "“ééééé” “ééééé” “é”");
  EXPECT_EQ(wrapped_line("ययययय ययययय ययययय ययययय", 20).find("\n") != std::string::npos, true);
}

TEST(WrappedLine, AWordThatIsLongerThanTheWindowStandsAlone) {
  EXPECT_EQ(wrapped_line("see https://example.org/a/very/long/address now", 20),
            "see\nhttps://example.org/a/very/long/address\nnow");
}

}  // namespace
}  // namespace broadcaster::cli
