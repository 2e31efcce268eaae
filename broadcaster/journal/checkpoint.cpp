#include "broadcaster/journal/checkpoint.hpp"

#include <fmt/format.h>

#include <boost/json/value.hpp>

namespace broadcaster::journal {
namespace {

std::string signed_text(std::string_view at, const RecordHead& head) {
  return fmt::format("broadcaster-checkpoint-1\n{}\n{}\n{}\n", at, head.seq, base::hex(head.hash));
}

std::string text_of(const boost::json::object& entry, std::string_view key) {
  const auto* found = entry.if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

}  // namespace

boost::json::object checkpoint_body(const base::SigningKey& key, const RecordHead& head, base::WallTime at) {
  return {{"head", base::hex(head.hash)},
          {"key", base::hex(key.public_key())},
          {"signature", base::hex(key.sign(signed_text(base::format_utc(at), head)))},
          {"through", head.seq}};
}

std::optional<base::PublicKey> signer_of(const boost::json::object& entry, const RecordHead& before) {
  const auto* through = entry.if_contains("through");
  if (through == nullptr || !through->is_int64() || through->get_int64() != before.seq) return std::nullopt;
  if (text_of(entry, "head") != base::hex(before.hash)) return std::nullopt;
  const auto key = base::digest_from_hex(text_of(entry, "key"));
  const auto signature = base::from_hex(text_of(entry, "signature"));
  if (!key || !signature || !base::is_signed_by(*key, signed_text(text_of(entry, "at"), before), *signature))
    return std::nullopt;
  return *key;
}

}  // namespace broadcaster::journal
