// Delivery reports of Kannel: the address that it calls, its token, and what a call proves. Thread rule: pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "broadcaster/base/digest.hpp"
#include "broadcaster/delivery/evidence.hpp"

namespace broadcaster::channels::sms {

/// Signs the addresses of one endpoint; made from the gateway's password, so it survives restarts and is stored
/// nowhere.
struct ReceiptKey {
  base::Digest key;
};
ReceiptKey receipt_key(std::string_view password);

/// "<hooks_url><endpoint>?d=<delivery>&p=<parts>&k=<token>&t=%d&f=%F&a=%A", with Kannel's escapes: type, operator's id,
/// operator's words. It goes into a header, so it is not encoded once more.
std::string receipt_url(const ReceiptKey& key, const std::string& hooks_url, const plan::EndpointName& endpoint,
                        delivery::DeliveryId delivery, int parts);

enum class BadReceipt { malformed, forged };

/// From the query of the call. Types (user guide, table of dlr-mask): 1 delivered to the phone, 2 not delivered, 4
/// queued and 8 accepted by the operator, 16 refused by the operator.
std::expected<delivery::Evidence, BadReceipt> read_receipt(const ReceiptKey& key, const plan::EndpointName& endpoint,
                                                           std::string_view query, base::WallTime now);

}  // namespace broadcaster::channels::sms
