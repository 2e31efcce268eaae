// simulate --seeds N [--first S] [--jobs J] [--trace]: N worlds from seed S on, on J processes (default: one a core);
// ends with "N seeds, 0 violations".
//
// A seed that breaks a promise is printed with what it broke; `--seeds 1 --first SEED --trace` plays it again.
#include <fmt/core.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>

#include "tests/simulation/world.hpp"

namespace {

using namespace broadcaster::simulation;
using std::chrono::milliseconds;

struct Arguments {
  std::uint64_t seeds = 0, first = 1, jobs = 0;
  Process::World::Trace trace = Process::World::Trace::no;
};

std::optional<Arguments> read(int count, char** words) {
  Arguments out;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (word == "--trace") {
      out.trace = Process::World::Trace::yes;
      continue;
    }
    auto* value = word == "--seeds"   ? &out.seeds
                  : word == "--first" ? &out.first
                  : word == "--jobs"  ? &out.jobs
                                      : nullptr;
    if (!value || ++i == count) return std::nullopt;
    const std::string_view text = words[i];
    if (std::from_chars(text.data(), text.data() + text.size(), *value).ptr != text.data() + text.size())
      return std::nullopt;
  }
  if (out.seeds == 0) return std::nullopt;
  if (out.jobs == 0) out.jobs = std::max(1u, std::thread::hardware_concurrency());
  out.jobs = std::min(out.jobs, out.seeds);
  return out;
}

/// One process's share and what came of it, in memory that the parent sees even when the child ends in an assertion.
struct Share {
  Tally tally;
  std::uint64_t violations = 0, done = 0;
  std::uint64_t running = 0;  ///< the seed being played; 0: none
};

/// Seeds first + n, first + n + jobs, …
void play(const Arguments& arguments, std::uint64_t n, Share& share) {
  // Every seed makes its files anew in memory: pages that were given back to the system cost more than the rest.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  Stage stage;
  for (auto seed = arguments.first + n; seed < arguments.first + arguments.seeds; seed += arguments.jobs) {
    share.running = seed;
    try {
      share.tally += World(stage, seed, arguments.trace).run();
    } catch (const std::exception& broken) {
      ++share.violations;
      fmt::print("seed {}: {}\n", seed, broken.what());
      std::fflush(stdout);
    }
    ++share.done;
  }
  share.running = 0;
}

/// 0: it ended well. A child that died has said nothing: its seed is known from its share.
void reap(const std::vector<pid_t>& children, std::span<Share> shares) {
  for (std::size_t n = 0; n < children.size(); ++n) {
    int status = 0;
    ::waitpid(children[n], &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) continue;
    ++shares[n].violations;
    fmt::print("seed {} ended in {}; the seeds after it on this process were not played\n", shares[n].running,
               WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status)) : std::string("an error"));
  }
}

std::uint64_t done(std::span<const Share> shares) {
  std::uint64_t all = 0;
  for (const auto& share : shares) all += share.done;
  return all;
}

/// A line on a terminal, until all children have ended.
void show_progress(const std::vector<pid_t>& children, std::span<const Share> shares, std::uint64_t seeds) {
  if (!::isatty(STDERR_FILENO)) return;
  siginfo_t ended{};
  for (;;) {
    std::size_t open = 0;
    for (const auto child : children) {
      ended.si_pid = 0;
      if (::waitid(P_PID, child, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == 0) ++open;
    }
    if (open == 0) break;
    fmt::print(stderr, "\r  {} of {} worlds", done(shares), seeds);
    std::this_thread::sleep_for(milliseconds(200));
  }
  fmt::print(stderr, "\r\033[K");
}

}  // namespace

int main(int count, char** words) {
  const auto arguments = read(count, words);
  if (!arguments) {
    fmt::print(stderr, "simulate --seeds N [--first S] [--jobs J] [--trace]\n");
    return 2;
  }
  const auto bytes = sizeof(Share) * arguments->jobs;
  void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 5;
  const std::span<Share> shares(static_cast<Share*>(memory), arguments->jobs);
  for (auto& share : shares) new (&share) Share;

  const auto began = std::chrono::steady_clock::now();
  std::vector<pid_t> children;
  for (std::uint64_t n = 0; n < arguments->jobs; ++n) {
    const pid_t child = ::fork();
    if (child < 0) return 5;
    if (child == 0) {
      play(*arguments, n, shares[n]);
      return 0;
    }
    children.push_back(child);
  }
  show_progress(children, shares, arguments->seeds);
  reap(children, shares);

  Tally all;
  std::uint64_t violations = 0;
  for (const auto& share : shares) {
    all += share.tally;
    violations += share.violations;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  fmt::print(
      "{} events, {} deliveries, {} sends, {} crashes ({} power cuts), {} outages of the disk, {} times full, {} "
      "resends of unknowns, "
      "{} duplicates, {:.1f} "
      "s\n",
      all.events, all.deliveries, all.sends, all.crashes, all.power_cuts, all.outages, all.full_disks, all.resends,
      all.duplicates, took.count());
  fmt::print("{} seeds, {} violations\n", done(shares), violations);
  return violations == 0 && done(shares) == arguments->seeds ? 0 : 1;
}
