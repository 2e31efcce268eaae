#include "channels/siren/protocol/keys.hpp"

#include <sodium.h>

#include <algorithm>

#include "broadcaster/base/digest.hpp"

namespace broadcaster::channels::siren {
namespace {

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

/// Seed = the bytes 00 01 … 1f, as PROTOCOL.md says.
constexpr std::string_view example_key = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";

}  // namespace

std::optional<PublicKey> PublicKey::from_base64(std::string_view text) {
  const auto raw = base::from_base64(text);
  if (!raw || raw->size() != crypto_sign_PUBLICKEYBYTES) return std::nullopt;
  PublicKey key;
  std::copy(raw->begin(), raw->end(), key.bytes_.begin());
  return key;
}

std::string PublicKey::id() const { return base::hex(base::sha256(std::span(bytes_))).substr(0, 16); }

std::string PublicKey::base64() const { return base::base64(bytes_); }

bool PublicKey::verifies(std::string_view body, std::string_view signature_base64) const {
  const auto signature = base::from_base64(signature_base64);
  return signature && signature->size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(signature->data(), bytes_of(body), body.size(), bytes_.data()) == 0;
}

std::optional<SigningKey> SigningKey::from_seed(std::string_view seed_base64) {
  auto seed = base::from_base64(seed_base64);
  if (!seed || seed->size() != crypto_sign_SEEDBYTES) return std::nullopt;
  SigningKey key;
  std::array<std::uint8_t, crypto_sign_PUBLICKEYBYTES> ignored;
  crypto_sign_seed_keypair(ignored.data(), key.secret_.data(), seed->data());
  sodium_memzero(seed->data(), seed->size());
  return key;
}

std::string SigningKey::new_seed() { return base::base64(base::random_bytes(crypto_sign_SEEDBYTES)); }

SigningKey::~SigningKey() { sodium_memzero(secret_.data(), secret_.size()); }

std::string SigningKey::sign(std::string_view body) const {
  std::array<std::uint8_t, crypto_sign_BYTES> signature;
  crypto_sign_detached(signature.data(), nullptr, bytes_of(body), body.size(), secret_.data());
  return base::base64(signature);
}

PublicKey SigningKey::public_key() const {
  PublicKey key;
  std::copy(secret_.begin() + crypto_sign_SEEDBYTES, secret_.end(), key.bytes_.begin());
  return key;
}

bool is_example_key(const PublicKey& key) { return key.base64() == example_key; }

}  // namespace broadcaster::channels::siren
