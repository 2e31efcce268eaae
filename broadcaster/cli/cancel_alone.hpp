// A false alarm by one canceller alone, although a second is needed (R38). Thread rule: one thread; blocking.
#pragma once

#include <boost/json/object.hpp>

#include "broadcaster/approval/key_file.hpp"
#include "broadcaster/approval/release.hpp"
#include "broadcaster/cli/commands.hpp"

namespace broadcaster::cli {

/// The alert that is taken back, as it was released.
struct TakenBackAlert {
  const approval::SignedPlan& plan;
  const std::string& code;
  const std::string& key_words;  ///< what people will read first: "NO TSUNAMI"
};

/// Asks for mode, key words and number of zones, and for the reason; signs with the one key that is given. What comes
/// back goes to the owner, who judges it. Errors: refused without a page of the others; usage for more than one key.
base::Checked<boost::json::object> cancel_alone(const Context& context, const TakenBackAlert& alert,
                                                const std::vector<approval::UnlockedKey>& keys, const Cancel& options);

/// After a refusal for want of a second canceller: who is called, and from when one may do it alone.
void say_who_is_called(const Context& context, const approval::SignedPlan& plan);

}  // namespace broadcaster::cli
