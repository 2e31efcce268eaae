#include "broadcaster/net/tcp.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <map>
#include <utility>

#include "broadcaster/net/context.hpp"

namespace broadcaster::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t max_connections = 64;
constexpr std::size_t max_unread = 4 << 20;
constexpr milliseconds accept_again{100};  // after "too many open files" and the like

struct Connection {
  Connection(TcpConnection i, tcp::socket s) : id(i), socket(std::move(s)) {}
  const TcpConnection id;
  tcp::socket socket;
  char buffer[16384];
  std::string writing;  ///< With the kernel; must not move.
  std::string waiting;  ///< Goes out next, in one piece.
  bool closing = false;
};

using Shared = std::shared_ptr<Connection>;

class Server final : public std::enable_shared_from_this<Server> {
 public:
  Server(Loop& loop, TcpHandlers handlers) : loop_(loop), acceptor_(context(loop)), handlers_(std::move(handlers)) {}

  error_code open(const std::string& address, unsigned short port) {
    error_code error;
    const auto ip = asio::ip::make_address(address, error);
    if (error) return error;
    const tcp::endpoint endpoint(ip, port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    return error;
  }

  void accept() {
    acceptor_.async_accept([this, weak = weak_from_this()](error_code error, tcp::socket socket) {
      const auto self = weak.lock();
      if (!self || error == asio::error::operation_aborted) return;
      Turn turn(loop_);
      if (error) {
        loop_.after(accept_again, [this, weak] {
          if (const auto server = weak.lock(); server && acceptor_.is_open()) accept();
        });
        return;
      }
      if (connections_.size() < max_connections) welcome(std::move(socket));
      accept();
    });
  }

  unsigned short port() const {
    error_code ignored;
    return acceptor_.local_endpoint(ignored).port();
  }

  std::size_t connections() const { return connections_.size(); }

  void send(TcpConnection id, std::string bytes) {
    const auto found = connections_.find(id);
    if (found == connections_.end() || found->second->closing) return;
    const Shared connection = found->second;
    connection->waiting += bytes;
    if (connection->writing.size() + connection->waiting.size() > max_unread) return end_later(connection);
    if (connection->writing.empty()) write(connection);
  }

  void close(TcpConnection id) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    found->second->closing = true;
    if (found->second->writing.empty()) end_later(found->second);
  }

  void shut() {
    error_code ignored;
    acceptor_.close(ignored);
    for (const auto& [id, connection] : connections_) connection->socket.close(ignored);
    connections_.clear();
  }

 private:
  void welcome(tcp::socket socket) {
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const auto id = TcpConnection{++last_};
    auto connection = std::make_shared<Connection>(id, std::move(socket));
    connections_.emplace(id, connection);
    read(connection);
  }

  void read(const Shared& connection) {
    connection->socket.async_read_some(asio::buffer(connection->buffer),
                                       [this, weak = weak_from_this(), connection](error_code error, std::size_t n) {
                                         const auto self = weak.lock();
                                         if (!self) return;
                                         Turn turn(loop_);
                                         if (error) return end(connection);
                                         if (!connection->closing)
                                           handlers_.on_data(connection->id, {connection->buffer, n});
                                         if (connection->socket.is_open()) read(connection);
                                       });
  }

  void write(const Shared& connection) {
    connection->writing = std::exchange(connection->waiting, {});
    asio::async_write(connection->socket, asio::buffer(connection->writing),
                      [this, weak = weak_from_this(), connection](error_code error, std::size_t) {
                        const auto self = weak.lock();
                        if (!self) return;
                        Turn turn(loop_);
                        connection->writing.clear();
                        if (error) return end(connection);
                        if (!connection->waiting.empty()) return write(connection);
                        if (connection->closing) end(connection);
                      });
  }

  /// Not inside the caller's call: on_closed would surprise it.
  void end_later(const Shared& connection) {
    connection->closing = true;
    loop_.post([this, weak = weak_from_this(), connection] {
      if (const auto self = weak.lock()) end(connection);
    });
  }

  void end(const Shared& connection) {
    error_code ignored;
    connection->socket.close(ignored);
    if (connections_.erase(connection->id) != 0 && handlers_.on_closed) handlers_.on_closed(connection->id);
  }

  Loop& loop_;
  tcp::acceptor acceptor_;
  TcpHandlers handlers_;
  std::map<TcpConnection, Shared> connections_;
  std::uint64_t last_ = 0;
};

class Owner final : public TcpServer {
 public:
  explicit Owner(std::shared_ptr<Server> server) : server_(std::move(server)) {}
  ~Owner() override { server_->shut(); }
  unsigned short port() const override { return server_->port(); }
  std::size_t connections() const override { return server_->connections(); }
  void send(TcpConnection id, std::string bytes) override { server_->send(id, std::move(bytes)); }
  void close(TcpConnection id) override { server_->close(id); }

 private:
  std::shared_ptr<Server> server_;
};

}  // namespace

base::Result<std::unique_ptr<TcpServer>> TcpServer::listen(Loop& loop, const std::string& address, unsigned short port,
                                                           TcpHandlers handlers) {
  auto server = std::make_shared<Server>(loop, std::move(handlers));
  if (const auto error = server->open(address, port); error)
    return base::fail(base::ErrorKind::unavailable,
                      {"net.cannot_listen", {{"address", address}, {"reason", error.message()}}});
  server->accept();
  return std::make_unique<Owner>(std::move(server));
}

}  // namespace broadcaster::net
