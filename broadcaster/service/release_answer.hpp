// What requests that release have in common: the alert's identifier, what was released before, and the answer.
// Thread rule: plain functions; release_of() on the store's thread.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "broadcaster/journal/store.hpp"

namespace broadcaster::service {

/// "TP12-20261124T021500Z": unique for the sender, without the characters that CAP forbids.
std::string identifier_of(const std::string& code, base::WallTime now);

using MaybeAlert = base::Result<std::optional<journal::StoredAlert>>;

/// The alert, or its false alarm, that was released from this plan (SHA-256, hex). Errors: those of the store.
MaybeAlert release_of(journal::SqliteStore& store, const std::string& digest, journal::SqliteStore::ReleaseOf what);

/// {"alert", "id", "code", "how"}
boost::json::object stored_answer(const journal::StoredAlert& alert, journal::Inserted::How how);

}  // namespace broadcaster::service
