// What a drill found: as JSON for programs, as lines for the screen, as one self-contained HTML page for a mayor.
//
// Pure: everything stands in Report. Thread rule: plain values.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "broadcaster/drill/score.hpp"

namespace broadcaster::drill {

/// Something that the product would not do, tried on purpose.
struct Refusal {
  base::Text tried;
  std::string said;  ///< as the person saw it
  int status = 0;    ///< exit status
  bool refused = false;
};

struct Happened {
  std::int64_t at_ms = 0;  ///< from the release
  base::Text what;
};

struct Report {
  std::string title;
  std::string agency;
  std::string language = "en";
  std::string started;         ///< RFC 3339, UTC
  std::string released_local;  ///< as the agency's people read it: "2026-11-24 02.15.40 WIB"
  std::string preview;         ///< the plan as people read it
  std::vector<Refusal> refusals;
  std::vector<Happened> faults;
  Facts facts;
  std::vector<Verdict> verdicts;
  std::int64_t blank_to_approved_ms = 0;  ///< machine time: no person thought or typed
  std::int64_t keys_typed = 0;            ///< by the author, at the questions of `new`
  std::int64_t observed_ms = 0;
  std::vector<std::string> broken_on_purpose;  ///< sirens
};

/// From the blank screen over the approved plan, and from the release to the first siren that sounded; nullopt: none
/// did. Machine time: the drill's own trials between are not in it, nor anybody's typing.
std::optional<std::int64_t> blank_to_first_siren_ms(const Report& report);
/// Which alert went out, when, signed by whom, on whose authority.
base::Text ordered(const Report& report);
bool good(const Report& report);
boost::json::object report_json(const Report& report);
std::string report_html(const Report& report);
/// The last lines on the screen.
std::vector<std::string> report_lines(const Report& report);

}  // namespace broadcaster::drill
