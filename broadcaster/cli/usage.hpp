// What is said about a command line: why it cannot be read, and the help. Thread rule: plain functions.
#pragma once

#include <string>

#include "broadcaster/base/error.hpp"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace broadcaster::cli {

/// CLI11 says it in English; we say it in the agency's language, and keep the word that it points at.
base::Text explain(const CLI::ParseError& error, const CLI::App& app);

/// The innermost command that was typed: whose help is wanted.
CLI::App& typed_command(CLI::App& app);

/// "broadcaster keys new", as the usage line says it.
std::string full_name(const CLI::App& app);

std::string help_of(CLI::App& app);

}  // namespace broadcaster::cli
