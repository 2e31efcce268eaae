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

/// "<hooks_url><endpoint>?d=<delivery>&n=<try>&i=<key>&p=<parts>&k=<token>&t=%d&f=%F&a=%A", with Kannel's escapes:
/// type, operator's id, operator's words. The token covers endpoint, delivery, try, key and parts; the type it cannot
/// cover, because Kannel fills it into the one address that it has of a message. The address goes into a header, so it
/// is not encoded once more, and stays under the 255 bytes that Kannel's tables for reports have for it.
std::string receipt_url(const ReceiptKey& key, const std::string& hooks_url, const plan::EndpointName& endpoint,
                        const delivery::CarriedBack& what, int parts);
/// What a receipt of this attempt carries.
delivery::CarriedBack carried(const delivery::AttemptId& attempt, std::string_view key);

enum class BadReceipt { malformed, forged };

/// From the query of the call. Types (user guide, table of dlr-mask): 1 delivered to the phone, 2 not delivered, 4
/// queued and 8 accepted by the operator, 16 refused by the operator. Of a text of several parts Kannel asks the
/// operator about the first one only (measured with 1.4.5): "delivered" is then no proof that the text can be read, and
/// stays `accepted`, kind "part_receipt". A first part that did not arrive fails the text: it cannot be read without
/// it.
std::expected<delivery::Evidence, BadReceipt> read_receipt(const ReceiptKey& key, const plan::EndpointName& endpoint,
                                                           std::string_view query, base::WallTime now);

}  // namespace broadcaster::channels::sms
