// The signed set of rules and keys lies in a folder that others may write to: whatever is in it, reading gives a chain
// of sets that agrees with itself, or an error; and people whom nobody knows complete none.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "broadcaster/approval/signed_set.hpp"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  broadcaster::base::init_crypto();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace approval = broadcaster::approval;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto read = approval::parse_signed_set(text, "signed.json");
  if (!read) {
    if (read.error().text.id.empty()) std::abort();
    return 0;
  }
  if (approval::digests_of(read->texts) != read->last().files) std::abort();
  for (std::size_t i = 0; i < read->sets.size(); ++i) {
    if (read->sets[i].number != static_cast<std::int64_t>(i + 1)) std::abort();
    const auto signers = approval::weigh_set(*read, i, read->sets[i].date);
    if (signers && signers->complete() && read->sets[i].signatures.empty()) std::abort();
  }
  const auto again = approval::parse_signed_set(approval::signed_set_json(*read), "signed.json");
  if (!again || again->digest() != read->digest()) std::abort();
  return 0;
}
