#include "broadcaster/net/server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <set>

#include "broadcaster/net/context.hpp"
#include "broadcaster/net/listen_socket.hpp"
#include "broadcaster/net/server_session.hpp"

namespace broadcaster::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Protocol = asio::generic::stream_protocol;
using Socket = Protocol::socket;
using boost::system::error_code;
using Response = http::response<http::string_body>;

constexpr std::size_t max_body = 1 << 20;
constexpr std::uint32_t max_head = 16 << 10;
constexpr std::size_t max_unread = 1 << 20;
constexpr std::size_t max_connections = 1000;
constexpr milliseconds patience{30000};
constexpr milliseconds farewell{2000};     ///< How long what a client still sends is thrown away before we close.
constexpr milliseconds accept_again{100};  ///< After "too many open files" and the like.

class Session;

/// The server as its sessions see it; outlives the HttpServer while a handler runs.
struct Core {
  Core(Loop& l, HttpServer::Handler h) : loop(l), handler(std::move(h)) {}
  Loop& loop;
  HttpServer::Handler handler;
  std::set<std::shared_ptr<Session>> sessions;
  bool ended = false;
};

/// A line end in a value would be a header of its own.
std::string one_line(std::string value) {
  std::replace_if(value.begin(), value.end(), [](char c) { return c == '\r' || c == '\n'; }, ' ');
  return value;
}

bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

class Session final : public ServerSession, public std::enable_shared_from_this<Session> {
  /// Every completion: keeps the session alive, counts as one turn, and does nothing once the session is closed.
  template <class F>
  auto handler(F f) {
    return [self = shared_from_this(), f = std::move(f)](error_code error, std::size_t n) mutable {
      if (!self->socket_.is_open()) return;
      Turn turn(self->core_->loop);
      f(error, n);
    };
  }

 public:
  Session(std::shared_ptr<Core> core, Socket socket)
      : core_(std::move(core)), socket_(std::move(socket)), remote_(peer_name(socket_.native_handle())) {
    const int yes = 1;
    ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);  // no effect on a Unix socket
  }

  void read_request() {
    parser_.emplace();
    parser_->header_limit(max_head);
    parser_->body_limit(max_body);
    set_deadline(patience);
    http::async_read_header(socket_, buffer_, *parser_, handler([this](error_code error, std::size_t) {
                              if (error) return refuse(error);
                              if (beast::iequals(parser_->get()[http::field::expect], "100-continue"))
                                return invite_body();
                              read_body();
                            }));
  }

  void answer(int status, const Headers& headers, std::string body) override {
    auto response = std::make_shared<Response>(head(status, headers));
    response->keep_alive(keep_alive_);
    if (may_have_body(status)) response->content_length(body.size());
    if (!head_only_ && may_have_body(status)) response->body() = std::move(body);
    set_deadline(patience);
    http::async_write(socket_, *response, handler([this, response](error_code error, std::size_t) {
                        if (error) return close();
                        if (response->keep_alive()) return read_request();
                        say_farewell();
                      }));
  }

  void begin_stream(int status, const Headers& headers) override {
    auto response = head(status, headers);
    response.keep_alive(false);
    auto serializer = http::response_serializer<http::string_body>(response);
    serializer.split(true);
    std::string bytes;
    error_code error;
    while (!serializer.is_header_done() && !error)
      serializer.next(error, [&](error_code&, const auto& buffers) {
        bytes += beast::buffers_to_string(buffers);
        serializer.consume(beast::buffer_bytes(buffers));
      });
    clear_deadline();
    streaming_ = true;
    watch_for_end();
    write_chunk(std::move(bytes));
  }

  bool write_chunk(std::string bytes) override {
    if (!open() || farewell_) return false;
    waiting_ += bytes;
    if (writing_.size() + waiting_.size() > max_unread) {
      close();
      return false;
    }
    if (writing_.empty()) write_waiting();
    return true;
  }

  void write_and_close(std::string bytes) override {
    set_deadline(patience);
    waiting_ += bytes;
    farewell_ = true;
    if (writing_.empty()) write_waiting();
  }

  void close() override {
    clear_deadline();
    error_code ignored;
    socket_.close(ignored);
    core_->sessions.erase(shared_from_this());
  }

  void reset() override {
    error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    close();
  }

  bool open() const override { return socket_.is_open(); }

 private:
  void invite_body() {
    auto go_on = std::make_shared<http::response<http::empty_body>>(http::status::continue_, 11);
    http::async_write(socket_, *go_on, handler([this, go_on](error_code error, std::size_t) {
                        if (error) return close();
                        read_body();
                      }));
  }

  void read_body() {
    http::async_read(socket_, buffer_, *parser_, handler([this](error_code error, std::size_t) {
                       if (error) return refuse(error);
                       clear_deadline();
                       serve();
                     }));
  }

  void serve() {
    auto message = parser_->release();
    keep_alive_ = message.keep_alive();
    head_only_ = message.method() == http::verb::head;
    ServerRequest request;
    request.method = std::string(message.method_string());
    const std::string target(message.target());
    const auto mark = target.find('?');
    request.target = target.substr(0, mark);
    if (mark != std::string::npos) request.query = target.substr(mark + 1);
    for (const auto& field : message) request.headers.emplace_back(field.name_string(), field.value());
    request.body = std::move(message.body());
    request.remote = remote_;
    core_->handler(std::move(request), Responder(std::make_shared<Exchange>(weak_from_this())));
  }

  /// What is no request gets a short answer where HTTP has one, and the end of the connection.
  void refuse(error_code error) {
    const bool began = parser_->got_some() && error != http::error::end_of_stream;
    if (!began || error == asio::error::connection_reset || error == asio::error::operation_aborted) return close();
    keep_alive_ = false;
    if (error == http::error::body_limit) return answer(413, {}, {});
    if (error == http::error::header_limit) return answer(431, {}, {});
    answer(400, {}, {});
  }

  static Response head(int status, const Headers& headers) {
    Response response;
    response.version(11);
    response.result(static_cast<unsigned>(status));
    for (const auto& [name, value] : headers) response.insert(one_line(name), one_line(value));
    return response;
  }

  void write_waiting() {
    writing_ = std::exchange(waiting_, {});
    asio::async_write(socket_, asio::buffer(writing_), handler([this](error_code error, std::size_t) {
                        writing_.clear();
                        if (error) return close();
                        if (!waiting_.empty()) return write_waiting();
                        if (farewell_) say_farewell();
                      }));
  }

  /// A client that sends nothing more but its end is how we learn that nobody reads a stream.
  void watch_for_end() {
    socket_.async_read_some(asio::buffer(scratch_), handler([this](error_code error, std::size_t) {
                              if (error) return close();
                              watch_for_end();
                            }));
  }

  /// Closing with bytes unread would reset the connection, and the client might lose our last words.
  void say_farewell() {
    error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
    set_deadline(farewell);
    if (!streaming_) watch_for_end();
  }

  void set_deadline(milliseconds time) {
    clear_deadline();
    deadline_ = core_->loop.after(time, [weak = weak_from_this()] {
      const auto self = weak.lock();
      if (!self) return;
      self->deadline_.reset();
      self->close();
    });
  }

  void clear_deadline() {
    if (deadline_) core_->loop.cancel(*deadline_);
    deadline_.reset();
  }

  const std::shared_ptr<Core> core_;
  Socket socket_;
  const std::string remote_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<TimerId> deadline_;
  bool keep_alive_ = false, head_only_ = false, streaming_ = false, farewell_ = false;
  std::string writing_;  ///< With the kernel; must not move.
  std::string waiting_;
  char scratch_[1024];
};

