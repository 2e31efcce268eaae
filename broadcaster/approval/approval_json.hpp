// Signatures and releases as JSON: what the plan file and the journal hold.
//
//   signature: {"person", "key", "role", "at", "signature", "login"?: {"machine", "session", "terminal"}}
//     at: RFC 3339 in UTC; signature: base64
// Thread rule: plain functions.
#pragma once

#include <boost/json/fwd.hpp>
#include <span>
#include <string>

#include "broadcaster/approval/release.hpp"

namespace broadcaster::approval {

boost::json::value to_json(const Signature& signature);
/// Mistakes go to `errors`, each with `file` and its path; the signature is worth nothing then.
Signature signature_from_json(const boost::json::value& value, const std::string& path, const std::string& file,
                              base::Errors& errors);

/// {"reason", "paged_at", "signature"}
boost::json::object to_json(const Glass& glass);
Glass glass_from_json(const boost::json::value& value, const std::string& path, const std::string& file,
                      base::Errors& errors);

/// [{"machine", "session", "persons"}]: who signed from one login session, as far as their signatures say so.
boost::json::array same_logins_json(std::span<const Signature> signatures);

/// {"zones", "arrival", "signature"}; arrival: null where none is said.
boost::json::object to_json(const Firing& firing);
Firing firing_from_json(const boost::json::value& value, const std::string& path, const std::string& file,
                        base::Errors& errors);

/// The whole of a StoredRelease, each text byte for byte.
std::string to_json(const StoredRelease& stored);
/// Errors: bad_input with the path of the value. What it says is believed only after reopen().
base::Result<StoredRelease> stored_release_from_json(const std::string& text, const std::string& file);

}  // namespace broadcaster::approval
