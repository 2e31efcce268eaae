// The owner of a state folder: the one process that decides, sends and records for it.
//
// It holds the lock, opens the journal, resumes what is open, serves the control socket and the gateways' hooks, and
// runs until it is told to end. One mode: it loads that mode's endpoints and no others, so a drill owner has no live
// credential. Thread rule: start(), run() and the destructor on one thread; stop() on any.
#pragma once

#include <functional>
#include <memory>

#include "broadcaster/journal/record_key.hpp"
#include "broadcaster/service/config.hpp"
#include "broadcaster/service/state.hpp"

namespace broadcaster::service {

/// `send`: open endpoints, resume, send. `read`: only what is asked; nothing leaves, nothing is resumed.
enum class Work { send, read };

struct OwnerOptions {
  StatePaths state;
  Config config;  ///< its folder is always used, for people and lists of today
  /// Of a live owner that sends: whether start() reads the configuration itself, by the signed set of the state
  /// (config_in_force()). `config` as it is given suits whoever measures.
  enum class Reads { in_force, given } reads = Reads::in_force;
  alert::Mode mode = alert::Mode::drill;
  Work work = Work::send;
  /// Take SIGTERM and SIGINT for a clean end (`serve`); an owner inside another command leaves them alone.
  enum class Signals { take, leave } signals = Signals::leave;
  /// Dangers that have wording here: what a feed's bulletin may be a draft of.
  std::vector<std::string> hazards = {};
  /// Whose words a prepared alert rests on; read when one is fired.
  std::filesystem::path templates = {};
  /// Of the state folder; start() reads it, or makes it.
  std::optional<journal::RecordKey> record_key = std::nullopt;
};

class Owner {
 public:
  /// Errors: unavailable (another owner, disk, port); refused (state of another mode or a newer format; to send: one
  /// that was restored and not taken over, or that another machine has taken over); those of the configuration.
  static base::Checked<std::unique_ptr<Owner>> start(OwnerOptions options);
  virtual ~Owner() = default;
  /// Until stop(), a signal, or `quit`: what is in flight is finished (10 s at most), nothing new is started.
  virtual void run() = 0;
  virtual void stop() = 0;
  /// Where receipts come in: "http://127.0.0.1:40112/hooks/".
  virtual std::string hooks_url() const = 0;
  /// What somebody who starts it should know at once: nobody outside would miss it, the disk is nearly full.
  virtual std::vector<base::Text> warnings() const = 0;
  /// After run(): another machine has taken over, and this state sends nothing more.
  virtual std::optional<base::Error> fenced() const = 0;
};

}  // namespace broadcaster::service
