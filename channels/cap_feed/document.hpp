// The alert as the CAP document that other agencies read: made once, by `plan`, with holes for what a release gives.
//
// Holes: identifier, sent, and in what takes an alert back the references; everything else is literal, and signed by
// people with the plan. Valid against the standard's schema before anybody sees it. In a drill every headline and
// description begins with the drill mark, beside the status that is the document's own mark (plan/document.hpp). Of an
// all-clear each info names the zones with its own answer alone (alert/cap/outward.hpp). Thread rule: pure.
#pragma once

#include "broadcaster/plan/traits.hpp"

namespace broadcaster::channels::cap_feed {

/// Errors: refused for a scope that is not Public; what CAP's schema does not allow (alert/cap/write.hpp); what is no
/// document in the end.
base::Result<plan::Pieces> document(const plan::DocumentInput& input);

}  // namespace broadcaster::channels::cap_feed
