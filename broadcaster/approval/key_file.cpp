#include "broadcaster/approval/key_file.hpp"

#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>

#include "broadcaster/base/files.hpp"
#include "broadcaster/base/yaml.hpp"

namespace broadcaster::approval {

using base::ErrorKind;

namespace {

constexpr std::int64_t format = 1;
constexpr std::size_t seed_bytes = crypto_sign_SEEDBYTES;
constexpr std::size_t sealed_bytes = seed_bytes + crypto_aead_xchacha20poly1305_ietf_ABYTES;
// A file must not be able to ask for more than this machine can give: libsodium's SENSITIVE is the most.
constexpr std::int64_t max_ops = 16;
constexpr std::int64_t max_memory_kib = 1 << 20;

struct Free {
  void operator()(unsigned char* memory) const { sodium_free(memory); }
};
using Locked = std::unique_ptr<unsigned char[], Free>;

Locked locked(std::size_t size) { return Locked(static_cast<unsigned char*>(sodium_malloc(size))); }

std::unexpected<base::Error> no_memory() { return base::fail(ErrorKind::unavailable, {"approval.key_no_memory", {}}); }

/// What is bound to the sealed secret: a file whose person or public key was edited does not open.
std::string bound(const KeyFile& file) {
  return fmt::format("broadcaster-key\n{}\n{}\n{}", format, file.person, base::hex(file.public_key));
}

Locked derive(const KeyFile& file, std::string_view passphrase) {
  auto key = locked(crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
  if (key &&
      crypto_pwhash(key.get(), crypto_aead_xchacha20poly1305_ietf_KEYBYTES, passphrase.data(), passphrase.size(),
                    file.salt.data(), file.cost.ops, file.cost.memory_kib * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0)
    key.reset();
  return key;
}

/// parse_key_file() gives no other; a KeyFile made by hand must not make us read past its end.
bool whole(const KeyFile& file) {
  if (file.protection == Protection::none) return file.secret.size() == seed_bytes;
  return file.secret.size() == sealed_bytes && file.salt.size() == crypto_pwhash_SALTBYTES &&
         file.nonce.size() == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
}

}  // namespace

/// The only one that makes an UnlockedKey.
struct KeyMaker {
  static base::Result<UnlockedKey> make(const KeyFile& file, const unsigned char* seed) {
    UnlockedKey out;
    out.person_ = file.person;
    out.protection_ = file.protection;
    out.secret_.reset(static_cast<unsigned char*>(sodium_malloc(crypto_sign_SECRETKEYBYTES)));
    if (!out.secret_) return no_memory();
    crypto_sign_seed_keypair(out.public_key_.data(), out.secret_.get(), seed);
    if (out.public_key_ != file.public_key)
      return base::fail(ErrorKind::refused, {"approval.key_pair_broken", {{"person", file.person}}});
    return out;
  }
};

Argon2Cost usual_cost() { return {crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE / 1024}; }

base::Result<KeyFile> new_key(const std::string& person, std::string_view passphrase, Argon2Cost cost) {
  if (!is_person_id(person)) return base::fail(ErrorKind::bad_input, {"approval.person_id", {{"found", person}}});
  const auto seed = locked(seed_bytes);
  const auto secret = locked(crypto_sign_SECRETKEYBYTES);
  if (!seed || !secret) return no_memory();
  randombytes_buf(seed.get(), seed_bytes);

  KeyFile out;
  out.person = person;
  crypto_sign_seed_keypair(out.public_key.data(), secret.get(), seed.get());
  if (passphrase.empty()) {
    out.secret.assign(seed.get(), seed.get() + seed_bytes);
    return out;
  }
  out.protection = Protection::passphrase;
  out.cost = cost;
  out.salt = base::random_bytes(crypto_pwhash_SALTBYTES);
  out.nonce = base::random_bytes(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
  const auto key = derive(out, passphrase);
  if (!key) return no_memory();
  const auto data = bound(out);
  out.secret.resize(sealed_bytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out.secret.data(), nullptr, seed.get(), seed_bytes,
                                             reinterpret_cast<const unsigned char*>(data.data()), data.size(), nullptr,
                                             out.nonce.data(), key.get());
  return out;
}

base::Result<UnlockedKey> unlock(const KeyFile& file, std::string_view passphrase) {
  if (!whole(file)) return base::fail(ErrorKind::refused, {"approval.key_pair_broken", {{"person", file.person}}});
  if (file.protection == Protection::none) return KeyMaker::make(file, file.secret.data());
  if (passphrase.empty())
    return base::fail(ErrorKind::refused, {"approval.passphrase_missing", {{"person", file.person}}});
  const auto key = derive(file, passphrase);
  const auto seed = locked(seed_bytes);
  if (!key || !seed) return no_memory();
  const auto data = bound(file);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(seed.get(), nullptr, nullptr, file.secret.data(), file.secret.size(),
                                                 reinterpret_cast<const unsigned char*>(data.data()), data.size(),
                                                 file.nonce.data(), key.get()) != 0)
    return base::fail(ErrorKind::refused, {"approval.passphrase_wrong", {{"person", file.person}}});
  return KeyMaker::make(file, seed.get());
}

std::string key_file_text(const KeyFile& file) {
  auto out = fmt::format("kind: broadcaster-key\nformat: {}\nperson: \"{}\"\npublic: \"{}\"\nprotection: {}\n", format,
                         file.person, base::base64(file.public_key), name(file.protection));
  if (file.protection == Protection::passphrase)
    out += fmt::format("ops: {}\nmemory_kib: {}\nsalt: \"{}\"\nnonce: \"{}\"\n", file.cost.ops, file.cost.memory_kib,
                       base::base64(file.salt), base::base64(file.nonce));
  return out + fmt::format("secret: \"{}\"\n", base::base64(file.secret));
}

base::Result<void> write_key_file(const std::filesystem::path& path, const KeyFile& file) {
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored))
    return base::fail(ErrorKind::refused, {"approval.key_file_exists", {{"file", path.string()}}});
  return base::write_file(path, key_file_text(file), base::FileMode::secret);
}

namespace {

/// A base64 value of exactly `size` bytes.
base::Bytes bytes(base::Fields& fields, std::string_view key, std::size_t size) {
  const auto text = fields.text(key);
  auto out = base::from_base64(text);
  if (!text.empty() && (!out || out->size() != size))
    fields.complain(key, {"approval.expected_base64", {{"bytes", static_cast<std::int64_t>(size)}}});
  return out && out->size() == size ? *out : base::Bytes(size);
}

KeyFile take(base::Fields& fields) {
  constexpr std::pair<std::string_view, int> kinds[] = {{"broadcaster-key", 0}};
  constexpr std::pair<std::string_view, Protection> protections[] = {{"passphrase", Protection::passphrase},
                                                                     {"none", Protection::none}};
  KeyFile out;
  fields.choice("kind", base::Choices<int>(kinds));
  fields.whole("format", format, format);
  out.person = fields.text("person");
  if (!out.person.empty() && !is_person_id(out.person))
    fields.complain("person", {"approval.person_id", {{"found", out.person}}});
  const auto key = bytes(fields, "public", out.public_key.size());
  std::memcpy(out.public_key.data(), key.data(), key.size());
  out.protection = fields.choice("protection", base::Choices<Protection>(protections));
  if (out.protection == Protection::passphrase) {
    out.cost.ops = static_cast<std::uint64_t>(fields.whole("ops", crypto_pwhash_OPSLIMIT_MIN, max_ops));
    out.cost.memory_kib =
        static_cast<std::uint64_t>(fields.whole("memory_kib", crypto_pwhash_MEMLIMIT_MIN / 1024, max_memory_kib));
    out.salt = bytes(fields, "salt", crypto_pwhash_SALTBYTES);
    out.nonce = bytes(fields, "nonce", crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
  }
  out.secret = bytes(fields, "secret", out.protection == Protection::none ? seed_bytes : sealed_bytes);
  return out;
}

}  // namespace

base::Result<KeyFile> parse_key_file(const std::string& text, const std::string& file) {
  const auto root = base::parse_yaml(text, file);
  if (!root) return std::unexpected(root.error().front());
  base::Errors errors;
  KeyFile out;
  {
    base::Fields fields(*root, "", errors);
    out = take(fields);
  }
  if (!errors.empty()) return std::unexpected(errors.front());
  return out;
}

base::Result<KeyFile> read_key_file(const std::filesystem::path& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & 077) != 0)
    return base::fail(ErrorKind::refused, {"approval.key_file_open", {{"file", path.string()}}});
  const auto text = base::read_file(path, 64 << 10);
  if (!text) return std::unexpected(text.error());
  return parse_key_file(*text, path.string());
}

}  // namespace broadcaster::approval
