#include "broadcaster/drill/play.hpp"

#include <cstdio>

#include "broadcaster/drill/owner_link.hpp"

namespace broadcaster::drill {
namespace fs = std::filesystem;
namespace {

using std::chrono::seconds;

constexpr base::milliseconds command_patience = seconds(20);

}  // namespace

void Play::line(const std::string& text) const {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

void Play::say(base::Text text) const { line(catalogue.say(text)); }

void Play::heading(const char* id) const {
  line("");
  line("── " + catalogue.say(base::Text{id, {}}));
}

base::Result<CommandResult> Play::command(std::vector<std::string> arguments, const fs::path& state,
                                          const std::string& input) {
  std::vector<std::string> argv{programs.broadcaster.string(),
                                "--config",
                                overlay.folders.config.string(),
                                "--templates",
                                options.templates.string(),
                                "--state",
                                state.string(),
                                "--lang",
                                options.language};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return stage.command(std::move(argv), command_patience, input);
}

base::Result<std::unique_ptr<net::Child>> Play::serve(const std::string& mode, const fs::path& state) {
  const auto log = overlay.folders.logs / ("broadcaster-" + mode + ".log");
  auto child = stage.start({programs.broadcaster.string(), "--config", overlay.folders.config.string(), "--state",
                            state.string(), "--lang", options.language, "serve", "--mode", mode},
                           log);
  if (!child) return std::unexpected(child.error());
  const bool up = stage.wait_until(
      [&] { return !(*child)->running() || ask_owner(state, {{"op", "hello"}}, seconds(1)).has_value(); },
      owner_patience);
  if (!up || !(*child)->running())
    return base::fail(base::ErrorKind::unavailable,
                      {"drill.peer_not_started", {{"peer", std::string("broadcaster serve")}, {"log", log.string()}}});
  return child;
}

}  // namespace broadcaster::drill
