#include "tests/kill/round.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "broadcaster/base/files.hpp"
#include "broadcaster/drill/seen.hpp"
#include "tests/kill/victim.hpp"
#include "tests/kill/witnesses.hpp"
#include "tests/simulation/dice.hpp"

namespace broadcaster::kill {
namespace fs = std::filesystem;
namespace json = boost::json;
namespace {

using base::milliseconds;
using std::chrono::seconds;

constexpr milliseconds command_patience = seconds(20);
/// Resends come a second after a start, and a gateway asks every second whether its receipts are wanted. After some
/// seventy rounds the network's window of five minutes is used up (429), and what is unknown there waits for the next.
constexpr milliseconds settle_patience = std::chrono::minutes(6);
/// After it is settled: receipts that are still on their way, and copies that a gateway still holds.
constexpr milliseconds receipt_patience = seconds(3);
constexpr milliseconds last_copies{300};

/// "AA", "AB", …: the code tells the rounds apart on the phones.
std::string code_prefix(int number) {
  return {static_cast<char>('A' + number / 26 % 26), static_cast<char>('A' + number % 26)};
}

std::unexpected<base::Error> failed(const std::string& what, const drill::CommandResult& result) {
  return base::fail(
      base::ErrorKind::unavailable,
      {"drill.command_failed",
       {{"command", what}, {"status", static_cast<std::int64_t>(result.status)}, {"said", result.output}}});
}

class Round {
 public:
  Round(const Bench& bench, std::uint64_t seed, int number, const fs::path& folder)
      : bench_(bench),
        dice_(seed),
        number_(number),
        folder_(folder),
        victim_(bench.stage, bench.overlay, bench.programs, folder / "state", folder / "broadcaster.log") {}

  base::Result<Played> play() {
    for (const auto step : {&Round::prepare, &Round::die_at_the_start, &Round::die_at_the_release,
                            &Round::die_while_resuming, &Round::come_to_rest, &Round::compare})
      if (auto done = (this->*step)(); !done) return std::unexpected(done.error());
    return std::move(played_);
  }

 private:
  base::Result<void> command(const std::string& name, std::vector<std::string> arguments) {
    std::vector<std::string> argv{bench_.programs.broadcaster.string(),
                                  "--config",
                                  bench_.overlay.folders.config.string(),
                                  "--templates",
                                  bench_.templates.string(),
                                  "--state",
                                  (folder_ / "state").string(),
                                  "--lang",
                                  "en",
                                  name};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    auto result = bench_.stage.command(std::move(argv), command_patience);
    if (!result) return std::unexpected(result.error());
    if (result->status != 0) return failed(name, *result);
    return {};
  }

  /// A plan of this round's own, with a code of its own, signed by the author and the approver.
  base::Result<void> prepare() {
    std::error_code error;
    fs::create_directories(folder_ / "state", error);
    const auto agency = bench_.overlay.folders.config / "agency.yaml";
    auto text = base::read_file(bench_.town.config / "agency.yaml");
    if (!text) return std::unexpected(text.error());
    const std::string original = "drill: TL";
    const auto at = text->find(original);
    if (at == std::string::npos)
      return base::fail(base::ErrorKind::unavailable, {"base.cannot_read", {{"file", agency.string()}}});
    text->replace(at, original.size(), "drill: " + code_prefix(number_));
    if (auto written = base::write_file(agency, *text); !written) return written;
    const auto file = (folder_ / "drill.plan").string();
    if (auto planned = command(
            "plan", {bench_.town.scenario.alert.string(), "-o", file, "--key", bench_.overlay.author_key.string()});
        !planned)
      return planned;
    for (const auto& key : bench_.overlay.approver_keys)
      if (auto approved = command("approve", {file, "--key", key.string(), "--yes"}); !approved) return approved;
    auto plan = base::read_file(file);
    if (!plan) return std::unexpected(plan.error());
    plan_ = std::move(*plan);
    // What was seen before this round is another's.
    if (auto seen = drill::read_seen(bench_.stage, bench_.overlay.ports.range, seen_before_); !seen)
      return std::unexpected(seen.error());
    return {};
  }

  milliseconds upto(int most) { return milliseconds(dice_.whole(0, most)); }

  base::Result<void> start_and_kill(milliseconds after) {
    if (auto started = victim_.start(); !started) return started;
    bench_.stage.wait(after);
    victim_.kill();
    return {};
  }

