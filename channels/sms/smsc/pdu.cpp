#include "channels/sms/smsc/pdu.hpp"

#include <netinet/in.h>
#include <stdint.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

extern "C" {
#include <libsmpp34/smpp34.h>
#include <libsmpp34/smpp34_structs.h>
// clang-format off: the parameters need the structs
#include <libsmpp34/smpp34_params.h>
// clang-format on
}

namespace broadcaster::channels::sms::smsc {
namespace {

/// Walks a frame without believing it.
class Walk {
 public:
  explicit Walk(std::string_view rest) : rest_(rest) {}

  /// A C-octet string of at most `size` octets with its NUL.
  bool text(std::size_t size) {
    const auto end = rest_.substr(0, size).find('\0');
    if (end == std::string_view::npos) return false;
    rest_.remove_prefix(end + 1);
    return true;
  }
  bool skip(std::size_t count) {
    if (rest_.size() < count) return false;
    rest_.remove_prefix(count);
    return true;
  }
  std::optional<std::size_t> number(std::size_t octets) {
    if (rest_.size() < octets) return std::nullopt;
    std::size_t value = 0;
    for (std::size_t i = 0; i < octets; ++i) value = value << 8 | static_cast<unsigned char>(rest_[i]);
    rest_.remove_prefix(octets);
    return value;
  }
  std::size_t left() const { return rest_.size(); }
  /// Optional parameters to the end; the value of message_payload, or nothing. nullopt: a length lies.
  std::optional<std::string> parameters() {
    std::string payload;
    while (!rest_.empty()) {
      const auto tag = number(2);
      const auto length = number(2);
      if (!tag || !length || rest_.size() < *length) return std::nullopt;
      if (*tag == TLVID_message_payload) payload = rest_.substr(0, *length);
      rest_.remove_prefix(*length);
    }
    return payload;
  }

