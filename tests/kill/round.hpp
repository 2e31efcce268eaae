// One round: an alert is released, the broadcaster is killed at moments that the seed throws, started again until
// nothing kills it, and when all is settled the three witnesses are compared.
//
// The peers stay up between rounds; plan, state folder and public code are the round's own. Thread rule: the stage's
// thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "broadcaster/drill/overlay.hpp"
#include "broadcaster/drill/peers.hpp"
#include "broadcaster/drill/stage.hpp"
#include "tests/kill/judge.hpp"
#include "tests/kill/town.hpp"

namespace broadcaster::kill {

/// What every round shares.
struct Bench {
  drill::Stage& stage;
  const drill::Overlay& overlay;
  const drill::Programs& programs;
  const Town& town;
  std::filesystem::path templates;
  std::filesystem::path sounds;  ///< a file a siren (witnesses.hpp)
};

struct Played {
  Verdict verdict;
  std::vector<std::string> broken;  ///< other promises that were broken: a release forgotten, a record with a hole
  std::vector<std::string> kills;   ///< when it was killed, in words
};

/// `number` from 1 on names the round's folder and code. Errors: unavailable: the round could not be played.
base::Result<Played> play_round(const Bench& bench, std::uint64_t seed, int number,
                                const std::filesystem::path& folder);

}  // namespace broadcaster::kill
