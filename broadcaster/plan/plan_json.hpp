// The plan as JSON: its two directions. What is signed comes out of canonical() in plan.hpp; this is the part below it.
// Thread rule: plain functions.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "broadcaster/plan/plan.hpp"

namespace broadcaster::plan {

boost::json::value to_json(const Plan& plan);

/// Whether a false-alarm plan may stand inside: in a plan yes, in a false-alarm plan no.
enum class Nesting { may_hold_false_alarm, is_false_alarm };
/// Mistakes go to `errors`, each with `file` and its path; the plan is worth nothing then.
Plan plan_from_json(const boost::json::value& value, const std::string& path, Nesting nesting, const std::string& file,
                    base::Errors& errors);

// The parts that a prepared alert has beside its plan.
boost::json::value to_json(const Pieces& pieces);
boost::json::value to_json(const Message& message);
boost::json::value to_json(const Blocked& blocked);
Pieces pieces_from_json(const boost::json::value& value, const std::string& path, const std::string& file,
                        base::Errors& errors);
Message message_from_json(const boost::json::value& value, const std::string& path, const std::string& file,
                          base::Errors& errors);
Blocked blocked_from_json(const boost::json::value& value, const std::string& path, const std::string& file,
                          base::Errors& errors);

}  // namespace broadcaster::plan
