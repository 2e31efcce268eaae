#include "broadcaster/net/http_transfer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace broadcaster::net {
namespace {

using Failure = HttpFailure;
using Phase = HttpFailure::Phase;

constexpr std::size_t max_header_bytes = 256 << 10;

/// RFC 9110 §5.6.2: a method and a field name are tokens.
bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  for (const char c : text)
    if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || marks.contains(c)))
      return false;
  return !text.empty();
}

/// A line end inside a value would be a second header (request splitting).
bool is_field_value(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

bool has_scheme(std::string_view url) {
  for (const std::string_view scheme : {"http://", "https://"})
    if (url.size() > scheme.size() && same_name(url.substr(0, scheme.size()), scheme)) return true;
  return false;
}

/// "https://host:port": for the record, without what may hold a secret.
std::string origin(std::string_view url) {
  const auto slashes = url.find("://");
  if (slashes == std::string_view::npos) return "an address without a scheme";
  const auto start = slashes + 3;
  auto authority = url.substr(start, url.find_first_of("/?#", start) - start);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  return fmt::format("{}://{}", url.substr(0, slashes), authority);
}

/// Where libcurl gave up. What is not named here broke off while bytes were on the way.
Phase phase_of(CURLcode code) {
  switch (static_cast<int>(code)) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_BAD_FUNCTION_ARGUMENT:
      return Phase::request;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return Phase::name;
    case CURLE_COULDNT_CONNECT:
    case CURLE_INTERFACE_FAILED:
      return Phase::connect;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_ENGINE_NOTFOUND:
      return Phase::tls;
    case CURLE_OPERATION_TIMEDOUT:
      return Phase::timeout;
    case CURLE_PARTIAL_FILE:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_WRITE_ERROR:
      return Phase::answer;
  }
  return Phase::send;
}

}  // namespace

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::request:
      return "request";
    case Phase::name:
      return "name";
    case Phase::connect:
      return "connect";
    case Phase::tls:
      return "tls";
    case Phase::send:
      return "send";
    case Phase::answer:
      return "answer";
    case Phase::timeout:
      return "timeout";
    case Phase::withheld:
      return "withheld";
    case Phase::too_large:
      return "too_large";
    case Phase::cancelled:
      return "cancelled";
  }
  return "?";
}

Transfer::Transfer(std::shared_ptr<HttpHandles> handles, RequestId id, HttpRequest request,
                   std::move_only_function<void(HttpResult)> done)
    : handles_(std::move(handles)),
      id_(id),
      request_(std::move(request)),
      done_(std::move(done)),
      easy_(handles_->take()) {}

Transfer::~Transfer() {
  handles_->give_back(easy_);
  curl_slist_free_all(headers_);
}

std::expected<void, Failure> Transfer::prepare() {
  const auto refuse = [this](std::string why) { return std::unexpected(failure(Phase::request, std::move(why))); };
  if (!has_scheme(request_.url)) return refuse("only http and https");
  if (!is_token(request_.method)) return refuse("the method is no HTTP token");
  for (const auto& [name, value] : request_.headers) {
    if (!is_token(name) || !is_field_value(value)) return refuse("a header's name or value is not allowed in HTTP");
    // "Name;" is how libcurl is asked for a field with an empty value; "Name:" would remove it.
    headers_ = curl_slist_append(headers_, (value.empty() ? name + ";" : name + ": " + value).c_str());
  }
  headers_ = curl_slist_append(headers_, "Expect:");  // bodies over 1 MiB would wait for 100-continue
  if (find_header(request_.headers, "Content-Type") == nullptr)
    headers_ = curl_slist_append(headers_, "Content-Type:");  // none of our own is better than a wrong one
  set_method_and_body();
  set_limits();
  return {};
}

void Transfer::set_method_and_body() {
  const bool with_body =
      !request_.body.empty() || request_.method == "POST" || request_.method == "PUT" || request_.method == "PATCH";
  if (request_.method == "HEAD") {
    curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
  } else if (with_body) {
    // From memory: head and body leave in one packet. libcurl could also send them again on a new connection when a
    // kept-alive one dies; ask_to_leave() does not let it.
    curl_easy_setopt(easy_, CURLOPT_POST, 1L);
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, request_.body.data());
  }
  curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  // What has no body has nothing that could not be rewound: only a new connection is never retried.
  if (request_.repeat == HttpRequest::Repeat::never && request_.body.empty())
    curl_easy_setopt(easy_, CURLOPT_FRESH_CONNECT, 1L);
}

