// Ed25519 keys of machines (RFC 8032, libsodium): a state folder signs its record with one. Keys of persons, which have
// passphrases, are approval/keys.hpp.
//
// Thread rule: any thread, after init_crypto(); a key that is shared is not changed.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "broadcaster/base/digest.hpp"

namespace broadcaster::base {

using PublicKey = std::array<std::uint8_t, 32>;

class SigningKey {
 public:
  using Seed = std::array<std::uint8_t, 32>;
  static SigningKey fresh();
  explicit SigningKey(const Seed& seed);
  ~SigningKey();  ///< wipes it
  SigningKey(const SigningKey&) = default;
  SigningKey& operator=(const SigningKey&) = default;

  const Seed& seed() const { return seed_; }
  const PublicKey& public_key() const { return public_key_; }
  /// 64 bytes.
  Bytes sign(std::string_view text) const;

 private:
  Seed seed_{};
  PublicKey public_key_{};
  std::array<std::uint8_t, 64> secret_{};
};

/// Whether `signature` is this key's over exactly these bytes.
bool is_signed_by(const PublicKey& key, std::string_view text, std::span<const std::uint8_t> signature);

/// PEM of SubjectPublicKeyInfo (RFC 8410 §4), as OpenSSL reads it.
std::string pem_of(const PublicKey& key);
/// Nothing: it is no PEM of one Ed25519 public key.
std::optional<PublicKey> public_key_from_pem(std::string_view pem);

}  // namespace broadcaster::base
