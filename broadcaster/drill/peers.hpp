// The real peers of a drill, on loopback: the range, a mosquitto broker, Kannel, and one agent a siren.
//
// Started in the order in which they need each other, ended in the other; each can be killed and started again while
// the drill runs. Thread rule: the stage's thread; every call may wait.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "broadcaster/drill/overlay.hpp"
#include "broadcaster/drill/stage.hpp"
#include "broadcaster/net/http.hpp"
#include "broadcaster/net/mqtt.hpp"
#include "broadcaster/net/workers.hpp"

namespace broadcaster::drill {

/// The two programs of the product, and what a siren's command does in their play.
struct Programs {
  std::filesystem::path broadcaster;
  std::filesystem::path siren;
  /// It says that it sounds, and lasts as long as a tone. SIREN_ID names the siren.
  std::string sound = "echo sounding; exec sleep \"$SIREN_DURATION\"";
};

class Peers {
 public:
  Peers(Stage& stage, const Overlay& overlay, const service::Config& config, const Scenario& scenario,
        Programs programs);
  ~Peers();

  /// Errors: unavailable, with the peer that does not start and its log.
  base::Result<void> start();
  base::Result<void> start_gateway();
  void stop_gateway();
  base::Result<void> start_broker();
  void stop_broker();
  /// How often Kannel's smsbox has ended by itself and was started again, as run_kannel_box does for an agency: it ends
  /// itself where a program that it reports to is killed in that moment (1.4.5, an assertion in gwlib/conn.c).
  int smsbox_ends() const { return smsbox_ends_; }
  /// Sirens whose agent has said at the broker that it is there.
  std::size_t sirens_online() const { return online_.size(); }

 private:
  base::Result<void> start_range();
  base::Result<void> start_smsbox();
  void smsbox_ended();
  base::Result<void> script_phones();
  base::Result<void> start_sirens();
  base::Result<void> watch_sirens();
  base::Result<std::unique_ptr<net::Child>> start_and_wait(std::vector<std::string> argv, const std::string& log,
                                                           unsigned short port);

  Stage& stage_;
  const Overlay& overlay_;
  const service::Config& config_;
  const Scenario& scenario_;
  Programs programs_;
  net::Workers workers_;
  std::unique_ptr<net::Child> range_, broker_, bearerbox_, smsbox_;
  std::optional<net::TimerId> smsbox_starts_;
  int smsbox_ends_ = 0;
  enum class Life { running, ending } life_ = Life::running;
  std::map<std::string, std::unique_ptr<net::Child>> sirens_;
  std::unique_ptr<net::MqttClient> watcher_;
  std::set<std::string> online_;
};

/// GET or POST on loopback, waited for. Errors: unavailable.
base::Result<net::HttpAnswer> fetch(Stage& stage, net::HttpRequest request);

}  // namespace broadcaster::drill
