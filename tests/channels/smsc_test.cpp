#include <gtest/gtest.h>

#include "broadcaster/base/digest.hpp"
#include "channels/sms/smsc/numbers.hpp"
#include "channels/sms/smsc/pdu.hpp"
#include "channels/sms/smsc/text.hpp"

namespace broadcaster::channels::sms::smsc {
namespace {

std::string bytes(std::string_view hex) {
  const auto raw = *base::from_hex(hex);
  return std::string(raw.begin(), raw.end());
}

std::string hex_of(std::string_view text) {
  return base::hex(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

// Packets as another implementation (python-smpplib) writes them.
const std::string bind_frame =
    bytes("0000002a000000090000000000000001736d7070636c69656e74310070617373776f7264000034000000");
const std::string submit_frame = bytes(
    "00000036000000040000000000000002000500414c455254000101363238313233343536373839000000000000010000000454657374");
const std::string enquire_frame = bytes("00000010000000150000000000000003");

TEST(Pdu, ReadsWhatOthersWrite) {
  const auto bind = unpack(bind_frame);
  ASSERT_TRUE(bind);
  EXPECT_EQ(bind->sequence, 1u);
  EXPECT_EQ(std::get<Bind>(bind->body).system_id, "smppclient1");
  EXPECT_EQ(std::get<Bind>(bind->body).password, "password");
  const auto submit = unpack(submit_frame);
  ASSERT_TRUE(submit);
  const auto& message = std::get<Submit>(submit->body);
  EXPECT_EQ(message.source, "ALERT");
  EXPECT_EQ(message.source_ton, 5);
  EXPECT_EQ(message.destination, "628123456789");
  EXPECT_EQ(message.registered_delivery, 1);
  EXPECT_EQ(message.message, "Test");
  EXPECT_EQ(unpack(enquire_frame)->command, static_cast<std::uint32_t>(Command::enquire_link));
}

TEST(Pdu, RefusesEveryFrameThatIsCutShort) {
  for (const auto& frame : {bind_frame, submit_frame})
    for (std::size_t size = shortest_frame; size < frame.size(); ++size) {
      std::string cut = frame.substr(0, size);
      cut[3] = static_cast<char>(size);
      EXPECT_FALSE(unpack(cut)) << size;
    }
}

TEST(Pdu, RefusesALengthThatLies) {
  std::string lies = submit_frame;
  lies[lies.size() - 5] = static_cast<char>(0xFF);  // sm_length
  EXPECT_FALSE(unpack(lies));
  EXPECT_FALSE(unpack(submit_frame + "x"));
}

TEST(Pdu, ReadsATextFromMessagePayload) {
  std::string frame = submit_frame.substr(0, submit_frame.size() - 5) + bytes(
                                                                            "00"
                                                                            "0424"
                                                                            "0004"
                                                                            "41424344");
  frame[3] = static_cast<char>(frame.size());
  const auto pdu = unpack(frame);
  ASSERT_TRUE(pdu);
  EXPECT_EQ(std::get<Submit>(pdu->body).message, "ABCD");
}

TEST(Pdu, WritesAnswers) {
  EXPECT_EQ(hex_of(pack_header(0x80000015, Status::ok, 3)), "00000010800000150000000000000003");
  EXPECT_EQ(hex_of(pack_submit_answer(Status::ok, 2, "m1")), "000000138000000400000000000000026d3100");
  EXPECT_EQ(hex_of(pack_submit_answer(Status::throttled, 2, "m1")), "00000010800000040000005800000002");
  EXPECT_EQ(hex_of(pack_bind_answer(9, Status::bind_failed, 1, "range")), "00000010800000090000000d00000001");
  EXPECT_EQ(hex_of(pack_bind_answer(9, Status::ok, 1, "range")).substr(0, 44),
            "0000001680000009000000000000000172616e676500");
}

TEST(Pdu, WritesAReceiptWithTextAndParameters) {
  const auto frame = pack_receipt({.phone = "628",
                                   .sender = "ALERT",
                                   .sender_ton = 5,
                                   .message_id = "m1",
                                   .state = MessageState::delivered,
                                   .text = "id:m1"},
                                  7);
  EXPECT_EQ(*frame_length(frame), frame.size());
  const auto hex = hex_of(frame);
  EXPECT_NE(hex.find(hex_of("id:m1")), std::string::npos);
  EXPECT_NE(hex.find("001e00036d3100"), std::string::npos) << hex;
  EXPECT_NE(hex.find("0427000102"), std::string::npos) << hex;
}

TEST(Text, IsWhatAPhoneShows) {
  EXPECT_EQ(text_of(0, bytes("001b65024155")), "@€$AU");
  EXPECT_EQ(text_of(8, bytes("201cd83dde00")), "“😀");
  EXPECT_EQ(text_of(8, bytes("d83d0041")), "\uFFFDA");
  EXPECT_EQ(text_of(3, bytes("e941")), "éA");
}

TEST(Text, JoinsPartsInAnyOrder) {
  PartJoiner joiner;
  const auto has_part = [](const char* hex) { return split_header(bytes(hex), Header::present).part.has_value(); };
  const std::string two =
                        "050003a50202"
                        "4c4d",
                    one =
                        "050003a50201"
                        "4a4b",
                    wide =
                        "06080401020101"
                        "41";
  const std::string b = bytes(two), a = bytes(one), w = bytes(wide);
  const auto second = split_header(b, Header::present), first = split_header(a, Header::present);
  EXPECT_FALSE(joiner.add("1", "A", *second.part, std::string(second.octets)));
  EXPECT_FALSE(joiner.add("2", "A", *first.part, std::string(first.octets)));
  EXPECT_EQ(joiner.add("1", "A", *first.part, std::string(first.octets)), "JKLM");
  const auto alone = split_header(w, Header::present);
  EXPECT_EQ(alone.part->reference, 0x0102);
  EXPECT_EQ(joiner.add("1", "A", *alone.part, std::string(alone.octets)), "A");
  EXPECT_FALSE(has_part("050003a50203"));  // the third of two
  EXPECT_FALSE(has_part("ff"));
}

TEST(Text, WritesAReceiptAsAppendixB) {
  EXPECT_EQ(receipt_text("7", "UNDELIV", 27, "2611240500", "2611240501"),
            "id:7 sub:001 dlvrd:000 submit date:2611240500 done date:2611240501 stat:UNDELIV err:027 text:");
}

TEST(Scripts, TakeTheLongestPrefixAndCountDown) {
  Scripts scripts;
  EXPECT_EQ(scripts.next_for("+99955500001").fate, Fate::delivered);
  scripts.set({.prefix = "+999", .fate = Fate::undelivered});
  scripts.set({.prefix = "99955501", .fate = Fate::throttled, .times = 1});
  EXPECT_EQ(scripts.next_for("99955500001").fate, Fate::undelivered);
  EXPECT_EQ(scripts.next_for("+99955501001").fate, Fate::throttled);
  EXPECT_EQ(scripts.next_for("+99955501001").fate, Fate::delivered);
  for (const auto fate : {Fate::delivered, Fate::silent, Fate::undelivered, Fate::lost, Fate::refused, Fate::throttled})
    EXPECT_EQ(fate_of(name(fate)), fate);
}

}  // namespace
}  // namespace broadcaster::channels::sms::smsc
