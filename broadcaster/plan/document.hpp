// A message that is the alert itself, as a CAP document (CAP 1.2): what it says of itself, read from its fixed places.
//
// Such a message has no drill mark in front; its status is its mark. So whoever judges a plan must find the status for
// certain, without a reader of XML that a clever text could lead astray. A document of ours therefore begins with the
// very same characters, its status and type stand at fixed places, nothing that could hide or repeat them (comment,
// CDATA, document type, a second <status>) stands anywhere, and its holes are those three of CAP's head. Anything else
// is no document. Whether the rest is good XML, and valid, the channel looks at. Thread rule: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "broadcaster/plan/message.hpp"

namespace broadcaster::plan {

/// The channel that publishes documents, and the form of its messages.
constexpr std::string_view document_channel = "cap_feed";
constexpr std::string_view document_form = "cap";

/// UTC as CAP §3.3.2 wants it: "-00:00".
constexpr std::string_view document_time = "yyyy-MM-ddTHH:mm:ss-00:00";

struct DocumentHead {
  alert::Status status;
  std::string type;  ///< msgType, as CAP spells it
  bool operator==(const DocumentHead&) const = default;
};

/// Nothing: these pieces are no document.
std::optional<DocumentHead> head_of_document(const Pieces& pieces);

/// For people to read: of each polygon only its first corner and their number.
std::string without_shapes(std::string_view document);

inline bool is_document(const Message& message) { return message.form == document_form; }

}  // namespace broadcaster::plan
