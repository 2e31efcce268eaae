// broadcaster halt: what is unsent stays unsent, and nobody is told anything. One person, no key, no question.
//
// Where nobody owns the state it is only read and the stop written: an owner that sends would go on with the alert in
// the moment before it learns of the stop.
#include <boost/json.hpp>

#include "broadcaster/cli/commands.hpp"

namespace broadcaster::cli {

int halt(const Context& context, const Halt& options) {
  const auto& screen = context.screen();
  const auto mode = context.mode();
  if (!mode) return screen.fail(mode.error());
  auto session = context.session(*mode, service::Work::read);
  if (!session) return screen.fail(session.error());
  const auto halted = session->ask({{"op", "halt"}, {"alert", options.alert}, {"reason", options.reason}});
  if (!halted) return screen.fail(halted.error());
  if (context.output() == Context::Output::json)
    screen.json(boost::json::object{{"alert", options.alert}, {"halted", true}});
  else
    screen.line({"cli.halted", {{"alert", options.alert}}});
  return Exit::done;
}

}  // namespace broadcaster::cli
