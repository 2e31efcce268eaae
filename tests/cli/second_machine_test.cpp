// The machine must be left: copy, restore, take-over, while the old one still runs; and a clean end with slow peers.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <csignal>

#include "tests/cli/sending.hpp"

namespace broadcaster::cli {
namespace {

namespace json = boost::json;

struct TwoMachines : Sending {
  /// A command on the machine whose state is in this folder.
  Call on(const std::string& state, std::vector<std::string> arguments, std::string input = {}) {
    arguments.insert(arguments.end(), {"--mode", "drill"});
    auto call = town.call(std::move(arguments), std::move(input));
    call.arguments.back() = state;
    return call;
  }
  std::int64_t count(const std::string& machine, const std::string& state) {
    const auto ended = run(on(machine, {"status", "TL1", "--json"}));
    EXPECT_EQ(ended.status, 0) << ended.err;
    if (ended.status != 0) return -1;
    const auto alerts = json::parse(ended.out).as_object().at("alerts").as_array();
    return alerts.at(0).as_object().at("deliveries").as_object().at(state).as_int64();
  }
  /// Statuses that the public sees.
  std::size_t posts() { return json::parse(get(port, "/seen.json")).as_object().at("seen").as_array().size(); }
  template <class Condition>
  void until(Condition so) {
    for (int n = 0; n < 400 && !so(); ++n) {
    }
    EXPECT_TRUE(so());
  }
  void stop_range() {
    range->signal(SIGTERM);
    range->end();
  }
  /// The old machine serves an alert that its peer does not take, and is copied.
  void open_alert_and_copy(const std::string& service_yaml) {
    town.write("config/service.yaml", service_yaml);
    approved();
    stop_range();
    old_machine.emplace(on("state", {"serve", "--json"}));
    ASSERT_TRUE(old_machine->wait_for("\n"));
    ASSERT_EQ(run(on("state", {"send", "drill.plan", "--no-wait"})).status, 0);
    until([&] { return count("state", "planned") == 2; });
    const auto copied = run(on("state", {"state", "backup", "copy"}));
    ASSERT_EQ(copied.status, 0) << copied.err;
    EXPECT_NE(copied.out.find("/copy, and was read back and checked. It holds phone numbers"), std::string::npos)
        << copied.out;
    const auto restored = run(on("second", {"state", "restore", "copy"}));
    ASSERT_EQ(restored.status, 0) << restored.err;
    EXPECT_NE(restored.out.find("each checked"), std::string::npos) << restored.out;
  }
  std::optional<Running> old_machine;
};

TEST_F(TwoMachines, TheSecondTakesOverAndTheFirstStillRunningSendsNothingMore) {
  std::filesystem::create_directory(town.folder() / "shared");
  open_alert_and_copy("hooks: {listen: '127.0.0.1:0'}\nfence: {folder: '" + town.path("shared") + "'}\n");
  const auto too_early = run(on("second", {"serve"}));
  EXPECT_EQ(too_early.status, 4);
  EXPECT_NE(too_early.err.find("First: broadcaster take-over"), std::string::npos) << too_early.err;

  const auto taken = run(on("second", {"take-over", "--json"}));
  ASSERT_EQ(taken.status, 0) << taken.err;
  const auto said = json::parse(taken.out).as_object();
  EXPECT_EQ(said.at("how").as_string(), "the old machine has left");
  EXPECT_EQ(said.at("unknown").as_int64(), 2);
  const auto left = old_machine->end();
  EXPECT_EQ(left.status, 4) << left.err;
  EXPECT_NE(left.err.find("has taken over. Nothing is sent from here any more"), std::string::npos) << left.err;

  // Its supervisor starts it again, its peer is back, its share is gone: it stays silent.
  start_range(std::to_string(port));
  std::filesystem::rename(town.folder() / "shared", town.folder() / "away");
  EXPECT_EQ(run(on("state", {"serve"})).status, 4);
  EXPECT_EQ(run(on("state", {"send", "drill.plan"})).status, 4);
  EXPECT_EQ(count("state", "pending") + count("state", "unknown"), 2);
  EXPECT_EQ(posts(), 0u);
  std::filesystem::rename(town.folder() / "away", town.folder() / "shared");

  Running serve(on("second", {"serve", "--json"}));
  ASSERT_TRUE(serve.wait_for("\n"));
  until([&] { return count("second", "accepted") + count("second", "confirmed") == 2; });
  EXPECT_EQ(posts(), 2u);
  serve.signal(SIGTERM);
  EXPECT_EQ(serve.end().status, 0);
  for (const auto* machine : {"state", "second"}) EXPECT_EQ(run(on(machine, {"record", "verify"})).status, 0);
}

// A suspended laptop, a machine whose memory was full: it wakes with work that is due, and looks first.
TEST_F(TwoMachines, AnOldMachineThatSleptThroughTheTakeOverSendsNothingWhenItWakes) {
  std::filesystem::create_directory(town.folder() / "shared");
  open_alert_and_copy("hooks: {listen: '127.0.0.1:0'}\nfence: {folder: '" + town.path("shared") + "', wait: 8s}\n");
  old_machine->signal(SIGSTOP);
  const auto unsure = run(on("second", {"take-over"}, "yes\n"));
  EXPECT_EQ(unsure.status, 4);
  EXPECT_NE(unsure.err.find("has not answered"), std::string::npos) << unsure.err;
  EXPECT_EQ(run(on("second", {"serve"})).status, 4) << "as before";

  start_range(std::to_string(port));  // its peer is back, and remembers nothing that it could compare with
  old_machine->signal(SIGCONT);
  const auto left = old_machine->end();
  EXPECT_EQ(left.status, 4) << left.err;
  EXPECT_EQ(posts(), 0u);
  const auto taken = run(on("second", {"take-over"}));
  EXPECT_EQ(taken.status, 0) << "it goes on with its claim, and the old machine's word is there: " << taken.err;
}

TEST_F(TwoMachines, WithoutAPlaceThatBothSeeAPersonMakesSure) {
  open_alert_and_copy("hooks: {listen: '127.0.0.1:0'}\n");
  const auto unsure = run(on("second", {"take-over"}, "yes\n"));
  EXPECT_EQ(unsure.status, 4);
  EXPECT_NE(unsure.err.find("Nothing is sent from here yet"), std::string::npos) << unsure.err;
  EXPECT_EQ(run(on("second", {"serve"})).status, 4) << "as before";
  const auto taken_back = run(
      on("second", {"cancel", "TL1", "--false-alarm", "--key", town.key("ratna"), "--confirm", "TIDAK ADA TSUNAMI"}));
  EXPECT_NE(taken_back.status, 0) << "nobody would send it: " << taken_back.out;
  old_machine->signal(SIGKILL);
  old_machine->end();
  const auto taken = run(on("second", {"take-over", "--confirm", "old machine is off"}));
  EXPECT_EQ(taken.status, 0) << taken.err;
  EXPECT_NE(taken.out.find("2 deliveries may have been sent by the old machine"), std::string::npos) << taken.out;
  EXPECT_NE(taken.out.find("broadcaster halt TL1 --mode drill"), std::string::npos) << taken.out;
  EXPECT_EQ(count("second", "unknown"), 2);
  EXPECT_EQ(run(on("second", {"take-over", "--confirm", "old machine is off"})).status, 4) << "it is done";
}

// The record of the night says both, and its chain holds.
TEST_F(TwoMachines, TheRecordShowsTheCopyTheRestoreAndTheTakeOver) {
  open_alert_and_copy("hooks: {listen: '127.0.0.1:0'}\n");
  old_machine->signal(SIGTERM);
  old_machine->end();
  ASSERT_EQ(run(on("second", {"take-over", "--confirm", "old machine is off"})).status, 0);
  const auto exported = run(on("second", {"record", "export", "TL1", "export"}));
  ASSERT_EQ(exported.status, 0) << exported.err;
  const auto record = town.read("export/record.jsonl");
  for (const auto* kind : {"restored", "doubted", "codes_skipped", "taken_over"})
    EXPECT_NE(record.find("\"kind\":\"" + std::string(kind)), std::string::npos) << kind;
  EXPECT_EQ(run(on("second", {"record", "verify"})).status, 0);
}

TEST_F(TwoMachines, ACopyIsMadeOfAStateThatNobodyServesToo) {
  approved();
  ASSERT_EQ(town.run({"send", "drill.plan"}).status, 0);
  EXPECT_EQ(run(on("state", {"state", "backup", "copy"})).status, 0);
  EXPECT_EQ(run(on("state", {"state", "backup", "copy"})).status, 4) << "it is not empty";
  EXPECT_EQ(run(on("state", {"state", "restore", "copy"})).status, 4) << "the state is used";
  EXPECT_EQ(run(on("second", {"state", "restore", "nowhere"})).status, 1);
  EXPECT_EQ(run(on("state", {"take-over"})).status, 4) << "it is its own";
}

TEST_F(TwoMachines, AFullDiskLeavesNoHalfACopy) {
  approved();
  ASSERT_EQ(town.run({"send", "drill.plan"}).status, 0);
  auto call = on("state", {"state", "backup", "copy"});
  call.file_limit = 96 << 10;
  const auto full = run(call);
  EXPECT_EQ(full.status, 5) << full.err;
  EXPECT_NE(full.err.find("The copy cannot be written"), std::string::npos) << full.err;
  EXPECT_FALSE(std::filesystem::exists(town.folder() / "copy"));
  EXPECT_EQ(run(on("state", {"state", "backup", "copy"})).status, 0) << "with room it goes";
}

TEST_F(TwoMachines, ACleanEndFinishesWhatIsInFlight) {
  approved();
  for (int n = 0; n < 2; ++n)
    ASSERT_EQ(post(port, "/faults", R"({"side": "mastodon", "kind": "delay", "delay_ms": 3000, "method": "POST"})"),
              204);
  Running serve(on("state", {"serve", "--json"}));
  ASSERT_TRUE(serve.wait_for("\n"));
  ASSERT_EQ(run(on("state", {"send", "drill.plan", "--no-wait"})).status, 0);
  until([&] { return count("state", "sent") > 0; });
  serve.signal(SIGTERM);
  EXPECT_EQ(serve.end().status, 0);
  EXPECT_EQ(count("state", "sent"), 0) << "its answer was waited for";
  EXPECT_GT(count("state", "accepted") + count("state", "confirmed"), 0);
}

TEST_F(TwoMachines, ACleanEndDoesNotWaitForEverForAPeerThatIsSilent) {
  approved();
  ASSERT_EQ(post(port, "/faults", R"({"side": "mastodon", "kind": "no_answer", "times": 9, "method": "POST"})"), 204);
  Running serve(on("state", {"serve", "--json"}));
  ASSERT_TRUE(serve.wait_for("\n"));
  ASSERT_EQ(run(on("state", {"send", "drill.plan", "--no-wait"})).status, 0);
  until([&] { return count("state", "sent") > 0; });
  const auto asked = std::chrono::steady_clock::now();
  serve.signal(SIGTERM);
  EXPECT_EQ(serve.end().status, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::seconds(14));
  EXPECT_EQ(count("state", "accepted") + count("state", "confirmed"), 0) << "nobody knows, and nobody says otherwise";
}

}  // namespace
}  // namespace broadcaster::cli