void Transfer::set_limits() {
  curl_easy_setopt(easy_, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_);
  curl_easy_setopt(easy_, CURLOPT_USERAGENT, "broadcaster");
  curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy_, CURLOPT_PROXY, "");  // the environment's would be obeyed silently
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);  // without it a dead name server holds the whole loop for seconds
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout.count()));
  curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout.count()));
  curl_easy_setopt(easy_, CURLOPT_PREREQFUNCTION, &Transfer::ask_to_leave);
  curl_easy_setopt(easy_, CURLOPT_PREREQDATA, this);
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Transfer::take_body);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &Transfer::take_header);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  if (!request_.ca_file.empty()) {
    curl_easy_setopt(easy_, CURLOPT_CAINFO, request_.ca_file.c_str());
    curl_easy_setopt(easy_, CURLOPT_CAPATH, nullptr);  // that file alone, not the system's beside it
  }
  if (!request_.unix_socket.empty()) curl_easy_setopt(easy_, CURLOPT_UNIX_SOCKET_PATH, request_.unix_socket.c_str());
}

HttpResult Transfer::result(CURLcode code) {
  if (code != CURLE_OK) return std::unexpected(explain(code));
  // libcurl takes the end of the connection for the end of the head: half a head would be a success.
  if (!head_complete_) return std::unexpected(failure(Phase::answer, "the answer broke off in its head"));
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  answer_.status = static_cast<int>(status);
  return std::move(answer_);
}

HttpFailure Transfer::explain(CURLcode code) const {
  if (withheld_) return failure(Phase::withheld, "withheld right before the first byte");
  if (too_large_) return failure(Phase::too_large, "the answer is longer than allowed");
  // libcurl's own buffer may repeat the URL; its fixed sentence for the code cannot.
  auto phase = phase_of(code);
  if (phase == Phase::send && header_bytes_ > 0) phase = Phase::answer;
  if (phase == Phase::request && sent() == Failure::Sent::maybe) phase = Phase::answer;  // what came is no HTTP
  return failure(phase, fmt::format("{} (curl {})", curl_easy_strerror(code), static_cast<int>(code)));
}

HttpFailure Transfer::failure(Phase phase, std::string why) const {
  return {sent(), phase, fmt::format("{}: {}", origin(request_.url), why)};
}

/// Certain only when libcurl has neither written a byte nor come to the point where it would. CURLINFO_REQUEST_SIZE
/// adds up over connections that it tried.
HttpFailure::Sent Transfer::sent() const {
  long head = 0;
  curl_off_t pretransfer = 0;
  curl_easy_getinfo(easy_, CURLINFO_REQUEST_SIZE, &head);
  curl_easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &pretransfer);
  const bool nothing = head == 0 && (withheld_ || pretransfer == 0);
  return nothing ? Failure::Sent::no : Failure::Sent::maybe;
}

/// libcurl calls it before every request that it writes to a connection, the second copy of one included.
int Transfer::ask_to_leave(void* self, char*, char*, int, int) {
  auto& t = *static_cast<Transfer*>(self);
  long written = 0;
  curl_easy_getinfo(t.easy_, CURLINFO_REQUEST_SIZE, &written);
  if (written > 0 && t.request_.repeat == HttpRequest::Repeat::never) return CURL_PREREQFUNC_ABORT;
  if (!t.request_.may_leave || t.request_.may_leave()) return CURL_PREREQFUNC_OK;
  t.withheld_ = true;
  return CURL_PREREQFUNC_ABORT;
}

std::size_t Transfer::take_body(char* from, std::size_t size, std::size_t count, void* self) {
  auto& t = *static_cast<Transfer*>(self);
  const auto n = size * count;
  if (n > t.request_.max_answer - t.answer_.body.size()) {
    t.too_large_ = true;
    return 0;  // ends the transfer with CURLE_WRITE_ERROR
  }
  t.answer_.body.append(from, n);
  return n;
}

std::size_t Transfer::take_header(char* from, std::size_t size, std::size_t count, void* self) {
  auto& t = *static_cast<Transfer*>(self);
  const auto n = size * count;
  std::string_view line(from, n);
  t.header_bytes_ += n;
  if (t.header_bytes_ > max_header_bytes) {
    t.too_large_ = true;
    return 0;
  }
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {  // after a 1xx, or a safe request's second try, another answer begins
    t.answer_ = {};
    t.head_complete_ = false;
    return n;
  }
  if (line.empty()) t.head_complete_ = true;
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return n;
  auto value = line.substr(colon + 1);
  while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
  while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
  t.answer_.headers.emplace_back(line.substr(0, colon), value);
  return n;
}

}  // namespace broadcaster::net
