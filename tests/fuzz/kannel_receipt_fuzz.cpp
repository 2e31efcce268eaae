// Whatever stands behind a receipt's token, which our own gateway alone knows: its attempt and no other is proven, in
// words that are fit for the record. Without the token nothing is proven at all.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "broadcaster/base/unicode.hpp"
#include "channels/sms/receipt.hpp"
#include "tests/channels/attempts.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace broadcaster;
  using namespace broadcaster::channels::sms;
  base::init_crypto();
  static const auto key = receipt_key("password-1");
  static const plan::EndpointName endpoint("sms");
  static const auto attempt = channels::attempt_of("x", "+99955500001");
  static const auto url = receipt_url(key, "http://h/hooks/", endpoint, carried(attempt.id, attempt.key), 1);
  // What is ours of the address; Kannel fills in the rest.
  static const auto ours = url.substr(url.find('?') + 1, url.find("&t=") - url.find('?') - 1);
  const std::string theirs(reinterpret_cast<const char*>(data), size);

  if (const auto proof = read_receipt(key, endpoint, ours + "&" + theirs, channels::noon())) {
    if (proof->detail.size() > 1000 || !base::valid_utf8(proof->detail)) std::abort();
    const auto* about = std::get_if<delivery::DeliveryId>(&proof->about);
    if (about != nullptr && *about != attempt.id.delivery) std::abort();
  }
  if (read_receipt(key, endpoint, theirs, channels::noon())) std::abort();
  return 0;
}