  base::Result<void> die_at_the_start() {
    if (!dice_.chance(0.25)) return {};
    const auto after = upto(80);
    played_.kills.push_back(fmt::format("starting, {} ms", after.count()));
    return start_and_kill(after);
  }

  base::Result<void> die_at_the_release() {
    if (auto started = victim_.start_and_wait(); !started) return started;
    const bool at_once = dice_.chance(0.4);
    const auto after = upto(at_once ? 40 : 900);
    played_.kills.push_back(fmt::format("{} ms after the plan was handed in", after.count()));
    promised_ = victim_.submit_and_kill(plan_, after);
    return {};
  }

  base::Result<void> die_while_resuming() {
    const int times = dice_.whole(0, 3);
    for (int n = 0; n < times; ++n) {
      // Most ends meet what one start does: reading, the link to the broker, the first resends after a second.
      const auto after = upto(dice_.chance(0.5) ? 150 : 1500);
      played_.kills.push_back(fmt::format("{} ms after start {}", after.count(), n + 2));
      if (auto done = start_and_kill(after); !done) return done;
    }
    return {};
  }

  /// Nothing kills it now. The officer hands the plan in again: it is joined, or released if nobody heard of it.
  base::Result<void> come_to_rest() {
    if (auto started = victim_.start_and_wait(); !started) return started;
    auto answer = victim_.ask({{"op", "submit"}, {"plan", plan_}, {"file", "drill.plan"}});
    if (!answer) return std::unexpected(answer.error());
    identifier_ = answer->at("alert").as_string();
    code_ = answer->at("code").as_string();
    if (promised_ && (*promised_ != identifier_ || answer->at("how").as_string() != "joined"))
      played_.broken.push_back(fmt::format("{} was said to be released, and is not there any more", *promised_));
    json::object last;
    const auto look = [&] {
      auto status = victim_.ask({{"op", "status"}, {"alert", identifier_}});
      if (!status) return false;
      last = status->at("alerts").as_array().at(0).as_object();
      return last.at("settled").as_bool();
    };
    if (!bench_.stage.wait_until(look, settle_patience))
      played_.broken.push_back("it has not come to rest: " + json::serialize(last));
    bench_.stage.wait_until([&] { return look() && proven(last); }, receipt_patience);
    bench_.stage.wait(last_copies);
    return {};
  }

  /// Everybody whose proof comes has it: accepted without proof are the phones without receipts and the partners. (A
  /// receipt that Kannel offered while nobody listened is lost: what was in doubt then is not waited for.)
  bool proven(const json::object& status) const {
    std::int64_t silent = 0;
    for (const auto& one : bench_.town.planned)
      if (one.who.starts_with("+99960012") || one.endpoint == "partners-drill") ++silent;
    return status.at("deliveries").as_object().at("accepted").as_int64() <= silent;
  }

  base::Result<void> compare() {
    auto verified = victim_.ask({{"op", "verify"}});
    if (!verified) return std::unexpected(verified.error());
    if (!verified->at("whole").as_bool()) played_.broken.push_back("the record: " + json::serialize(*verified));
    auto all = victim_.ask({{"op", "status"}});
    if (!all) return std::unexpected(all.error());
    if (const auto alerts = all->at("alerts").as_array().size(); alerts != 1)
      played_.broken.push_back(fmt::format("{} alerts came of one plan", alerts));
    if (auto ended = victim_.end(); !ended) return ended;
    auto journal = read_journal(folder_ / "state");
    if (!journal) return std::unexpected(journal.error());
    auto seen = drill::read_seen(bench_.stage, bench_.overlay.ports.range, seen_before_);
    if (!seen) return std::unexpected(seen.error());
    played_.verdict =
        judge(bench_.town.planned, *journal, gather(bench_.town.planned, *seen, code_, bench_.sounds, identifier_));
    return {};
  }

  const Bench& bench_;
  simulation::Dice dice_;
  const int number_;
  const fs::path folder_;
  Victim victim_;
  std::string plan_, identifier_, code_;
  std::optional<std::string> promised_;
  std::int64_t seen_before_ = 0;
  Played played_;
};

}  // namespace

base::Result<Played> play_round(const Bench& bench, std::uint64_t seed, int number, const fs::path& folder) {
  return Round(bench, seed, number, folder).play();
}

}  // namespace broadcaster::kill
