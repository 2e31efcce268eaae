// broadcaster take-over: this machine owns the state from now on; the one before sends nothing more.
#include "broadcaster/service/take_over.hpp"

#include <boost/json.hpp>

#include "broadcaster/base/digest.hpp"
#include "broadcaster/cli/ask.hpp"
#include "broadcaster/cli/commands.hpp"
#include "broadcaster/service/set_memory.hpp"

namespace broadcaster::cli {
namespace {

using Before = service::FencedOff::Before;

/// Somebody has gone and switched it off: nothing else is left where no machine can tell.
base::Result<void> make_sure(const Context& context, const std::string& given) {
  const auto words = context.screen().say({"cli.take_over_words", {}});
  auto typed = given;
  if (typed.empty()) {
    auto answer = Asker(context.screen()).ask({"cli.take_over_confirm", {{"words", words}}});
    if (!answer) return std::unexpected(answer.error());
    typed = *answer;
  }
  if (same_words(typed, words)) return {};
  return base::fail(base::ErrorKind::refused, {"cli.take_over_refused", {{"words", words}}});
}

std::string new_claim() {
  base::SystemRandom random;
  std::string seed;
  for (int i = 0; i < 4; ++i) seed += std::to_string(random.below(std::uint64_t{1} << 62)) + "/";
  return base::hex(base::sha256(seed)).substr(0, 32);
}

/// Where the fence is and in whose name: as the owner will read it that comes next.
base::Checked<service::Config> config_of(const Context& context, alert::Mode mode, journal::SqliteStore& store) {
  if (mode == alert::Mode::drill) return context.config();
  return service::config_in_force(context.config_folder(), service::load_accepted_set(store).value_or(nullptr),
                                  context.now());
}

/// At the fence, where there is one that answers; else by a person's word.
base::Result<service::FencedOff> fence_off(const Context& context, const service::Config& config, alert::Mode mode,
                                           journal::SqliteStore& store, const service::Standing& standing) {
  const auto& [folder, wait] = config.upkeep.fence;
  const auto claim = new_claim();
  if (folder.empty()) return service::fence_off(store, standing, claim);
  context.screen().note({"cli.take_over_waits", {{"seconds", static_cast<std::int64_t>(wait.count())}}});
  const service::Fence fence(folder, config.agency.id, mode);
  auto fenced = service::fence_off(fence, store, standing, claim, context.now(), wait);
  if (fenced || fenced.error().kind != base::ErrorKind::unavailable) return fenced;
  context.screen().note(fenced.error().text);
  return service::fence_off(store, standing, claim);
}

/// A machine before has accepted a newer signed set, or another, than the copy has.
std::optional<base::Text> newer_set(const service::Config& config, alert::Mode mode, journal::SqliteStore& store) {
  if (config.upkeep.fence.folder.empty()) return std::nullopt;
  const service::Fence fence(config.upkeep.fence.folder, config.agency.id, mode);
  const auto there = fence.newest_set_within(service::fence_patience);
  const auto here = service::load_accepted_set(store);
  if (!there || !*there || !here) return std::nullopt;
  const auto ours = *here ? (*here)->last().number : 0;
  if (*here && (ours > (*there)->number || (*here)->digest() == (*there)->digest)) return std::nullopt;
  return base::Text{"service.set_newer_elsewhere",
                    {{"number", (*there)->number}, {"machine", (*there)->machine}, {"ours", ours}}};
}

/// How the old machine was made sure of, for the record.
base::Result<std::string> made_sure(const Context& context, Before before, const std::string& given) {
  switch (before) {
    case Before::left:
      return "the old machine has left";
    case Before::silent:
      context.screen().note({"cli.take_over_no_word", {}});
      break;
    case Before::unseen:
      break;
  }
  if (auto sure = make_sure(context, given); !sure) return std::unexpected(sure.error());
  return "a person has made sure that the old machine is off";
}

boost::json::object json_of(const service::FencedOff& fenced, const std::string& how, const service::TakenOver& taken) {
  boost::json::array alerts;
  for (const auto& alert : taken.alerts)
    alerts.push_back(
        boost::json::object{{"alert", alert.identifier},
                            {"code", alert.code},
                            {"life", alert.life == service::TakenOver::Alert::Life::stopped ? "stopped" : "goes_on"}});
  return {{"epoch", fenced.epoch},
          {"how", how},
          {"alerts", std::move(alerts)},
          {"unknown", taken.unknown},
          {"missing", boost::json::array(taken.missing.begin(), taken.missing.end())}};
}

/// What the next minute is for: what was stopped there must not go on here, and what is not here must be sent again.
void tell(const Context& context, alert::Mode mode, Before before, const service::TakenOver& taken) {
  const auto& screen = context.screen();
  const std::string mode_name(alert::name(mode));
  screen.line({"cli.taken_over", {{"unknown", taken.unknown}}});
  for (const auto& alert : taken.alerts) switch (alert.life) {
      case service::TakenOver::Alert::Life::stopped:
        screen.line({"cli.take_over_stopped", {{"code", alert.code}}});
        break;
      case service::TakenOver::Alert::Life::goes_on:
        screen.line({before == Before::left ? "cli.take_over_goes_on" : "cli.take_over_goes_on_unless",
                     {{"code", alert.code}, {"mode", mode_name}}});
        break;
    }
  for (const auto& missing : taken.missing) screen.line({"cli.take_over_missing", {{"alert", missing}}});
  screen.line({"cli.take_over_next", {{"mode", mode_name}}});
}

}  // namespace

int take_over(const Context& context, const TakeOver& options) {
  const auto& screen = context.screen();
  const auto mode = context.mode();
  if (!mode) return screen.fail(mode.error());
  const auto state = context.state(*mode);
  const auto lock = service::StateLock::take(state);
  if (!lock) return screen.fail(lock.error());
  auto store = journal::SqliteStore::open(state.folder, *mode);
  if (!store) return screen.fail(store.error());
  const auto config = config_of(context, *mode, **store);
  if (!config) return screen.fail(config.error());
  const auto standing = service::read_standing(**store);
  if (!standing) return screen.fail(standing.error());
  if (auto may = service::may_take_over(**store, *standing); !may) return screen.fail(may.error());
  const auto fenced = fence_off(context, *config, *mode, **store, *standing);
  if (!fenced) return screen.fail(fenced.error());
  const auto how = made_sure(context, fenced->before, options.confirm);
  if (!how) return screen.fail(how.error());
  const auto taken = service::take_over(**store, *fenced, *how, service::machine_name(), context.now());
  if (!taken) return screen.fail(taken.error());
  if (const auto newer = newer_set(*config, *mode, **store)) screen.note(*newer);
  if (context.output() == Context::Output::json)
    screen.json(json_of(*fenced, *how, *taken));
  else
    tell(context, *mode, fenced->before, *taken);
  return Exit::done;
}

}  // namespace broadcaster::cli
