// The siren agent: carries the machine's actions out, over one link to the broker. Runs until the loop stops, over any
// number of broker restarts. Thread rule: loop thread; the memory file is written on a worker.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "broadcaster/net/loop.hpp"
#include "broadcaster/net/mqtt.hpp"
#include "broadcaster/net/workers.hpp"
#include "channels/siren/agent/machine.hpp"

namespace broadcaster::channels::siren {

struct AgentOptions {
  Identity identity;
  Limits limits;
  net::MqttOptions broker;  ///< host, port, files; identity and will are set by the agent
  std::string run, probe;
  std::filesystem::path state;  ///< folder, must exist; holds memory.json
  std::chrono::seconds heartbeat{30};
};

class Agent {
 public:
  /// All outlive the agent. A damaged memory file is set aside, reported as an event, and forgotten: expiry still
  /// keeps old commands out.
  static std::unique_ptr<Agent> create(net::Loop& loop, net::Workers& workers, const base::Clock& clock,
                                       base::Random& random, AgentOptions options);
  /// Ends the sound.
  virtual ~Agent() = default;
  /// Connects, and says what was open when it last ended.
  virtual void start() = 0;
  /// Says that it goes, so that nobody takes it for online; `done` when the broker knows, or soon in any case.
  virtual void say_goodbye(std::move_only_function<void()> done) = 0;
};

}  // namespace broadcaster::channels::siren
