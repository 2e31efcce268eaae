#include "channels/siren/broker/certificates.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstring>
#include <memory>

namespace broadcaster::channels::siren {
namespace {

template <auto free>
struct Free {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;

std::unexpected<base::Error> failed() {
  char reason[200];
  ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
  return base::fail(base::ErrorKind::unavailable, {"siren.certificate", {{"reason", std::string(reason)}}});
}

std::string content(BIO* bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

bool set_serial(X509* certificate) {
  unsigned char bytes[16];
  if (RAND_bytes(bytes, sizeof bytes) != 1) return false;
  bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7f) | 0x40);  // positive and of full length (RFC 5280 §4.1.2.2)
  const std::unique_ptr<BIGNUM, Free<BN_free>> number(BN_bin2bn(bytes, sizeof bytes, nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

bool set_times(X509* certificate, base::WallTime now, std::chrono::days valid) {
  const auto at = [](base::WallTime time) {
    return static_cast<time_t>(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
  };
  return ASN1_TIME_set(X509_getm_notBefore(certificate), at(now - std::chrono::hours(1))) &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), at(now + valid));
}

bool set_subject(X509* certificate, const std::string& common_name) {
  return X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(common_name.data()),
                                    static_cast<int>(common_name.size()), -1, 0) == 1;
}

bool add(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_common(X509* certificate, EVP_PKEY* key, const std::string& common_name, base::WallTime now,
                std::chrono::days valid) {
  return X509_set_version(certificate, X509_VERSION_3) && set_serial(certificate) &&
         set_times(certificate, now, valid) && set_subject(certificate, common_name) &&
         X509_set_pubkey(certificate, key);
}

base::Result<Credential> written(X509* certificate, EVP_PKEY* key) {
  const Bio certificate_text(BIO_new(BIO_s_mem())), key_text(BIO_new(BIO_s_secmem()));
  if (!certificate_text || !key_text || !PEM_write_bio_X509(certificate_text.get(), certificate) ||
      !PEM_write_bio_PKCS8PrivateKey(key_text.get(), key, nullptr, nullptr, 0, nullptr, nullptr))
    return failed();
  return Credential{content(certificate_text.get()), content(key_text.get())};
}

}  // namespace

base::Result<Credential> make_authority(const std::string& common_name, base::WallTime now, std::chrono::days valid) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  auto* const self = certificate.get();
  if (!key || !self || !set_common(self, key.get(), common_name, now, valid) ||
      !X509_set_issuer_name(self, X509_get_subject_name(self)) ||
      !add(self, self, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
      !add(self, self, NID_key_usage, "critical,keyCertSign,cRLSign") ||
      !add(self, self, NID_subject_key_identifier, "hash") || X509_sign(self, key.get(), EVP_sha256()) == 0)
    return failed();
  return written(self, key.get());
}

base::Result<Credential> issue(const Credential& authority, const std::string& common_name, Purpose purpose,
                               base::WallTime now, std::chrono::days valid) {
  const Bio issuer_text(BIO_new_mem_buf(authority.certificate.data(), static_cast<int>(authority.certificate.size())));
  const Bio issuer_key_text(BIO_new_mem_buf(authority.key.data(), static_cast<int>(authority.key.size())));
  if (!issuer_text || !issuer_key_text) return failed();
  const Certificate issuer(PEM_read_bio_X509(issuer_text.get(), nullptr, nullptr, nullptr));
  const Key issuer_key(PEM_read_bio_PrivateKey(issuer_key_text.get(), nullptr, nullptr, nullptr));
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  auto* const made = certificate.get();
  if (!issuer || !issuer_key || !key || !made || !set_common(made, key.get(), common_name, now, valid) ||
      !X509_set_issuer_name(made, X509_get_subject_name(issuer.get())) ||
      !add(made, issuer.get(), NID_basic_constraints, "critical,CA:FALSE") ||
      !add(made, issuer.get(), NID_key_usage, "critical,digitalSignature") ||
      !add(made, issuer.get(), NID_ext_key_usage, purpose == Purpose::server ? "serverAuth" : "clientAuth") ||
      !add(made, issuer.get(), NID_authority_key_identifier, "keyid"))
    return failed();
  if (purpose == Purpose::server &&
      !add(made, issuer.get(), NID_subject_alt_name, fmt::format("DNS:localhost,DNS:{},IP:127.0.0.1", common_name)))
    return failed();
  if (X509_sign(made, issuer_key.get(), EVP_sha256()) == 0) return failed();
  return written(made, key.get());
}

}  // namespace broadcaster::channels::siren
