// What a kind of channel can say, as data that the channel table hands in.
//
// `plan` must know each channel's form, measure and settings, and must not know channels. So a channel describes itself
// here, and config/endpoints.yaml is read by this description. Thread rule: constants.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "broadcaster/alert/zones.hpp"
#include "broadcaster/plan/message.hpp"

namespace broadcaster::plan {

/// How a platform counts. Each is one file in plan/measure/.
enum class Measure {
  sms_segments,         ///< 3GPP TS 23.038: GSM-7 septets or UCS-2 units, in parts
  mastodon_characters,  ///< grapheme clusters, a link counts 23
  utf8_bytes,
  siren_seconds,
};

/// Who is addressed by one endpoint.
enum class Addressing {
  audience,  ///< recipients of a list (SMS)
  account,   ///< everybody who reads the account: one message a language
  targets,   ///< devices named in the endpoint (sirens)
};

/// What a repeat does: whether SENT must be on disk before the byte even when the disk fails. DESIGN rules 2 and 6.
/// While the store works the intent is on disk before the byte in both cases.
enum class Intent {
  before_the_byte,   ///< a repeat is a duplicate: SENT is committed before the send
  with_the_outcome,  ///< a repeat is harmless (own key, own command id): with a failed store it may go without SENT
};

/// What is done with an unknown outcome after reconcile_after.
enum class OnUnknown { resend, hold, report };

/// One key of an endpoint in config/endpoints.yaml.
struct Setting {
  enum class Kind { text, url, secret, path, whole, list };
  enum class Presence { required, optional };
  enum class Fingerprint { part_of_destination, not_part };
  std::string_view key;
  Kind kind;
  Presence presence;
  /// Part of where bytes go: URL, account, sender, topic root. A secret never is.
  Fingerprint fingerprint;
};

/// What a document is made from: the alert as it is planned, its texts filled.
struct DocumentInput {
  const alert::Alert& alert;
  const alert::Zones& zones;
  const std::string& sender;  ///< of the agency
};
/// A channel that publishes the alert itself as a document (CAP) says how one is made: once, by `plan`, into pieces and
/// holes, as every message is. `plan` knows no format of documents; this is handed in with the other traits.
using MakeDocument = base::Result<Pieces> (*)(const DocumentInput& input);

struct ChannelTraits {
  std::string_view name;  ///< as in endpoints.yaml: "mastodon"
  std::string_view form;  ///< key in templates: "post", "sms", "siren", "event"
  Measure measure;
  int default_limit;  ///< in the measure's unit; for SMS: segments
  Addressing addressing;
  Intent intent;
  OnUnknown default_on_unknown;
  std::chrono::seconds default_reconcile_after;
  std::span<const Setting> settings;
  MakeDocument document = nullptr;  ///< nullptr: its messages are words of templates
};

}  // namespace broadcaster::plan
