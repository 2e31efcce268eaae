// kill_test --rounds N [--seed S] [--state DIR]: N rounds of kill -9 over real peers; ends with "N rounds, 0 lost, D
// duplicates (all after unknown)".
//
// Round n plays seed S + n - 1; a round that fails is printed with its seed and keeps its folder. The moments are the
// seed's, the machine's own haste is not: a seed plays the same kills again, and mostly meets the same fault.
// Exit codes: 0 all well, 2 wrong usage, 5 it could not run, 6 somebody was lost or got a copy that nothing explains.
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <random>

#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/base/digest.hpp"
#include "broadcaster/drill/net_guard.hpp"
#include "tests/kill/round.hpp"
#include "tests/support/places.hpp"

namespace {

namespace fs = std::filesystem;
using namespace broadcaster;
using namespace broadcaster::kill;

constexpr int usage = 2, could_not_run = 5, not_well = 6, interrupted = 130;
/// Codes of two letters tell the rounds apart.
constexpr std::uint64_t most_rounds = 500;

struct Arguments {
  std::uint64_t rounds = 0, seed = std::random_device()() % 1'000'000;
  fs::path state = "state/kill-test";
};

bool read(int count, char** words, Arguments& out) {
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view key = words[i], value = words[i + 1];
    if (key == "--state") {
      out.state = value;
      continue;
    }
    auto* number = key == "--rounds" ? &out.rounds : key == "--seed" ? &out.seed : nullptr;
    if (!number ||
        std::from_chars(value.data(), value.data() + value.size(), *number).ptr != value.data() + value.size())
      return false;
  }
  return count % 2 == 1 && out.rounds > 0 && out.rounds <= most_rounds;
}

int tell(const base::Error& error) {
  fmt::print(stderr, "{}\n", base::Catalogue::of("en").say(error));
  return could_not_run;
}

struct Sum {
  std::uint64_t rounds = 0, failed = 0;
  std::size_t lost = 0, unexplained = 0;
  int duplicates = 0, unknown = 0, doubts = 0;
};

void show(const Played& played, std::uint64_t number, std::uint64_t seed, std::chrono::milliseconds took) {
  fmt::print("round {} (seed {}): {} attempts in doubt, {} duplicates, {} unknown, {:.1f} s; killed {}\n", number, seed,
             played.verdict.doubts, played.verdict.duplicates, played.verdict.unknown,
             static_cast<double>(took.count()) / 1000, fmt::join(played.kills, "; "));
  for (const auto* list : {&played.verdict.lost, &played.verdict.unexplained, &played.broken})
    for (const auto& text : *list) fmt::print("  FAILED: {}\n", text);
  std::fflush(stdout);
}

/// True: nothing was wrong in it.
bool add(Sum& sum, const Played& played) {
  const auto& verdict = played.verdict;
  ++sum.rounds;
  sum.lost += verdict.lost.size();
  sum.unexplained += verdict.unexplained.size();
  sum.duplicates += verdict.duplicates;
  sum.unknown += verdict.unknown;
  sum.doubts += verdict.doubts;
  const bool well = verdict.lost.empty() && verdict.unexplained.empty() && played.broken.empty();
  if (!well) ++sum.failed;
  return well;
}

int conclude(const Sum& sum) {
  const auto after = sum.unexplained == 0 ? "all after unknown" : fmt::format("{} unexplained", sum.unexplained);
  fmt::print("{} attempts in doubt, {} deliveries unknown in the end\n", sum.doubts, sum.unknown);
  if (sum.failed > 0) fmt::print("{} rounds failed\n", sum.failed);
  fmt::print("{} rounds, {} lost, {} duplicates ({})\n", sum.rounds, sum.lost, sum.duplicates, after);
  return sum.failed == 0 ? 0 : not_well;
}

int play(const Arguments& arguments, const Bench& bench, const drill::Peers& peers, const fs::path& root) {
  Sum sum;
  for (std::uint64_t n = 1; n <= arguments.rounds; ++n) {
    const auto seed = arguments.seed + n - 1;
    const auto folder = root / fmt::format("round-{}", n);
    const auto began = bench.stage.loop().now();
    auto played = play_round(bench, seed, static_cast<int>(n), folder);
    if (bench.stage.interrupted()) return interrupted;
    if (!played) {
      fmt::print("round {} (seed {}) could not be played; see {}\n", n, seed, folder.string());
      return tell(played.error());
    }
    show(*played, n, seed, std::chrono::duration_cast<std::chrono::milliseconds>(bench.stage.loop().now() - began));
    if (add(sum, *played))
      fs::remove_all(folder);
    else
      fmt::print("  again: tools/kill-test --rounds 1 --seed {}; what it left is in {}\n", seed, folder.string());
  }
  if (peers.smsbox_ends() > 0)
    fmt::print("Kannel's smsbox ended by itself {} times, and was started again\n", peers.smsbox_ends());
  return conclude(sum);
}

int run(const Arguments& arguments) {
  const fs::path bin = fs::read_symlink("/proc/self/exe").parent_path(), source = places::source("");
  const auto root = fs::absolute(arguments.state);
  fs::remove_all(root);
  auto town = make_town(source / "config", root / "town");
  if (!town) return tell(town.error());
  auto config = service::read_config(town->config);
  if (!config) return tell(config.error().front());
  auto folders = drill::make_folders(root / "peers");
  if (!folders) return tell(folders.error());
  auto ports = drill::take_ports();
  if (!ports) return tell(ports.error());
  auto overlay = drill::make_overlay(*config, town->scenario, std::move(*folders), *ports, "en");
  if (!overlay) return tell(overlay.error());

  const auto sounds = root / "sounds";
  fs::create_directories(sounds);
  drill::Stage stage;
  const drill::Programs programs{
      .broadcaster = bin / "broadcaster",
      .siren = bin / "broadcaster-siren",
      .sound = "echo \"$SIREN_ALERT\" >>'" + sounds.string() + "'/\"$SIREN_ID\"; echo sounding; exec sleep 0.3"};
  drill::Peers peers(stage, *overlay, *config, town->scenario, programs);
  if (auto started = peers.start(); !started) return tell(started.error());
  const Bench bench{.stage = stage,
                    .overlay = *overlay,
                    .programs = programs,
                    .town = *town,
                    .templates = source / "templates",
                    .sounds = sounds};
  const int status = play(arguments, bench, peers, root);
  std::fflush(stdout);
  return status;
}

}  // namespace

int main(int count, char** words) {
  Arguments arguments;
  if (!read(count, words, arguments)) {
    fmt::print(stderr, "kill_test --rounds N [--seed S] [--state DIR]      N from 1 to {}\n", most_rounds);
    return usage;
  }
  drill::NetGuard::enter();
  base::init_crypto();
  return run(arguments);
}
