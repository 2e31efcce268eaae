// Signed sets of the tests' agency: its people.yaml, and a policy beside it.
#pragma once

#include "broadcaster/approval/set_standing.hpp"
#include "tests/approval/fixture.hpp"

namespace broadcaster::approval {

inline SetTexts texts_of(const std::string& people, const std::string& policy = "rules: []\n") {
  return {{"people.yaml", people}, {"policy.yaml", policy}};
}

/// The next set with these texts, signed by these people.
inline SignedSet signed_by(const std::vector<std::string>& persons, SetTexts texts, const SignedSet* before = nullptr,
                           base::WallTime when = at(1, 0)) {
  auto set = next_set(before, std::move(texts), when);
  for (const auto& person : persons)
    set.sets.back().signatures.push_back(sign_set(agency().keys.at(person), digest(set.last()), when).value());
  return set;
}

inline std::shared_ptr<const SignedSet> shared(SignedSet set) {
  return std::make_shared<const SignedSet>(std::move(set));
}

/// On disk: these files, and this set as signed.json.
inline SetOnDisk disk(SetTexts texts, const SignedSet* set) {
  return {std::move(texts), set ? std::optional(signed_set_json(*set)) : std::nullopt};
}

}  // namespace broadcaster::approval
