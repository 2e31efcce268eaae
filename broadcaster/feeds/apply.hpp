// What a decision makes of what is known. Thread rule: pure functions.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "broadcaster/feeds/decide.hpp"

namespace broadcaster::feeds {

/// The matter as it is after the decision, not in `known` yet; nothing where the decision concerns no person. `written`
/// is still that of the draft before.
std::optional<Matter> matter_after(const Decision& decision, const Bulletin& bulletin, const Feed& feed,
                                   const Known& known, const Context& context);
std::optional<Matter> matter_after(const EntryDecision& decision, const Entry& entry, const Feed& feed,
                                   const Context& context);

/// When it ends by itself: with the last of its sources; a day after it was opened where none says when, and for a
/// question.
base::WallTime ends(const Matter& matter);

/// For the record: "draft", "joined", "changed", "over", "asked", "refused"; empty for what was known.
std::string_view word_for(const Decision& decision);
/// Why, where it says so.
std::optional<base::Text> why(const Decision& decision);

/// Remembers that the feed shows it (again); what was noted within six hours is not noted anew, so that a poll without
/// news writes nothing.
void remember(Known& known, const std::string& feed, const std::string& key, const std::string& matter,
              base::WallTime now);
/// What no feed has shown for two days goes, and of too many the oldest; what ended goes too, and is given back,
/// but for the matters `in_use`: an open alert rests on them, and their alarm tells people that they have ended.
std::vector<Matter> forget(Known& known, base::WallTime now, const std::set<std::string>& in_use = {});

}  // namespace broadcaster::feeds
