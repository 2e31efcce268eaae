// The operator's log: one line an event, to standard error or a file, secrets redacted in one sink.
//
// Thread rule: any thread. Text here is English: it is for engineers; what officers read comes from the catalogue.
#pragma once

#include <string>
#include <string_view>

#include "broadcaster/base/error.hpp"

namespace broadcaster::base::log {

enum class Level { debug, info, warning, error };

/// Everything at `level` and above goes to standard error, or to `file` (appended) when it is not empty.
void start(Level level, const std::string& file = {});

void debug(std::string_view text);
void info(std::string_view text);
void warning(std::string_view text);
void error(std::string_view text);
/// "what: why", the reason in the words that an English reader would have been shown.
void error(std::string_view what, const Error& why);

/// From now on every occurrence of `secret` (8 characters or more) in a line is written as "[secret]".
void forget(std::string_view secret);

/// The redaction alone, for errors and answers that are shown or stored.
std::string redact(std::string_view text);

}  // namespace broadcaster::base::log
