#include "channels/range/range.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <deque>

#include "channels/cap_feed/cap_feed_range.hpp"
#include "channels/http/query.hpp"
#include "channels/range/faults.hpp"
#include "channels/range/page.hpp"
#include "channels/webhook/webhook_range.hpp"

namespace broadcaster::channels {
namespace {

namespace json = boost::json;

constexpr std::size_t most_seen = 2'000;
constexpr std::size_t most_silent = 200;

std::string seen_json(const SeenBook& book, std::size_t after) {
  const auto& all = book.all();
  const std::size_t begin = std::min(after, all.size());
  const std::size_t end = std::min(begin + most_seen, all.size());
  json::array entries;
  for (std::size_t i = begin; i < end; ++i)
    entries.push_back(json::object{{"where", all[i].where},
                                   {"who", all[i].who},
                                   {"from", all[i].from},
                                   {"text", all[i].text},
                                   {"id", all[i].id},
                                   {"reply_to", all[i].reply_to},
                                   {"language", all[i].language},
                                   {"at", base::format_utc(all[i].at)}});
  return json::serialize(json::object{{"next", end}, {"dropped", book.dropped()}, {"seen", std::move(entries)}});
}

class RangeServer final : public Range {
 public:
  RangeServer(net::Loop& loop, const base::Clock& clock, std::string language)
      : loop_(loop), clock_(clock), language_(std::move(language)) {}

  base::Result<void> open(RangeOptions options) {
    sides_.push_back(std::make_unique<mastodon::MastodonRange>(seen_, std::move(options.accounts)));
    sides_.push_back(std::make_unique<cap_feed::CapFeedRange>());
    if (!options.webhook_secret.empty()) {
      auto key = webhook::key_of(options.webhook_secret);
      if (!key) return base::fail(base::ErrorKind::bad_input, {"channels.range.webhook_secret", {}});
      sides_.push_back(std::make_unique<webhook::WebhookRange>(seen_, std::move(*key)));
    }
    auto smsc = sms::smsc::Smsc::listen(loop_, clock_, seen_, std::move(options.smsc));
    if (!smsc) return std::unexpected(smsc.error());
    smsc_ = std::move(*smsc);
    auto server = net::HttpServer::listen(loop_, options.address, options.port,
                                          [this](net::ServerRequest request, net::Responder responder) {
                                            handle(std::move(request), std::move(responder));
                                          });
    if (!server) return std::unexpected(server.error());
    server_ = std::move(*server);
    return {};
  }

  unsigned short port() const override { return server_->port(); }
  unsigned short smsc_port() const override { return smsc_->port(); }
  sms::smsc::Smsc& smsc() override { return *smsc_; }
  const SeenBook& seen() const override { return seen_; }

 private:
  void handle(net::ServerRequest request, net::Responder responder) {
    if (request.target == "/" && request.method == "GET") {
      const auto query = read_query(request.query);
      const auto found = query.find("lang");
      return responder.answer(200, page_headers(), page(found == query.end() ? language_ : found->second));
    }
    if (request.target == "/seen.json" && request.method == "GET") return answer_seen(request, responder);
    if (request.target == "/faults" && request.method == "POST") return take_fault(request, responder);
    for (const auto& side : sides_) {
      const std::string prefix = "/" + std::string(side->name()) + "/";
      if (!request.target.starts_with(prefix)) continue;
      request.target.erase(0, prefix.size() - 1);
      return pass(*side, std::move(request), std::move(responder));
    }
    responder.answer(404, {}, {});
  }

