// broadcaster drill: plays a scenario over real peers on this computer, and says whether it went as expected.
#include "broadcaster/drill/drill.hpp"

#include "broadcaster/cli/commands.hpp"

namespace broadcaster::cli {

int drill(const Context& context, const Drill& options) {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error)
    return context.screen().fail(base::ErrorKind::unavailable,
                                 {"base.cannot_read", {{"file", "/proc/self/exe"}, {"reason", error.message()}}});
  return drill::run_drill({.scenario = options.scenario,
                           .config = context.config_folder(),
                           .templates = context.templates_folder(),
                           .report = options.report,
                           .state = context.drill_state(),
                           .language = context.language(),
                           .program = program});
}

}  // namespace broadcaster::cli
