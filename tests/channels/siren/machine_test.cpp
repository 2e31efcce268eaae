// What a siren does with every kind of input: it sounds, or it does not.
#include "channels/siren/agent/machine.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "bench.hpp"

namespace broadcaster::channels::siren {
namespace {

enum class Expected { Sounds, DoesNotSound };

struct Row {
  const char* input;
  Expected expected;
  const char* answer;
  std::function<void(Siren&)> give;
};

class SirenInput : public testing::TestWithParam<Row> {};

TEST_P(SirenInput, SoundsOrNot) {
  Siren siren;
  GetParam().give(siren);
  EXPECT_EQ(siren.started, GetParam().expected == Expected::Sounds ? 1 : 0);
  EXPECT_EQ(siren.last(), GetParam().answer);
}

Command changed(const std::function<void(Command&)>& change) {
  auto command = activate();
  change(command);
  return command;
}

const Row rows[] = {
    {"a good command", Expected::Sounds, "accepted", [](Siren& s) { s.on(sent(activate())); }},
    {"to its zone", Expected::Sounds, "accepted",
     [](Siren& s) { s.on(signed_with(live_key(), activate(), "warn/v1/tirtapura/live/group/muara/cmd")); }},
    {"to its zone by name", Expected::Sounds, "accepted",
     [](Siren& s) {
       s.on(signed_with(live_key(), changed([](auto& c) { c.targets = {"zone:muara"}; }),
                        "warn/v1/tirtapura/live/group/muara/cmd"));
     }},
    {"retained", Expected::DoesNotSound, "rejected retained",
     [](Siren& s) {
       auto in = sent(activate());
       in.retained = Received::Retained::yes;
       s.on(in);
     }},
    {"old, after a reconnect", Expected::DoesNotSound, "rejected expired",
     [](Siren& s) {
       s.pass(std::chrono::minutes(2));
       s.on(sent(activate()));
     }},
    {"replayed under its own id", Expected::Sounds, "accepted",
     [](Siren& s) {
       s.on(sent(activate()));
       for (int i = 0; i < 1000; ++i) s.on(sent(activate()));
     }},
    {"counter stands still", Expected::DoesNotSound, "rejected counter",
     [](Siren& s) {
       s.on(sent(changed([](auto& c) {
         c.cmd_id = "status";
         c.action = Action::status_request;
         c.counter = 7;
       })));
       s.on(sent(activate(7)));
     }},
    {"counter goes back", Expected::DoesNotSound, "rejected counter",
     [](Siren& s) {
       s.on(sent(changed([](auto& c) {
         c.cmd_id = "status";
         c.action = Action::status_request;
         c.counter = 7;
       })));
       s.on(sent(activate(6)));
     }},
    {"known id, old counter: the answer again", Expected::Sounds, "sounding",
     [](Siren& s) {
       s.on(sent(activate(9)));
       s.on(Proved{});
       s.on(sent(activate(3)));
     }},
    {"for another siren, on our topic", Expected::DoesNotSound, "rejected target",
     [](Siren& s) { s.on(sent(changed([](auto& c) { c.targets = {"siren-02"}; }))); }},
    {"for other sirens of the group: no answer, no storm", Expected::DoesNotSound, "nothing",
     [](Siren& s) {
       s.on(signed_with(live_key(), changed([](auto& c) { c.targets = {"siren-02"}; }),
                        "warn/v1/tirtapura/live/group/muara/cmd"));
     }},
    {"on another siren's topic", Expected::DoesNotSound, "nothing",
     [](Siren& s) { s.on(signed_with(live_key(), activate(), "warn/v1/tirtapura/live/siren/siren-02/cmd")); }},
    {"at another site", Expected::DoesNotSound, "nothing",
     [](Siren& s) { s.on(signed_with(live_key(), activate(), "warn/v1/elsewhere/live/siren/siren-01/cmd")); }},
    {"drill key on a live topic", Expected::DoesNotSound, "rejected signature",
     [](Siren& s) { s.on(signed_with(drill_key(), activate())); }},
    {"drill key under the live key's id", Expected::DoesNotSound, "rejected signature",
     [](Siren& s) {
       auto in = signed_with(drill_key(), activate());
       in.kid = live_key().public_key().id();
       s.on(in);
     }},
    {"drill in the body, live in the topic", Expected::DoesNotSound, "rejected mode",
     [](Siren& s) { s.on(sent(changed([](auto& c) { c.mode = Mode::drill; }))); }},
    {"live in the body, drill in the topic", Expected::DoesNotSound, "rejected mode",
     [](Siren& s) { s.on(signed_with(live_key(), activate(), "warn/v1/tirtapura/drill/siren/siren-01/cmd")); }},
    {"a flipped bit in the body", Expected::DoesNotSound, "rejected signature",
     [](Siren& s) {
       auto in = sent(activate());
       in.body[in.body.find("60")] ^= 1;
       s.on(in);
     }},
    {"a flipped bit in the signature", Expected::DoesNotSound, "rejected signature",
     [](Siren& s) {
       auto in = sent(activate());
       in.sig[10] = in.sig[10] == 'A' ? 'B' : 'A';
       s.on(in);
     }},
    {"no signature", Expected::DoesNotSound, "rejected signature",
     [](Siren& s) {
       auto in = sent(activate());
       in.sig.clear();
       s.on(in);
     }},
    {"our clock is two hours ahead", Expected::DoesNotSound, "rejected expired",
     [](Siren& s) {
       s.now.wall += std::chrono::hours(2);
       s.on(sent(activate()));
     }},
    {"our clock is two hours behind", Expected::DoesNotSound, "rejected clock",
     [](Siren& s) {
       s.now.wall -= std::chrono::hours(2);
       s.on(sent(activate()));
     }},
    {"our clock is 20 seconds behind", Expected::Sounds, "accepted",
     [](Siren& s) {
       s.now.wall -= std::chrono::seconds(20);
       s.on(sent(activate()));
     }},
    {"after its alert was called off", Expected::DoesNotSound, "rejected cancelled",
     [](Siren& s) {
       s.on(sent(changed([](auto& c) {
         c.cmd_id = "cancel";
         c.action = Action::cancel;
       })));
       s.on(sent(activate(2)));
     }},
    {"signed, but no JSON", Expected::DoesNotSound, "rejected malformed",
     [](Siren& s) {
       s.on(Received{
           "warn/v1/tirtapura/live/siren/siren-01/cmd", "{", live_key().public_key().id(), live_key().sign("{"), {}});
     }},
    {"signed, one key twice", Expected::DoesNotSound, "rejected malformed",
     [](Siren& s) {
       auto body = write(activate());
       body.insert(1, R"("mo\u0064e":"drill",)");
       s.on(Received{
           "warn/v1/tirtapura/live/siren/siren-01/cmd", body, live_key().public_key().id(), live_key().sign(body), {}});
     }},
    {"a silent test under the activation key", Expected::DoesNotSound, "rejected unsupported",
     [](Siren& s) { s.on(sent(changed([](auto& c) { c.action = Action::silent_test; }))); }},
};

INSTANTIATE_TEST_SUITE_P(Table, SirenInput, testing::ValuesIn(rows), [](const auto& info) {
  std::string out;
  for (const char* c = info.param.input; *c; ++c) out += std::isalnum(static_cast<unsigned char>(*c)) ? *c : '_';
  return out;
});

TEST(SirenMachine, IsRememberedOverAPowerFailure) {
  Siren before;
  before.on(sent(activate(5)));
  Siren after(*read_memory(before.memory, "siren-01"));
  after.on(Booted{});
  EXPECT_EQ(after.last(), "failed interrupted");
  for (int i = 0; i < 1000; ++i) after.on(sent(activate(5)));
  EXPECT_EQ(after.last(), "failed interrupted");
  after.on(sent(activate(5, "cmd-2")));
  EXPECT_EQ(after.last(), "rejected counter");
  EXPECT_EQ(after.started, 0);
}

TEST(SirenMachine, WritesItsMemoryBeforeItSounds) {
  Siren siren;
  const auto acts = siren.machine.on(sent(activate()), siren.now);
  ASSERT_GE(acts.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<Save>(acts[0]));
  EXPECT_TRUE(std::holds_alternative<StartTone>(acts[1]));
}

TEST(SirenMachine, SaysSoundingOnlyWhenProven) {
  Siren siren;
  siren.on(sent(activate()));
  siren.pass(base::milliseconds(2999));
  siren.on(Tick{});
  EXPECT_EQ(siren.last(), "accepted");
  siren.pass(base::milliseconds(1));
  siren.on(Tick{});
  EXPECT_EQ(siren.last(), "failed not_proven");
  siren.on(Proved{});
  EXPECT_EQ(siren.last(), "sounding");
  siren.pass(std::chrono::seconds(57));
  siren.on(Tick{});
  EXPECT_TRUE(siren.stopped);
  siren.on(Ended{143});
  EXPECT_EQ(siren.last(), "done");
  EXPECT_EQ(siren.acks.back().sounded_ms, 60'000u);
}

TEST(SirenMachine, NeverSaysDoneWithoutProof) {
  Siren siren;
  siren.on(sent(activate()));
  siren.on(Ended{0});
  EXPECT_EQ(siren.last(), "failed not_proven");
}

TEST(SirenMachine, SaysThatTheSoundBrokeOff) {
  Siren siren;
  siren.on(sent(activate()));
  siren.on(Proved{});
  siren.on(Ended{1});
  EXPECT_EQ(siren.last(), "failed stopped_early");
}

TEST(SirenMachine, CancelStopsItsAlertWhateverClockAndCounterSay) {
  Siren siren;
  siren.on(sent(activate(100)));
  siren.on(Proved{});
  auto cancel = activate(3, "cancel");
  cancel.action = Action::cancel;
  siren.now.wall += std::chrono::hours(5);
  siren.on(sent(cancel));
  EXPECT_TRUE(siren.stopped);
  siren.on(Ended{143});
  ASSERT_GE(siren.acks.size(), 2u);
  EXPECT_EQ(siren.acks[siren.acks.size() - 2].reason, "cancelled");
  EXPECT_EQ(siren.acks.back().cmd_id, "cancel");
  EXPECT_EQ(siren.last(), "done");
}

TEST(SirenMachine, ARecordedCancelOfAnotherAlertSilencesNothing) {
  Siren siren;
  siren.on(sent(activate()));
  auto cancel = activate(3, "cancel");
  cancel.action = Action::cancel;
  cancel.alert_id = "TP-2026-0000";
  siren.on(sent(cancel));
  EXPECT_FALSE(siren.stopped);
}

TEST(SirenMachine, IsBusyWhileItSounds) {
  Siren siren;
  siren.on(sent(activate(1)));
  siren.on(sent(activate(2, "cmd-2")));
  EXPECT_EQ(siren.last(), "rejected busy");
  EXPECT_EQ(siren.started, 1);
  siren.on(Ended{0});
  siren.on(sent(activate(3, "cmd-2")));  // a rejection is not remembered: the repetition sounds
  EXPECT_EQ(siren.started, 2);
}

TEST(SirenMachine, SpreadsItsAnswerInALargeGroupButNotItsSound) {
  Siren siren;
  auto command = activate();
  for (int i = 2; i <= 100; ++i) command.targets.push_back("siren-x" + std::to_string(i));
  siren.on(signed_with(live_key(), command, "warn/v1/tirtapura/live/group/coast/cmd"));
  EXPECT_EQ(siren.started, 1);
  EXPECT_EQ(siren.last(), "nothing");
  siren.on(Tick{});
  EXPECT_EQ(siren.last(), "accepted");
}

/// Whatever comes in whatever order, no command sounds longer than max_on, as long as the timers fire.
TEST(SirenMachine, NeverSoundsLongerThanMaxOn) {
  std::mt19937_64 random(20261124);
  for (int round = 0; round < 300; ++round) {
    Siren siren;
    std::optional<base::MonoTime> since, stop_asked;
    std::uint64_t counter = 0;
    const auto happen = [&](const Happening& happening) {
      for (auto& act : siren.machine.on(happening, siren.now)) {
        if (std::holds_alternative<StartTone>(act)) {
          ASSERT_FALSE(since) << "started twice";
          since = siren.now.mono;
        }
        if (std::holds_alternative<StopTone>(act) && since) stop_asked = siren.now.mono;
      }
    };
    const auto end = [&] {
      since.reset();
      stop_asked.reset();
      happen(Ended{static_cast<int>(random() % 2)});
    };
    for (int step = 0; step < 60; ++step) {
      auto target = siren.now.mono + base::milliseconds(random() % 100'000);
      while (true) {  // the driver: timers, and the hard signal after the grace
        auto next = target;
        if (const auto wake = siren.machine.next_wake()) next = std::min(next, *wake);
        if (stop_asked) next = std::min(next, *stop_asked + siren.limits.stop_grace);
        siren.pass(
            std::max(base::milliseconds(0), std::chrono::duration_cast<base::milliseconds>(next - siren.now.mono)));
        if (since) {
          ASSERT_LE(siren.now.mono - *since, siren.limits.max_on);
        }
        if (stop_asked && siren.now.mono >= *stop_asked + siren.limits.stop_grace) end();
        if (siren.machine.next_wake() && *siren.machine.next_wake() <= siren.now.mono) happen(Tick{});
        if (siren.now.mono >= target) break;
      }
      auto command = activate(++counter, "cmd-" + std::to_string(random() % 20));
      command.alert_id = "A" + std::to_string(random() % 10);
      command.issued_at = siren.now.wall;
      command.not_after = siren.now.wall + std::chrono::seconds(60);
      command.duration = std::chrono::seconds(1 + random() % 3600);
      switch (random() % 6) {
        case 0:
          command.action = Action::cancel;
          command.cmd_id = "x" + std::to_string(counter);
          happen(sent(command));
          break;
        case 1:
          happen(Proved{});
          break;
        case 2:
          if (since && random() % 3 == 0) end();
          break;
        case 3:
          happen(Tick{});
          break;
        case 4:
          siren.now.wall += std::chrono::hours(static_cast<int>(random() % 5) - 2);
          break;
        default:
          happen(sent(command));
      }
    }
  }
}

}  // namespace
}  // namespace broadcaster::channels::siren
