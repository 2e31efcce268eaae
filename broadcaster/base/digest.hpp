// SHA-256, HMAC-SHA-256, hex and base64 (libsodium). Thread rule: any thread, after init_crypto().
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace broadcaster::base {

using Bytes = std::vector<std::uint8_t>;
using Digest = std::array<std::uint8_t, 32>;

/// Must be called once in every process before anything else here. Throws when the library cannot start.
void init_crypto();

Digest sha256(std::string_view data);
Digest sha256(std::span<const std::uint8_t> data);

/// For what does not fit into memory: update() as often as needed, then finish() once.
class Sha256 {
 public:
  Sha256();
  void update(std::string_view data);
  Digest finish();

 private:
  alignas(8) std::array<std::uint8_t, 128> state_;
};

Digest hmac_sha256(std::span<const std::uint8_t> key, std::string_view data);

std::string hex(std::span<const std::uint8_t> data);
/// Lower or upper case; nothing else.
std::optional<Bytes> from_hex(std::string_view text);
std::optional<Digest> digest_from_hex(std::string_view text);

/// Standard alphabet with padding (RFC 4648 §4).
std::string base64(std::span<const std::uint8_t> data);
std::optional<Bytes> from_base64(std::string_view text);

Bytes random_bytes(std::size_t count);
/// RFC 9562 version 4, lower case.
std::string random_uuid();

}  // namespace broadcaster::base
