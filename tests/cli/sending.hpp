// A town whose drill account is answered by a range of the same program.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <optional>
#include <string>

#include "tests/cli/town.hpp"

namespace broadcaster::cli {

struct Sending : testing::Test {
  Sending() {
    town.write("range.json", R"({"accounts": [{"name": "tirtapura_drill", "token": "a-secret-token"}]})");
    start_range("0");
    auto text = town.read("config/endpoints.yaml");
    for (std::size_t at = 0; (at = text.find(":9/")) != std::string::npos;)
      text.replace(at, 3, ":" + std::to_string(port) + "/");
    town.write("config/endpoints.yaml", text);
  }
  /// "0" takes a free port.
  void start_range(const std::string& wanted) {
    range.emplace(town.call({"range", "--settings", "range.json", "--port", wanted}));
    EXPECT_TRUE(range->wait_for("\n"));
    port = static_cast<int>(boost::json::parse(range->out()).as_object().at("port").as_int64());
  }
  void approved() {
    town.make_plan();
    town.approve("ratna");
  }
  boost::json::object status(const std::string& alert = "TL1") {
    const auto ended = town.run({"status", alert, "--mode", "drill", "--json"});
    EXPECT_EQ(ended.status, 0) << ended.err;
    if (ended.status != 0) return {};
    return boost::json::parse(ended.out).as_object().at("alerts").as_array().at(0).as_object();
  }
  Town town;
  std::optional<Running> range;
  int port = 0;
};

}  // namespace broadcaster::cli
