// XML signatures around a whole alert (W3C XML Signature 1.1, enveloped; CAP 1.2 §3.3.4.1), made and checked.
//
// Keys are pinned: a key or certificate inside the document (KeyInfo) proves nothing and is not looked at, nor are a
// pinned certificate's dates. What is read of a signed document are the very octets that were signed, never the
// document around them; so a signature that covers something else than what is shown (wrapping) has no way in.
// Accepted is one shape alone: exactly one Signature, child of the root <alert> of CAP 1.2, with exactly one Reference,
// URI="" (the whole document), transforms "enveloped-signature" and a canonicalisation, RSA of 2048 bits and more or
// ECDSA, with SHA-256, 384 or 512. No Id is ever followed. Thread rule: any thread; blocking (milliseconds).
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "broadcaster/alert/cap/element.hpp"
#include "broadcaster/base/error.hpp"

namespace broadcaster::alert::cap {

/// Somebody whose signature counts.
struct Pin {
  std::string name;
  std::string pem;  ///< PEM: a public key or a certificate
};

/// Whether there is a signature anywhere in the document, good or not.
bool is_signed(const Element& root);

struct Signed {
  std::string signer;    ///< name of the pin
  std::string document;  ///< what was signed, canonical XML; lines count as in the file
};

/// Errors: as parse_xml; refused for any other shape than the one above, a signature of nobody pinned, a changed byte.
base::Result<Signed> verified(std::string_view text, const std::string& file, std::span<const Pin> pins);

struct SigningKey {
  std::string pem;          ///< private key, without a passphrase
  std::string certificate;  ///< PEM, goes into the document for receivers; empty: none
};

/// The document with a signature as the last child of its root: RSA-SHA256 or ECDSA-SHA256 by the key, exclusive
/// canonicalisation. It is checked before it is given. Errors: as parse_xml; bad_input for a key that cannot sign.
base::Result<std::string> with_signature(const std::string& document, const SigningKey& key);

/// All *.pem of a folder, by name; a folder that is not there has none. Errors: bad_input for a file that holds neither
/// a public key nor a certificate.
base::Checked<std::vector<Pin>> read_pins(const std::filesystem::path& folder);
base::Result<Pin> read_pin(const std::filesystem::path& file);

}  // namespace broadcaster::alert::cap
