// The statements whose cost decides whether a night with a million rows goes well; a test asks SQLite how it runs them.
// A condition of a partial index must stand in the statement word for word, even where another one implies it.
// Thread rule: constants.
#pragma once

namespace broadcaster::journal::statements {

/// Of a connection, before anything else; schema.cpp.
extern const char* const settings;

/// ?1 alert, ?2 route
inline constexpr const char* claim =
    "SELECT id, due, recipient, language, zone, state, attempts, endpoint, memo FROM delivery"
    " WHERE alert = ?1 AND route = ?2 AND state IN (0, 4) AND due IS NOT NULL ORDER BY due, id";

/// ?1 alert, ?2 recipient
inline constexpr const char* of_recipient =
    "SELECT state FROM delivery WHERE alert = ?1 AND route IN (SELECT n FROM route WHERE alert = ?1) AND recipient = "
    "?2";

/// ?1 alert, ?2 recipient: what was accepted of the alerts before it, the newest first
inline constexpr const char* earlier =
    "WITH RECURSIVE before(id, age) AS ("
    "SELECT follows, 1 FROM alert WHERE id = ?1 AND follows IS NOT NULL"
    " UNION ALL SELECT a.follows, b.age + 1 FROM before b JOIN alert a ON a.id = b.id WHERE a.follows IS NOT NULL)"
    " SELECT t.endpoint, t.ref FROM before b CROSS JOIN route r ON r.alert = b.id"
    " CROSS JOIN delivery d ON d.alert = b.id AND d.route = r.n AND d.recipient = ?2"
    " CROSS JOIN attempt t ON t.delivery = d.id WHERE t.outcome = 'accepted' AND t.ref <> '' ORDER BY b.age, t.n DESC";

/// ?1 alert, ?2 route, ?3 time
inline constexpr const char* due_after =
    "SELECT id, due, state, endpoint FROM delivery"
    " WHERE alert = ?1 AND route = ?2 AND state IN (0, 4) AND due IS NOT NULL AND due > ?3";

/// ?1 alert, ?2 limit
inline constexpr const char* pending =
    "SELECT id, route, endpoint FROM delivery WHERE alert = ?1 AND state = 0 AND state IN (0, 4)"
    " AND due IS NOT NULL LIMIT ?2";
inline constexpr const char* pending_held =
    "SELECT id, route, endpoint FROM delivery WHERE alert = ?1 AND state = 0 AND state IN (0, 4)"
    " AND due IS NULL LIMIT ?2";

/// ?1 alert
inline constexpr const char* unknown_held =
    "SELECT id, endpoint FROM delivery WHERE alert = ?1 AND state = 4 AND state IN (0, 4) AND due IS NULL";

/// ?1 alert
inline constexpr const char* sent = "SELECT id, route, endpoint, attempts FROM delivery WHERE alert = ?1 AND state = 1";

/// ?1 alert, ?2 route: by the same index as the claim, its first row alone
inline constexpr const char* oldest_due =
    "SELECT due FROM delivery WHERE alert = ?1 AND route = ?2 AND state IN (0, 4) AND due IS NOT NULL"
    " ORDER BY due, id LIMIT 1";

/// ?1 alert, ?2 route, ?3 after, ?4 limit: by the index of UNIQUE(alert, route, recipient)
inline constexpr const char* count_page =
    "SELECT recipient, state FROM delivery WHERE alert = ?1 AND route = ?2 AND recipient > ?3"
    " ORDER BY recipient LIMIT ?4";

/// ?1 alert. A post that was confirmed since (3) shows what was approved after all.
inline constexpr const char* differs =
    "SELECT DISTINCT d.endpoint, d.id FROM evidence e CROSS JOIN delivery d ON d.id = e.delivery"
    " WHERE e.kind = 'read_back_differs' AND d.alert = ?1 AND d.state <> 3";

/// ?1 alert, ?2 route, ?3 limit: numbers alone ('+' is before ','), by the index of UNIQUE(alert, route, recipient)
inline constexpr const char* numbers =
    "SELECT id, recipient FROM delivery WHERE alert = ?1 AND route = ?2 AND recipient >= '+' AND recipient < ','"
    " LIMIT ?3";

}  // namespace broadcaster::journal::statements
