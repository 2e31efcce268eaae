#include "broadcaster/plan/characters.hpp"

#include <gtest/gtest.h>

namespace broadcaster::plan {
namespace {

TEST(Characters, WhatPeopleReadMayStand) {
  for (const auto* text : {"Balai Latihan Kerja, lantai 3", "Café É ë ô â", "Ngaliyan – RT 02/RW 05 (“atas”)",
                           "津波 高台へ", "تسونامي", "สึนามิ", "🌊 Naik!"})
    EXPECT_EQ(forbidden_in_line(text), std::nullopt) << text;
}

TEST(Characters, WhatPeopleDoNotSeeMayNot) {
  for (const char32_t c :
       {U'\u0001', U'\t',     U'\n',     U'\r',     U'\u007f', U'\u0085', U'\u00ad',     U'\u034f',    U'\u115f',
        U'\u180e', U'\u200b', U'\u2028', U'\u2029', U'\u202a', U'\u202e', U'\u2060',     U'\u2066',    U'\u2069',
        U'\u2800', U'\u3164', U'\ue000', U'\ufeff', U'\ufff9', U'\ufffd', U'\U000e0041', U'\U0010ffff'}) {
    std::string text = "di ";
    if (c < 0x80) {
      text += static_cast<char>(c);
    } else if (c < 0x800) {
      text += {static_cast<char>(0xc0 | c >> 6), static_cast<char>(0x80 | (c & 0x3f))};
    } else if (c < 0x10000) {
      text += {static_cast<char>(0xe0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3f)),
               static_cast<char>(0x80 | (c & 0x3f))};
    } else {
      text += {static_cast<char>(0xf0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3f)),
               static_cast<char>(0x80 | (c >> 6 & 0x3f)), static_cast<char>(0x80 | (c & 0x3f))};
    }
    EXPECT_EQ(forbidden_in_line(text + "Pasir"), c) << code_of(c);
  }
  EXPECT_EQ(forbidden_in_line("\xff"), U'\ufffd');
}

TEST(Characters, AJoinerStandsInsideAWordThatNeedsIt) {
  EXPECT_EQ(forbidden_in_line("می\u200cروم"), std::nullopt) << "Persian: I go";
  EXPECT_EQ(forbidden_in_line("क्\u200dष"), std::nullopt) << "Devanagari: half ka before ssa";
  EXPECT_EQ(forbidden_in_line("Pa\u200dsir"), U'\u200d');
  EXPECT_EQ(forbidden_in_line("می \u200cروم"), U'\u200c') << "not beside a space";
  EXPECT_EQ(forbidden_in_line("\u200cمی"), U'\u200c');
  EXPECT_EQ(forbidden_in_line("می\u200c\u200cروم"), U'\u200c') << "once";
}

TEST(Characters, AMarkOfDirectionStandsInATextThatRunsFromTheRight) {
  EXPECT_EQ(forbidden_in_line("تسونامي (TP12)\u200f."), std::nullopt);
  EXPECT_EQ(forbidden_in_line("Pasir\u200f."), U'\u200f');
  EXPECT_EQ(forbidden_in_line("تسونامي \u202eTP12"), U'\u202e') << "an override never";
}

TEST(Characters, ATextMayHaveLines) {
  EXPECT_EQ(forbidden_in_text("satu\n\ndua\n"), std::nullopt);
  EXPECT_EQ(forbidden_in_text("satu\ndu\ra"), U'\r');
}

TEST(Characters, AnAtBeforeANameCallsSomebody) {
  EXPECT_EQ(mention_in("tanya @bmkg_id."), "@bmkg_id");
  EXPECT_EQ(mention_in("@siaga"), "@siaga");
  EXPECT_EQ(mention_in("(@siaga@mastodon.example)"), "@siaga");
  EXPECT_EQ(mention_in("—@siaga"), "@siaga");
  for (const auto* nobody :
       {"info@bpbd.example", "é@x", "https://mastodon.example/@siaga", "pukul @ 10", "a @", "?u=@siaga"})
    EXPECT_EQ(mention_in(nobody), std::nullopt) << nobody;
}

}  // namespace
}  // namespace broadcaster::plan
