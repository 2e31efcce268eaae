// Wrong to corrected: from the command to the first byte at every live endpoint, with the processes that a night has.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <csignal>
#include <map>
#include <optional>

#include "broadcaster/base/digest.hpp"
#include "broadcaster/base/time.hpp"
#include "tests/cli/town.hpp"

namespace broadcaster::cli {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

/// Two accounts and a partner, all live, all on this machine; one process owns the state.
struct ASecond : testing::Test {
  ASecond() {
    town.write("range.json", R"({"accounts": [{"name": "tirtapura", "token": "a-secret-token"},
                                              {"name": "tirtapura_bay", "token": "another-token"}],
                                 "webhook_secret": ")" +
                                 secret + "\"}");
    range.emplace(town.call({"range", "--settings", "range.json"}));
    EXPECT_TRUE(range->wait_for("\n"));
    port = static_cast<int>(json::parse(range->out()).as_object().at("port").as_int64());
    const auto at = "http://127.0.0.1:" + std::to_string(port);
    town.write("config/endpoints.yaml",
               "endpoints:\n"
               "  - {name: main, channel: mastodon, mode: live, url: \"" +
                   at +
                   "/mastodon\", token: \"env:TOKEN\"}\n"
                   "  - {name: bay, channel: mastodon, mode: live, url: \"" +
                   at +
                   "/mastodon\", token: \"env:BAY\"}\n"
                   "  - {name: partners, channel: webhook, mode: live, url: \"" +
                   at +
                   "/webhook/partners\", secret: "
                   "\"env:PARTNERS\"}\n");
    town.sign_config();
    serve.emplace(call({"serve", "--mode", "live"}));
    EXPECT_TRUE(serve->wait_for("\n"));
  }
  ~ASecond() override {
    serve->signal(SIGTERM);
    EXPECT_EQ(serve->end().status, 0);
  }
  Call call(std::vector<std::string> arguments) {
    auto out = town.call(std::move(arguments));
    out.environment["BAY"] = "another-token";
    out.environment["PARTNERS"] = secret;
    return out;
  }
  std::string released() {
    town.make_plan("live");
    town.approve("ratna", "live");
    town.approve("hendra", "live");
    const auto sent = run(call({"send", "live.plan", "--confirm", "LIVE tsunami 4", "--json"}));
    EXPECT_EQ(sent.status, 0) << sent.err << sent.out;
    return std::string(json::parse(sent.out).as_object().at("code").as_string());
  }
  /// What was seen since the last look, by endpoint and language.
  std::map<std::string, base::WallTime> seen() {
    const auto news = json::parse(get(port, "/seen.json?after=" + std::to_string(next))).as_object();
    next = news.at("next").as_int64();
    std::map<std::string, base::WallTime> out;
    for (const auto& entry : news.at("seen").as_array()) {
      const auto text = [&](const char* key) { return std::string(entry.as_object().at(key).as_string()); };
      out[text("who") + " " + text("language")] = base::parse_utc(text("at")).value();
    }
    return out;
  }

  const std::string secret = "whsec_" + base::base64(base::random_bytes(32));
  Town town;
  std::optional<Running> range, serve;
  int port = 0;
  std::int64_t next = 0;
};

// An officer's own key takes what its passphrase costs, which is set by the agency; here it costs nearly nothing.
TEST_F(ASecond, FromTheCommandToTheFirstByteAtEveryLiveEndpoint) {
  // Whatever else this machine does: the best of three.
  auto best = milliseconds::max();
  for (int round = 0; round < 3 && best >= milliseconds(1000); ++round) {
    const auto code = released();
    const auto warned = seen();
    ASSERT_EQ(warned.size(), 6u) << "three endpoints in two languages";
    const auto begun = std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
    const auto cancelled = run(call(
        {"cancel", code, "--false-alarm", "--mode", "live", "--key", town.key("ratna"), "--confirm", "NO TSUNAMI"}));
    ASSERT_EQ(cancelled.status, 0) << cancelled.err << cancelled.out;
    auto last = milliseconds(0);
    const auto corrected = seen();
    ASSERT_EQ(corrected.size(), warned.size()) << "whoever was warned is told";
    for (const auto& [where, at] : corrected)
      last = std::max(last, std::chrono::duration_cast<milliseconds>(at - begun));
    best = std::min(best, last);
  }
  RecordProperty("milliseconds", static_cast<int>(best.count()));
#if !__has_feature(address_sanitizer)  // the figure is of what is shipped
  EXPECT_LT(best, milliseconds(1000));
#endif
}

TEST_F(ASecond, WhatIsRefusedUsesUpNoPublicCode) {
  const auto code = released();
  EXPECT_EQ(code, "TP1");
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(run(call({"cancel", code, "--false-alarm", "--mode", "live", "--key", town.key("hendra"), "--confirm",
                        "NO TSUNAMI"}))
                  .status,
              4)
        << "an approver is no canceller";
  const auto cancelled = run(
      call({"cancel", code, "--false-alarm", "--mode", "live", "--key", town.key("ratna"), "--confirm", "NO TSUNAMI"}));
  EXPECT_EQ(cancelled.status, 0) << cancelled.err;
  EXPECT_NE(cancelled.out.find("TP1 is taken back as TP2"), std::string::npos) << cancelled.out;
}

}  // namespace
}  // namespace broadcaster::cli
