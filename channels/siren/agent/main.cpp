// broadcaster-siren: turns a small Linux box with a loudspeaker or a relay into a siren.
#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "broadcaster/base/digest.hpp"
#include "broadcaster/base/files.hpp"
#include "channels/siren/agent/agent.hpp"

namespace {

using namespace broadcaster;
using namespace broadcaster::channels::siren;

constexpr int exit_usage = 2;
constexpr int exit_unavailable = 5;

constexpr auto about =
    "A siren: obeys signed commands from an MQTT broker and says `sounding` only when it is proven.\n"
    "\n"
    "Example:\n"
    "  broadcaster-siren --id siren-01 --zone muara --site tirtapura --mode drill \\\n"
    "    --broker 127.0.0.1:8883 --ca ca.pem --cert siren-01.pem --key siren-01.key \\\n"
    "    --command-key drill-command.pub --state /var/lib/broadcaster-siren \\\n"
    "    --run 'aplay -q \"/usr/share/siren/$SIREN_PROGRAM.wav\"' --probe /usr/local/bin/amplifier-draws-current\n"
    "\n"
    "The command finds SIREN_PROGRAM, SIREN_DURATION (seconds), SIREN_HAZARD, SIREN_MODE, SIREN_ALERT and\n"
    "SIREN_COMMAND in its environment. It must end the sound on SIGTERM. A line `sounding` on its output, or exit\n"
    "status 0 of --probe, proves the sound: print it from what measures (current, microphone), not from hope.\n";

struct Arguments {
  std::string id, site, broker, ca, cert, key, mode, run, probe, state = ".";
  std::vector<std::string> command_keys, zones, groups;
  int max_on = 180, heartbeat = 30, prove_within_ms = 3000;
};

int wrong(const std::string& why) {
  fmt::print(stderr, "broadcaster-siren: {}\n", why);
  return exit_usage;
}

/// base64 itself, or a file that holds it.
std::optional<PublicKey> public_key(const std::string& text) {
  if (const auto key = PublicKey::from_base64(text)) return key;
  auto content = base::read_file(text, 4096);
  if (!content) return std::nullopt;
  while (!content->empty() && (content->back() == '\n' || content->back() == '\r')) content->pop_back();
  return PublicKey::from_base64(*content);
}

std::expected<net::MqttOptions, std::string> broker(const Arguments& in) {
  const auto colon = in.broker.rfind(':');
  unsigned port = 0;
  if (colon == std::string::npos || colon == 0 || std::sscanf(in.broker.c_str() + colon + 1, "%u", &port) != 1 ||
      port == 0 || port > 65535)
    return std::unexpected("--broker: expected HOST:PORT, found " + in.broker);
  net::MqttOptions out;
  out.host = in.broker.substr(0, colon);
  out.port = static_cast<unsigned short>(port);
  out.ca_file = in.ca;
  out.cert_file = in.cert;
  out.key_file = in.key;
  for (const auto& file : {in.ca, in.cert, in.key})
    if (const auto read = base::read_file(file, 1 << 20); !read) return std::unexpected("cannot read " + file);
  return out;
}

std::expected<AgentOptions, std::string> checked(const Arguments& in) {
  AgentOptions out;
  const auto mode = mode_from(in.mode);
  if (!mode) return std::unexpected("--mode: expected live or drill, found " + in.mode);
  for (const auto* list : {&in.zones, &in.groups})
    for (const auto& id : *list)
      if (!valid_id(id)) return std::unexpected("not a zone or group: " + id);
  if (!valid_id(in.id)) return std::unexpected("--id: expected letters, digits, '-', '_' and '.'");
  if (!valid_id(in.site)) return std::unexpected("--site: expected letters, digits, '-', '_' and '.'");
  out.identity = {in.site, in.id, *mode, in.zones, in.groups, {}};
  for (const auto& text : in.command_keys) {
    const auto key = public_key(text);
    if (!key) return std::unexpected("--command-key: expected an Ed25519 public key in base64 or a file with it");
    if (is_example_key(*key))
      return std::unexpected(
          "--command-key: this is the example key of the protocol's page; everybody can sign with it");
    out.identity.command_keys.push_back(*key);
  }
  auto link = broker(in);
  if (!link) return std::unexpected(link.error());
  out.broker = std::move(*link);
  out.limits.max_on = std::chrono::seconds(in.max_on);
  out.limits.prove_within = base::milliseconds(in.prove_within_ms);
  out.heartbeat = std::chrono::seconds(in.heartbeat);
  out.run = in.run;
  out.probe = in.probe;
  out.state = in.state;
  return out;
}

void describe(CLI::App& app, Arguments& in) {
  app.add_option("--id", in.id, "This siren's name, as in its certificate and its topics")->required();
  app.add_option("--site", in.site, "The agency's part of the topics")->required();
  app.add_option("--broker", in.broker, "HOST:PORT of the broker (TLS)")->required();
  app.add_option("--ca", in.ca, "Authority that signed the broker's certificate (PEM)")->required();
  app.add_option("--cert", in.cert, "This siren's certificate (PEM)")->required();
  app.add_option("--key", in.key, "Its private key (PEM)")->required();
  app.add_option("--mode", in.mode, "live or drill: it obeys commands of this mode only")->required();
  app.add_option("--command-key", in.command_keys,
                 "Public key that commands are signed with: base64, or a file; may be given twice")
      ->required();
  app.add_option("--run", in.run, "Makes the sound (for /bin/sh -c)")->required();
  app.add_option("--probe", in.probe, "Proves the sound by exit status 0; asked until it does");
  app.add_option("--zone", in.zones, "Zone that it stands in; may be given several times");
  app.add_option("--group", in.groups, "Group that it belongs to; may be given several times");
  app.add_option("--max-on", in.max_on, "Longest sound of one command, in seconds")
      ->check(CLI::Range(3, 3600))
      ->capture_default_str();
  app.add_option("--prove-within", in.prove_within_ms, "Without proof after so many milliseconds it says `failed`")
      ->check(CLI::Range(50, 60'000))
      ->capture_default_str();
  app.add_option("--state", in.state, "Folder for what it must remember over a power failure")->capture_default_str();
  app.add_option("--heartbeat", in.heartbeat, "Seconds between signs of life")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
}

int run(AgentOptions options) {
  std::error_code error;
  std::filesystem::create_directories(options.state, error);
  if (!std::filesystem::is_directory(options.state, error)) {
    fmt::print(stderr, "broadcaster-siren: no folder {}\n", options.state.string());
    return exit_unavailable;
  }
  const auto loop = net::Loop::create();
  net::Workers workers(*loop, 1);
  const base::SystemClock clock;
  base::SystemRandom random;
  auto agent = Agent::create(*loop, workers, clock, random, std::move(options));
  loop->on_signal({SIGINT, SIGTERM}, [&](int) { agent->say_goodbye([&] { loop->stop(); }); });
  agent->start();
  loop->run();
  agent.reset();  // silent before the program is gone
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app(about, "broadcaster-siren");
  describe(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return status == 0 ? 0 : exit_usage;
  }
  base::init_crypto();
  auto options = checked(arguments);
  if (!options) return wrong(options.error());
  return run(std::move(*options));
}
