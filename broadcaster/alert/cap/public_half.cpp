#include "broadcaster/alert/cap/public_half.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace broadcaster::alert::cap {
namespace {

template <auto free>
struct Free {
  template <class T>
  void operator()(T* value) const {
    free(value);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;

/// A key with a passphrase must not stop a program to ask for it.
int no_passphrase(char*, int, int, void*) { return -1; }

base::Bytes der_of(EVP_PKEY* key) {
  const int length = i2d_PUBKEY(key, nullptr);
  if (length <= 0) return {};
  base::Bytes out(static_cast<std::size_t>(length));
  auto* at = out.data();
  i2d_PUBKEY(key, &at);
  return out;
}

std::string pem_of(EVP_PKEY* key) {
  const Bio memory(BIO_new(BIO_s_mem()));
  if (!memory || PEM_write_bio_PUBKEY(memory.get(), key) != 1) return {};
  char* data = nullptr;
  const auto length = BIO_get_mem_data(memory.get(), &data);
  return std::string(data, static_cast<std::size_t>(length));
}

}  // namespace

base::Result<PublicHalf> public_half(const SigningKey& key) {
  const Bio text(BIO_new_mem_buf(key.pem.data(), static_cast<int>(key.pem.size())));
  const Key read(text ? PEM_read_bio_PrivateKey(text.get(), nullptr, no_passphrase, nullptr) : nullptr);
  const auto der = read ? der_of(read.get()) : base::Bytes();
  const auto pem = read ? pem_of(read.get()) : std::string();
  if (der.empty() || pem.empty()) return base::fail(base::ErrorKind::bad_input, {"cap.bad_signing_key", {}});
  return PublicHalf{pem, base::hex(base::sha256(der))};
}

}  // namespace broadcaster::alert::cap
