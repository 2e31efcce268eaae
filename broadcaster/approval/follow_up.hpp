// May this update take the place of that alert? An update says that the danger is still real, with other words, times
// or zones; it is a plan of its own that a whole quorum has signed, narrowing ones too.
//
// Nobody whom the alert told to leave may be left without a word: a zone that an update no longer names would take its
// silence for safety. It stays in the update, or gets an all-clear. Pure. Thread rule: plain functions.
#pragma once

#include <optional>

#include "broadcaster/plan/plan.hpp"

namespace broadcaster::approval {

/// What the update must refer to, and what it must still speak to.
struct Replaced {
  const plan::Plan& plan;        ///< as it went out
  const plan::Filling& filling;  ///< its identifier and time of issue
};

/// CAP 1.2 §3.2.1 `references` of a follow-up: sender, identifier and sent of the alert, letter for letter.
alert::Reference reference_to(const Replaced& original);

/// Why not; nothing: it may.
std::optional<base::Text> update_refusal(const plan::Plan& update, const Replaced& original);

}  // namespace broadcaster::approval
