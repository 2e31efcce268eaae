// For the sources of net/ alone: libcurl's easy handles, used again. A new one for every request costs the loop about
// a fifth of what the request itself does: six kilobytes and two buffers from malloc, and all of it back again.
//
// A handle that comes back is reset: as new, but for its memory and for what libcurl keeps between requests over the
// same connections. Thread rule: loop thread.
#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <vector>

namespace broadcaster::net {

class HttpHandles {
 public:
  HttpHandles() = default;
  ~HttpHandles();
  HttpHandles(const HttpHandles&) = delete;
  HttpHandles& operator=(const HttpHandles&) = delete;

  /// Without any option. Errors: std::bad_alloc.
  CURL* take();
  /// `handle` is in no multi handle any more.
  void give_back(CURL* handle);

 private:
  static constexpr std::size_t most_kept = 256;  ///< as many as the idle connections that are kept
  std::vector<CURL*> idle_;
};

}  // namespace broadcaster::net