 private:
  std::string_view rest_;
};

/// What a walk found: the frame up to its optional parameters, and the text that stands among them.
struct Sound {
  std::string mandatory;
  std::string payload;
};

/// The library leaks an optional parameter whose length is not its type's, so it is given none of them.
std::optional<Sound> sound(std::string_view frame, Walk walk) {
  Sound out{std::string(frame.substr(0, frame.size() - walk.left())), {}};
  auto payload = walk.parameters();
  if (!payload) return std::nullopt;
  out.payload = std::move(*payload);
  out.mandatory[2] = static_cast<char>(out.mandatory.size() >> 8);
  out.mandatory[3] = static_cast<char>(out.mandatory.size() & 0xFF);
  return out;
}

std::optional<Sound> sound_bind(std::string_view frame) {
  Walk walk(frame.substr(shortest_frame));
  if (!(walk.text(16) && walk.text(9) && walk.text(13) && walk.skip(3) && walk.text(41))) return std::nullopt;
  return sound(frame, walk);
}

std::optional<Sound> sound_submit(std::string_view frame) {
  Walk walk(frame.substr(shortest_frame));
  if (!(walk.text(6) && walk.skip(2) && walk.text(21) && walk.skip(2) && walk.text(21) && walk.skip(3) &&
        walk.text(17) && walk.text(17) && walk.skip(4)))
    return std::nullopt;
  const auto length = walk.number(1);
  if (!length || *length > 254 || !walk.skip(*length)) return std::nullopt;
  return sound(frame, walk);
}

template <std::size_t N>
std::string text_of(const std::uint8_t (&field)[N]) {
  const auto* begin = reinterpret_cast<const char*>(field);
  return std::string(begin, std::find(begin, begin + N, '\0'));
}

template <std::size_t N>
void put(std::uint8_t (&field)[N], std::string_view text) {
  const auto count = std::min(text.size(), N - 1);
  std::memcpy(field, text.data(), count);
  field[count] = 0;
}

/// The library's structs are C: their lists are freed by hand.
template <class C>
struct Owned {
  Owned() { std::memset(&pdu, 0, sizeof pdu); }
  ~Owned() {
    if constexpr (requires { pdu.tlv; })
      if (pdu.tlv != nullptr) destroy_tlv(pdu.tlv);
  }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  C pdu;
};

template <class C>
bool read(C& pdu, std::string_view frame) {
  return smpp34_unpack2(&pdu, reinterpret_cast<const std::uint8_t*>(frame.data()), static_cast<int>(frame.size())) == 0;
}

template <class C>
std::string written(C& pdu) {
  std::array<std::uint8_t, longest_frame> buffer{};
  int length = 0;
  if (smpp34_pack2(buffer.data(), static_cast<int>(buffer.size()), &length, &pdu) != 0 || length <= 0) return {};
  return std::string(reinterpret_cast<const char*>(buffer.data()), static_cast<std::size_t>(length));
}

template <class C>
void head(C& pdu, std::uint32_t command, Status status, std::uint32_t sequence) {
  pdu.command_id = command;
  pdu.command_status = static_cast<std::uint32_t>(status);
  pdu.sequence_number = sequence;
}

template <class C>
std::expected<Bind, Status> read_bind(std::string_view frame) {
  Owned<C> owned;
  const auto whole = sound_bind(frame);
  if (!whole || !read(owned.pdu, whole->mandatory)) return std::unexpected(Status::invalid_command_length);
  return Bind{text_of(owned.pdu.system_id), text_of(owned.pdu.password)};
}

std::expected<Submit, Status> read_submit(std::string_view frame) {
  Owned<submit_sm_t> owned;
  auto& pdu = owned.pdu;
  const auto whole = sound_submit(frame);
  if (!whole || !read(pdu, whole->mandatory)) return std::unexpected(Status::invalid_command_length);
  Submit submit{.source = text_of(pdu.source_addr),
                .source_ton = pdu.source_addr_ton,
                .source_npi = pdu.source_addr_npi,
                .destination = text_of(pdu.destination_addr),
                .esm_class = pdu.esm_class,
                .registered_delivery = pdu.registered_delivery,
                .data_coding = pdu.data_coding,
                .message = std::string(reinterpret_cast<const char*>(pdu.short_message),
                                       std::min<std::size_t>(pdu.sm_length, sizeof pdu.short_message))};
  if (submit.message.empty()) submit.message = whole->payload;
  return submit;
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

template <class C>
std::string bind_answer(std::uint32_t command, Status status, std::uint32_t sequence, const std::string& system_id) {
  Owned<C> owned;
  head(owned.pdu, command | response_bit, status, sequence);
  put(owned.pdu.system_id, system_id);
  return written(owned.pdu);
}

}  // namespace

std::optional<std::size_t> frame_length(std::string_view bytes) {
  if (bytes.size() < 4) return std::nullopt;
  return number_at(bytes, 0);
}

std::expected<Pdu, Status> unpack(std::string_view frame) {
  if (frame.size() < shortest_frame || frame.size() > longest_frame || number_at(frame, 0) != frame.size())
    return std::unexpected(Status::invalid_command_length);
  Pdu pdu{number_at(frame, 4), number_at(frame, 8), number_at(frame, 12), {}};
  const auto take = [&pdu](auto read) -> std::expected<Pdu, Status> {
    if (!read) return std::unexpected(read.error());
    pdu.body = std::move(*read);
    return pdu;
  };
  if (pdu.command == static_cast<std::uint32_t>(Command::bind_receiver)) return take(read_bind<bind_receiver_t>(frame));
  if (pdu.command == static_cast<std::uint32_t>(Command::bind_transmitter))
    return take(read_bind<bind_transmitter_t>(frame));
  if (pdu.command == static_cast<std::uint32_t>(Command::bind_transceiver))
    return take(read_bind<bind_transceiver_t>(frame));
  if (pdu.command == static_cast<std::uint32_t>(Command::submit_sm)) return take(read_submit(frame));
  return pdu;
}

std::string pack_header(std::uint32_t command, Status status, std::uint32_t sequence) {
  // Sixteen octets; the library has a struct for each, all of them this one.
  std::string out;
  for (const std::uint32_t value :
       {std::uint32_t{shortest_frame}, command, static_cast<std::uint32_t>(status), sequence})
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
  return out;
}

std::string pack_bind_answer(std::uint32_t command, Status status, std::uint32_t sequence,
                             const std::string& system_id) {
  // §4.1.2: a refused bind is answered by its header alone.
  if (status != Status::ok) return pack_header(command | response_bit, status, sequence);
  if (command == static_cast<std::uint32_t>(Command::bind_receiver))
    return bind_answer<bind_receiver_resp_t>(command, status, sequence, system_id);
  if (command == static_cast<std::uint32_t>(Command::bind_transmitter))
    return bind_answer<bind_transmitter_resp_t>(command, status, sequence, system_id);
  return bind_answer<bind_transceiver_resp_t>(command, status, sequence, system_id);
}

std::string pack_submit_answer(Status status, std::uint32_t sequence, const std::string& message_id) {
  const auto command = static_cast<std::uint32_t>(Command::submit_sm) | response_bit;
  // §4.4.2: no body when the status is not zero.
  if (status != Status::ok) return pack_header(command, status, sequence);
  Owned<submit_sm_resp_t> owned;
  head(owned.pdu, command, status, sequence);
  put(owned.pdu.message_id, message_id);
  return written(owned.pdu);
}

std::string pack_receipt(const Receipt& receipt, std::uint32_t sequence) {
  Owned<deliver_sm_t> owned;
  auto& pdu = owned.pdu;
  head(pdu, static_cast<std::uint32_t>(Command::deliver_sm), Status::ok, sequence);
  pdu.source_addr_ton = 1;
  pdu.source_addr_npi = 1;
  put(pdu.source_addr, receipt.phone);
  pdu.dest_addr_ton = receipt.sender_ton;
  pdu.dest_addr_npi = receipt.sender_npi;
  put(pdu.destination_addr, receipt.sender);
  pdu.esm_class = 0x04;  // §5.2.12: an SMSC delivery receipt
  const auto length = std::min(receipt.text.size(), sizeof pdu.short_message - 1);
  std::memcpy(pdu.short_message, receipt.text.data(), length);
  pdu.sm_length = static_cast<std::uint8_t>(length);
  tlv_t id{};
  id.tag = TLVID_receipted_message_id;
  id.length = static_cast<std::uint16_t>(std::min<std::size_t>(receipt.message_id.size() + 1, 65));
  std::memcpy(id.value.octet, receipt.message_id.c_str(), id.length);
  build_tlv(&pdu.tlv, &id);
  tlv_t state{};
  state.tag = TLVID_message_state;
  state.length = 1;
  state.value.val08 = static_cast<std::uint8_t>(receipt.state);
  build_tlv(&pdu.tlv, &state);
  return written(pdu);
}

}  // namespace broadcaster::channels::sms::smsc
