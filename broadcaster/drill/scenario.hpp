// A scenario file: which alert, who acts, what breaks and when, and what must hold at the end.
//
// See config/drills/tsunami-coast.yaml and nobody-answers.yaml for all keys. Times of faults count from the release.
// Thread rule: plain values.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/base/error.hpp"
#include "broadcaster/base/time.hpp"
#include "broadcaster/delivery/state.hpp"

namespace broadcaster::drill {

enum class FaultKind { stop_gateway, start_gateway, stop_broker, start_broker, kill_broadcaster, start_broadcaster };

struct ScenarioFault {
  base::milliseconds at{0};
  FaultKind kind = FaultKind::stop_gateway;
};

/// What the operator does with a number's messages.
struct PhoneScript {
  std::string prefix;
  std::string fate;
};

/// What the author answers at the questions of `broadcaster new`.
struct ScriptedNew {
  std::string hazard;
  std::vector<std::string> answers;
};

/// Nobody answers: one of the approvers releases alone (`alone:`).
struct ScriptedAlone {
  std::string by;  ///< one of the approvers
  std::string reason;
  std::chrono::seconds after{3};  ///< the wait of policy.yaml, shortened for the drill
};

/// What the author answers at the questions of `broadcaster all-clear` (`all_clear:`).
struct ScriptedAllClear {
  std::vector<std::string> answers;
};

/// One line of `expect`: exactly one of these is asked.
struct Expectation {
  enum class Kind {
    first_proven_within,        ///< endpoint, milliseconds
    proven_at_least,            ///< endpoint, number
    accepted_at_least,          ///< endpoint, number; proven ones count
    accepted_percent,           ///< endpoint, percent of planned; proven ones count
    siren_is,                   ///< siren, state
    siren_is_not,               ///< siren, state
    zones_below_floor_at_most,  ///< number
    duplicates_at_most,         ///< texts that a phone got more than once
    counted_all,                ///< planned = sum of states, everywhere
    record_whole,
    connections_out,  ///< number; not asked where the machine cannot count
    authority_is,     ///< subject: quorum, break_glass
    ended_by,         ///< subject: how the order ended: all_clear
    called_at_least,  ///< number of people whose phone got a page
  } kind = Kind::counted_all;
  enum class Of { order, all_clear } of = Of::order;  ///< `of: all_clear`: of the alert that ended it
  std::string name;
  std::string subject;  ///< endpoint, siren, or the word that is expected
  std::int64_t number = 0;
  delivery::State state = delivery::State::confirmed;
  base::Place place;
};

struct Scenario {
  std::filesystem::path file;
  std::map<std::string, std::string> names;   ///< by language
  std::filesystem::path alert;                ///< a file that stands ready; empty: `interview` makes it
  std::optional<ScriptedNew> interview;       ///< `new:` in the file; exactly one of the two
  base::milliseconds observe{0};              ///< from each release
  std::optional<ScriptedAlone> alone;         ///< nullopt: the approvers sign
  std::optional<ScriptedAllClear> all_clear;  ///< nullopt: the drill ends with the order
  std::string author;
  std::vector<std::string> approvers;
  std::vector<std::string> sirens_down;
  std::vector<std::string> sirens_mute;
  std::vector<PhoneScript> phones;
  std::vector<ScenarioFault> faults;  ///< in order of time
  std::vector<Expectation> expectations;
};

base::Checked<Scenario> read_scenario(const std::filesystem::path& file);
base::Checked<Scenario> parse_scenario(const std::string& text, const std::filesystem::path& file);

}  // namespace broadcaster::drill
