// Plays a scenario: the whole path in drill mode, over real peers, with faults, and says whether it was good.
//
// The broadcaster under test is a child process (`broadcaster serve --mode drill`) that is asked over its socket, so
// that what is drilled is what will run. Scripted people use the same commands as real ones. Everything that is started
// is ended, also after Ctrl-C and on failure. Thread rule: the main thread, before any other thread or socket.
#pragma once

#include <filesystem>
#include <string>

namespace broadcaster::drill {

struct DrillOptions {
  std::filesystem::path scenario;  ///< empty: drills/tsunami-coast.yaml of the configuration
  std::filesystem::path config;    ///< the agency's; only read
  std::filesystem::path templates;
  std::filesystem::path report;  ///< folder for report.json and report.html; empty: state/drills/<time>
  std::filesystem::path state;   ///< drills/<time> is made in it
  std::string language = "en";
  std::filesystem::path program;  ///< this executable; broadcaster-siren stands beside it
};

/// The exit status: 0 as expected, 6 not; 1, 5 when it could not be played; 130 interrupted.
int run_drill(const DrillOptions& options);

}  // namespace broadcaster::drill
