// The record: what was decided, sent and answered, as a chain that shows any later change.
//
// One entry a transaction: canonical JSON {"at", "kind", "seq", …}; hash = SHA-256(hash of the entry before ‖ entry),
// the first one after 32 zero bytes. Kinds and their own keys:
//   opened    {"format", "mode"}                        the state folder was made
//   code      {"code"}                                  a public code was given out
//   released  {"accepted"?, "alert", "authority", "by", "code", "confirmation"?, "false_alarm", "filling",
//   "fired"?, "glass"?, "identifier", "people", "plan",
//              "released_at", "signatures", "stops"?}   people, plan: SHA-256; signatures: [[person, key, role]];
//              glass: who released alone, why, and since when the others were paged;
//              fired: the SHA-256 of the prepared alert, its slots, and who fired it; signatures are over that then
//              accepted: the rules that the plan breaks, as its approvers accepted them
//   expanded  {"alert", "complete", "rows": [[delivery, route, recipient, language, zone]]}
//   recovered {"alert", "deliveries": [delivery]}       SENT when the process ended, now unknown
//   commit    {"changes": […]}; times are milliseconds since 1970:
//     ["sent" | "sent_overtaken", delivery, n, endpoint, at]
//     ["settled" | "overtaken", delivery, n, state, outcome, why, reference, at]
//     ["moved" | "move_overtaken", delivery, from, to, why, at]
//     ["proof", delivery, from, to, endpoint, proof, kind, detail, at]     from = to: it changed nothing
//     ["orphan", reference, endpoint, proof, kind, detail, at]             no attempt has this reference yet
//     ["stopped", alert, why, at]
//   swept     {"alert", "deliveries", "to", "why"}
//   checkpoint {"head", "key", "signature", "through"}  checkpoint.hpp
//   erasing   {"alert", "numbers"}, erased {"alert"}    erase.cpp
//   value     {"key", "sha256"}                         a channel's own small value
// and the kinds of note(): {"note": …}.
//
// A phone number stands here only as the first 16 bytes of HMAC-SHA-256 under a key of its alert, in hex (RFC 2104 §5
// allows half); the keys are outside the chain, so people can be erased and the chain still verifies. Digits in what
// far sides say are masked for the same reason. Other recipients (siren ids, languages) stand as they are.
// Thread rule: plain functions.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "broadcaster/base/digest.hpp"
#include "broadcaster/base/time.hpp"

namespace broadcaster::journal {

/// Adds seq, at and kind, and gives the bytes that are hashed.
std::string record_entry(boost::json::object body, std::int64_t seq, base::WallTime at, std::string_view kind);
base::Digest next_hash(const base::Digest& before, std::string_view entry);

/// As recipients stand in the record and in reports.
std::string shown_recipient(const base::Bytes& alert_key, const std::string& recipient);

/// Valid UTF-8 in NFC, at most `max_bytes`: what a far side says may be anything.
std::string clean_text(std::string_view text, std::size_t max_bytes = 1000);
/// clean_text() with every group of seven or more digits (spaces, dots and dashes between them count as part) written
/// as "[number]": an operator's answer likes to repeat the phone's. A date (2026-11-24) at the group's beginning stays:
/// when a siren sounded is evidence.
std::string masked_text(std::string_view text, std::size_t max_bytes = 1000);

}  // namespace broadcaster::journal
