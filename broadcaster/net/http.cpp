#include "broadcaster/net/http.hpp"

#include <curl/curl.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <new>
#include <stdexcept>
#include <unordered_map>
#include <utility>
#include <vector>

#include "broadcaster/net/context.hpp"
#include "broadcaster/net/http_sockets.hpp"
#include "broadcaster/net/http_transfer.hpp"

namespace broadcaster::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// libcurl's multi-socket interface on Asio. Never calls libcurl from inside its callbacks: those only note things.
class Multi final : public std::enable_shared_from_this<Multi> {
 public:
  explicit Multi(Loop& loop) : loop_(loop), timer_(context(loop)), sockets_(context(loop)), multi_(curl_multi_init()) {
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
    sockets_.stop();
    timer_.cancel();
  }

  RequestId send(HttpRequest request, std::move_only_function<void(HttpResult)> done) {
    const auto id = RequestId{++last_};
    auto transfer = std::make_unique<Transfer>(handles_, id, std::move(request), std::move(done));
    if (auto prepared = transfer->prepare(); !prepared) {
      finish_later(std::move(transfer), std::unexpected(std::move(prepared.error())));
      return id;
    }
    curl_easy_setopt(transfer->easy(), CURLOPT_PRIVATE, transfer.get());
    sockets_.serve(transfer->easy());
    if (!std::exchange(watching_, true)) watch();
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
    static_cast<Multi*>(self)->sockets_.want(fd, want);
    return 0;
  }

  /// Each call replaces the last one; 0 means soon, not now. A time-out that comes too early does no harm, but libcurl
  /// does not name the time again: `due_` keeps it.
  static int on_timer(CURLM*, long delay, void* self) {
    auto& multi = *static_cast<Multi*>(self);
    multi.due_ = Time::max();
    if (delay == 0) return multi.act_soon(), 0;
    if (delay > 0) multi.due_ = std::chrono::steady_clock::now() + milliseconds(delay);
    multi.set_timer();
    return 0;
  }

  /// Without a timer of the kernel's: every request begins so.
  void act_soon() {
    if (std::exchange(soon_, true)) return;
    asio::post(context(loop_), [weak = weak_from_this()] {
      const auto self = weak.lock();
      if (!self || self->multi_ == nullptr) return;
      self->soon_ = false;
      self->act(CURL_SOCKET_TIMEOUT, 0);
    });
  }

  void set_timer() {
    if (due_ >= timer_at_) return;  // the one that is set comes before it, and is set anew then
    timer_at_ = due_;
    timer_.expires_at(due_);
    timer_.async_wait([weak = weak_from_this()](error_code error) {
      const auto self = weak.lock();
      if (self && !error) self->ring();
    });
  }

  void ring() {
    if (multi_ == nullptr) return;
    timer_at_ = Time::max();
    if (due_ <= std::chrono::steady_clock::now()) {
      due_ = Time::max();
      act(CURL_SOCKET_TIMEOUT, 0);
    }
    if (multi_ != nullptr) set_timer();
  }

  void watch() {
    sockets_.wait([weak = weak_from_this()] {
      const auto self = weak.lock();
      if (!self || self->multi_ == nullptr) return;
      self->sockets_are_ready();
      if (self->multi_ != nullptr) self->watch();
    });
  }

  void sockets_are_ready() {
    Turn turn(loop_);
    for (const auto& [fd, mask] : sockets_.take()) {
      if (sockets_.is_wanted(fd)) act(fd, mask);
      if (multi_ == nullptr) return;
    }
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
  using Time = std::chrono::steady_clock::time_point;
  asio::steady_timer timer_;
  Time timer_at_ = Time::max();  ///< what the timer is set to
  Time due_ = Time::max();       ///< what libcurl has named
  bool soon_ = false;
  bool watching_ = false;
  HttpSockets sockets_;
  /// Shared with the transfers: an answer that waits in the loop may outlive us.
  const std::shared_ptr<HttpHandles> handles_ = std::make_shared<HttpHandles>();
  CURLM* multi_;
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
