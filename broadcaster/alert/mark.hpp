// The drill mark: a mark in a fixed place, not a word anywhere.
//
// "LATIHAN: …" is marked; "Balai Latihan Kerja" is a shelter's name and passes in a live text. Thread rule: pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "broadcaster/alert/vocabulary.hpp"

namespace broadcaster::alert {

/// "EXERCISE" in English, "تمرين" in Arabic, "अभ्यास" in Hindi, "LATIHAN" in Indonesian and what has no own word.
/// Regions are ignored.
std::string_view drill_word(const Language& language);

/// The text's first token is a drill mark of any language: the word in capitals and a colon, as in "LATIHAN: …".
bool begins_with_drill_mark(std::string_view text);

/// A token by which other people mark their tests, standing as the first word or in front of "--": "TEST", "UJI COBA",
/// "TES", "DRILL", "SIMULASI". In a live text it makes people doubt, so it is worth a warning.
std::optional<std::string> foreign_test_token(std::string_view text);

}  // namespace broadcaster::alert
