// A person's key on disk: YAML, mode 0600, the secret sealed with a passphrase.
//
//   kind: broadcaster-key
//   format: 1
//   person: sari.wulandari
//   public: "base64, 32 bytes"      what config/people.yaml lists
//   protection: passphrase          or: none (no ops, memory_kib, salt, nonce), which cannot sign for live
//   ops: 3                          Argon2id (RFC 9106), as libsodium's crypto_pwhash takes them
//   memory_kib: 262144
//   salt: "base64, 16 bytes"
//   nonce: "base64, 24 bytes"
//   secret: "base64"                XChaCha20-Poly1305 over the 32-byte seed; kind, format, person and public are
//                                   bound to it as additional data. With protection none: the seed itself
//
// Thread rule: any thread, after base::init_crypto(). unlock() and new_key() take most of a second and 256 MiB at the
// usual cost: never on the event loop.
#pragma once

#include <filesystem>

#include "broadcaster/approval/keys.hpp"

namespace broadcaster::approval {

/// How much a guess of the passphrase costs.
struct Argon2Cost {
  std::uint64_t ops = 0;
  std::uint64_t memory_kib = 0;
  bool operator==(const Argon2Cost&) const = default;
};
/// libsodium's MODERATE: 3 passes over 256 MiB.
Argon2Cost usual_cost();

struct KeyFile {
  std::string person;
  PublicKey public_key{};
  Protection protection = Protection::none;
  Argon2Cost cost;
  base::Bytes salt;
  base::Bytes nonce;
  base::Bytes secret;
  bool operator==(const KeyFile&) const = default;
};

/// A fresh key pair, sealed. An empty passphrase gives Protection::none.
/// Errors: bad_input for a person id that is none; unavailable when there is not enough memory for the cost.
base::Result<KeyFile> new_key(const std::string& person, std::string_view passphrase, Argon2Cost cost = usual_cost());

/// Errors: refused for a wrong passphrase or an edited file (the two cannot be told apart), and when a passphrase is
/// missing; unavailable when there is not enough memory.
base::Result<UnlockedKey> unlock(const KeyFile& file, std::string_view passphrase);

/// Errors: refused when group or others may read or write it; bad_input with place for what is wrong in it.
base::Result<KeyFile> read_key_file(const std::filesystem::path& path);
base::Result<KeyFile> parse_key_file(const std::string& text, const std::string& file);
/// Errors: refused when something is there already (a key that is overwritten is lost); unavailable for the disk.
base::Result<void> write_key_file(const std::filesystem::path& path, const KeyFile& file);
std::string key_file_text(const KeyFile& file);

}  // namespace broadcaster::approval
