// Ed25519 keys of persons, and what they do: sign and verify (RFC 8032, libsodium).
//
// A key belongs to a person, not to a mode: the mode stands in what is signed. A secret key lives in locked memory that
// is wiped when it goes; it cannot be copied. Thread rule: any thread, after base::init_crypto().
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "broadcaster/approval/signature.hpp"
#include "broadcaster/base/error.hpp"

namespace broadcaster::approval {

using PublicKey = std::array<std::uint8_t, 32>;

/// First 16 hex digits of SHA-256 of the public key.
std::string key_id(const PublicKey& key);

/// What may stand as a person's id in files: a-z, 0-9, '.', '_' and '-', 1 to 40 characters.
bool is_person_id(std::string_view id);

/// A passphrase must be typed, or anybody who has the file can sign (drills only).
enum class Protection { passphrase, none };
std::string_view name(Protection protection);

/// A secret key that can sign. Comes from unlock() or new_key() (key_file.hpp) alone.
class UnlockedKey {
 public:
  const std::string& person() const { return person_; }
  const PublicKey& public_key() const { return public_key_; }
  Protection protection() const { return protection_; }

 private:
  friend struct KeyMaker;  // key_file.cpp
  friend base::Result<Signature> sign(const UnlockedKey&, Role, alert::Mode, const base::Digest&, base::WallTime);
  friend base::Result<Signature> sign_set(const UnlockedKey&, const base::Digest&, base::WallTime);
  base::Bytes sign_bytes(std::string_view text) const;
  struct Wipe {
    void operator()(unsigned char* memory) const;
  };
  UnlockedKey() = default;
  std::string person_;
  PublicKey public_key_{};
  Protection protection_ = Protection::none;
  std::unique_ptr<unsigned char[], Wipe> secret_;  ///< 64 bytes of sodium_malloc: guarded, locked, wiped
};

/// Errors: refused for a live plan when the key has no passphrase (whoever copies the file could release).
base::Result<Signature> sign(const UnlockedKey& key, Role role, alert::Mode mode, const base::Digest& plan_digest,
                             base::WallTime now);

/// Over the agency's keys and rules (signed_set.hpp), as approver. Errors: refused when the key has no passphrase.
base::Result<Signature> sign_set(const UnlockedKey& key, const base::Digest& set_digest, base::WallTime now);

/// Whether these 64 bytes are this key's signature over exactly this role, mode, time and digest.
bool verify(const PublicKey& key, Role role, alert::Mode mode, base::WallTime at, const base::Digest& plan_digest,
            const base::Bytes& signature);
bool verify_set(const PublicKey& key, base::WallTime at, const base::Digest& set_digest, const base::Bytes& signature);

}  // namespace broadcaster::approval
