// A person's key, opened with its passphrase: from a file for programs, else asked on the terminal.
//
// Thread rule: one thread; blocking, most of a second for the passphrase.
#pragma once

#include <string>

#include "broadcaster/approval/key_file.hpp"
#include "broadcaster/cli/screen.hpp"

namespace broadcaster::cli {

/// --key and --passphrase-file. Empty: not given.
struct KeyChoice {
  std::string file;
  std::string passphrase_file;
};

/// Of --passphrase-file or $BROADCASTER_PASSPHRASE_FILE: its first line; nothing when neither is given.
base::Result<std::optional<std::string>> passphrase_from_file(const std::string& option);

/// Errors: those of the key's file and of unlock(); usage where the passphrase can be asked nowhere.
base::Result<approval::UnlockedKey> open_key(const Screen& screen, const KeyChoice& choice);

}  // namespace broadcaster::cli
