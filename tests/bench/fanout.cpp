// The product against the bare loop, in pairs one after the other: an owner with its journal sends to so many over 64
// connections, and so does the loop. Only their ratio means anything on a machine that others use.
#include <fmt/core.h>

#include <algorithm>
#include <thread>

#include "channels/sms/kannel.hpp"
#include "tests/bench/bare_loop.hpp"
#include "tests/bench/figure.hpp"
#include "tests/bench/measures.hpp"
#include "tests/bench/nginx.hpp"
#include "tests/bench/town.hpp"

namespace broadcaster::bench {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// What the product sends to one recipient, made by its own channel.
net::HttpRequest request_of_the_product(const std::string& url) {
  const auto channel =
      channels::sms::http_channel(plan::EndpointName("gateway"), {.url = url,
                                                                  .username = "bench",
                                                                  .password = "bench",
                                                                  .sender = "BPBD",
                                                                  .smsc = {},
                                                                  .hooks_url = "http://127.0.0.1:40000/hooks/"});
  const auto now = base::SystemClock().now().wall;
  auto content = std::make_shared<delivery::Content>();
  content->body = std::string("BPBD 02.15 TSUNAMI. Pantai: naik sekarang ke tempat tinggi. TP1");
  delivery::Attempt attempt;
  attempt.id = {delivery::DeliveryId(100'000), 1};
  attempt.recipient = "+99910000001";
  attempt.expires = now + 6h;
  attempt.key = std::string(32, 'a');
  attempt.content = content;
  return std::get<net::HttpRequest>(channel->step(attempt, nullptr, now));
}

/// From the first request that is seen to the last.
Fanned product(Nginx& nginx, int recipients) {
  Town town(nginx.url());
  {
    const auto plan = town.plan(town.audience("+9991", recipients), alert::Urgency::expected);
    const auto store = town.open();
    town.release(*store, plan, Town::Rows::to_expand);
  }
  const auto before = nginx.requests();
  const auto owner = start_owner(town.state(), town.url());
  const auto patience = Clock::now() + 10min;
  const auto wait_for = [&](int requests) {
    for (;;) {
      const auto seen = nginx.requests() - before;
      if (seen >= requests) return static_cast<int>(seen);
      if (Clock::now() > patience) throw std::runtime_error("the sending has stopped");
      owner.check();
      // Each look costs the same processors a connection: few of them until the end is near.
      std::this_thread::sleep_for(requests - seen > 1000 ? 50ms : 2ms);
    }
  };
  const int already = wait_for(1);
  const auto begin = Clock::now();
  const auto cpu = owner.cpu_seconds();
  wait_for(recipients);
  const std::chrono::duration<double> took = Clock::now() - begin;
  return {(recipients - already) / took.count(), (owner.cpu_seconds() - cpu) * 1e6 / (recipients - already)};
}

std::vector<double> each(const std::vector<Fanned>& all, double Fanned::* what) {
  std::vector<double> out;
  for (const auto& one : all) out.push_back(one.*what);
  return out;
}

}  // namespace

void measure_fanout(Size size) {
  const int recipients = size.of(100'000, 5'000);
  const int pairs = size.of(9, 2);
  const Town folder("http://127.0.0.1:9");  // for nginx's files alone
  Nginx nginx(folder.state() / "nginx");
  const auto request = request_of_the_product(nginx.url());
  std::vector<Fanned> ours, bare;
  std::vector<double> ratios, peers;
  for (int i = 0; i < pairs; ++i) {
    bare.push_back(bare_loop(request, recipients, in_flight));
    ours.push_back(product(nginx, recipients));
    peers.push_back(h2load(request, recipients, in_flight, (folder.state() / "body").string()));
    ratios.push_back(ours.back().per_second / bare.back().per_second);
  }
  tell({.name = "fanout",
        .value = quantile(ratios, 0.5),
        .unit = "of the bare loop’s rate",
        .bar = {Bar::Kind::at_least, 0.6},
        .beside = {{"wanted", 0.8},
                   {"least", quantile(ratios, 0)},
                   {"most", quantile(ratios, 1)},
                   {"deliveries_per_s", quantile(each(ours, &Fanned::per_second), 0.5)},
                   {"bare_per_s", quantile(each(bare, &Fanned::per_second), 0.5)},
                   {"h2load_per_s", quantile(peers, 0.5)},
                   {"pairs", pairs},
                   {"deliveries", recipients}}});
  tell({.name = "fanout.cpu",
        .value = quantile(each(ours, &Fanned::cpu_us), 0.5),
        .unit = "us a delivery",
        .bar = {},
        .beside = {{"bare_us", quantile(each(bare, &Fanned::cpu_us), 0.5)}}});
}

}  // namespace broadcaster::bench
