#include "broadcaster/net/http_handles.hpp"

#include <new>

namespace broadcaster::net {

HttpHandles::~HttpHandles() {
  for (auto* handle : idle_) curl_easy_cleanup(handle);
}

CURL* HttpHandles::take() {
  if (!idle_.empty()) {
    auto* handle = idle_.back();
    idle_.pop_back();
    return handle;
  }
  auto* handle = curl_easy_init();
  if (handle == nullptr) throw std::bad_alloc();
  return handle;
}

void HttpHandles::give_back(CURL* handle) {
  if (idle_.size() >= most_kept) return curl_easy_cleanup(handle);
  curl_easy_reset(handle);  // it points into the request that is about to go
  idle_.push_back(handle);
}

}  // namespace broadcaster::net
