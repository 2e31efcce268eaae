// broadcaster status: what is known of one alert, or of all.
#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/json_values.hpp"
#include "broadcaster/cli/prepared.hpp"
#include "broadcaster/cli/watch.hpp"

namespace broadcaster::cli {

int status(const Context& context, const std::string& alert) {
  const auto& screen = context.screen();
  const auto mode = context.mode();
  if (!mode) return screen.fail(mode.error());
  auto session = context.session(*mode, service::Work::read);
  if (!session) return screen.fail(session.error());
  auto document = session->ask({{"op", "status"}, {"alert", alert}});
  if (!document) return screen.fail(document.error());
  switch (context.output()) {
    case Context::Output::json:
      document->erase("ok");
      if (alert.empty()) (*document)["prepared"] = prepared_json(context, *mode);
      screen.json(*document);
      break;
    case Context::Output::text:
      // Of today's file, whatever the owner started with; what is wrong in it is `check`'s to say.
      if (const auto people = approval::read_people(context.config_folder() / "people.yaml")) {
        for (const auto& text : approval::key_warnings(*people, context.now())) screen.line(text);
        for (const auto& text : approval::quorum_warnings(*people, context.now())) screen.line(text);
      }
      if (alert.empty()) show_prepared(context, *mode);
      show_status(context, *document);
      break;
  }
  return Exit::done;
}

}  // namespace broadcaster::cli
