#include "tests/simulation/wire.hpp"

#include <fmt/core.h>

namespace broadcaster::simulation {

using namespace std::chrono_literals;
using Sent = net::HttpFailure::Sent;
using Phase = net::HttpFailure::Phase;

class Client final : public net::HttpClient {
 public:
  explicit Client(Wire& wire) : wire_(wire) {}
  net::RequestId send(net::HttpRequest request, std::move_only_function<void(net::HttpResult)> done) override {
    wire_.carry(std::move(request),
                [alive = std::weak_ptr(alive_), done = std::move(done)](net::HttpResult result) mutable {
                  if (!alive.expired()) done(std::move(result));
                });
    return net::RequestId(++last_);
  }
  void cancel(net::RequestId) override { throw Violation("nothing of the product cancels a request"); }
  std::size_t in_flight() const override { return 0; }

 private:
  Wire& wire_;
  std::uint64_t last_ = 0;
  const std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

std::unique_ptr<net::HttpClient> Wire::client() { return std::make_unique<Client>(*this); }

namespace {

plan::EndpointName endpoint_of(const std::string& url) {
  const auto begin = url.find("//") + 2;
  return plan::EndpointName(url.substr(begin, url.find('/', begin) - begin));
}

net::HttpResult failure(Sent sent, Phase phase) { return std::unexpected(net::HttpFailure{sent, phase, "simulated"}); }

net::HttpResult status(int code, net::Headers headers = {}) { return net::HttpAnswer{code, std::move(headers), ""}; }

}  // namespace

Micros Wire::half_a_round_trip() { return dice_.between(10ms, 200ms); }

void Wire::answer(Micros after, Done done, net::HttpResult result) {
  timeline_.after(after, [this, done = std::move(done), result = std::move(result)]() mutable {
    --in_flight_;
    done(std::move(result));
  });
}

void Wire::time_out(const net::HttpRequest& request, Done done) {
  // Half of them are a reset that comes soon; the others are silence.
  const auto after = dice_.chance(0.5) ? half_a_round_trip() : Micros(request.timeout);
  answer(after, std::move(done), failure(Sent::maybe, after == Micros(request.timeout) ? Phase::timeout : Phase::send));
}

void Wire::carry(net::HttpRequest request, Done done) {
  ++in_flight_;
  // A connection may have to be made first, and the world goes on meanwhile.
  if (!happens(story_.weather.slow)) return leave(std::move(request), std::move(done));
  const auto connected = dice_.between(50ms, 5s);
  if (connected >= request.connect_timeout)
    return answer(request.connect_timeout, std::move(done), failure(Sent::no, Phase::timeout));
  timeline_.after(connected, [this, request = std::move(request), done = std::move(done)]() mutable {
    leave(std::move(request), std::move(done));
  });
}

void Wire::leave(net::HttpRequest request, Done done) {
  if (request.may_leave && !request.may_leave())
    return answer(Micros(0), std::move(done), failure(Sent::no, Phase::withheld));
  const auto endpoint = endpoint_of(request.url);
  if (const auto id = delivery_of(request, witness_)) witness_.leaves(*id);
  if (turned_away(endpoint, request, done)) return;
  if (happens(story_.weather.lost_request)) return time_out(request, std::move(done));
  // Slow on the way there: it may arrive when we have given it up.
  const auto there = happens(story_.weather.slow / 2) ? dice_.between(5s, 20s) : half_a_round_trip();
  if (there >= request.timeout)
    answer(request.timeout, std::exchange(done, nullptr), failure(Sent::maybe, Phase::timeout));
  timeline_.after(there, [this, endpoint, request = std::move(request), done = std::move(done)]() mutable {
    deliver(endpoint, std::move(request), std::move(done));
  });
}

bool Wire::turned_away(const plan::EndpointName& endpoint, const net::HttpRequest& request, Done& done) {
  const auto retry_after = [&](int longest) {
    return net::Headers{{"Retry-After", fmt::format("{}", dice_.whole(1, longest))}};
  };
  for (const auto& outage : story_.weather.outages) {
    if (outage.endpoint != endpoint || timeline_.time() < outage.from || timeline_.time() >= outage.until) continue;
    switch (outage.kind) {
      case Outage::Kind::refused:
        answer(half_a_round_trip(), std::move(done), failure(Sent::no, Phase::connect));
        return true;
      case Outage::Kind::silent:
        answer(request.timeout, std::move(done), failure(Sent::maybe, Phase::timeout));
        return true;
      case Outage::Kind::unauthorised:
        answer(half_a_round_trip(), std::move(done), status(401));
        return true;
      case Outage::Kind::busy:
        answer(half_a_round_trip(), std::move(done), status(503, retry_after(10)));
        return true;
    }
  }
  if (happens(story_.weather.throttled)) {
    answer(half_a_round_trip(), std::move(done), status(429, retry_after(5)));
    return true;
  }
  if (happens(story_.weather.error_before)) {
    answer(half_a_round_trip(), std::move(done), status(500));
    return true;
  }
  return false;
}

void Wire::deliver(const plan::EndpointName& endpoint, net::HttpRequest request, Done done) {
  net::HttpResult result = far_sides_.take(endpoint, request);
  if (!done) return;  // we gave it up on its way
  if (happens(story_.weather.lost_answer)) return time_out(request, std::move(done));
  if (happens(story_.weather.error_after)) result = status(500);
  if (happens(story_.weather.half_answer)) result->body.resize(result->body.size() / 3);
  const auto back = happens(story_.weather.slow) ? dice_.between(5s, 20s) : half_a_round_trip();
  if (back >= request.timeout) result = failure(Sent::maybe, Phase::timeout);
  answer(std::min(back, Micros(request.timeout)), std::move(done), std::move(result));
}

}  // namespace broadcaster::simulation
