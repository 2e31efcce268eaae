#include "broadcaster/approval/keys.hpp"

#include <sodium.h>

#include <algorithm>

namespace broadcaster::approval {

static_assert(std::tuple_size_v<PublicKey> == crypto_sign_PUBLICKEYBYTES);

std::string key_id(const PublicKey& key) { return base::hex(base::sha256(key)).substr(0, 16); }

bool is_person_id(std::string_view id) {
  return !id.empty() && id.size() <= 40 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

std::string_view name(Protection protection) {
  switch (protection) {
    case Protection::passphrase:
      return "passphrase";
    case Protection::none:
      return "none";
  }
  return "";
}

void UnlockedKey::Wipe::operator()(unsigned char* memory) const { sodium_free(memory); }

base::Bytes UnlockedKey::sign_bytes(std::string_view text) const {
  base::Bytes out(crypto_sign_BYTES);
  crypto_sign_detached(out.data(), nullptr, reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                       secret_.get());
  return out;
}

namespace {

std::unexpected<base::Error> without_passphrase(const UnlockedKey& key) {
  return base::fail(base::ErrorKind::refused, {"approval.key_without_passphrase", {{"person", key.person()}}});
}

bool fits(const PublicKey& key, std::string_view text, const base::Bytes& signature) {
  return signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(signature.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                                     key.data()) == 0;
}

}  // namespace

base::Result<Signature> sign(const UnlockedKey& key, Role role, alert::Mode mode, const base::Digest& plan_digest,
                             base::WallTime now) {
  if (mode == alert::Mode::live && key.protection() == Protection::none) return without_passphrase(key);
  return Signature{.person = key.person(),
                   .key_id = key_id(key.public_key()),
                   .role = role,
                   .at = now,
                   .signature = key.sign_bytes(signed_text(role, mode, now, plan_digest)),
                   .login = std::nullopt};
}

base::Result<Signature> sign_set(const UnlockedKey& key, const base::Digest& set_digest, base::WallTime now) {
  if (key.protection() == Protection::none) return without_passphrase(key);
  return Signature{.person = key.person(),
                   .key_id = key_id(key.public_key()),
                   .role = Role::approver,
                   .at = now,
                   .signature = key.sign_bytes(signed_set_text(now, set_digest)),
                   .login = std::nullopt};
}

bool verify(const PublicKey& key, Role role, alert::Mode mode, base::WallTime at, const base::Digest& plan_digest,
            const base::Bytes& signature) {
  return fits(key, signed_text(role, mode, at, plan_digest), signature);
}

bool verify_set(const PublicKey& key, base::WallTime at, const base::Digest& set_digest, const base::Bytes& signature) {
  return fits(key, signed_set_text(at, set_digest), signature);
}

}  // namespace broadcaster::approval
