#include "broadcaster/service/waiting_cancellers.hpp"

#include <boost/json.hpp>

#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/base/canonical_json.hpp"

namespace broadcaster::service {
namespace json = boost::json;
namespace {

std::string key_of(const std::string& plan_digest) { return "cancellers/" + plan_digest; }

}  // namespace

base::Result<std::vector<approval::Signature>> waiting_cancellers(journal::SqliteStore& store,
                                                                  const std::string& plan_digest) {
  const auto kept = store.load(key_of(plan_digest));
  if (!kept) return std::unexpected(kept.error());
  std::vector<approval::Signature> out;
  const auto list = base::parse_json(kept->value_or("[]"), "journal");
  if (!list) return std::unexpected(list.error());
  if (!list->is_array()) return out;
  for (const auto& one : list->get_array()) {
    base::Errors errors;
    auto signature = approval::signature_from_json(one, "signature", "journal", errors);
    if (errors.empty()) out.push_back(std::move(signature));
  }
  return out;
}

base::Result<std::vector<approval::Signature>> keep_waiting(journal::SqliteStore& store, const std::string& plan_digest,
                                                            const std::vector<approval::Signature>& cancellers) {
  auto all = waiting_cancellers(store, plan_digest);
  if (!all) return all;
  for (const auto& one : cancellers) {
    std::erase_if(*all, [&](const approval::Signature& other) { return other.person == one.person; });
    all->push_back(one);
  }
  json::array list;
  for (const auto& one : *all) list.push_back(approval::to_json(one));
  if (auto saved = store.save(key_of(plan_digest), base::canonical_json(list)); !saved)
    return std::unexpected(saved.error());
  return all;
}

base::Result<void> forget_waiting(journal::SqliteStore& store, const std::string& plan_digest) {
  return store.save(key_of(plan_digest), "[]");
}

json::array waiting_json(const std::vector<approval::Signature>& waiting, base::milliseconds within,
                         base::WallTime now) {
  json::array out;
  for (const auto& one : waiting)
    if (now - one.at <= within)
      out.push_back(json::object{{"person", one.person}, {"until", base::format_utc(one.at + within)}});
  return out;
}

}  // namespace broadcaster::service
