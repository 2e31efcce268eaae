#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <map>
#include <utility>

#include "broadcaster/net/context.hpp"
#include "broadcaster/net/lines.hpp"
#include "broadcaster/net/listen_socket.hpp"

namespace broadcaster::net {
namespace {

namespace asio = boost::asio;
using Protocol = asio::local::stream_protocol;
using boost::system::error_code;

constexpr std::size_t max_unread = max_line + 1;
constexpr milliseconds accept_again{100};  // after "too many open files" and the like

struct Connection {
  Connection(ConnectionId i, Protocol::socket s) : id(i), socket(std::move(s)) {}
  const ConnectionId id;
  Protocol::socket socket;
  Peer peer;
  std::string received;
  std::size_t searched = 0;
  char buffer[65536];
  std::string writing;  ///< With the kernel; must not move.
  std::string waiting;  ///< Goes out next, in one piece.
  bool closing = false;
};

using Shared = std::shared_ptr<Connection>;

class Server final : public std::enable_shared_from_this<Server> {
 public:
  Server(Loop& loop, std::string path, int fd, LineHandlers handlers)
      : loop_(loop), path_(std::move(path)), acceptor_(context(loop), Protocol(), fd), handlers_(std::move(handlers)) {}

  void accept() {
    acceptor_.async_accept([this, weak = weak_from_this()](error_code error, Protocol::socket socket) {
      const auto self = weak.lock();
      if (!self || error == asio::error::operation_aborted) return;
      Turn turn(loop_);
      if (error) {
        loop_.after(accept_again, [this, weak] {
          if (const auto server = weak.lock(); server && acceptor_.is_open()) accept();
        });
        return;
      }
      welcome(std::move(socket));
      accept();
    });
  }

  void send(ConnectionId id, std::string line) {
    const auto found = connections_.find(id);
    if (found == connections_.end() || found->second->closing) return;
    const Shared connection = found->second;
    connection->waiting += line;
    connection->waiting += '\n';
    if (connection->writing.size() + connection->waiting.size() > max_unread) return end_later(connection);
    if (connection->writing.empty()) write(connection);
  }

  void close(ConnectionId id) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    found->second->closing = true;
    if (found->second->writing.empty()) end_later(found->second);
  }

  void shut() {
    error_code ignored;
    acceptor_.close(ignored);
    ::unlink(path_.c_str());
    for (const auto& [id, connection] : connections_) connection->socket.close(ignored);
    connections_.clear();
  }

 private:
  void welcome(Protocol::socket socket) {
    ucred who{};
    socklen_t size = sizeof who;
    if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return;
    const auto id = ConnectionId{++last_};
    auto connection = std::make_shared<Connection>(id, std::move(socket));
    connection->peer = {who.uid, who.pid};
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
                                         connection->received.append(connection->buffer, n);
                                         if (take_lines(connection)) read(connection);
                                       });
  }

  /// False when the connection has ended meanwhile.
  bool take_lines(const Shared& connection) {
    auto& received = connection->received;
    std::size_t start = 0;
    for (;;) {
      const auto newline = received.find('\n', std::max(start, connection->searched));
      if (newline == std::string::npos) break;
      std::string line = received.substr(start, newline - start);
      start = newline + 1;
      connection->searched = 0;
      if (!connection->closing) handlers_.on_line(connection->id, connection->peer, std::move(line));
      if (!connection->socket.is_open()) return false;
    }
    received.erase(0, start);
    connection->searched = received.size();
    if (received.size() <= max_line) return true;
    end(connection);
    return false;
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
  const std::string path_;
  Protocol::acceptor acceptor_;
  LineHandlers handlers_;
  std::map<ConnectionId, Shared> connections_;
  std::uint64_t last_ = 0;
};

class Owner final : public LineServer {
 public:
  explicit Owner(std::shared_ptr<Server> server) : server_(std::move(server)) {}
  ~Owner() override { server_->shut(); }
  void send(ConnectionId id, std::string line) override { server_->send(id, std::move(line)); }
  void close(ConnectionId id) override { server_->close(id); }

 private:
  std::shared_ptr<Server> server_;
};

}  // namespace

base::Result<std::unique_ptr<LineServer>> LineServer::listen(Loop& loop, const std::string& path,
                                                             LineHandlers handlers) {
  const auto fd = listen_unix(path);
  if (!fd) return std::unexpected(cannot_listen(path, fd.error()));
  auto server = std::make_shared<Server>(loop, path, *fd, std::move(handlers));
  server->accept();
  return std::make_unique<Owner>(std::move(server));
}

}  // namespace broadcaster::net
