// Certificates for a broker, its controllers and its sirens: an authority of our own, EC P-256, by libcrypto.
// Thread rule: any thread; a millisecond or two each.
#pragma once

#include <chrono>
#include <string>

#include "broadcaster/base/error.hpp"
#include "broadcaster/base/time.hpp"

namespace broadcaster::channels::siren {

struct Credential {
  std::string certificate;  ///< PEM
  std::string key;          ///< PEM (PKCS #8), not encrypted: a secret, for a file of mode 0600
};

enum class Purpose { server, client };

/// Self-signed, may sign only what is no authority itself. Valid from an hour ago (clocks differ) for `valid`.
/// Errors: unavailable (siren.certificate) with the library's reason.
base::Result<Credential> make_authority(const std::string& common_name, base::WallTime now, std::chrono::days valid);

/// `common_name` is the identity at the broker. A server's certificate is for localhost and 127.0.0.1, and for
/// `common_name`. Errors: unavailable (siren.certificate).
base::Result<Credential> issue(const Credential& authority, const std::string& common_name, Purpose purpose,
                               base::WallTime now, std::chrono::days valid);

}  // namespace broadcaster::channels::siren
