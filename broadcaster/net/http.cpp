#include "broadcaster/net/http.hpp"

#include <curl/curl.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <new>
#include <stdexcept>
#include <unordered_map>
#include <utility>
#include <vector>

#include "broadcaster/net/context.hpp"
#include "broadcaster/net/http_transfer.hpp"

namespace broadcaster::net {
namespace {

namespace asio = boost::asio;
using Descriptor = asio::posix::stream_descriptor;
using boost::system::error_code;

/// A socket of libcurl's that it wants to hear about. We borrow it: released, never closed.
struct Watch {
  Watch(asio::io_context& context, curl_socket_t fd) : descriptor(context, fd) {}
  ~Watch() {
    if (descriptor.is_open()) descriptor.release();
  }
  Descriptor descriptor;
  int want = 0;
  bool reading = false, writing = false;  ///< A wait is pending.
};

/// libcurl's multi-socket interface on Asio. Never calls libcurl from inside its callbacks: those only note things.
class Multi final : public std::enable_shared_from_this<Multi> {
 public:
  explicit Multi(Loop& loop) : loop_(loop), timer_(context(loop)), multi_(curl_multi_init()) {
    if (multi_ == nullptr) throw std::bad_alloc();
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Multi::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Multi::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, 256L);          // idle ones kept
    curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, 0L);   // a limit would queue inside the
    curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, 0L);  // request's own time-out
  }

  ~Multi() { shut(); }

  void shut() {
    if (multi_ == nullptr) return;
    for (const auto& [id, transfer] : transfers_) curl_multi_remove_handle(multi_, transfer->easy());
    transfers_.clear();
    curl_multi_cleanup(std::exchange(multi_, nullptr));
    watches_.clear();
    timer_.cancel();
  }

  RequestId send(HttpRequest request, std::move_only_function<void(HttpResult)> done) {
    const auto id = RequestId{++last_};
    auto transfer = std::make_unique<Transfer>(id, std::move(request), std::move(done));
    if (auto prepared = transfer->prepare(); !prepared) {
      finish_later(std::move(transfer), std::unexpected(std::move(prepared.error())));
      return id;
    }
    curl_easy_setopt(transfer->easy(), CURLOPT_PRIVATE, transfer.get());
    if (const auto code = curl_multi_add_handle(multi_, transfer->easy()); code != CURLM_OK)
      throw std::logic_error(curl_multi_strerror(code));
    transfers_.emplace(id, std::move(transfer));
    return id;
  }

  void cancel(RequestId id) {
    auto node = transfers_.extract(id);
    if (node.empty()) return;
    auto transfer = std::move(node.mapped());
    curl_multi_remove_handle(multi_, transfer->easy());
    auto failure = transfer->failure(HttpFailure::Phase::cancelled, "cancelled");
    finish_later(std::move(transfer), std::unexpected(std::move(failure)));
  }

  std::size_t in_flight() const { return transfers_.size(); }

 private:
  static int on_socket(CURL*, curl_socket_t fd, int want, void* self, void*) {
    auto& multi = *static_cast<Multi*>(self);
    if (want == CURL_POLL_REMOVE) {
      // Idle or closing, we cannot know; released at once, because libcurl may hand us the same number in this very
      // call. It also removes sockets that it never announced: ignored.
      if (const auto it = multi.watches_.find(fd); it != multi.watches_.end()) {
        it->second->descriptor.release();
        multi.watches_.erase(it);
      }
      return 0;
    }
    auto& watch = multi.watches_[fd];
    if (!watch) watch = std::make_shared<Watch>(context(multi.loop_), fd);
    watch->want = want;
    multi.arm(watch, fd);
    return 0;
  }

  /// Each call replaces the last one; 0 means soon, not now.
  static int on_timer(CURLM*, long delay, void* self) {
    auto& multi = *static_cast<Multi*>(self);
    if (delay < 0) {
      multi.timer_.cancel();
      return 0;
    }
    multi.timer_.expires_after(milliseconds(delay));
    multi.timer_.async_wait([weak = multi.weak_from_this()](error_code error) {
      const auto self = weak.lock();
      if (self && !error) self->act(CURL_SOCKET_TIMEOUT, 0);
    });
    return 0;
  }

  /// Asio's wait fires once and libcurl speaks only of changes: so again after every action.
  void arm(const std::shared_ptr<Watch>& watch, curl_socket_t fd) {
    if ((watch->want & CURL_POLL_IN) != 0) wait(watch, fd, watch->reading, Descriptor::wait_read, CURL_CSELECT_IN);
    if ((watch->want & CURL_POLL_OUT) != 0) wait(watch, fd, watch->writing, Descriptor::wait_write, CURL_CSELECT_OUT);
  }

  void wait(const std::shared_ptr<Watch>& watch, curl_socket_t fd, bool& pending, Descriptor::wait_type kind,
            int mask) {
    if (std::exchange(pending, true)) return;
    watch->descriptor.async_wait(
        kind, [weak_self = weak_from_this(), weak = std::weak_ptr(watch), fd, &pending, mask](error_code error) {
          const auto self = weak_self.lock();
          const auto held = weak.lock();
          if (!self || !held) return;  // removed meanwhile
          pending = false;             // lives in the watch, which we hold
          if (error == asio::error::operation_aborted) return;
          self->ready(held, fd, error ? CURL_CSELECT_ERR : mask);
        });
  }

  void ready(const std::shared_ptr<Watch>& watch, curl_socket_t fd, int mask) {
    // Since this wait was armed libcurl may have lost interest in this direction.
    const bool wanted = mask == CURL_CSELECT_ERR || ((watch->want & CURL_POLL_IN) != 0 && mask == CURL_CSELECT_IN) ||
                        ((watch->want & CURL_POLL_OUT) != 0 && mask == CURL_CSELECT_OUT);
    if (!wanted) return;
    act(fd, mask);
    if (const auto it = watches_.find(fd); it != watches_.end() && it->second == watch) arm(watch, fd);
  }

  void act(curl_socket_t fd, int mask) {
    Turn turn(loop_);
    int running = 0;
    curl_multi_socket_action(multi_, fd, mask, &running);
    std::vector<std::pair<std::unique_ptr<Transfer>, HttpResult>> finished;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const auto code = message->data.result;
      Transfer* transfer = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
      auto result = transfer->result(code);
      curl_multi_remove_handle(multi_, transfer->easy());  // `message` is gone with it
      finished.emplace_back(std::move(transfers_.extract(transfer->id()).mapped()), std::move(result));
    }
    for (auto& [transfer, result] : finished) {
      if (multi_ == nullptr) return;  // one of them destroyed the client
      transfer->take_done()(std::move(result));
    }
  }

  void finish_later(std::unique_ptr<Transfer> transfer, HttpResult result) {
    loop_.post([weak = weak_from_this(), transfer = std::move(transfer), result = std::move(result)]() mutable {
      const auto self = weak.lock();
      if (self && self->multi_ != nullptr) transfer->take_done()(std::move(result));
    });
  }

  Loop& loop_;
  asio::steady_timer timer_;
  CURLM* multi_;
  std::unordered_map<curl_socket_t, std::shared_ptr<Watch>> watches_;
  std::unordered_map<RequestId, std::unique_ptr<Transfer>> transfers_;
  std::uint64_t last_ = 0;
};

/// What the caller owns; the Multi itself lives until its running handler has returned.
class Client final : public HttpClient {
 public:
  explicit Client(Loop& loop) : multi_(std::make_shared<Multi>(loop)) {}
  ~Client() override { multi_->shut(); }
  RequestId send(HttpRequest request, std::move_only_function<void(HttpResult)> done) override {
    return multi_->send(std::move(request), std::move(done));
  }
  void cancel(RequestId id) override { multi_->cancel(id); }
  std::size_t in_flight() const override { return multi_->in_flight(); }

 private:
  std::shared_ptr<Multi> multi_;
};

}  // namespace

std::unique_ptr<HttpClient> HttpClient::create(Loop& loop) {
  // Not thread-safe, and reads files: once, at start. Never cleaned up: a thread that resolves a name may outlive us.
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw std::runtime_error(curl_easy_strerror(started));
  return std::make_unique<Client>(loop);
}

}  // namespace broadcaster::net
