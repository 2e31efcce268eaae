#include "tests/bench/gateway.hpp"

#include <fmt/core.h>

#include "tests/bench/town.hpp"

namespace broadcaster::bench {

Gateway::Gateway() : loop_(net::Loop::create()) {
  server_ = must(net::HttpServer::listen(*loop_, "127.0.0.1", 0, [this](auto request, net::Responder responder) {
    take(request);
    responder.answer(202, {}, "0: Accepted for delivery");
  }));
  url_ = fmt::format("http://127.0.0.1:{}", server_->port());
  thread_ = std::thread([this] { loop_->run(); });
}

Gateway::~Gateway() {
  loop_->stop();
  thread_.join();
  server_.reset();
}

void Gateway::take(const net::ServerRequest& request) {
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard guard(mutex_);
  ++count_;
  const auto* to = request.header("X-Kannel-To");
  const bool watched = !first_ && to != nullptr && to->starts_with(prefix_);
  if (watched) first_ = now;
  if (watched || count_ == wanted_) changed_.notify_all();
}

void Gateway::watch_for(const std::string& prefix) {
  const std::lock_guard guard(mutex_);
  prefix_ = prefix;
  first_.reset();
  count_ = 0;
}

int Gateway::count() const {
  const std::lock_guard guard(mutex_);
  return count_;
}

std::optional<Gateway::Time> Gateway::first(std::chrono::seconds patience) {
  std::unique_lock guard(mutex_);
  changed_.wait_for(guard, patience, [&] { return first_.has_value(); });
  return first_;
}

std::optional<Gateway::Time> Gateway::reached(int requests, std::chrono::seconds patience) {
  std::unique_lock guard(mutex_);
  wanted_ = requests;
  if (!changed_.wait_for(guard, patience, [&] { return count_ >= requests; })) return std::nullopt;
  return std::chrono::steady_clock::now();
}

}  // namespace broadcaster::bench
