// SMPP 3.4 packets (SMPP Protocol Specification v3.4 §3 to §5), carried by libsmpp34.
//
// The library trusts the lengths that it reads, so a frame is walked here before it sees it, and it reports through
// globals. Thread rule: one thread in the whole process.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace broadcaster::channels::sms::smsc {

/// command_id (§5.1.2.1) as far as a centre needs them.
enum class Command : std::uint32_t {
  generic_nack = 0x80000000,
  bind_receiver = 0x01,
  bind_transmitter = 0x02,
  submit_sm = 0x04,
  deliver_sm = 0x05,
  unbind = 0x06,
  bind_transceiver = 0x09,
  enquire_link = 0x15,
};
constexpr std::uint32_t response_bit = 0x80000000;

/// command_status (§5.1.3)
enum class Status : std::uint32_t {
  ok = 0x00,
  invalid_command_length = 0x02,
  invalid_command = 0x03,
  not_bound = 0x04,
  already_bound = 0x05,
  invalid_destination = 0x0B,
  bind_failed = 0x0D,
  throttled = 0x58,
};

struct Bind {
  std::string system_id;
  std::string password;
};

struct Submit {
  std::string source;
  std::uint8_t source_ton = 0;
  std::uint8_t source_npi = 0;
  std::string destination;
  std::uint8_t esm_class = 0;
  std::uint8_t registered_delivery = 0;
  std::uint8_t data_coding = 0;
  std::string message;  ///< octets, with the user data header where esm_class says so
};

struct Pdu {
  std::uint32_t command = 0;  ///< as it came; may be none of Command
  std::uint32_t status = 0;
  std::uint32_t sequence = 0;
  std::variant<std::monostate, Bind, Submit> body;
};

/// The length of the first frame in `bytes`; nullopt: its first four octets are not there yet.
std::optional<std::size_t> frame_length(std::string_view bytes);
constexpr std::size_t shortest_frame = 16;
constexpr std::size_t longest_frame = 4096;

/// `frame` is exactly one frame. The error is what a generic_nack should say.
std::expected<Pdu, Status> unpack(std::string_view frame);

/// A header alone: enquire_link, unbind, their answers, generic_nack.
std::string pack_header(std::uint32_t command, Status status, std::uint32_t sequence);
/// The answer to any of the three binds.
std::string pack_bind_answer(std::uint32_t command, Status status, std::uint32_t sequence,
                             const std::string& system_id);
std::string pack_submit_answer(Status status, std::uint32_t sequence, const std::string& message_id);

/// message_state (§5.2.28)
enum class MessageState : std::uint8_t { delivered = 2, undeliverable = 5 };

/// A delivery receipt: deliver_sm with esm_class 0x04, the text of Appendix B, and the TLVs that say it again.
struct Receipt {
  std::string phone;
  std::string sender;
  std::uint8_t sender_ton = 0;
  std::uint8_t sender_npi = 0;
  std::string message_id;
  MessageState state = MessageState::delivered;
  std::string text;  ///< receipt_text()
};
std::string pack_receipt(const Receipt& receipt, std::uint32_t sequence);

}  // namespace broadcaster::channels::sms::smsc
