// The configuration that a drill really uses: the agency's own, with made-up people and addresses of peers that it
// starts itself. It stands in the drill's state folder; the agency's files are only read.
//
// Where the scenario lets nobody answer, it has a duty.yaml of its own: invented numbers, and the drill's own gateway.
// Drill endpoints keep everything but where they lead and by which secret; live endpoints are left out: the broadcaster
// under test has none. Thread rule: blocking on files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "broadcaster/drill/scenario.hpp"
#include "broadcaster/service/config.hpp"

namespace broadcaster::drill {

/// Free ports on loopback, taken a moment before they are used.
struct Ports {
  unsigned short range = 0, smsc = 0, broker = 0;
  unsigned short kannel_admin = 0, kannel_box = 0, kannel_http = 0;
  unsigned short hooks = 0;
};
base::Result<Ports> take_ports();

struct Folders {
  std::filesystem::path root;     ///< state/drills/<time>, 0700: the drill reads the agency's own audiences
  std::filesystem::path config;   ///< the overlay
  std::filesystem::path secrets;  ///< 0700
  std::filesystem::path state;    ///< of the broadcaster under test
  std::filesystem::path peers;    ///< what the peers keep
  std::filesystem::path logs;
};
base::Result<Folders> make_folders(const std::filesystem::path& root);

/// Removes the copies of the audiences and their snapshots: what nobody needs once the drill is over.
void forget_recipients(const Folders& folders);

/// Everything that is made on the spot, and the files that hold it.
struct Overlay {
  Ports ports;
  Folders folders;
  std::string site;            ///< of the siren topics
  std::string controller;      ///< identity at the broker
  std::string command_key;     ///< public, base64: what sirens obey
  std::string range_settings;  ///< file
  std::string gateway_user, gateway_password;
  std::string operator_user, operator_password;  ///< SMPP
  std::filesystem::path author_key;
  std::vector<std::filesystem::path> approver_keys;
  std::filesystem::path alone_key;        ///< of who releases alone; one of the approvers'
  std::vector<std::string> duty_numbers;  ///< invented, of everybody who may be called
};

/// Errors: unavailable (disk, ports), bad_input (an endpoint that no peer of a drill stands for).
base::Result<Overlay> make_overlay(const service::Config& config, const Scenario& scenario, Folders folders,
                                   Ports ports, const std::string& language);

}  // namespace broadcaster::drill
