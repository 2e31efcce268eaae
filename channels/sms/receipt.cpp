#include "channels/sms/receipt.hpp"

#include <fmt/core.h>
#include <sodium.h>

#include <charconv>

#include "channels/http/http_channel.hpp"
#include "channels/http/query.hpp"

namespace broadcaster::channels::sms {
namespace {

/// 128 bits: nobody guesses it, and the address stays short.
constexpr std::size_t token_bytes = 16;
/// 64 bits of the attempt's key: against another journal, not against an attacker, whom the token keeps out.
constexpr std::size_t key_digits = 16;

std::string token(const ReceiptKey& key, const plan::EndpointName& endpoint, const delivery::CarriedBack& what,
                  int parts) {
  const auto mac = base::hmac_sha256(key.key, fmt::format("{}/{}/{}/{}/{}", endpoint.value, what.attempt.delivery.value,
                                                          what.attempt.number, what.key, parts));
  return base::hex(std::span(mac).first(token_bytes));
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

template <class Int>
std::optional<Int> whole(const std::string& text) {
  Int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Meaning {
  delivery::Proof proof;
  std::string_view words;
};

std::optional<Meaning> meaning(int type) {
  using delivery::Proof;
  switch (type) {
    case 1:
      return Meaning{Proof::confirmed, "delivered to the phone"};
    case 2:
      return Meaning{Proof::failed, "not delivered to the phone"};
    case 4:
      return Meaning{Proof::accepted, "queued by the operator"};
    case 8:
      return Meaning{Proof::accepted, "accepted by the operator"};
    case 16:
      return Meaning{Proof::failed, "refused by the operator"};
    default:
      return std::nullopt;
  }
}

/// Of the first part alone, "delivered" says only that the text is on its way.
Meaning of_the_whole_text(Meaning meaning, int parts) {
  if (parts > 1 && meaning.proof == delivery::Proof::confirmed) meaning.proof = delivery::Proof::accepted;
  return meaning;
}

std::string detail(const Meaning& meaning, int parts, const std::string& id, const std::string& words) {
  std::string text(meaning.words);
  if (parts > 1) text += fmt::format(" (the first of {} parts)", parts);
  if (!id.empty()) text += "; id " + id;
  if (!words.empty()) text += "; " + words;
  return fit_for_record(text, 1000);
}

}  // namespace

ReceiptKey receipt_key(std::string_view password) {
  const std::span bytes(reinterpret_cast<const std::uint8_t*>(password.data()), password.size());
  return {base::hmac_sha256(bytes, "delivery reports of a Kannel gateway")};
}

delivery::CarriedBack carried(const delivery::AttemptId& attempt, std::string_view key) {
  return {attempt, std::string(key.substr(0, key_digits))};
}

std::string receipt_url(const ReceiptKey& key, const std::string& hooks_url, const plan::EndpointName& endpoint,
                        const delivery::CarriedBack& what, int parts) {
  return fmt::format("{}{}?d={}&n={}&i={}&p={}&k={}&t=%d&f=%F&a=%A", hooks_url, endpoint.value,
                     what.attempt.delivery.value, what.attempt.number, what.key, parts,
                     token(key, endpoint, what, parts));
}

std::expected<delivery::Evidence, BadReceipt> read_receipt(const ReceiptKey& key, const plan::EndpointName& endpoint,
                                                           std::string_view query, base::WallTime now) {
  auto fields = read_query(query);
  const auto id = whole<std::int64_t>(fields["d"]);
  const auto number = whole<int>(fields["n"]);
  const auto parts = whole<int>(fields["p"]);
  if (!id || !number || !parts) return std::unexpected(BadReceipt::malformed);
  const delivery::CarriedBack what{{delivery::DeliveryId(*id), *number}, fields["i"]};
  // Before anything else is looked at: who cannot sign learns nothing.
  if (!same(fields["k"], token(key, endpoint, what, *parts))) return std::unexpected(BadReceipt::forged);
  const auto type = whole<int>(fields["t"]);
  const auto meant = type ? meaning(*type) : std::nullopt;
  if (!meant) return std::unexpected(BadReceipt::malformed);
  const auto said = of_the_whole_text(*meant, *parts);
  return delivery::Evidence{endpoint,
                            what,
                            said.proof,
                            *parts > 1 ? "part_receipt" : "receipt",
                            detail(said, *parts, fields["f"], fields["a"]),
                            now};
}

}  // namespace broadcaster::channels::sms
