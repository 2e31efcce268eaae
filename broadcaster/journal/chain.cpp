#include "broadcaster/journal/chain.hpp"

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>

#include "broadcaster/journal/record.hpp"

namespace broadcaster::journal {
namespace {

namespace json = boost::json;

/// The columns beside the entry are for reading; they must say the same. The bytes are those that were written when
/// this is asked, so what canonical JSON forbids needs no second look.
bool columns_agree(const RecordEntry& entry) {
  alignas(std::max_align_t) std::array<unsigned char, 16'384> near;  // a million entries, and no allocation for most
  json::monotonic_resource memory(near.data(), near.size());
  json::error_code error;
  const auto parsed = json::parse(json::string_view(entry.entry.data(), entry.entry.size()), error, &memory);
  const auto* object = error ? nullptr : parsed.if_object();
  if (object == nullptr) return false;
  const auto says = [&](std::string_view key, std::string_view value) {
    const auto* found = object->if_contains(key);
    return found != nullptr && found->is_string() && found->get_string() == value;
  };
  const auto* seq = object->if_contains("seq");
  return seq != nullptr && seq->is_int64() && seq->get_int64() == entry.seq && says("kind", entry.kind) &&
         says("at", base::format_utc(base::WallTime(base::milliseconds(entry.at_ms))));
}

}  // namespace

std::optional<base::Text> Chain::add(const RecordEntry& entry) {
  const auto expected = head_.seq + 1;
  if (entry.seq != expected)
    return base::Text{"journal.record_missing", {{"expected", expected}, {"found", entry.seq}}};
  const auto hash = next_hash(head_.hash, entry.entry);
  if (std::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()) != entry.hash)
    return base::Text{"journal.record_changed", {{"seq", entry.seq}}};
  if (!columns_agree(entry)) return base::Text{"journal.record_columns", {{"seq", entry.seq}}};
  head_ = {entry.seq, hash};
  return std::nullopt;
}

}  // namespace broadcaster::journal
