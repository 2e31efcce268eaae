// The HTTP server, seen by a client that writes raw bytes.
#include "broadcaster/net/server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/net/bench.hpp"

namespace broadcaster::net {
namespace {

/// A TCP connection on which a test says what it wants, while the loop runs on the same thread.
class Raw {
 public:
  explicit Raw(unsigned short port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~Raw() { ::close(fd_); }
  void say(const std::string& bytes) {
    EXPECT_EQ(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }
  /// Everything that has come so far.
  const std::string& heard() {
    char buffer[65536];
    for (;;) {
      const auto n = ::recv(fd_, buffer, sizeof buffer, MSG_DONTWAIT);
      if (n > 0) {
        text_.append(buffer, static_cast<std::size_t>(n));
        continue;
      }
      if (n == 0) ended_ = true;
      return text_;
    }
  }
  bool ended() {
    heard();
    return ended_;
  }

 private:
  int fd_;
  std::string text_;
  bool ended_ = false;
};

class Server : public HttpBench {
 protected:
  bool hears(Raw& raw, const std::string& text) {
    return run_until(*loop, [&] { return raw.heard().find(text) != std::string::npos; });
  }
};

TEST_F(Server, KeepsTheConnectionForTheNextRequest) {
  Raw raw(server->port());
  on_request = [](const ServerRequest& request, Responder responder) { responder.answer(200, {}, request.target); };
  raw.say("GET /one HTTP/1.1\r\nHost: a\r\n\r\nGET /two HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(hears(raw, "/two"));
  EXPECT_LT(raw.heard().find("/one"), raw.heard().find("/two"));
  EXPECT_EQ(arrived[0].remote, arrived[1].remote);
  EXPECT_FALSE(raw.ended());
  EXPECT_EQ(server->connections(), 1u);
}

TEST_F(Server, ClosesWhenTheClientAsksForIt) {
  Raw raw(server->port());
  raw.say("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(run_until(*loop, [&] { return raw.ended(); }));
}

TEST_F(Server, ARequestInPiecesIsOneRequest) {
  Raw raw(server->port());
  const std::string request = "POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
  for (const char c : request) {
    raw.say(std::string(1, c));
    EXPECT_TRUE(arrived.empty());
    bool turned = false;
    loop->post([&] { turned = true; });
    run_until(*loop, [&] { return turned; });
  }
  ASSERT_TRUE(hears(raw, "200 OK"));
  EXPECT_EQ(arrived[0].body, "hello");
}

TEST_F(Server, InvitesABodyThatWaitsForIt) {
  Raw raw(server->port());
  raw.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_TRUE(hears(raw, "100 Continue"));
  raw.say("hi");
  ASSERT_TRUE(hears(raw, "200 OK"));
  EXPECT_EQ(arrived[0].body, "hi");
}

TEST_F(Server, RefusesWhatIsTooLongOrNoHttp) {
  Raw long_body(server->port()), long_head(server->port()), noise(server->port());
  long_body.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n");
  long_head.say("GET / HTTP/1.1\r\nX: " + std::string(20000, 'x') + "\r\n\r\n");
  noise.say("EHLO mail.example\r\n\r\n");
  EXPECT_TRUE(hears(long_body, "413"));
  EXPECT_TRUE(hears(long_head, "431"));
  EXPECT_TRUE(hears(noise, "400"));
  EXPECT_TRUE(run_until(*loop, [&] { return long_body.ended() && long_head.ended() && noise.ended(); }));
  EXPECT_TRUE(arrived.empty());
}

TEST_F(Server, AnswersLaterAndOnlyOnce) {
  std::optional<Responder> held;
  on_request = [&](const ServerRequest&, Responder responder) { held.emplace(std::move(responder)); };
  Raw raw(server->port());
  raw.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(run_until(*loop, [&] { return held.has_value(); }));
  EXPECT_TRUE(held->open());
  held->answer(202, {{"X-Note", "a\r\nX-Forged: b"}}, "later");
  held->answer(500, {}, "never");
  held.reset();
  ASSERT_TRUE(hears(raw, "later"));
  EXPECT_EQ(raw.heard().find("never"), std::string::npos);
  EXPECT_EQ(raw.heard().find("\r\nX-Forged"), std::string::npos);
}

TEST_F(Server, AForgottenRequestIsAnswered500) {
  on_request = [](const ServerRequest&, const Responder&) {};
  Raw raw(server->port());
  raw.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(hears(raw, "500"));
}

TEST_F(Server, AnswersToHeadAndNoContentHaveNoBody) {
  on_request = [](const ServerRequest& r, Responder responder) {
    responder.answer(r.method == "HEAD" ? 200 : 204, {}, "twelve bytes");
  };
  Raw raw(server->port());
  raw.say("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(hears(raw, "204"));
  EXPECT_NE(raw.heard().find("Content-Length: 12"), std::string::npos);
  EXPECT_EQ(raw.heard().find("twelve"), std::string::npos);
}

TEST_F(Server, StreamsEventsUntilTheClientLeaves) {
  std::optional<ResponseStream> stream;
  on_request = [&](const ServerRequest&, Responder responder) {
    stream = responder.stream(200, {{"Content-Type", "text/event-stream"}});
  };
  {
    Raw raw(server->port());
    raw.say("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(hears(raw, "text/event-stream"));
    EXPECT_TRUE(stream->send("data: 1\n\n"));
    EXPECT_TRUE(stream->send("data: 2\n\n"));
    ASSERT_TRUE(hears(raw, "\r\n\r\ndata: 1\n\ndata: 2\n\n"));
  }
  EXPECT_TRUE(run_until(*loop, [&] { return !stream->open(); }));
  EXPECT_FALSE(stream->send("data: 3\n\n"));
  EXPECT_EQ(server->connections(), 0u);
}

TEST_F(Server, AStreamThatIsClosedEndsTheConnection) {
  on_request = [&](const ServerRequest&, Responder responder) { responder.stream(200, {}).send("last words"); };
  Raw raw(server->port());
  raw.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(run_until(*loop, [&] { return raw.ended(); }));
  EXPECT_TRUE(raw.heard().ends_with("last words"));
}

TEST_F(Server, AReaderThatDoesNotReadIsDroppedFromTheStream) {
  std::optional<ResponseStream> stream;
  on_request = [&](const ServerRequest&, Responder responder) { stream = responder.stream(200, {}); };
  Raw raw(server->port());
  raw.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(run_until(*loop, [&] { return stream.has_value(); }));
  int sent = 0;
  EXPECT_TRUE(run_until(*loop, [&] { return ++sent > 10000 || !stream->send(std::string(100'000, 'x')); }));
  EXPECT_LT(sent, 1000);
  EXPECT_FALSE(stream->open());
}

TEST_F(Server, RefusesTheThousandAndFirstConnection) {
  std::vector<std::unique_ptr<Raw>> many;
  for (std::size_t i = 0; i < 1000; ++i) {
    many.push_back(std::make_unique<Raw>(server->port()));
    if (i % 100 == 99) ASSERT_TRUE(run_until(*loop, [&] { return server->connections() == i + 1; }));
  }
  Raw last(server->port());
  EXPECT_TRUE(run_until(*loop, [&] { return last.ended(); }));
  EXPECT_EQ(server->connections(), 1000u);
  many.clear();
  EXPECT_TRUE(run_until(*loop, [&] { return server->connections() == 0; }));
}

TEST_F(Server, TheServerMayGoWhileSomebodyWaits) {
  std::optional<Responder> held;
  on_request = [&](const ServerRequest&, Responder responder) { held.emplace(std::move(responder)); };
  Raw raw(server->port());
  raw.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(run_until(*loop, [&] { return held.has_value(); }));
  server.reset();
  EXPECT_FALSE(held->open());
  held->answer(200, {}, "too late");
  EXPECT_TRUE(run_until(*loop, [&] { return raw.ended(); }));
  EXPECT_TRUE(raw.heard().empty());
}

TEST_F(Server, ListensOnAUnixSocketOfItsOwnerAlone) {
  const std::string path = testing::TempDir() + "net-http-" + std::to_string(::getpid()) + ".sock";
  auto local = HttpServer::listen(*loop, path, 0, [](const ServerRequest& request, Responder responder) {
    responder.answer(200, {}, request.remote);
  });
  ASSERT_TRUE(local);
  struct stat info{};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777u, 0600u);
  HttpRequest request;
  request.url = "http://localhost/";
  request.unix_socket = path;
  const auto result = fetch(request);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->body, "unix");
  local->reset();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(Server, APortThatIsTakenIsAnError) {
  const auto second = HttpServer::listen(*loop, "127.0.0.1", server->port(), [](ServerRequest, Responder) {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().text.id, "net.cannot_listen");
  EXPECT_EQ(second.error().kind, base::ErrorKind::unavailable);
  EXPECT_FALSE(HttpServer::listen(*loop, "no address", 0, [](ServerRequest, Responder) {}));
}

}  // namespace
}  // namespace broadcaster::net
