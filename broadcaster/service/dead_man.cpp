#include "broadcaster/service/dead_man.hpp"

namespace broadcaster::service {

DeadMan::DeadMan(net::HttpClient& http, std::string url, std::chrono::seconds every, Told told)
    : http_(http), url_(std::move(url)), every_(every), told_(std::move(told)) {}

DeadMan::~DeadMan() {
  *alive_ = false;
  if (under_way_) http_.cancel(*under_way_);
}

void DeadMan::green(base::MonoTime now) {
  if (url_.empty() || under_way_ || (last_ && now - *last_ < every_)) return;
  last_ = now;
  net::HttpRequest request;
  request.url = url_;
  request.repeat = net::HttpRequest::Repeat::safe;
  request.max_answer = 64 << 10;
  under_way_ = http_.send(std::move(request), [this, alive = alive_](net::HttpResult result) {
    if (!*alive) return;
    under_way_.reset();
    if (!result) return told_(result.error().why);
    if (result->status < 200 || result->status > 299) return told_("HTTP " + std::to_string(result->status));
    told_(std::nullopt);
  });
}

}  // namespace broadcaster::service
