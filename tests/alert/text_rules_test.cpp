#include "broadcaster/alert/text_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace broadcaster::alert {
namespace {

struct Case {
  std::vector<std::string> breaks;
  std::vector<std::string> keeps;
};

const std::map<std::string, Case>& cases() {
  static const std::map<std::string, Case> all{
      {"unfilled",
       {{"TSUNAMI di [tempat]", "Pergi ke {refuge}", "Pergi ke ____", "Mulai pukul XX.XX", "TODO", "Di ?? sekarang"},
        {"TSUNAMI di Pasir (rumah rusak).", "Gempa kuat? Naik lagi.", "Kota XXI, blok XX1"}}},
      {"all_capitals",
       {{"BPBD TIRTAPURA: TSUNAMI DI PASIR, PERGI SEKARANG"},
        {"BPBD Tirtapura: TSUNAMI di Pasir. PERGI SEKARANG", "SMP 1 PASIR", "تسونامي الآن اذهبوا إلى مكان مرتفع"}}},
      {"jargon",
       {{"Level 2 di Pasir", "Siaga III berlaku", "Gempa magnitudo 7,2", "Status IV", "AWAS air naik",
         "Waspada gempa susulan", "category 4 wind"},
        {"Tingkat air naik", "Level air naik", "Masjid Al-Siagah", "Angin kencang"}}},
      {"link_plain", {{"Lihat http://bpbd.example"}, {"Lihat https://bpbd.example"}}},
      {"link_not_last",
       {{"https://bpbd.example PERGI SEKARANG", "Lihat http://x.example\nTP12"}, {"PERGI https://bpbd.example"}}},
      {"long_sentence",
       {{"satu dua tiga empat lima enam tujuh delapan sembilan sepuluh satu dua tiga empat lima enam tujuh delapan "
         "sembilan sepuluh satu dua tiga empat lima enam"},
        {"satu dua tiga empat lima enam tujuh delapan sembilan sepuluh satu dua tiga. Empat lima enam tujuh delapan "
         "sembilan sepuluh satu dua tiga empat lima enam",
         "BPBD 02.15 WIB: TSUNAMI mulai 02.35 di Pasir."}}},
      {"hard_words",
       {{"Diperkirakan keberlangsungan ketidakpastian mengkhawatirkan masyarakat sekitar pantai Pasir."},
        {"Tsunami diperkirakan tiba di Pasir. Pergi sekarang ke bukit."}}},
  };
  return all;
}

TEST(TextRules, EveryRuleHasATextThatBreaksItAndOneThatDoesNot) {
  for (const auto& rule : text_rules()) {
    const auto found = cases().find(std::string(rule.id));
    ASSERT_NE(found, cases().end()) << rule.id;
    for (const auto& text : found->second.breaks) EXPECT_TRUE(rule.look(text)) << rule.id << ": " << text;
    for (const auto& text : found->second.keeps) EXPECT_FALSE(rule.look(text)) << rule.id << ": " << text;
  }
  EXPECT_EQ(text_rules().size(), cases().size());
}

TEST(TextRules, EvacuationIsWhatPeopleDo) {
  EXPECT_EQ(evacuation_word("Evakuasi segera"), "Evakuasi");
  EXPECT_EQ(evacuation_word("Immediate EVACUATION"), "EVACUATION");
  EXPECT_FALSE(evacuation_word("Tsunami"));
}

TEST(TextRules, ADenialIsASentenceNotAWord) {
  EXPECT_EQ(denial_of_drill("THIS IS NOT A DRILL"), "not a drill");
  EXPECT_EQ(denial_of_drill("Ini BUKAN latihan!"), "bukan latihan");
  EXPECT_FALSE(denial_of_drill("Pergi ke Balai Latihan Kerja"));
}

TEST(TextRules, ATimeIsOneWordAndSentencesEndWhereTheyEnd) {
  const auto level = read_level("BPBD 02.15 WIB: TSUNAMI mulai 02.35.\n\nPERGI sekarang");
  EXPECT_EQ(level.words, 8);
  EXPECT_EQ(level.longest_sentence, 3);
  EXPECT_EQ(level.hard_words, 0);
}

}  // namespace
}  // namespace broadcaster::alert
