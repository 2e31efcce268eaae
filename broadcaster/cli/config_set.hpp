// The signed set as the commands see it: what the live owner has accepted, and what lies in the folder.
//
// The owner answers for the state of --mode live; where none runs, this process looks itself. Thread rule: one thread.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <vector>

#include "broadcaster/approval/set_standing.hpp"
#include "broadcaster/cli/context.hpp"

namespace broadcaster::cli {

struct KnownSet {
  boost::json::object standing;  ///< service/set_guard.hpp
  std::optional<approval::SignedSet> accepted;
};

/// Behind a look of now: a set that is complete is accepted by it.
base::Checked<KnownSet> ask_for_set(const Context& context);

/// By the files alone, for those who only prepare: which set the live state has accepted is not asked.
approval::SetStanding standing_of_files(const Context& context, const approval::SetTexts& texts);

/// to-sign.json, where it goes on from `accepted` and is of these texts; else nullopt, as where there is none.
std::optional<approval::SignedSet> set_that_waits(const Context& context,
                                                  const std::optional<approval::SignedSet>& accepted,
                                                  const approval::SetTexts& texts);

/// In force: number, date, digest, signers. Else that live alerts are refused, and why.
std::vector<std::string> set_lines(const Context& context, const boost::json::object& standing);

/// Why nothing live is released.
base::Errors refusals_of(const boost::json::object& standing);

/// Live: before anybody types words or a passphrase for what could not be released. A drill goes by no signed set.
/// Errors: refusals_of().
base::Checked<void> rules_are_signed(const Context& context, alert::Mode mode);

/// By the files alone, to `prepare` and `plan`: that a live alert could not be released, and why.
void say_unsigned_rules(const Context& context, alert::Mode mode, const approval::SetTexts& texts);

/// Who has signed it so far, who of them from one login session, and whose signature does not count.
std::vector<base::Text> signer_lines(const approval::SetSigners& signers);

/// Against the set that is in force; of the first one its people.
std::vector<base::Text> set_in_words(const std::optional<approval::SignedSet>& accepted,
                                     const approval::SetTexts& texts);

/// Prints it, and gives 0 where live alerts can be released, else 6.
int show_standing(const Context& context, const boost::json::object& standing);

}  // namespace broadcaster::cli
