#include "tests/kill/judge.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace broadcaster::kill {
namespace {

using delivery::State;

/// Attempts that ended in unknown and were followed by another: each explains one copy more.
int resends_after_unknown(const Stands& one) {
  if (one.outcomes.empty()) return 0;
  return static_cast<int>(std::count(one.outcomes.begin(), one.outcomes.end() - 1, "unknown"));
}

/// Sirens remember commands and a server keeps keys: there a second copy has no excuse.
bool may_be_doubled(const std::string& endpoint) { return endpoint.starts_with("sms"); }

/// Why a delivery that ended like this was lost; empty: it was not.
std::string lost(const Stands& one, Fate fate, int copies) {
  const bool tried_in_doubt = std::ranges::find(one.outcomes, "unknown") != one.outcomes.end();
  switch (one.state) {
    case State::accepted:
      return copies > 0 || fate == Fate::out_of_reach ? "" : "is said to be accepted, and got nothing";
    case State::confirmed:
      return copies > 0 ? "" : "is said to be proven, and got nothing";
    case State::failed:
      return fate == Fate::out_of_reach ? "" : "failed though it could be reached";
    case State::unknown:
      return tried_in_doubt ? "" : "is unknown without an attempt in doubt";
    case State::pending:
    case State::sent:
    case State::expired:
    case State::cancelled:
      return fmt::format("ended as {}", delivery::name(one.state));
  }
  return "has no state";
}

}  // namespace

Verdict judge(const std::vector<Planned>& planned, const std::vector<Stands>& journal, const Got& got) {
  Verdict verdict;
  std::map<std::pair<std::string, std::string>, const Stands*> stands;
  for (const auto& one : journal) stands[{one.endpoint, one.who}] = &one;
  for (const auto& wanted : planned) {
    const auto at = std::pair(wanted.endpoint, wanted.who);
    const auto name = fmt::format("{} {}", wanted.endpoint, wanted.who);
    const auto copies_of = got.find(at);
    const int copies = copies_of == got.end() ? 0 : copies_of->second;
    const auto found = stands.find(at);
    if (found == stands.end()) {
      verdict.lost.push_back(name + " is not in the journal");
      continue;
    }
    const auto& one = *found->second;
    if (one.state == State::unknown) ++verdict.unknown;
    verdict.doubts += static_cast<int>(std::ranges::count(one.outcomes, "unknown"));
    if (const auto why = lost(one, wanted.fate, copies); !why.empty()) verdict.lost.push_back(name + " " + why);
    if (copies > 1) verdict.duplicates += copies - 1;
    const int allowed = one.outcomes.empty() ? 0 : 1 + (may_be_doubled(one.endpoint) ? resends_after_unknown(one) : 0);
    if (copies > allowed)
      verdict.unexplained.push_back(
          fmt::format("{} got {} copies; its {} attempts explain {}", name, copies, one.outcomes.size(), allowed));
    stands.erase(found);
  }
  for (const auto& [_, one] : stands)
    verdict.unexplained.push_back(fmt::format("{} {} was never planned", one->endpoint, one->who));
  for (const auto& [at, copies] : got)
    if (copies > 0 &&
        std::ranges::none_of(planned, [&](const Planned& p) { return std::pair(p.endpoint, p.who) == at; }))
      verdict.unexplained.push_back(fmt::format("{} {} got it and was never planned", at.first, at.second));
  return verdict;
}

}  // namespace broadcaster::kill
