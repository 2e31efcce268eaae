// A prepared alert (R40): what one person may send alone, signed by a quorum in daylight.
//
// A form is a plan with slots: which of its zones, when the hazard arrives, when it is issued. Every text was rendered,
// linted and measured with the shortest and the longest filling when the form was made. Firing fills the slots by
// concatenation (fill_form.hpp) and yields a plan like any other; its bytes are a function of form and slots.
//   texts of one zone (SMS, sirens)   stand in plan.messages; those of the zones that are fired are taken
//   texts of several zones (accounts) stand in `order` by how many zones they name, because languages count
// Audiences are bound by name with a tolerance, not by digest: lists change in 180 days (form_lists.hpp). A form is a
// file that a hand may have edited before it was signed: form_faults.hpp says what it may not hold, and the page that
// is signed shows every text in it (form_preview.hpp). Thread rule: plain values.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/plan/form_names.hpp"
#include "broadcaster/plan/plan.hpp"

namespace broadcaster::plan {

/// No form is for longer: people, places and words change.
constexpr std::chrono::days longest_preparation{180};
/// A time is said without its day, so nothing of a prepared alert is further away.
constexpr std::chrono::hours longest_prepared_life{12};
constexpr std::chrono::minutes shortest_prepared_life{10}, earliest_prepared_arrival{1};
constexpr int usual_tolerance_percent = 10, most_tolerance_percent = 50;

/// From the time of issue.
struct ArrivalRange {
  std::chrono::seconds earliest{0};
  std::chrono::seconds latest{0};
  bool operator==(const ArrivalRange&) const = default;
};

/// Who may fire it, with the keys that they had when it was made: a key or a person added since fires nothing.
struct Firer {
  std::string person;             ///< id in people.yaml
  std::vector<std::string> keys;  ///< key ids
  /// For which they were named, as people.yaml spells them; who has none of them left fires nothing. Empty: by name.
  std::vector<std::string> roles = {};
  bool operator==(const Firer&) const = default;
};

/// A file of the configuration that the form was made from, by digest.
inline constexpr std::string_view basis_parts[] = {"agency", "policy", "shelters", "sirens", "templates", "zones"};
struct BasisPart {
  std::string what;
  std::string digest;  ///< SHA-256, hex; empty: there is no such file
  bool operator==(const BasisPart&) const = default;
};

/// An endpoint of the form's mode, used or not, with everything that decides what is said over it and to whom
/// (form_basis.hpp): one that is not here is new, and says nothing.
struct BoundEndpoint {
  EndpointName name;
  std::string digest;  ///< SHA-256, hex
  bool operator==(const BoundEndpoint&) const = default;
};

/// People of one audience who stand in exactly these of the form's zones, so that every choice of zones can be counted.
struct ListedPeople {
  std::string audience;
  Standing standing;
  bool operator==(const ListedPeople&) const = default;
};

/// CAP's own texts in one language.
struct InfoTexts {
  alert::Language language;
  Pieces event, headline, description, instruction;
  bool operator==(const InfoTexts&) const = default;
};

/// What is said where a text speaks to several zones, by how many they are.
struct Naming {
  int zones = 0;
  std::vector<InfoTexts> infos;   ///< of the alert itself
  std::vector<Message> messages;  ///< of accounts that serve so many of the zones
  std::vector<Blocked> blocked;
  bool operator==(const Naming&) const = default;
};

/// The zones of the form that an account speaks to.
struct Service {
  EndpointName endpoint;
  std::vector<alert::ZoneId> zones;  ///< in the form's order; never empty
  bool operator==(const Service&) const = default;
};

/// A zone that hears the sirens of others. Where these sound and it is not alerted itself, the false alarm should reach
/// it, too (hearing.hpp). A prepared one does not: its texts are of the zones that are fired. So people sign whom it
/// leaves out.
struct Untold {
  alert::ZoneId zone;
  std::vector<alert::ZoneId> sirens_of;  ///< of the form's zones
  std::vector<Blocked> gaps;             ///< over what its people would have been told
  bool operator==(const Untold&) const = default;
};

struct Form {
  static constexpr int current_format = 2;

  int format = current_format;
  /// All allowed zones, the messages of one zone alone, the endpoints, the audiences as they were. With its false
  /// alarm. Its own times say when the form was made; never released.
  Plan plan;
  std::vector<Naming> order, false_alarm;  ///< [0] names one zone
  std::vector<ZoneList> lists;
  std::vector<Service> accounts;
  std::vector<Untold> untold;
  base::WallTime last;                  ///< fired until then, and not after
  std::chrono::seconds lasts{0};        ///< the life of an alert that is fired
  std::optional<ArrivalRange> arrival;  ///< nothing: nobody says when it arrives
  int tolerance_percent = usual_tolerance_percent;
  std::vector<ListedPeople> people;
  std::vector<Firer> may_fire;
  std::vector<BasisPart> basis;
  std::vector<BoundEndpoint> endpoints;
};

/// The bytes that are signed. No plan has them, so that a signature over one is worth nothing for the other.
std::string canonical(const Form& form);
/// Errors: as parse_plan(); refused for an older format, too: it does not say what this program must know.
base::Result<Form> parse_form(const std::string& canonical_json, const std::string& file);

}  // namespace broadcaster::plan
