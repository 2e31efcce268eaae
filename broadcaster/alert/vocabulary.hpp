// The words of CAP 1.2 as types, and what a status may do (one table).
//
// Thread rule: plain values.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "broadcaster/base/strong.hpp"

namespace broadcaster::alert {

using ZoneId = base::Strong<struct ZoneIdTag>;
/// BCP 47, as "id" or "en".
using Language = base::Strong<struct LanguageTag>;

/// CAP 1.2 §3.2.1
enum class Status { actual, exercise, system, test, draft };
enum class MessageType { alert, update, cancel, ack, error };
enum class Scope { public_, restricted, private_ };
/// CAP 1.2 §3.2.2
enum class Category { geo, met, safety, security, rescue, fire, health, env, transport, infra, cbrne, other };
enum class ResponseType { shelter, evacuate, prepare, execute, avoid, monitor, assess, all_clear, none };
enum class Urgency { immediate, expected, future, past, unknown };
enum class Severity { extreme, severe, moderate, minor, unknown };
enum class Certainty { observed, likely, possible, unlikely, unknown };

/// Ours: what an all-clear tells one zone. There is no third answer.
enum class Ending { may_return, not_yet };

/// Live reaches the public; drill reaches drill endpoints only.
enum class Mode { live, drill };

/// Whom a status may reach. Draft is planned and never released.
enum class Reach { public_live, drill, staff_and_devices, nobody };
/// Whether a text must carry the drill mark, or must not.
enum class Mark { required, forbidden };

struct StatusRule {
  Status status;
  Mode mode;
  Reach reach;
  Mark mark;
};

/// The one table: Actual is live; Exercise and Test are drill; System goes to staff and devices; Draft to nobody.
std::span<const StatusRule> status_rules();
const StatusRule& rule_of(Status status);

// Spelling as in CAP ("Actual", "AllClear"), the same in files, JSON and XML. Names of modes are "live" and "drill".
std::string_view name(Status);
std::string_view name(MessageType);
std::string_view name(Scope);
std::string_view name(Category);
std::string_view name(ResponseType);
std::string_view name(Urgency);
std::string_view name(Severity);
std::string_view name(Certainty);
std::string_view name(Mode);
std::string_view name(Ending);  ///< "may_return", "not_yet"

/// Name to value, in CAP's order: `choices<Status>()` suits base::Fields::choice.
template <class E>
std::span<const std::pair<std::string_view, E>> choices();

}  // namespace broadcaster::alert
