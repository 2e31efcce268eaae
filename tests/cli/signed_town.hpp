// A town whose people and rules are signed, and what a live owner makes of them.
#pragma once

#include <boost/json.hpp>
#include <csignal>

#include "tests/cli/sending.hpp"

namespace broadcaster::cli {

struct SignedSet : Sending {
  Ended sign(const std::string& person, int number) const {
    return town.run({"config", "sign", "--key", town.key(person), "--confirm", "SIGN " + std::to_string(number)});
  }
  Ended send_live() const { return town.run({"send", "live.plan", "--confirm", "LIVE tsunami 4"}); }
  void approved_live() const {
    town.make_plan("live");
    town.approve("ratna", "live");
    town.approve("hendra", "live");
  }
  void serve() {
    auto call = town.call({"serve", "--mode", "live", "--json"});
    call.environment.insert(secrets.begin(), secrets.end());
    server.emplace(call);
    ASSERT_TRUE(server->wait_for("\n"));
  }
  void serve_again(int signal = SIGKILL) {
    server->signal(signal);
    server->end();
    serve();
  }
  boost::json::object standing() const {
    return boost::json::parse(town.run({"config", "status", "--json"}).out).as_object();
  }
  std::map<std::string, std::string> secrets;
  std::optional<Running> server;
};

}  // namespace broadcaster::cli
