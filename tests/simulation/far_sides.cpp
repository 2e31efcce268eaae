#include "tests/simulation/far_sides.hpp"

#include <fmt/core.h>

#include <charconv>

namespace broadcaster::simulation {

using delivery::DeliveryId;
using delivery::Proof;
using namespace std::chrono_literals;

namespace {

constexpr const char* report_url = "X-Kannel-DLR-Url";

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  if (const auto at = text.find(what); at != std::string::npos) text.replace(at, what.size(), with);
  return text;
}

net::ServerRequest as_received(const net::HttpRequest& request) {
  net::ServerRequest out;
  out.method = request.method;
  out.headers = request.headers;
  out.body = request.body;
  const auto path = request.url.find('/', request.url.find("//") + 2);
  const auto query = request.url.find('?', path);
  out.target = request.url.substr(path, query == std::string::npos ? query : query - path);
  if (query != std::string::npos) out.query = request.url.substr(query + 1);
  return out;
}

}  // namespace

std::optional<DeliveryId> delivery_of(const net::HttpRequest& request, const Witness& witness) {
  if (const auto* key = net::find_header(request.headers, "Idempotency-Key")) return witness.of_key(*key);
  const auto* url = net::find_header(request.headers, report_url);
  if (!url) return std::nullopt;
  std::int64_t id = 0;
  const auto at = url->find("?d=");
  std::from_chars(url->data() + at + 3, url->data() + url->size(), id);
  return DeliveryId(id);
}

FarSides::FarSides(Timeline& timeline, Dice dice, const Story& story, Witness& witness,
                   std::function<void(Receipt)> report)
    : timeline_(timeline),
      dice_(dice),
      story_(story),
      witness_(witness),
      report_(std::move(report)),
      network_(seen_, {{network_token, "toots"}}) {}

net::HttpAnswer FarSides::take(const plan::EndpointName& endpoint, const net::HttpRequest& request) {
  return endpoint.value == "toots" ? take_post(request) : take_sms(endpoint, request);
}

net::HttpAnswer FarSides::take_sms(const plan::EndpointName& endpoint, const net::HttpRequest& request) {
  const auto id = delivery_of(request, witness_);
  if (!id) throw Violation("an SMS without a way back");
  const auto& to = *net::find_header(request.headers, "X-Kannel-To");
  const auto [bad, is_new] = bad_numbers_.try_emplace(to, false);
  if (is_new) bad->second = dice_.chance(story_.weather.bad_number);
  if (bad->second) {
    witness_.refused(*id);
    return {.status = 400, .headers = {}, .body = "Invalid receiver number"};
  }
  witness_.taken(*id);
  plan_receipts(endpoint, *net::find_header(request.headers, report_url), *id);
  return {.status = 202, .headers = {}, .body = "0: Accepted for delivery"};
}

void FarSides::plan_receipts(const plan::EndpointName& endpoint, const std::string& url, DeliveryId id) {
  const auto& odds = story_.weather;
  if (dice_.chance(odds.no_receipt)) return;
  const auto say = [&](Micros after, int type, Proof proof) {
    Receipt receipt{endpoint, replaced(replaced(replaced(url, "%d", fmt::format("{}", type)), "%F", "77"), "%A", "ok"),
                    id, proof};
    receipt.query = receipt.query.substr(receipt.query.find('?') + 1);
    timeline_.after(after, [this, receipt = std::move(receipt)] { report_(receipt); });
  };
  // The report may be here before the answer to the send.
  const auto when = dice_.chance(odds.early) ? dice_.between(0ms, 5ms) : dice_.between(300ms, 15s);
  if (dice_.chance(odds.contradicting)) {
    say(when, 2, Proof::failed);
    say(when + dice_.between(1ms, 30s), 1, Proof::confirmed);
  } else if (dice_.chance(odds.undelivered)) {
    say(when, 2, Proof::failed);
  } else {
    say(when, 1, Proof::confirmed);
  }
}

net::HttpAnswer FarSides::take_post(const net::HttpRequest& request) {
  const auto before = seen_.all().size();
  auto answer = network_.handle(as_received(request), timeline_.now().wall);
  if (seen_.all().size() > before) {
    const auto id = delivery_of(request, witness_);
    if (!id) throw Violation("a post without a key");
    witness_.taken(*id);
  }
  return {.status = answer.status, .headers = std::move(answer.headers), .body = std::move(answer.body)};
}

}  // namespace broadcaster::simulation
