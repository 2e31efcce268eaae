// The command that makes the sound, with real shells.
#include "channels/siren/agent/tone.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <filesystem>

#include "broadcaster/base/files.hpp"
#include "tests/net/bench.hpp"

namespace broadcaster::channels::siren {
namespace {

namespace fs = std::filesystem;

struct Tones : testing::Test {
  Tones() {
    char name[] = "/tmp/siren-tone-XXXXXX";
    folder = ::mkdtemp(name);
  }
  ~Tones() override {
    std::error_code error;
    fs::remove_all(folder, error);
  }
  std::unique_ptr<TonePlayer> player(const std::string& run, const std::string& probe = {}) {
    return std::make_unique<TonePlayer>(*loop, run, probe, limits,
                                        ToneHandlers{[this] { ++proofs; }, [this](int status) { ended = status; }});
  }
  static StartTone tone() {
    StartTone tone;
    tone.command.program = "drill-tsunami";
    tone.command.hazard = "tsunami";
    tone.command.alert_id = "TP-2026-0001";
    tone.command.cmd_id = "3f0c";
    tone.command.mode = Mode::drill;
    tone.duration = std::chrono::seconds(60);
    return tone;
  }
  std::string written() const { return base::read_file(folder / "out").value_or(""); }
  std::string out() const { return (folder / "out").string(); }
  bool ends() {
    return net::run_until(*loop, [&] { return ended.has_value(); });
  }

  fs::path folder;
  std::unique_ptr<net::Loop> loop = net::Loop::create();
  Limits limits;
  int proofs = 0;
  std::optional<int> ended;
};

TEST_F(Tones, TheCommandFindsItsOrderInTheEnvironment) {
  const auto player = this->player(
      "echo \"$SIREN_PROGRAM|$SIREN_DURATION|$SIREN_HAZARD|$SIREN_MODE|$SIREN_ALERT|$SIREN_COMMAND|$#\" > " + out() +
      "; echo sounding; exit 3");
  player->get_ready();
  ASSERT_TRUE(player->start(tone()));
  ASSERT_TRUE(ends());
  EXPECT_EQ(written(), "drill-tsunami|60|tsunami|drill|TP-2026-0001|3f0c|0\n");
  EXPECT_EQ(proofs, 1);
  EXPECT_EQ(*ended, 3);
}

TEST_F(Tones, SoundsAgainAndWithNobodyStandingReady) {
  const auto player = this->player("echo run >> " + out());
  for (int i = 0; i < 3; ++i) {  // the first one has no shell that waits
    ended.reset();
    ASSERT_TRUE(player->start(tone()));
    ASSERT_TRUE(ends());
    EXPECT_EQ(*ended, 0);
  }
  EXPECT_EQ(written(), "run\nrun\nrun\n");
}

TEST_F(Tones, AShellThatWasKilledWhileItWaitedSilencesNothing) {
  const auto player = this->player("echo sounding; echo $PPID > " + out());
  player->get_ready();
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const auto command = base::read_file(entry.path() / "cmdline").value_or("");
    const auto stat = base::read_file(entry.path() / "stat").value_or("");
    if (command.find(out()) != std::string::npos &&
        stat.find(" " + std::to_string(::getpid()) + " ") != std::string::npos)
      ::kill(std::stoi(entry.path().filename()), SIGKILL);
  }
  ASSERT_TRUE(player->start(tone()));
  ASSERT_TRUE(net::run_until(*loop, [&] { return ended.has_value(); }));
  EXPECT_EQ(proofs, 1);
  EXPECT_EQ(*ended, 0);
}

TEST_F(Tones, AnOrderOfTwoLinesIsOneValue) {
  const auto player = this->player("echo \"$SIREN_PROGRAM|$SIREN_DURATION\" > " + out());
  auto odd = tone();
  odd.command.program = "tone\n9999";
  ASSERT_TRUE(player->start(odd));
  ASSERT_TRUE(ends());
  EXPECT_EQ(written(), "tone?9999|60\n");
}

TEST_F(Tones, NoCommandOutlivesItsLimitEvenWhenNobodyStopsIt) {
  limits.max_on = std::chrono::seconds(3);
  limits.stop_grace = std::chrono::seconds(2);  // leaves one
  const auto player = this->player("trap '' TERM; sleep 60 & wait; sleep 60");
  const auto begun = loop->now();
  ASSERT_TRUE(player->start(tone()));
  ASSERT_TRUE(ends());
  EXPECT_EQ(*ended, 128 + SIGKILL);
  EXPECT_LT(loop->now() - begun, std::chrono::seconds(10));
}

TEST_F(Tones, AProbeProvesItAsSoonAsItIsThere) {
  const auto player = this->player("touch " + out() + "; exec sleep 60", "test -e " + out());
  ASSERT_TRUE(player->start(tone()));
  ASSERT_TRUE(net::run_until(*loop, [&] { return proofs > 0; }));
  EXPECT_FALSE(ended);
}

}  // namespace
}  // namespace broadcaster::channels::siren
