// What a system that takes CAP wants beyond the standard, checked on request: one function a profile, and a table.
//
// An error is what that system refuses or cannot show; a warning is what it drops or replaces by words of its own.
// Judged is the alert as others read it (outward.hpp). Thread rule: pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "broadcaster/alert/alert.hpp"
#include "broadcaster/alert/lint.hpp"

namespace broadcaster::alert::cap {

enum class Profile { ipaws, google };
/// As people type it: "ipaws", "google".
std::span<const std::pair<std::string_view, Profile>> profiles();

/// Errors first. `rule` as "ipaws_code"; the text is "cap.ipaws_code".
std::vector<LintFinding> profile_findings(Profile profile, const Alert& alert);

/// IPAWS Profile v1.0 (OASIS, "CAP v1.2 USA IPAWS Profile v1.0") with the texts of WEA and the channels that it can
/// block.
std::vector<LintFinding> ipaws_findings(const Alert& alert);
/// Google Public Alerts (google/cap-library, GoogleProfile).
std::vector<LintFinding> google_findings(const Alert& alert);

/// GSM 7-bit default alphabet and its extension (3GPP TS 23.038 §6.2.1): septets; nothing: a character is not in it.
std::optional<std::size_t> gsm7_septets(std::string_view text);

}  // namespace broadcaster::alert::cap
