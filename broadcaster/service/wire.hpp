// What goes over the control socket: one JSON object a line, both ways.
//
//   → {"v":1,"op":"status","alert":"TP12"}           ← {"ok":true,…}
//                                                    ← {"ok":false,"error":{"kind":"refused","text":{"id":…,"args":…}}}
// Errors travel as catalogue keys, so that the asking command says them in its own language. Operations:
//   hello                                   mode, pid, folder, ready (no way out says that its link is down)
//   submit   plan (text of a plan file), by, glass? (one person alone: approval_json.hpp)
//                                               → alert, identifier, code, how: released | joined
//   fire     form (text of a prepared alert's file), firing (approval_json.hpp), by
//                                               → as submit
//   false_alarm  alert, signatures | glass (one canceller alone), by   → alert, identifier, code
//                                               a refusal for want of a second canceller has called the others
//   status   alert? (identifier or code)        → the status document (status_json.hpp)
//   watch    alert                              → status documents until settled, then {"ok":true,"settled":true}
//   halt     alert, by, reason                  → when the stop is on disk
//   deliveries  alert, after, limit             → lines for reports
//   to_end   alert                              → what its all-clear must end and reach (all_clear.hpp)
//   verify   heads?, keys?                      → the record's check
//   record_key                                  → key, since, head
//   export   alert, folder, language, time_zone, time_zone_name, numbers, why, files {name: text}
//                                               → the folder was written
//   erase    before, trial                      → alerts [{identifier, code, ended, deliveries, erased_at, open}],
//                                                 numbers, snapshots; trial: nothing was erased
//   note     kind, entry                        → an entry of the record
//   feeds                                       → feed_desk.hpp
//   feed_dismiss  id, by, reason                → a draft or question of a feed is settled without it
//   pages                                       → paging/pages.hpp
//   page_approvers  plan (text of a plan file)  → page, opened
//   page_ack page, by                           → when it is on disk
//   signed_set  text?                           → set_guard.hpp; with text: the accepted set as signed.json has it
//   backup   folder                             → {"done":false,"percent"} now and then, then {"done":true}
//   quit                                        → a clean end
// Thread rule: plain functions.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "broadcaster/base/error.hpp"
#include "broadcaster/journal/verify.hpp"

namespace broadcaster::service {

inline constexpr int wire_version = 1;

boost::json::value to_json(const base::Text& text);
base::Text text_from_json(const boost::json::value& value);
boost::json::value to_json(const base::Error& error);
base::Error error_from_json(const boost::json::value& value);

/// {"entries", "head": {"seq", "hash"}, "whole", "signed"?: {"through", "at", "key", "keys"}, "first_bad"?, "reason"?}
boost::json::object to_json(const journal::VerifyReport& report);

/// A line that came in. Errors: usage, for what is no JSON object.
base::Result<boost::json::object> parse_request(const std::string& line);
/// {"ok":true} and what else `result` holds.
std::string good(boost::json::object result = {});
std::string bad(const base::Error& error);
/// An answer taken apart. Errors: what the other side said, or unavailable for what is no answer.
base::Result<boost::json::object> parse_answer(const std::string& line);

}  // namespace broadcaster::service
