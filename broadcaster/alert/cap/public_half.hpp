// The public half of a signing key: what receivers check by, and the name by which a destination knows the key.
//
// The digest is SHA-256 over SubjectPublicKeyInfo in DER (RFC 5280 §4.1), the same that
//   openssl pkey -in agency.key -pubout -outform DER | sha256sum
// shows. Thread rule: any thread.
#pragma once

#include "broadcaster/alert/cap/signature.hpp"
#include "broadcaster/base/digest.hpp"

namespace broadcaster::alert::cap {

struct PublicHalf {
  std::string pem;     ///< "-----BEGIN PUBLIC KEY-----", as a Pin has it
  std::string digest;  ///< 64 hex digits, lower case
};

/// Errors: bad_input for what is no private key in PEM without a passphrase.
base::Result<PublicHalf> public_half(const SigningKey& key);

}  // namespace broadcaster::alert::cap
