#include "broadcaster/journal/chain.hpp"

#include <algorithm>
#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>

#include "broadcaster/journal/record.hpp"

namespace broadcaster::journal {
namespace {

namespace json = boost::json;

/// The columns beside the entry are for reading; they must say the same.
bool columns_agree(const RecordEntry& entry, const json::object& inside, base::WallTime at) {
  const auto says = [&](std::string_view key, std::string_view value) {
    const auto* found = inside.if_contains(key);
    return found != nullptr && found->is_string() && found->get_string() == value;
  };
  const auto* seq = inside.if_contains("seq");
  return seq != nullptr && seq->is_int64() && seq->get_int64() == entry.seq && says("kind", entry.kind) &&
         says("at", base::format_utc(at));
}

}  // namespace

std::optional<base::Text> Chain::add(const RecordEntry& entry) {
  const auto expected = head_.seq + 1;
  if (entry.seq != expected)
    return base::Text{"journal.record_missing", {{"expected", expected}, {"found", entry.seq}}};
  const auto hash = next_hash(head_.hash, entry.entry);
  if (std::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()) != entry.hash)
    return base::Text{"journal.record_changed", {{"seq", entry.seq}}};

  // The bytes are those that were hashed: what canonical JSON forbids needs no second look.
  alignas(std::max_align_t) std::array<unsigned char, 16'384> near;  // a million entries, and no allocation for most
  json::monotonic_resource memory(near.data(), near.size());
  json::error_code error;
  const auto parsed = json::parse(json::string_view(entry.entry.data(), entry.entry.size()), error, &memory);
  const auto* inside = error ? nullptr : parsed.if_object();
  const base::WallTime at(base::milliseconds(entry.at_ms));
  if (inside == nullptr || !columns_agree(entry, *inside, at))
    return base::Text{"journal.record_columns", {{"seq", entry.seq}}};

  if (auto reason = entry.kind == "checkpoint" ? vouch(*inside, at) : too_long_unsigned()) return reason;
  for (const auto& signer : signers_) {
    if (!signer.since || signer.since->seq != entry.seq) continue;
    if (signer.since->hash != hash) return base::Text{"journal.record_other_head", {{"seq", entry.seq}}};
    if (!signed_from_) signed_from_ = entry.seq;
  }
  head_ = {entry.seq, hash};
  return std::nullopt;
}

std::optional<base::Text> Chain::vouch(const json::object& entry, base::WallTime at) {
  const auto seq = head_.seq + 1;
  const auto key = signer_of(entry, head_);
  if (!key) return base::Text{"journal.checkpoint_false", {{"seq", seq}}};
  if (!signers_.empty() && std::ranges::find(signers_, *key, &KnownSigner::key) == signers_.end())
    return base::Text{"journal.checkpoint_stranger", {{"seq", seq}, {"key", base::hex(*key)}}};
  vouched_.through = head_.seq;
  vouched_.at = at;
  vouched_.key = *key;
  ++vouched_.checkpoints[*key];
  signed_from_ = seq;
  return std::nullopt;
}

std::optional<base::Text> Chain::too_long_unsigned() const {
  if (!signed_from_ || head_.seq - *signed_from_ < most_unsigned) return std::nullopt;
  return base::Text{"journal.record_unsigned", {{"seq", *signed_from_ + 1}, {"entries", most_unsigned}}};
}

std::optional<base::Text> Chain::end() const {
  for (const auto& signer : signers_)
    if (signer.since && signer.since->seq > head_.seq)
      return base::Text{"journal.record_cut", {{"entries", head_.seq}, {"known", signer.since->seq}}};
  return std::nullopt;
}

}  // namespace broadcaster::journal
