// From the release of a class 0 alert, handed in at the owner's socket, to its first request at the gateway, while less
// urgent deliveries wait for the same gateway and keep it busy.
#include <boost/json.hpp>

#include "broadcaster/net/lines.hpp"
#include "broadcaster/service/wire.hpp"
#include "tests/bench/figure.hpp"
#include "tests/bench/gateway.hpp"
#include "tests/bench/measures.hpp"
#include "tests/bench/process.hpp"
#include "tests/bench/town.hpp"

namespace broadcaster::bench {
namespace {

using namespace std::chrono_literals;

std::string submission(const approval::SignedPlan& plan) {
  return boost::json::serialize(boost::json::object{
      {"v", service::wire_version}, {"op", "submit"}, {"plan", approval::plan_file_text(plan)}, {"file", "urgent"}});
}

}  // namespace

void measure_urgency(Size size) {
  const int waiting = size.of(1'000'000, 20'000);
  const int releases = size.of(100, 10);
  Gateway gateway;
  Town town(gateway.url());
  const auto urgent = town.audience("+9992", 20);
  {
    const auto plan = town.plan(town.audience("+9991", waiting), alert::Urgency::expected);
    const auto store = town.open();
    town.release(*store, plan, Town::Rows::complete);
  }
  gateway.watch_for("+9992");
  const auto owner = start_owner(town.state(), town.url());
  if (!gateway.reached(500, 60s)) throw std::runtime_error("the sending does not begin");
  auto client = must(net::LineClient::connect((town.state() / "control.sock").string()));
  std::vector<double> first_bytes, released;
  for (int i = 0; i < releases; ++i) {
    const auto line = submission(town.plan(urgent, alert::Urgency::immediate));
    gateway.watch_for("+9992");
    const auto begin = std::chrono::steady_clock::now();
    must(client.send(line));
    const auto first = gateway.first(30s);
    if (!first) throw std::runtime_error("an urgent alert did not come through");
    first_bytes.push_back(std::chrono::duration<double, std::milli>(*first - begin).count());
    const auto answer = must(client.receive(30s));
    if (!answer) throw std::runtime_error("the owner does not answer");
    must(service::parse_answer(*answer));
    // Its other 19, and some of the waiting ones: each release meets a busy gateway.
    if (!gateway.reached(gateway.count() + 200, 60s)) throw std::runtime_error("nothing is waiting any more");
  }
  owner.check();
  tell({.name = "urgency",
        .value = quantile(first_bytes, 0.99),
        .unit = "ms",
        .bar = {Bar::Kind::at_most, 50},
        .beside = {{"median", quantile(first_bytes, 0.5)},
                   {"worst", quantile(first_bytes, 1)},
                   {"releases", releases},
                   {"waiting", waiting}}});
}

}  // namespace broadcaster::bench
