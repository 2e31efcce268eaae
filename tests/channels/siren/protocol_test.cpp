#include <gtest/gtest.h>

#include "bench.hpp"
#include "channels/siren/protocol/answers.hpp"

namespace broadcaster::channels::siren {
namespace {

// Written by hand and signed by OpenSSL 3.0, not by this program:
//   openssl pkeyutl -sign -rawin -inkey KEY -in BODY | base64     (KEY: the seed 00 01 … 1f)
constexpr auto golden_body =
    R"({"action":"activate","alert_id":"TP-2026-0001","approval_hash":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","cmd_id":"3f0c2b1e-5a77-8d10-9c4e-0123456789ab","controller_id":"tirtapura-drill","counter":1795486500001,"duration_s":180,"hazard":"tsunami","issued_at":"2026-11-24T02:15:00.000Z","mode":"drill","not_after":"2026-11-24T02:16:00.000Z","program":"drill-tsunami","reason":"TP12","targets":["siren-01","siren-02"],"v":1})";
constexpr auto golden_sig = "v7e2b0BYrF1ol3YxzdfJibgjVltM6YsbS3xg2UkzmVbKdrjUx5XV283S7oPjzjdt3VEObRXNlJzE10jXhXDFAg==";
constexpr auto golden_kid = "56475aa75463474c";
constexpr auto golden_key = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";

Command golden_command() {
  Command command;
  command.cmd_id = "3f0c2b1e-5a77-8d10-9c4e-0123456789ab";
  command.alert_id = "TP-2026-0001";
  command.mode = Mode::drill;
  command.action = Action::activate;
  command.program = "drill-tsunami";
  command.hazard = "tsunami";
  command.duration = std::chrono::seconds(180);
  command.targets = {"siren-01", "siren-02"};
  command.issued_at = *base::parse_utc("2026-11-24T02:15:00.000Z");
  command.not_after = *base::parse_utc("2026-11-24T02:16:00.000Z");
  command.counter = 1795486500001;
  command.controller_id = "tirtapura-drill";
  command.approval_hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  command.reason = "TP12";
  return command;
}

TEST(SirenProtocol, ReadsAndVerifiesWhatOthersWroteAndSigned) {
  const auto key = PublicKey::from_base64(golden_key);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->id(), golden_kid);
  EXPECT_TRUE(key->verifies(golden_body, golden_sig));
  const auto command = read_command(golden_body);
  ASSERT_TRUE(command) << command.error();
  EXPECT_EQ(*command, golden_command());
}

TEST(SirenProtocol, WritesAndSignsByteForByteLikeOthers) {
  EXPECT_EQ(write(golden_command()), golden_body);
  EXPECT_EQ(key_of("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").sign(golden_body), golden_sig);
}

TEST(SirenProtocol, EveryFlippedBitOfTheBodyBreaksTheSignature) {
  const auto key = *PublicKey::from_base64(golden_key);
  std::string body = golden_body;
  for (std::size_t i = 0; i < body.size() * 8; i += 7) {
    body[i / 8] ^= static_cast<char>(1 << (i % 8));
    EXPECT_FALSE(key.verifies(body, golden_sig)) << i;
    body[i / 8] ^= static_cast<char>(1 << (i % 8));
  }
}

TEST(SirenProtocol, TheExampleKeyIsKnownAsSuch) {
  EXPECT_TRUE(is_example_key(*PublicKey::from_base64(golden_key)));
  EXPECT_FALSE(is_example_key(drill_key().public_key()));
}

TEST(SirenProtocol, RefusesBodiesThatAreNotCommands) {
  const auto with = [](std::string_view from, std::string_view to) {
    std::string body = golden_body;
    body.replace(body.find(from), from.size(), to);
    return body;
  };
  EXPECT_TRUE(read_command(with("\"v\":1", "\"v\":1,\"later\":[1]")));  // unknown keys are for later versions
  for (const auto& body :
       {std::string("[]"), std::string("{}"), std::string(300'000, ' '), with("\"v\":1", "\"v\":2"),
        with("\"drill\"", "\"test\""), with("1795486500001", "-1"), with("1795486500001", "1.5"),
        with("\"siren-01\"", "\"+\""), with("\"siren-01\"", "7"), with("activate", "explode"),
        with("02:16:00", "02:15:00"), with("180", "100000"), with("\"program\":\"drill-tsunami\",", ""),
        with("TP12", "TP\\n12"), with("\"v\":1", "\"v\":1,\"v\":1"), with("}", "")})
    EXPECT_FALSE(read_command(body)) << body.substr(0, 600);
}

TEST(SirenProtocol, TopicsReadBackAsTheyWereWritten) {
  const auto address = parse_command_topic("tirtapura", group_topic("tirtapura", Mode::live, "muara"));
  ASSERT_TRUE(address);
  EXPECT_EQ(address->mode, Mode::live);
  EXPECT_EQ(address->id, "muara");
  EXPECT_FALSE(parse_command_topic("tirtapura", "warn/v1/tirtapura/test/siren/siren-01/cmd"));
  EXPECT_FALSE(parse_command_topic("tirtapura", "warn/v1/tirtapura/live/siren/a/b/cmd"));
  const auto from = parse_siren_topic("tirtapura", siren_topic("tirtapura", "siren-01", Subject::heartbeat));
  ASSERT_TRUE(from);
  EXPECT_EQ(from->siren, "siren-01");
  EXPECT_FALSE(valid_id("+"));
  EXPECT_FALSE(valid_id("a/b"));
  EXPECT_FALSE(valid_id(""));
}

TEST(SirenProtocol, AnswersReadBackAndNameTheirSirenOrAreRefused) {
  const Ack ack{"siren-01", "cmd-1", Stage::failed, "not_proven", "exit status 3", noon, 17, 250};
  EXPECT_EQ(read_ack(write(ack), "siren-01"), ack);
  EXPECT_FALSE(read_ack(write(ack), "siren-02"));
  const State state{"siren-01", Mode::drill, State::Now::sounding, ack, noon};
  ASSERT_TRUE(read_state(write(state), "siren-01"));
  EXPECT_EQ(read_state(write(state), "siren-01")->last, ack);
  EXPECT_TRUE(read_online(write(Online{Online::Presence::online, "s", noon})));
  EXPECT_TRUE(read_event(write(Event{"siren-01", "interrupted", "", noon}), "siren-01"));
  EXPECT_FALSE(read_ack("", "siren-01"));
  EXPECT_FALSE(read_ack(R"({"siren":"siren-01","stage":"sounding","at":"2026-11-24T02:15:00.000Z"})", "siren-01"));
}

}  // namespace
}  // namespace broadcaster::channels::siren
