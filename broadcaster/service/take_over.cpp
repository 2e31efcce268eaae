#include "broadcaster/service/take_over.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "broadcaster/dispatch/order.hpp"
#include "broadcaster/dispatch/policy.hpp"
#include "broadcaster/service/status_json.hpp"

namespace broadcaster::service {
namespace {

/// Codes that the old machine may have given since the copy: nobody must read one code for two alerts.
constexpr int codes_left_out = 100;
constexpr int rows_at_once = 500;
constexpr std::size_t alerts_in_a_word = 100;
constexpr auto stopped_there = "stopped on the machine before";

/// Every delivery gets its row first: what has none cannot be doubted.
base::Result<void> expand_all(journal::SqliteStore& store, delivery::AlertId id, const plan::Plan& plan) {
  for (;;) {
    const auto expanded = store.expand(id, plan, rows_at_once);
    if (!expanded) return std::unexpected(expanded.error());
    switch (expanded->progress) {
      case journal::Expanded::Progress::more:
        continue;
      case journal::Expanded::Progress::held:
        return std::unexpected(*expanded->held);
      case journal::Expanded::Progress::complete:
        return {};
    }
  }
}

/// How many became unknown.
base::Result<std::int64_t> doubt(journal::SqliteStore& store, const journal::StoredAlert& alert, const plan::Plan& plan,
                                 base::WallTime now) {
  const auto longest = dispatch::backoff_of(dispatch::urgency_of(plan)).cap;
  auto all = store.recover(alert.id, plan, now, longest);
  // A stop was on disk before the copy: nothing of it was sent after that.
  if (!all || alert.stopped_at) return all;
  if (auto expanded = expand_all(store, alert.id, plan); !expanded) return std::unexpected(expanded.error());
  for (;;) {
    const auto some = store.doubt_pending(alert.id, plan, now, rows_at_once);
    if (!some) return some;
    if (*some == 0) return all;
    *all += *some;
  }
}

bool holds(const std::vector<std::string>& list, const std::string& text) {
  return std::ranges::find(list, text) != list.end();
}

base::Result<void> take(journal::SqliteStore& store, delivery::AlertId id, const FencedOff& fenced, base::WallTime now,
                        TakenOver& out) {
  const auto alert = store.alert(id);
  const auto plan = alert ? plan_of(alert->release) : base::Result<plan::Plan>(std::unexpected(alert.error()));
  // What cannot be read is not resumed either, and is said there.
  if (!plan && plan.error().kind != base::ErrorKind::unavailable) return {};
  if (!plan) return std::unexpected(plan.error());
  const auto doubted = doubt(store, *alert, *plan, now);
  if (!doubted) return std::unexpected(doubted.error());
  out.unknown += *doubted;
  auto life = alert->stopped_at ? TakenOver::Alert::Life::stopped : TakenOver::Alert::Life::goes_on;
  if (!alert->stopped_at && fenced.word && holds(fenced.word->stopped, alert->identifier)) {
    const delivery::Change stop = delivery::Stop{id, stopped_there, now};
    if (auto stopped = store.commit(std::span(&stop, 1)); !stopped) return std::unexpected(stopped.error());
    life = TakenOver::Alert::Life::stopped;
  }
  out.alerts.push_back({alert->identifier, alert->release.filling.code, life});
  return {};
}

bool is_ours(const FenceMark& mark, const Standing& standing) {
  return !standing.claim.empty() && mark.claim == standing.claim && mark.epoch > standing.epoch;
}

base::Result<std::optional<LastWord>> wait_for_word(const Fence& fence, std::int64_t epoch,
                                                    base::milliseconds patience) {
  constexpr base::milliseconds look_every{50};
  const auto last = std::chrono::steady_clock::now() + patience;
  for (;;) {
    if (auto word = fence.left(epoch)) return word;
    if (std::chrono::steady_clock::now() >= last) return std::nullopt;
    std::this_thread::sleep_for(look_every);
  }
}

}  // namespace

base::Result<void> may_take_over(journal::SqliteStore& store, const Standing& standing) {
  if (!standing.restored.empty() || !standing.fenced.empty()) return {};
  const auto alerts = store.alerts();
  if (!alerts) return std::unexpected(alerts.error());
  if (alerts->empty()) return {};
  return base::fail(base::ErrorKind::refused, {"service.not_restored", {}});
}

base::Result<FencedOff> fence_off(const Fence& fence, journal::SqliteStore& store, const Standing& standing,
                                  const std::string& claim, base::WallTime now, base::milliseconds patience) {
  const auto owner = fence.owner_within(fence_patience);
  if (!owner) return std::unexpected(owner.error());
  FencedOff out;
  if (*owner && is_ours(**owner, standing)) {
    out.epoch = (*owner)->epoch;
  } else {
    out.epoch = std::max(standing.epoch, *owner ? (*owner)->epoch : 0) + 1;
    if (auto marked = mark_claim(store, claim); !marked) return std::unexpected(marked.error());
    const auto claimed = fence.claim({out.epoch, machine_name(), now, claim});
    if (!claimed) return std::unexpected(claimed.error());
    switch (*claimed) {
      case Fence::Claimed::done:
        break;
      case Fence::Claimed::taken:
        return base::fail(base::ErrorKind::refused, {"service.take_over_raced", {}});
    }
  }
  const auto before = fence.owner(out.epoch);
  if (!before) return std::unexpected(before.error());
  if (!*before) return out;
  auto word = wait_for_word(fence, (*before)->epoch, patience);
  if (!word) return std::unexpected(word.error());
  out.before = *word ? FencedOff::Before::left : FencedOff::Before::silent;
  out.word = std::move(*word);
  return out;
}

base::Result<FencedOff> fence_off(journal::SqliteStore& store, const Standing& standing, const std::string& claim) {
  if (auto marked = mark_claim(store, claim); !marked) return std::unexpected(marked.error());
  return FencedOff{.epoch = standing.epoch + 1, .before = FencedOff::Before::unseen, .word = {}};
}

base::Result<TakenOver> take_over(journal::SqliteStore& store, const FencedOff& fenced, const std::string& how,
                                  const std::string& by, base::WallTime now) {
  const auto open = store.open_alerts();
  if (!open) return std::unexpected(open.error());
  TakenOver out;
  for (const auto id : *open)
    if (auto taken = take(store, id, fenced, now, out); !taken) return std::unexpected(taken.error());
  if (fenced.word)
    for (const auto& identifier : fenced.word->open) {
      const auto known = store.find_alert(identifier);
      if (!known) return std::unexpected(known.error());
      if (!*known) out.missing.push_back(identifier);
    }
  if (auto skipped = store.skip_codes(codes_left_out); !skipped) return std::unexpected(skipped.error());
  if (auto marked = mark_taken_over(store, fenced.epoch, how, by, now); !marked) return std::unexpected(marked.error());
  return out;
}

base::Result<LastWord> last_word(journal::SqliteStore& store, const std::string& machine, base::WallTime now) {
  LastWord word{.machine = machine, .at = now, .open = {}, .stopped = {}};
  const auto open = store.open_alerts();
  if (!open) return std::unexpected(open.error());
  auto ids = store.alerts();
  if (!ids) return std::unexpected(ids.error());
  std::ranges::reverse(*ids);
  if (ids->size() > alerts_in_a_word) ids->resize(alerts_in_a_word);
  for (const auto id : *ids) {
    const auto alert = store.alert(id);
    if (!alert && alert.error().kind == base::ErrorKind::unavailable) return std::unexpected(alert.error());
    if (!alert || alert->expires <= now) continue;
    if (alert->stopped_at)
      word.stopped.push_back(alert->identifier);
    else if (std::ranges::find(*open, id) != open->end())
      word.open.push_back(alert->identifier);
  }
  return word;
}

}  // namespace broadcaster::service
