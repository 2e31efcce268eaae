// The same requests without the product: libcurl's multi interface, its own poll, handles that are used again, nothing
// that is remembered, written or decided.
//
// Thread rule: one thread. Errors: std::runtime_error, also when an answer is not 202.
#pragma once

#include "broadcaster/net/http.hpp"

namespace broadcaster::bench {

struct Fanned {
  double per_second = 0;
  double cpu_us = 0;  ///< processor time of a request, this side alone
};

Fanned bare_loop(const net::HttpRequest& request, int requests, int in_flight);

/// h2load (nghttp2) with HTTP/1.1, the same connections, headers and body; requests a second.
double h2load(const net::HttpRequest& request, int requests, int in_flight, const std::string& body_file);

}  // namespace broadcaster::bench
