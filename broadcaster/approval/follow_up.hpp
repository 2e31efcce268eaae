// May this update take the place of that alert? An update says that the danger is still real, with other words, times
// or zones; it is a plan of its own that a whole quorum has signed, narrowing ones too.
//
// Nobody whom the alert told to leave may be left without a word: a zone that an update no longer names would take its
// silence for safety. It stays in the update, or gets an all-clear.
//
// And may this all-clear end that alert? It names every revision, and reaches at least everybody for whom one of them
// was meant, over the same ways, and every zone in hearing of a siren that they commanded (R44): whoever ran must be
// told when he may come back, or that he must wait. Pure. Thread rule: plain functions.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "broadcaster/plan/plan.hpp"

namespace broadcaster::approval {

/// What the update must refer to, and what it must still speak to.
struct Replaced {
  const plan::Plan& plan;        ///< as it went out
  const plan::Filling& filling;  ///< its identifier and time of issue
};

/// CAP 1.2 §3.2.1: sender, identifier and sent of the alert, letter for letter.
alert::Reference reference_to(const Replaced& original);
/// The `references` of a follow-up: what the alert itself refers to, and the alert. Whoever has missed an update still
/// holds the one before it for valid.
std::vector<alert::Reference> references_after(const Replaced& original);

/// Why not; nothing: it may.
std::optional<base::Text> update_refusal(const plan::Plan& update, const Replaced& original);

/// What an all-clear must end, and whom it must reach besides.
struct WhatEnds {
  /// Oldest first. An earlier all-clear that made zones wait is one of them.
  std::span<const Replaced> revisions;
  std::span<const alert::ZoneId> in_hearing;  ///< of a siren that one of them commanded
};

/// Why not, with the name of what it leaves out; nothing: it may.
std::optional<base::Text> all_clear_refusal(const plan::Plan& all_clear, const WhatEnds& of);

}  // namespace broadcaster::approval
