// One mail by SMTP (libcurl), to wake one person.
//
// Encrypted always: smtps://, or smtp:// with STARTTLS, which the server must offer. Plain is for loopback alone.
// Thread rule: send_mail() blocks, 20 s at most, so it is a worker's; mail_text() is pure.
#pragma once

#include <expected>
#include <string>

#include "broadcaster/base/time.hpp"

namespace broadcaster::net {

struct Mail {
  std::string url;       ///< "smtps://mail.example.org:465", "smtp://mail.example.org:587"
  std::string username;  ///< empty: without a login
  std::string password;
  std::string from, to;  ///< addresses alone: "pages@bpbd.example"
  std::string subject, body;
  std::string ca_file;  ///< PEM; empty: the system's
  base::milliseconds connect_timeout{5000};
  base::milliseconds timeout{20000};
};

/// May stand as an address: one @ inside, printable ASCII, nothing that could end a header.
bool is_mail_address(std::string_view text);

/// What is handed to the server: headers, an empty line, the body in base64 (RFC 5322, RFC 2045, RFC 2047).
std::string mail_text(const Mail& mail, base::WallTime now, const std::string& id);

/// The server has taken it; that somebody reads it is another matter. Errors: why, in English, for the record, without
/// login and addresses.
std::expected<void, std::string> send_mail(const Mail& mail, base::WallTime now);

}  // namespace broadcaster::net
