#include "broadcaster/approval/same_login.hpp"

#include <algorithm>

namespace broadcaster::approval {

std::vector<SameLogin> same_logins(std::span<const Signature> signatures) {
  std::vector<SameLogin> out;
  for (const auto& signature : signatures) {
    if (!signature.login || signature.login->session == "?") continue;
    const auto same = std::ranges::find_if(out, [&](const SameLogin& one) {
      return one.login.machine == signature.login->machine && one.login.session == signature.login->session;
    });
    if (same == out.end())
      out.push_back({*signature.login, {signature.person}});
    else if (std::ranges::find(same->persons, signature.person) == same->persons.end())
      same->persons.push_back(signature.person);
  }
  std::erase_if(out, [](const SameLogin& one) { return one.persons.size() < 2; });
  return out;
}

base::Text text_of(const SameLogin& same) {
  std::string persons;
  for (const auto& person : same.persons) persons += (persons.empty() ? "" : ", ") + person;
  return {"approval.same_login",
          {{"persons", persons}, {"machine", same.login.machine}, {"session", same.login.session}}};
}

}  // namespace broadcaster::approval
