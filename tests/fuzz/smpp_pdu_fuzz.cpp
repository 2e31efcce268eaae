// Whatever a gateway sends to the centre: a packet or a refusal, never a read beyond the frame.
#include <cstdlib>
#include <string>

#include "channels/sms/smsc/pdu.hpp"
#include "channels/sms/smsc/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace broadcaster::channels::sms::smsc;
  std::string frame(reinterpret_cast<const char*>(data), size);
  if (size >= 4 && size <= longest_frame) {  // else no input comes past the length
    frame[0] = frame[1] = 0;
    frame[2] = static_cast<char>(size >> 8);
    frame[3] = static_cast<char>(size & 0xFF);
  }
  const auto pdu = unpack(frame);
  if (!pdu) return 0;
  if (const auto* submit = std::get_if<Submit>(&pdu->body)) {
    if (submit->message.size() > size) std::abort();
    const auto rest = split_header(submit->message, (submit->esm_class & 0x40) != 0 ? Header::present : Header::none);
    text_of(submit->data_coding, rest.octets);
    pack_receipt({.phone = submit->destination, .sender = submit->source, .message_id = "1", .text = "id:1"}, 1);
  }
  return 0;
}
