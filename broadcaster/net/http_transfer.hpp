// For the sources of net/ alone: one HTTP exchange as a libcurl easy handle; what goes in, what came out.
#pragma once

#include <curl/curl.h>

#include <functional>
#include <memory>

#include "broadcaster/net/http.hpp"
#include "broadcaster/net/http_handles.hpp"

namespace broadcaster::net {

/// All options are set in prepare(); nothing here drives the handle. Must not move while the handle lives.
class Transfer {
 public:
  Transfer(std::shared_ptr<HttpHandles> handles, RequestId id, HttpRequest request,
           std::move_only_function<void(HttpResult)> done);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Sets the handle up; or says why such a request cannot exist.
  std::expected<void, HttpFailure> prepare();
  /// What to tell the caller when libcurl is done with `code`.
  HttpResult result(CURLcode code);
  HttpFailure failure(HttpFailure::Phase phase, std::string why) const;

  CURL* easy() { return easy_; }
  RequestId id() const { return id_; }
  std::move_only_function<void(HttpResult)> take_done() { return std::move(done_); }

 private:
  void set_method_and_body();
  void set_limits();
  HttpFailure::Sent sent() const;
  HttpFailure explain(CURLcode code) const;

  static int ask_to_leave(void* self, char*, char*, int, int);
  static std::size_t take_body(char* from, std::size_t size, std::size_t count, void* self);
  static std::size_t take_header(char* from, std::size_t size, std::size_t count, void* self);

  const std::shared_ptr<HttpHandles> handles_;
  const RequestId id_;
  HttpRequest request_;
  std::move_only_function<void(HttpResult)> done_;
  CURL* easy_;
  curl_slist* headers_ = nullptr;
  bool too_large_ = false;
  bool withheld_ = false;
  bool head_complete_ = false;  ///< The empty line behind the fields has come.
  std::size_t header_bytes_ = 0;
  HttpAnswer answer_;
};

}  // namespace broadcaster::net
