// Ed25519 (RFC 8032) over the exact bytes of a command's body; the signature travels beside it, in the MQTT 5 user
// properties `kid` and `sig`, so that nobody has to agree on a canonical form. Thread rule: plain values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace broadcaster::channels::siren {

inline constexpr std::string_view kid_property = "kid";
inline constexpr std::string_view sig_property = "sig";

class PublicKey {
 public:
  /// 32 bytes in base64 (RFC 4648 §4).
  static std::optional<PublicKey> from_base64(std::string_view text);
  /// The first 16 hex digits of SHA-256 over the 32 bytes.
  std::string id() const;
  std::string base64() const;
  bool verifies(std::string_view body, std::string_view signature_base64) const;
  bool operator==(const PublicKey&) const = default;

 private:
  friend class SigningKey;
  std::array<std::uint8_t, 32> bytes_{};
};

/// Wiped when it goes.
class SigningKey {
 public:
  /// The 32-byte seed in base64. nullopt for anything else.
  static std::optional<SigningKey> from_seed(std::string_view seed_base64);
  /// A new seed in base64: a secret, for a file of mode 0600 and nothing else.
  static std::string new_seed();
  SigningKey(const SigningKey&) = default;
  SigningKey& operator=(const SigningKey&) = default;
  ~SigningKey();

  /// base64 of the 64 bytes
  std::string sign(std::string_view body) const;
  PublicKey public_key() const;

 private:
  SigningKey() = default;
  std::array<std::uint8_t, 64> secret_{};
};

/// The key of PROTOCOL.md's example: everybody has its seed, so nobody may configure it (no default credentials).
bool is_example_key(const PublicKey& key);

}  // namespace broadcaster::channels::siren
