// Whether a plan's own bytes are what may go out: the last reader before a release trusts no earlier one.
//
// `plan` has looked at all this when it rendered; but a plan is a file, made perhaps by another version or another
// hand, and a signature says only that nobody changed it since. What is looked at, in the plan and in the false-alarm
// plan inside it:
//   the mark     a text begins with the drill mark exactly when its status says so (alert::StatusRule, alert/mark.hpp)
//   the document a message that is the alert itself says its status and type, and goes where documents go; nothing
//                else goes there (plan/document.hpp)
//   the text     nothing in it is left for firing a prepared alert to fill; it is not empty, and it fits the length
//                that was signed, counted here anew in the endpoint's unit
//   the target   every message's endpoint is listed; every listed destination is of the plan's mode, and its
//                fingerprint is the digest of what people read
//   the calming  the false-alarm plan reaches the same endpoints, audiences and zones, and beside these only zones in
//                hearing of the sirens (which these are is the map's to say, and the approvers' to read); no other
//                siren
//   the ending   an all-clear is what alert/all_clear.hpp asks for, and holds no prepared plan; nothing else tells
//                people to return
// A siren's programme is a name: what it sounds like, and for which mode, only the siren knows, and refuses.
// Thread rule: plain functions.
#pragma once

#include <vector>

#include "broadcaster/plan/plan.hpp"

namespace broadcaster::approval {

/// One text a fault, with the message it is about; empty: it is sound.
std::vector<base::Text> faults(const plan::Plan& plan);

}  // namespace broadcaster::approval
