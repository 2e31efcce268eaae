#include "broadcaster/service/set_memory.hpp"

#include <boost/json.hpp>

#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/base/canonical_json.hpp"

namespace broadcaster::service {
namespace {

constexpr auto key = "signed_set/accepted";

std::string_view name(approval::SetStanding::News how) {
  using News = approval::SetStanding::News;
  switch (how) {
    case News::none:
      return "again";
    case News::followed:
      return "signed_by_the_one_before";
    case News::first_use:
      return "trust_on_first_use";
  }
  return "";
}

}  // namespace

base::Result<AcceptedSet> load_accepted_set(journal::SqliteStore& store) {
  const auto text = store.load(key);
  if (!text) return std::unexpected(text.error());
  if (!*text) return nullptr;
  auto set = approval::parse_signed_set(**text, "journal");
  if (!set) return std::unexpected(set.error());
  return std::make_shared<const approval::SignedSet>(std::move(*set));
}

base::Result<void> accept_set(journal::SqliteStore& store, const approval::SignedSet& set,
                              approval::SetStanding::News how, base::WallTime now) {
  boost::json::array signers;
  for (const auto& signature : set.last().signatures) signers.push_back(boost::json::string(signature.person));
  boost::json::object entry{{"number", set.last().number},
                            {"date", base::format_utc(set.last().date)},
                            {"digest", set.digest()},
                            {"signers", std::move(signers)},
                            {"how", name(how)}};
  if (auto same = approval::same_logins_json(set.last().signatures); !same.empty())
    entry["same_login"] = std::move(same);
  if (auto noted = store.note("signed_set", base::canonical_json(entry), now); !noted) return noted;
  return store.save(key, approval::signed_set_json(set));
}

}  // namespace broadcaster::service
