#include "broadcaster/service/row_count.hpp"

namespace broadcaster::service {
namespace {
/// About 4 ms of the store's time, and then everybody else's turn.
constexpr int rows_a_page = 1000;
constexpr base::milliseconds between_pages{20};
}  // namespace

/// A page, and the counters in the moment of it.
struct RowCounter::Page {
  journal::CountedRows rows;
  journal::StateCounts counters;
};

RowCounter::RowCounter(net::Loop& loop, journal::StoreThread& store, Told told)
    : loop_(loop), store_(store), told_(std::move(told)) {}

RowCounter::~RowCounter() { *alive_ = false; }

void RowCounter::begin(const std::vector<AuditedAlert>& alerts) {
  if (busy()) return;
  for (const auto& alert : alerts) {
    const auto shared = std::make_shared<const AuditedAlert>(alert);
    for (const auto& [route, _] : alert.routes)
      left_.push_back({.alert = shared, .index = route, .after = {}, .count = {}, .begun = Route::Begun::no});
  }
  if (busy()) next();
}

void RowCounter::next() {
  const auto& route = left_.front();
  store_.run(
      [id = route.alert->id, index = route.index,
       after = route.after](journal::SqliteStore& store) -> base::Result<Page> {
        auto rows = store.count_rows(id, index, after, rows_a_page);
        if (!rows) return std::unexpected(rows.error());
        auto pulse = store.pulse(id);
        if (!pulse) return std::unexpected(pulse.error());
        return Page{std::move(*rows), std::move(pulse->counters[index])};
      },
      [this, alive = alive_](const base::Result<Page>& page) {
        if (*alive) take(page);
      });
}

void RowCounter::take(const base::Result<Page>& page) {
  // A journal that cannot be read is a finding of the look itself.
  if (!page) return left_.clear();
  auto& route = left_.front();
  if (std::exchange(route.begun, Route::Begun::yes) == Route::Begun::no) route.count.before = page->counters;
  route.count.after = page->counters;
  route.after = page->rows.last;
  for (const auto& [state, n] : page->rows.states) route.count.rows[state] += n;
  switch (page->rows.progress) {
    case journal::CountedRows::Progress::more:
      break;
    case journal::CountedRows::Progress::complete:
      told_(*route.alert, route.index, count_finding(*route.alert, route.index, route.count));
      left_.pop_front();
      break;
  }
  if (!busy()) return;
  loop_.after(between_pages, [this, alive = alive_] {
    if (*alive) next();
  });
}

}  // namespace broadcaster::service
