// A loop with an end: tests wait for what they expect, and a guard stops them when it does not come.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "broadcaster/net/http.hpp"
#include "broadcaster/net/loop.hpp"
#include "broadcaster/net/server.hpp"

namespace broadcaster::net {

/// Runs the loop until `done` holds, looking after every millisecond. False when `guard` passed first.
inline bool run_until(Loop& loop, const std::function<bool()>& done, milliseconds guard = milliseconds{20000}) {
  const auto end = loop.now() + guard;
  std::function<void()> look = [&] {
    if (done() || loop.now() >= end) return loop.stop();
    loop.after(milliseconds{1}, [&] { look(); });
  };
  loop.post([&] { look(); });
  loop.run();
  return done();
}

/// Client and server on one loop. The server answers by `on_request`, and keeps every request that arrived whole.
class HttpBench : public testing::Test {
 protected:
  void SetUp() override {
    auto listening = HttpServer::listen(*loop, "127.0.0.1", 0, [this](ServerRequest request, Responder responder) {
      arrived.push_back(std::move(request));
      on_request(arrived.back(), std::move(responder));
    });
    ASSERT_TRUE(listening);
    server = std::move(*listening);
  }

  std::string url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(server->port()) + path;
  }

  HttpRequest post(std::string body, const std::string& path = "/") const {
    HttpRequest request;
    request.method = "POST";
    request.url = url(path);
    request.body = std::move(body);
    return request;
  }

  HttpResult fetch(HttpRequest request) {
    std::optional<HttpResult> result;
    client->send(std::move(request), [&](HttpResult r) { result = std::move(r); });
    if (!run_until(*loop, [&] { return result.has_value(); })) throw std::runtime_error("no answer at all");
    return std::move(*result);
  }

  std::unique_ptr<Loop> loop = Loop::create();
  std::unique_ptr<HttpClient> client = HttpClient::create(*loop);
  std::vector<ServerRequest> arrived;
  std::function<void(const ServerRequest&, Responder)> on_request = [](const ServerRequest&, Responder responder) {
    responder.answer(200, {}, "ok");
  };
  std::unique_ptr<HttpServer> server;
};

}  // namespace broadcaster::net
