#include "broadcaster/base/signing_key.hpp"

#include <sodium.h>

#include <algorithm>

namespace broadcaster::base {

static_assert(std::tuple_size_v<PublicKey> == crypto_sign_PUBLICKEYBYTES);
static_assert(std::tuple_size_v<SigningKey::Seed> == crypto_sign_SEEDBYTES);

namespace {

constexpr std::string_view pem_begins = "-----BEGIN PUBLIC KEY-----\n", pem_ends = "\n-----END PUBLIC KEY-----\n";
// SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING of 32 bytes }
constexpr std::array<std::uint8_t, 12> der_begins = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                                     0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

}  // namespace

SigningKey SigningKey::fresh() {
  Seed seed;
  randombytes_buf(seed.data(), seed.size());
  SigningKey key(seed);
  sodium_memzero(seed.data(), seed.size());
  return key;
}

SigningKey::SigningKey(const Seed& seed) : seed_(seed) {
  static_assert(sizeof secret_ == crypto_sign_SECRETKEYBYTES);
  crypto_sign_seed_keypair(public_key_.data(), secret_.data(), seed_.data());
}

SigningKey::~SigningKey() {
  sodium_memzero(seed_.data(), seed_.size());
  sodium_memzero(secret_.data(), secret_.size());
}

Bytes SigningKey::sign(std::string_view text) const {
  Bytes out(crypto_sign_BYTES);
  crypto_sign_detached(out.data(), nullptr, reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                       secret_.data());
  return out;
}

bool is_signed_by(const PublicKey& key, std::string_view text, std::span<const std::uint8_t> signature) {
  return signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(signature.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                                     key.data()) == 0;
}

std::string pem_of(const PublicKey& key) {
  Bytes der(der_begins.begin(), der_begins.end());
  der.insert(der.end(), key.begin(), key.end());
  return std::string(pem_begins) + base64(der) + std::string(pem_ends);
}

std::optional<PublicKey> public_key_from_pem(std::string_view pem) {
  while (pem.ends_with('\n') || pem.ends_with('\r')) pem.remove_suffix(1);
  const auto ends = pem_ends.substr(0, pem_ends.size() - 1);
  if (!pem.starts_with(pem_begins) || !pem.ends_with(ends) || pem.size() < pem_begins.size() + ends.size())
    return std::nullopt;
  const auto der = from_base64(pem.substr(pem_begins.size(), pem.size() - pem_begins.size() - ends.size()));
  PublicKey key{};
  if (!der || der->size() != der_begins.size() + key.size()) return std::nullopt;
  if (!std::equal(der_begins.begin(), der_begins.end(), der->begin())) return std::nullopt;
  std::copy(der->begin() + der_begins.size(), der->end(), key.begin());
  return key;
}

}  // namespace broadcaster::base
