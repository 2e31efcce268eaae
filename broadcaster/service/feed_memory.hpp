// What is known of the feeds, as the journal keeps it: a value for what each feed has shown, one for each matter, and
// the list of matters. The list is written last: a matter that is not in it is not known, and its bulletin comes again.
// Thread rule: load() on the store's thread; the rest is pure, for a worker.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "broadcaster/feeds/known.hpp"
#include "broadcaster/journal/store.hpp"

namespace broadcaster::service {

/// Keys and values in the order in which they are written.
using Values = std::vector<std::pair<std::string, std::string>>;

/// What must be written for `after` to be known where `before` is. A matter that ended is emptied.
Values changed_values(const feeds::Known& before, const feeds::Known& after);

/// What cannot be read is left out, and said: `unreadable` counts.
struct LoadedFeeds {
  feeds::Known known;
  std::int64_t unreadable = 0;
};
/// `names`: of the feeds that are configured. Errors: a journal that fails.
base::Result<LoadedFeeds> load_feeds(journal::SqliteStore& store, const std::vector<std::string>& names);

}  // namespace broadcaster::service
