// One person alone releases (R39): what must hold, what must be typed, and the signature. Thread rule: one thread.
#pragma once

#include <boost/json/object.hpp>

#include "broadcaster/approval/break_glass.hpp"
#include "broadcaster/cli/commands.hpp"

namespace broadcaster::cli {

struct OpenPage {
  std::string name;  ///< "P12"
  base::WallTime opened;
};
/// As the owner has it: a page that this machine's own clock invents would prove nothing. nullopt: none is open.
base::Checked<std::optional<OpenPage>> open_page(const Context& context, alert::Mode mode, const std::string& key);

/// `given`, or what the person types.
base::Result<std::string> glass_reason(const Context& context, const std::string& given);

/// Asks the owner since when the approvers are paged, says everything that speaks against it, asks for mode, hazard,
/// number of zones, the plan's warnings by name, and a reason; signs. What comes back goes to the owner with the plan.
/// Errors: refused, with every condition that is not met; usage without a key.
base::Checked<boost::json::object> break_the_glass(const Context& context, const approval::SignedPlan& plan,
                                                   const approval::People& people, const Send& options);

}  // namespace broadcaster::cli