class Server final : public HttpServer {
 public:
  Server(Loop& loop, std::string path, int fd, int family, Handler handler)
      : core_(std::make_shared<Core>(loop, std::move(handler))),
        path_(std::move(path)),
        port_(local_port(fd)),
        acceptor_(std::make_shared<Acceptor>(context(loop), Protocol(family, 0), fd)) {
    accept(core_, acceptor_);
  }

  ~Server() override {
    core_->ended = true;
    error_code ignored;
    acceptor_->close(ignored);
    if (!path_.empty()) ::unlink(path_.c_str());
    while (!core_->sessions.empty()) std::shared_ptr(*core_->sessions.begin())->close();
  }

  unsigned short port() const override { return port_; }
  std::size_t connections() const override { return core_->sessions.size(); }

 private:
  using Acceptor = asio::basic_socket_acceptor<Protocol>;

  static void accept(const std::shared_ptr<Core>& core, const std::shared_ptr<Acceptor>& acceptor) {
    auto socket = std::make_shared<Socket>(context(core->loop));
    acceptor->async_accept(*socket, [core, acceptor, socket](error_code error) {
      if (core->ended) return;
      Turn turn(core->loop);
      if (error) {
        core->loop.after(accept_again, [core, acceptor] {
          if (!core->ended) accept(core, acceptor);
        });
        return;
      }
      if (core->sessions.size() < max_connections) {
        const auto session = std::make_shared<Session>(core, std::move(*socket));
        core->sessions.insert(session);
        session->read_request();
      }
      accept(core, acceptor);
    });
  }

  std::shared_ptr<Core> core_;
  const std::string path_;
  const unsigned short port_;
  std::shared_ptr<Acceptor> acceptor_;
};

}  // namespace

base::Result<std::unique_ptr<HttpServer>> HttpServer::listen(Loop& loop, const std::string& address,
                                                             unsigned short port, Handler handler) {
  const bool local = address.find('/') != std::string::npos;
  const auto fd = local ? listen_unix(address) : listen_tcp(address, port);
  if (!fd) return std::unexpected(cannot_listen(local ? address : address + ":" + std::to_string(port), fd.error()));
  const int family = local ? AF_UNIX : (address.find(':') == std::string::npos ? AF_INET : AF_INET6);
  return std::make_unique<Server>(loop, local ? address : std::string(), *fd, family, std::move(handler));
}

}  // namespace broadcaster::net
