// A restored state becomes the one that sends (R63). What the machine before may have sent since the copy is unknown
// here, and is treated as such: asked about, sent again or held for a person, as its endpoint says; never blindly.
//
// Three things keep the old machine, which may still run, from sending on: the fence that both see (fence.hpp), the
// sirens, which refuse every command below the new machine's first (its counters begin an epoch higher), and a person,
// who switches it off or changes the gateways' credentials.
// Also a state that was taken over takes back in this way, and an empty one, where another is lost for good.
// Thread rule: plain; blocking; before an owner starts.
#pragma once

#include "broadcaster/service/fence.hpp"
#include "broadcaster/service/standing.hpp"

namespace broadcaster::service {

/// Errors: refused for a state that is its machine's own and in use: there is nothing to take over.
base::Result<void> may_take_over(journal::SqliteStore& store, const Standing& standing);

/// How long the place has to answer before it counts as gone: a start with people waiting waits no longer.
inline constexpr std::chrono::seconds fence_patience{2};

/// An epoch that is this machine's, and what is known of the machine before.
struct FencedOff {
  std::int64_t epoch = 0;
  enum class Before {
    left,    ///< it has said so, and sends nothing more
    silent,  ///< it has not answered: off, cut off, or still sending
    unseen,  ///< nobody has stood at this fence, or there is none
  } before = Before::unseen;
  std::optional<LastWord> word;  ///< with `left`
};

/// Says at the fence that this machine owns the state from now on, and waits for the word of the one before. A
/// take-over that broke off goes on with what it has claimed. `claim`: new and random. Errors: refused when another
/// machine claims the same epoch in this moment; unavailable when the place cannot be read or written.
base::Result<FencedOff> fence_off(const Fence& fence, journal::SqliteStore& store, const Standing& standing,
                                  const std::string& claim, base::WallTime now, base::milliseconds patience);
/// The same where no place is shared: the next epoch.
base::Result<FencedOff> fence_off(journal::SqliteStore& store, const Standing& standing, const std::string& claim);

struct TakenOver {
  struct Alert {
    std::string identifier, code;
    enum class Life { goes_on, stopped } life = Life::goes_on;
  };
  std::vector<Alert> alerts;         ///< open here
  std::int64_t unknown = 0;          ///< deliveries that the old machine may have sent
  std::vector<std::string> missing;  ///< open there, and released after the copy: identifiers
};

/// Makes every open delivery of every open alert unknown, stops what was stopped there, leaves a gap in the public
/// codes, and lifts the mark of the restore. `how`: how the old machine was made sure of, for the record. May be
/// repeated after a failure. Errors: refused or unavailable when an audience of an open alert is missing: who is on it
/// could be told twice.
base::Result<TakenOver> take_over(journal::SqliteStore& store, const FencedOff& fenced, const std::string& how,
                                  const std::string& by, base::WallTime now);

/// What a machine that gives way leaves to know. Errors: unavailable.
base::Result<LastWord> last_word(journal::SqliteStore& store, const std::string& machine, base::WallTime now);

}  // namespace broadcaster::service
