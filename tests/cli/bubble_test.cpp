#include "broadcaster/cli/bubble.hpp"

#include <gtest/gtest.h>

#include "broadcaster/service/progress.hpp"

namespace broadcaster::cli {
namespace {

std::string drawn(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

TEST(Bubble, LooksLikeThis) {
  EXPECT_EQ(drawn(bubble("sms · id", "LATIHAN: TSUNAMI mulai 02.35.\n\nPERGI SEKARANG.", 30)),
            "╭─ sms · id ─────────────╮\n"
            "│ LATIHAN: TSUNAMI mulai │\n"
            "│ 02.35.                 │\n"
            "│                        │\n"
            "│ PERGI SEKARANG.        │\n"
            "╰────────────────────────╯\n");
}

TEST(Bubble, WhatIsWrittenFromTheRightStaysInsideItsBox) {
  EXPECT_EQ(bubble("sms · ar", "تسونامي وشيك", 30)[1], "│ \u2068تسونامي وشيك\u2069 │");
}

TEST(Bubble, EveryLineIsAsWideAsTheOthersAndFitsTheWindow) {
  for (const int width : {24, 40, 80, 200})
    for (const auto* text :
         {"", "a", "警报 警报 警报 警报 警报 警报 警报 警报", "BPBD 02:15: تسونامي قاتل وشيك في باسير.",
          "सुनामी नहीं है। आप सुरक्षित हैं।", "Jauhi pantai dan sungai, ke bukit."}) {
      const auto lines = bubble("post", text, width);
      for (const auto& line : lines) {
        EXPECT_EQ(service::columns_of(line), service::columns_of(lines.front())) << line;
        EXPECT_LE(service::columns_of(line), width) << line;
      }
    }
}

}  // namespace
}  // namespace broadcaster::cli
