#include "broadcaster/service/standing.hpp"

#include <boost/json.hpp>
#include <charconv>

#include "broadcaster/base/canonical_json.hpp"

namespace broadcaster::service {
namespace {

namespace json = boost::json;

constexpr auto epoch_key = "owner/epoch";
constexpr auto restored_key = "owner/restored";
constexpr auto fenced_key = "owner/fenced";
constexpr auto claim_key = "owner/claim";
constexpr auto copied_key = "owner/copied";

base::Result<void> note(journal::SqliteStore& store, const std::string& kind, const json::object& entry,
                        base::WallTime now) {
  return store.note(kind, base::canonical_json(entry), now);
}

}  // namespace

base::Result<Standing> read_standing(journal::SqliteStore& store) {
  Standing out;
  const auto epoch = store.load(epoch_key);
  const auto restored = store.load(restored_key);
  const auto fenced = store.load(fenced_key);
  const auto claim = store.load(claim_key);
  for (const auto* one : {&epoch, &restored, &fenced, &claim})
    if (!*one) return std::unexpected(one->error());
  if (*epoch) std::from_chars((*epoch)->data(), (*epoch)->data() + (*epoch)->size(), out.epoch);
  out.restored = restored->value_or("");
  out.fenced = fenced->value_or("");
  out.claim = claim->value_or("");
  return out;
}

base::Result<void> may_send(const Standing& standing) {
  if (!standing.fenced.empty())
    return base::fail(base::ErrorKind::refused, {"service.fenced", {{"by", standing.fenced}}});
  if (!standing.restored.empty())
    return base::fail(base::ErrorKind::refused, {"service.must_take_over", {{"at", standing.restored}}});
  return {};
}

base::Result<void> mark_copied(journal::SqliteStore& store, base::WallTime now) {
  return store.save(copied_key, base::format_utc(now));
}

base::Result<void> mark_claim(journal::SqliteStore& store, const std::string& claim) {
  return store.save(claim_key, claim);
}

base::Result<void> mark_restored(journal::SqliteStore& store, base::WallTime copied_at, base::WallTime now) {
  const auto at = base::format_utc(copied_at);
  if (auto noted = note(store, "restored", {{"copied_at", at}}, now); !noted) return noted;
  // A take-over that was begun on the machine of the copy is not ours.
  if (auto claimed = mark_claim(store, ""); !claimed) return claimed;
  return store.save(restored_key, at);
}

base::Result<void> mark_fenced(journal::SqliteStore& store, const std::string& by, std::int64_t epoch,
                               base::WallTime now) {
  if (auto saved = store.save(fenced_key, by); !saved) return saved;
  return note(store, "fenced", {{"by", by}, {"epoch", epoch}}, now);
}

base::Result<void> mark_taken_over(journal::SqliteStore& store, std::int64_t epoch, const std::string& how,
                                   const std::string& by, base::WallTime now) {
  if (auto saved = store.save(epoch_key, std::to_string(epoch)); !saved) return saved;
  if (auto noted = note(store, "taken_over", {{"epoch", epoch}, {"how", how}, {"by", by}}, now); !noted) return noted;
  if (auto saved = store.save(fenced_key, ""); !saved) return saved;
  // Last: a take-over that broke off is begun again.
  return store.save(restored_key, "");
}

}  // namespace broadcaster::service
