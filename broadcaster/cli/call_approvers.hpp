// A signed plan waits for people: whoever makes it calls them with the same command. Thread rule: one thread; blocking.
#pragma once

#include <boost/json/object.hpp>
#include <optional>

#include "broadcaster/approval/release.hpp"
#include "broadcaster/cli/context.hpp"

namespace broadcaster::cli {

/// Who is called about a plan that was just signed, before anybody is asked.
enum class WhoCalls {
  nobody,       ///< nobody is on duty here: `check` and `status` say so
  on_request,   ///< a drill that would wake people over a file that is also for the real thing
  no_way,       ///< duty.yaml has no way of this mode
  needs_serve,  ///< no process runs that would go on calling
  the_owner,
};
enum class Owner { runs, does_not_run };
WhoCalls who_calls(const std::optional<service::Duty>& duty, alert::Mode mode, Owner owner);

/// What came of it, to be told after the plan.
struct CalledApprovers {
  std::vector<base::Text> said;             ///< empty: nothing to tell
  std::optional<boost::json::object> page;  ///< {"page", "opened"}
};
/// Everybody who may approve this plan, or release it alone, is called at once; the time of break-glass begins. Never
/// fails: a plan is a plan, called or not, and what keeps people from being called is said.
CalledApprovers call_approvers(const Context& context, const service::Config& config, const approval::SignedPlan& plan,
                               const std::string& file);

}  // namespace broadcaster::cli
