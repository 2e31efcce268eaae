// One try, as a channel gets it. Thread rule: plain values; `content` is shared and immutable.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "broadcaster/alert/vocabulary.hpp"
#include "broadcaster/base/time.hpp"
#include "broadcaster/delivery/ids.hpp"
#include "broadcaster/delivery/outcome.hpp"
#include "broadcaster/plan/message.hpp"

namespace broadcaster::delivery {

/// A released message: its holes are filled, nothing is left to decide.
struct Content {
  alert::Mode mode = alert::Mode::drill;
  std::string alert_identifier;
  std::string alert_code;
  std::string hazard;
  base::WallTime issued;  ///< the time of issue in the text: the same for every try
  alert::Language language;
  alert::ZoneId zone;
  std::string form;
  std::variant<std::string, plan::SirenProgram> body;
  std::string plan_digest;  ///< hex; travels to sirens as approval_hash
  bool is_stop = false;     ///< false alarm or all-clear: a siren ends its tone
  std::string references;   ///< CAP references of a follow-up: the alerts whose tone a stop ends
};

struct Attempt {
  AttemptId id;
  plan::EndpointName endpoint;
  std::string recipient;  ///< E.164 number; language of a post; siren id
  std::string key;        ///< idempotency key, stable over retries and restarts
  std::shared_ptr<const Content> content;
  Memo memo;
  base::WallTime expires;
  /// Of a follow-up: what this endpoint has accepted of the alert before, as the platform named it; empty: nothing, or
  /// nobody knows.
  std::string follows_ref = {};
};

/// Hex of SHA-256 over (alert identifier, route, recipient, message): the same for every retry of one delivery.
std::string idempotency_key(const std::string& alert_identifier, const std::string& route, const std::string& recipient,
                            const std::string& plan_digest);

}  // namespace broadcaster::delivery