  void answer_seen(const net::ServerRequest& request, net::Responder& responder) const {
    const auto query = read_query(request.query);
    std::size_t after = 0;
    if (const auto found = query.find("after"); found != query.end())
      std::from_chars(found->second.data(), found->second.data() + found->second.size(), after);
    responder.answer(200, {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
                     seen_json(seen_, after));
  }

  void take_fault(const net::ServerRequest& request, net::Responder& responder) {
    auto order = read_fault(request.body);
    if (!order) return responder.answer(400, {}, {});
    if (auto* script = std::get_if<sms::smsc::Script>(&*order)) {
      smsc_->script(std::move(*script));
      return responder.answer(204, {}, {});
    }
    auto& fault = std::get<FaultOrder>(*order);
    const bool known = std::ranges::any_of(sides_, [&](const auto& side) { return side->name() == fault.side; });
    if (!known) return responder.answer(400, {}, {});
    faults_.add(std::move(fault));
    responder.answer(204, {}, {});
  }

  /// The request to its side, with the fault that was ordered between them.
  void pass(RangeSide& side, net::ServerRequest request, net::Responder responder) {
    using Kind = Fault::Kind;
    const auto fault = faults_.take(std::string(side.name()), request.method);
    if (!fault) return reply(responder, side.handle(request, now()));
    switch (fault->kind) {
      case Kind::status:
        return reply(responder, refusal(*fault));
      case Kind::no_answer:
        return keep_silent(std::move(responder));
      case Kind::close:
        return responder.close_without_answer();
      case Kind::reset:
        return responder.reset_without_answer();
      case Kind::half_answer:
        return reply_half(responder, side.handle(request, now()));
      case Kind::accept_then_close:
        side.handle(request, now());
        return responder.close_without_answer();
      case Kind::delay:
        return reply_later(side, std::move(request), std::move(responder), fault->delay);
      case Kind::rewrite:
        return reply(responder, rewritten(side.handle(request, now()), *fault));
    }
  }

  static RangeAnswer rewritten(RangeAnswer answer, const Fault& fault) {
    for (std::size_t at = 0; !fault.from.empty() && (at = answer.body.find(fault.from, at)) != std::string::npos;
         at += fault.to.size())
      answer.body.replace(at, fault.from.size(), fault.to);
    return answer;
  }

  /// 429 as Mastodon says it: the time when the window opens again.
  std::string reset_of(const std::string& retry_after) const {
    int seconds = 0;
    const auto* end = retry_after.data() + retry_after.size();
    if (std::from_chars(retry_after.data(), end, seconds).ptr != end) return retry_after;
    return base::format_utc(now() + std::chrono::seconds(seconds));
  }

  RangeAnswer refusal(const Fault& fault) const {
    RangeAnswer answer{.status = fault.status,
                       .headers = {{"Content-Type", "application/json"}},
                       .body = R"({"error":"a fault that the drill ordered"})"};
    if (fault.retry_after.empty()) return answer;
    if (fault.status == 429)
      answer.headers.emplace_back("X-RateLimit-Reset", reset_of(fault.retry_after));
    else
      answer.headers.emplace_back("Retry-After", fault.retry_after);
    return answer;
  }

  static void reply(net::Responder& responder, RangeAnswer answer) {
    responder.answer(answer.status, std::move(answer.headers), std::move(answer.body));
  }

  static void reply_half(net::Responder& responder, const RangeAnswer& answer) {
    std::string bytes = "HTTP/1.1 " + std::to_string(answer.status) + " OK\r\nContent-Type: application/json\r\n";
    bytes += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n";
    responder.answer_partially(bytes + answer.body.substr(0, answer.body.size() / 2));
  }

  void keep_silent(net::Responder responder) {
    if (silent_.size() >= most_silent) silent_.pop_front();
    silent_.push_back(std::move(responder));
  }

  void reply_later(RangeSide& side, net::ServerRequest request, net::Responder responder, base::milliseconds delay) {
    loop_.after(delay, [this, alive = std::weak_ptr(alive_), &side, request = std::move(request),
                        responder = std::move(responder)]() mutable {
      if (!alive.expired()) reply(responder, side.handle(request, now()));
    });
  }

  base::WallTime now() const { return clock_.now().wall; }

  net::Loop& loop_;
  const base::Clock& clock_;
  const std::string language_;
  SeenBook seen_;
  Faults faults_;
  std::vector<std::unique_ptr<RangeSide>> sides_;
  std::deque<net::Responder> silent_;
  const std::shared_ptr<int> alive_ = std::make_shared<int>(0);
  std::unique_ptr<sms::smsc::Smsc> smsc_;
  std::unique_ptr<net::HttpServer> server_;  // last: its handler uses the rest
};

}  // namespace

base::Result<std::unique_ptr<Range>> Range::listen(net::Loop& loop, const base::Clock& clock, RangeOptions options) {
  auto range = std::make_unique<RangeServer>(loop, clock, options.language);
  if (auto opened = range->open(std::move(options)); !opened) return std::unexpected(opened.error());
  return range;
}

}  // namespace broadcaster::channels
