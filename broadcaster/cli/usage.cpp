#include "broadcaster/cli/usage.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>

namespace broadcaster::cli {

base::Text explain(const CLI::ParseError& error, const CLI::App& app) {
  const std::string what = error.what();
  if (dynamic_cast<const CLI::ExtrasError*>(&error))
    return {"cli.usage_unexpected", {{"what", fmt::format("{}", fmt::join(app.remaining(true), " "))}}};
  if (dynamic_cast<const CLI::RequiredError*>(&error))
    return {"cli.usage_missing", {{"what", what.substr(0, what.rfind(" is required"))}}};
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error))
    return {"cli.usage_value", {{"what", what.substr(0, what.find(':'))}}};
  return {"cli.usage_wrong", {{"what", what}}};
}

CLI::App& typed_command(CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? app : typed_command(*parsed.front());
}

std::string full_name(const CLI::App& app) {
  return app.get_parent() ? full_name(*app.get_parent()) + " " + app.get_name() : app.get_name();
}

std::string help_of(CLI::App& app) {
  return app.get_formatter()->make_help(&app, full_name(app), CLI::AppFormatMode::Normal);
}

}  // namespace broadcaster::cli
