// What a platform does to a text, and what it must not do.
#include "channels/http/read_back.hpp"

#include <gtest/gtest.h>

namespace broadcaster::channels {
namespace {

TEST(ReadBack, WhatAPlatformDoesToATextIsNoDifference) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},
      {"TSUNAMI. Go up now.", "TSUNAMI. Go up now."},
      {"TSUNAMI.\n\nGo  up now.\n", " TSUNAMI. Go up now. "},
      {"at 02.35", "at\u00a002.35"},
      {"at 02.35", "at\u202f02.35"},
      {"go up", "go\u200b up\ufeff"},
      {"caf\u00e9", "cafe\u0301"},
      {"see https://bpbd.example/tsunami now", "see bpbd.example/tsunami now"},
      {"see http://bpbd.example", "see bpbd.example"},
      {"ask @bmkg@s.example now", "ask @bmkg now"},
  };
  for (const auto& [approved, shown] : cases) EXPECT_FALSE(difference(approved, shown)) << approved << " | " << shown;
}

TEST(ReadBack, EverythingElseIsOne) {
  const std::pair<const char*, const char*> cases[] = {
      {"Go up now.", ""},
      {"", "Go up now."},
      {"Go up now. TP12", "Go up now."},
      {"Go up now.", "Go up now. Read more: spam.example"},
      {"at 02.35", "at 03.35"},
      {"Muara and Pasir", "Pasir and Muara"},
      {"Go up NOW", "Go up now"},
      {"do not go", "do go"},
      {"see https://bpbd.example/tsunami", "see https://bpbd.example/tsun\u2026"},
      {"see https://bpbd.example/tsunami", "see https://evil.example/tsunami"},
      {"see bpbd.example/tsunami", "see https://bpbd.example/tsunami"},
      {"ask @bmkg@s.example", "ask @bmkg@other.example"},
      {"ask @bmkg@s.example", "ask @"},
      {"mail a@b.example", "mail a"},
      {"caf\u00e9", "cafe"},
      {"go\xff up", "go up"},
  };
  for (const auto& [approved, shown] : cases) EXPECT_TRUE(difference(approved, shown)) << approved << " | " << shown;
}

TEST(ReadBack, SaysWhereTheyPart) {
  EXPECT_EQ(difference("BPBD 02.15 TSUNAMI. Waves reach Muara at 02.35 or before. Go up now.",
                       "BPBD 02.15 TSUNAMI. Waves reach Muara at 03.35 or before. Go up now."),
            "approved \"… reach Muara at 02.35 or before. Go up now.\", "
            "shown \"… reach Muara at 03.35 or before. Go up now.\"");
  EXPECT_EQ(difference("Go up", "Go up now"), "approved \"Go up\", shown \"Go up now\"");
}

}  // namespace
}  // namespace broadcaster::channels
