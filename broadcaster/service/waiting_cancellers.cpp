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

base::Result<void> keep_waiting(journal::SqliteStore& store, const std::string& plan_digest,
                                const std::vector<approval::Signature>& cancellers) {
  json::array list;
  for (const auto& one : cancellers) list.push_back(approval::to_json(one));
  return store.save(key_of(plan_digest), base::canonical_json(list));
}

}  // namespace broadcaster::service
