// What a decision makes of what is known. Thread rule: pure functions.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "broadcaster/feeds/decide.hpp"

namespace broadcaster::feeds {

/// The matters as they are after the decision, not in `known` yet; none where the decision concerns no person.
/// `written` is still that of the draft before.
std::vector<Matter> matters_after(const Decision& decision, const Bulletin& bulletin, const Feed& feed,
                                  const Known& known, const Context& context);
std::optional<Matter> matter_after(const EntryDecision& decision, const Entry& entry, const Feed& feed,
                                   const Known& known, const Context& context);

/// When it ends by itself: with the last of its sources; a day after it was opened where none says when; a question, a
/// day after the last that was asked.
base::WallTime ends(const Matter& matter);

/// For the record: "draft", "joined", "changed", "outdated", "over", "asked", "refused"; empty for what was known.
std::string_view word_for(const Decision& decision);
/// Why, where it says so.
std::optional<base::Text> why(const Decision& decision);

/// Remembers that the feed shows it (again); what was noted within six hours is not noted anew, so that a poll without
/// news writes nothing. `content`: content_of() of a bulletin.
void remember(Known& known, const std::string& feed, const std::string& key, const std::string& matter,
              base::WallTime now, const std::string& content = {});
/// The entry's document was read: when, for one that does not say when it changes.
void remember_read(Known& known, const std::string& feed, const Entry& entry, base::WallTime now);
/// Remembers what a Cancel or an Update says of others, whatever became of it itself.
void foretell(Known& known, const Bulletin& bulletin, const Feed& feed, const Context& context);
/// What no feed has shown for two days goes, and of too many the oldest; what ended goes too, and is given back,
/// but for the matters `in_use`: an open alert rests on them, and their alarm tells people that they have ended.
std::vector<Matter> forget(Known& known, base::WallTime now, const std::set<std::string>& in_use = {});

}  // namespace broadcaster::feeds
