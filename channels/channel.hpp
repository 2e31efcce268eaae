// The contract of a channel: what the dispatcher's driver sees of every way out.
//
// A channel gets a batch of attempts and answers each exactly once with an Outcome. It never retries, sleeps, or asks
// itself whether it may send: that is the dispatcher's. What comes back later (receipts, acknowledgements) it reads
// into Evidence. Most channels are HTTP and do no I/O at all: they implement channels/http/http_channel.hpp instead.
// Thread rule: loop thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/base/error.hpp"
#include "broadcaster/base/time.hpp"
#include "broadcaster/delivery/attempt.hpp"
#include "broadcaster/delivery/evidence.hpp"
#include "broadcaster/net/http.hpp"
#include "broadcaster/net/server.hpp"
#include "broadcaster/net/workers.hpp"
#include "broadcaster/plan/endpoint.hpp"

namespace broadcaster::channels {

/// Where a channel reports to; the driver.
class Reports {
 public:
  virtual ~Reports() = default;
  /// Exactly once for every attempt of a batch, at any time after start() was called, also from within it.
  virtual void finished(delivery::AttemptId attempt, delivery::Outcome outcome) = 0;
  /// `stored` is called when it is on disk: only then may a gateway be answered. DESIGN rule 2.
  virtual void evidence(delivery::Evidence evidence, std::move_only_function<void()> stored) = 0;
  /// Something a person must know: a siren went silent, a broker is down. `key` names the condition; the same key again
  /// replaces it, nullopt ends it.
  virtual void alarm(const plan::EndpointName& endpoint, const std::string& key, std::optional<base::Text> text) = 0;
  /// Right before the byte, where a connection had to be made first: is its alert still running, and not expired?
  virtual bool may_leave(delivery::AttemptId attempt) = 0;
  /// room() may have grown.
  virtual void ready(const plan::EndpointName& endpoint) = 0;
};

/// Small durable values of a channel (command counters, refresh tokens), kept by the journal.
class ChannelStore {
 public:
  virtual ~ChannelStore() = default;
  virtual void load(const std::string& key, std::move_only_function<void(std::optional<std::string>)> done) = 0;
  /// `done` is called when it is on disk.
  virtual void save(const std::string& key, std::string value, std::move_only_function<void()> done) = 0;
};

/// What every channel may use. All outlive the channel.
struct ChannelTools {
  net::Loop& loop;
  net::Workers& workers;
  net::HttpClient& http;
  const base::Clock& clock;
  base::Random& random;
  Reports& reports;
  ChannelStore& store;
  /// Base of the addresses that reach receive(): "http://127.0.0.1:8099/hooks/"; the endpoint's name is appended.
  std::string hooks_url;
  /// Folder that relative paths and file: secrets of the configuration are taken from.
  std::string config_folder;
};

/// What a channel makes of a request that came in for it.
struct Received {
  int status = 200;
  std::string body;
  std::vector<delivery::Evidence> evidence;  ///< stored before `status` is answered
};

enum class Reachability { unknown, up, down };

class Channel {
 public:
  virtual ~Channel() = default;

  /// Connects what needs a connection of its own (a broker). Called once, before any batch.
  virtual void open() {}
  /// How many attempts it can write now without queuing them. The driver never hands over more.
  virtual std::size_t room() const = 0;
  /// Every attempt's expiry and stop was checked right before this call.
  virtual void start(std::vector<delivery::Attempt> batch) = 0;
  /// For an attempt whose outcome is unknown: asks the far side, and reports evidence if there is any; `done` comes
  /// last, in every case. The default cannot ask.
  virtual void ask(const delivery::Attempt& attempt, std::move_only_function<void()> done);
  /// A request to /hooks/<endpoint>. The default answers 404.
  virtual Received receive(const net::ServerRequest& request);
  /// Deliveries that were accepted and are being read back now: who waits for an alert's end waits for these, too.
  virtual std::size_t proving() const { return 0; }
  /// For `status`: is the far side there?
  virtual Reachability reachability() const { return Reachability::unknown; }
};

/// One line of the channel table: a description as data, and how to make one.
struct ChannelKind {
  plan::ChannelTraits traits;
  /// Errors: bad_input for settings that cannot work, unavailable for a secret that cannot be read.
  base::Result<std::unique_ptr<Channel>> (*create)(const plan::Endpoint& endpoint, ChannelTools& tools);
};

}  // namespace broadcaster::channels
