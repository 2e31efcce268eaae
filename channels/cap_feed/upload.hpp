// A feed behind HTTP: files are read by GET and written by PUT at `url`, under conditions (RFC 9110 §13.1).
//
//   what may not be there yet   If-None-Match: *        what is to be replaced   If-Match: "its ETag"
// A server without strong ETags, or one that looks at no conditions (nginx's dav module), writes all the same: who
// publishes reads again what it has written. Outcomes of a PUT, beyond channels/http (common_outcome):
//   2xx → stored · 412 → changed · 409, 507 → not_sent: there is no such folder, or somebody else writes; no room ·
//   413 → refused(message)
// Of a GET: 200 → found · 404, 410 → absent. Thread rule: loop thread; the two functions are pure.
#pragma once

#include "broadcaster/net/http.hpp"
#include "channels/cap_feed/place.hpp"

namespace broadcaster::channels::cap_feed {

/// How we are let in.
struct Credentials {
  std::string authorization;  ///< value of the header, a secret; empty: none
};

Answer answer_to_get(const net::HttpResult& result, base::WallTime now);
Answer answer_to_put(const net::HttpResult& result, base::WallTime now);

class Upload final : public Place {
 public:
  /// `url` ends with "/".
  Upload(std::string url, Credentials credentials, net::HttpClient& http, const base::Clock& clock);
  void read(Read what, Then then) override;
  void write(Write what, std::function<bool()> may_leave, Then then) override;

 private:
  net::HttpRequest request(std::string method, const std::string& file) const;
  const std::string url_;
  const Credentials credentials_;
  net::HttpClient& http_;
  const base::Clock& clock_;
};

}  // namespace broadcaster::channels::cap_feed
