#include <algorithm>
#include <utility>

#include "channels/http/answer_time.hpp"
#include "channels/http/http_channel.hpp"

namespace broadcaster::channels {

AskStep HttpChannel::prove(const delivery::Attempt&, const net::HttpAnswer&, const net::HttpResult*,
                           base::WallTime) const {
  return std::nullopt;
}

AskStep HttpChannel::ask(const delivery::Attempt&, const net::HttpResult*, base::WallTime) const {
  return std::nullopt;
}

Received HttpChannel::receive(const net::ServerRequest&, base::WallTime) const {
  return {.status = 404, .body = {}, .evidence = {}};
}

namespace {

/// No channel needs more requests for one step; a far side that leads us in a circle must not keep us.
constexpr int max_requests = 8;

class OverHttp final : public Channel {
 public:
  OverHttp(std::unique_ptr<HttpChannel> channel, const plan::Endpoint& endpoint, ChannelTools& tools)
      : channel_(std::move(channel)),
        name_(endpoint.name),
        in_flight_(static_cast<std::size_t>(std::max(1, endpoint.in_flight))),
        tools_(tools) {}

  std::size_t room() const override { return running_ < in_flight_ ? in_flight_ - running_ : 0; }

  void start(std::vector<delivery::Attempt> batch) override {
    running_ += batch.size();
    for (auto& attempt : batch) send_step(std::make_shared<const delivery::Attempt>(std::move(attempt)), nullptr, 1);
  }

  void ask(const delivery::Attempt& attempt, std::move_only_function<void()> done) override {
    inquire(std::make_shared<const delivery::Attempt>(attempt), nullptr, 1, std::move(done));
  }

  Received receive(const net::ServerRequest& request) override { return channel_->receive(request, now()); }

  std::size_t proving() const override { return proving_; }

  Reachability reachability() const override { return reachability_; }

 private:
  using Shared = std::shared_ptr<const delivery::Attempt>;

  base::WallTime now() const { return tools_.clock.now().wall; }

  void send_step(const Shared& attempt, const net::HttpResult* last, int number) {
    Step step = channel_->step(*attempt, last, now());
    if (auto* outcome = std::get_if<delivery::Outcome>(&step)) return finish(attempt, std::move(*outcome), last);
    if (number > max_requests) return finish(attempt, delivery::Unknown{"the far side led in a circle"}, last);
    const auto life = attempt->expires - now();
    if (life <= base::milliseconds(0))
      return finish(attempt, delivery::NotSent{{}, "expired before the byte", delivery::NotSent::Scope::recipient},
                    last);
    auto& request = std::get<net::HttpRequest>(step);
    // No byte leaves over a connection that is made too late. An answer may come later than that: it is worth waiting
    // for.
    // A channel that names a time of its own keeps it.
    if (request.timeout == net::HttpRequest{}.timeout) request.timeout = answer_time_.limit().value_or(request.timeout);
    request.connect_timeout = std::min(request.connect_timeout, std::chrono::ceil<base::milliseconds>(life));
    request.may_leave = [this, alive = std::weak_ptr(alive_), id = attempt->id] {
      return !alive.expired() && tools_.reports.may_leave(id);
    };
    const auto begin = tools_.clock.now().mono;
    send(std::move(request), [this, attempt, number, begin, waited = request.timeout](const net::HttpResult& result) {
      learn(result, std::chrono::duration_cast<base::milliseconds>(tools_.clock.now().mono - begin), waited);
      send_step(attempt, &result, number + 1);
    });
  }

  void learn(const net::HttpResult& result, base::milliseconds took, base::milliseconds waited) {
    if (result) return answer_time_.answered(took);
    const bool no_answer = result.error().phase == net::HttpFailure::Phase::timeout &&
                           result.error().sent == net::HttpFailure::Sent::maybe;
    if (no_answer) answer_time_.missed(waited);
  }

  /// Its room is free before its end is told, so that whoever waits goes at once; while it is being proven it is not.
  void finish(const Shared& attempt, delivery::Outcome outcome, const net::HttpResult* last) {
    const bool accepted = std::holds_alternative<delivery::Accepted>(outcome);
    AskStep proof = std::nullopt;
    if (accepted && last != nullptr && *last) proof = channel_->prove(*attempt, **last, nullptr, now());
    if (auto* request = std::get_if<net::HttpRequest>(&proof)) {
      ++proving_;
      auto answer = std::make_shared<const net::HttpAnswer>(**last);
      if (!tell(attempt->id, std::move(outcome))) return;
      return prove_by(std::move(*request), attempt, std::move(answer), 1);
    }
    --running_;
    if (!tell(attempt->id, std::move(outcome))) return;
    report(std::move(proof));
    tools_.reports.ready(name_);
  }

  /// false: it was our end.
  [[nodiscard]] bool tell(delivery::AttemptId id, delivery::Outcome outcome) {
    const std::weak_ptr<int> alive = alive_;
    tools_.reports.finished(id, std::move(outcome));
    return !alive.expired();
  }

  void prove_by(net::HttpRequest request, const Shared& attempt, std::shared_ptr<const net::HttpAnswer> answer,
                int number) {
    send(std::move(request), [this, attempt, answer = std::move(answer), number](const net::HttpResult& result) {
      AskStep step = channel_->prove(*attempt, *answer, &result, now());
      if (auto* next = std::get_if<net::HttpRequest>(&step); next != nullptr && number < max_requests)
        return prove_by(std::move(*next), attempt, answer, number + 1);
      report(std::move(step));
      --proving_;
      --running_;
      tools_.reports.ready(name_);
    });
  }

  void inquire(const Shared& attempt, const net::HttpResult* last, int number, std::move_only_function<void()> done) {
    AskStep step = channel_->ask(*attempt, last, now());
    auto* request = std::get_if<net::HttpRequest>(&step);
    if (request == nullptr || number > max_requests) {
      report(std::move(step));
      return done();
    }
    send(std::move(*request), [this, attempt, number, done = std::move(done)](const net::HttpResult& result) mutable {
      inquire(attempt, &result, number + 1, std::move(done));
    });
  }

  void report(AskStep step) {
    auto* evidence = std::get_if<std::optional<delivery::Evidence>>(&step);
    if (evidence != nullptr && *evidence) tools_.reports.evidence(std::move(**evidence), [] {});
  }

  template <class Then>
  void send(net::HttpRequest request, Then then) {
    tools_.http.send(std::move(request),
                     [this, alive = std::weak_ptr(alive_), then = std::move(then)](net::HttpResult result) mutable {
                       if (alive.expired()) return;
                       notice(result);
                       then(result);
                     });
  }

  void notice(const net::HttpResult& result) {
    using Phase = net::HttpFailure::Phase;
    if (result) {
      reachability_ = Reachability::up;
    } else if (const auto phase = result.error().phase;
               phase != Phase::request && phase != Phase::cancelled && phase != Phase::withheld) {
      reachability_ = Reachability::down;
    }
  }

  const std::unique_ptr<HttpChannel> channel_;
  const plan::EndpointName name_;
  const std::size_t in_flight_;
  ChannelTools& tools_;
  std::size_t running_ = 0;
  std::size_t proving_ = 0;  ///< of these
  AnswerTime answer_time_;
  Reachability reachability_ = Reachability::unknown;
  /// Answers that come after our end find it gone.
  const std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace

std::unique_ptr<Channel> over_http(std::unique_ptr<HttpChannel> channel, const plan::Endpoint& endpoint,
                                   ChannelTools& tools) {
  return std::make_unique<OverHttp>(std::move(channel), endpoint, tools);
}

}  // namespace broadcaster::channels
