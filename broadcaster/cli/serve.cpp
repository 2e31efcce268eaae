// broadcaster serve: owns a state for long, sends, and answers the other commands, until it is told to end.
#include <unistd.h>

#include <boost/json.hpp>

#include "broadcaster/base/log.hpp"
#include "broadcaster/cli/commands.hpp"

namespace broadcaster::cli {

int serve(const Context& context) {
  const auto& screen = context.screen();
  const auto mode = context.mode();
  if (!mode) return screen.fail(mode.error());
  // A live owner reads it itself, by the signed set of its state.
  service::Config config;
  config.folder = context.config_folder();
  if (*mode == alert::Mode::drill) {
    auto read = context.config();
    if (!read) return screen.fail(read.error());
    config = std::move(*read);
  }
  base::log::start(base::log::Level::info);
  const auto state = context.state(*mode);
  std::vector<std::string> hazards;
  if (const auto templates = context.templates())
    hazards = templates->hazards();
  else if (std::filesystem::exists(config.folder / "feeds.yaml"))
    screen.note({"cli.no_wording", {}});
  const auto owner = service::Owner::start({.state = state,
                                            .config = std::move(config),
                                            .mode = *mode,
                                            .work = service::Work::send,
                                            .signals = service::OwnerOptions::Signals::take,
                                            .hazards = std::move(hazards),
                                            .templates = context.templates_folder()});
  if (!owner) return screen.fail(owner.error());
  switch (context.output()) {
    case Context::Output::json:
      screen.json(boost::json::object{{"pid", ::getpid()},
                                      {"mode", alert::name(*mode)},
                                      {"state", state.folder.string()},
                                      {"hooks", (*owner)->hooks_url()}});
      break;
    case Context::Output::text:
      screen.line({"cli.serving",
                   {{"mode", base::Key{"plan.mode_" + std::string(alert::name(*mode))}},
                    {"state", state.folder.string()},
                    {"hooks", (*owner)->hooks_url()}}});
      break;
  }
  for (const auto& warning : (*owner)->warnings()) screen.note(warning);
  (*owner)->run();
  if (const auto fenced = (*owner)->fenced()) return screen.fail(*fenced);
  return Exit::done;
}

}  // namespace broadcaster::cli
