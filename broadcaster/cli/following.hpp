// The last steps of every command that releases: the typed words, the request to the owner, and its screen until
// nothing more can be done. Thread rule: main thread; blocking.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "broadcaster/cli/context.hpp"
#include "broadcaster/plan/plan.hpp"

namespace broadcaster::cli {

/// Mode, hazard and number of zones: `given`, or asked for. Errors: refused for other words.
base::Result<void> confirm_release(const Context& context, const plan::Plan& plan, const std::string& given);

enum class Wait { until_settled, no };
/// `request` is submit or fire. Gives the exit status. `instead`: what can be done where it is refused, and so nothing
/// was sent.
int submit_and_follow(const Context& context, alert::Mode mode, boost::json::object request, Wait wait,
                      const std::optional<base::Text>& instead = std::nullopt);

}  // namespace broadcaster::cli
