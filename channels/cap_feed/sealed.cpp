#include "channels/cap_feed/sealed.hpp"

#include <algorithm>
#include <array>

#include "broadcaster/alert/cap/schema.hpp"
#include "broadcaster/alert/cap/signature.hpp"
#include "broadcaster/alert/cap/xml.hpp"

namespace broadcaster::channels::cap_feed {
namespace {

namespace cap = alert::cap;

constexpr std::size_t shown_bytes = 60;

std::optional<alert::Mode> mode_of(const std::string& status) {
  for (const auto& rule : alert::status_rules())
    if (alert::name(rule.status) == status && rule.reach != alert::Reach::nobody) return rule.mode;
  return std::nullopt;
}

/// The alert without its signature, from its first tag to its last: what a reader of the texts sees.
std::string without_signature(std::string_view document) {
  constexpr std::string_view last = "</alert>", open = "<Signature ", close = "</Signature>";
  const auto begin = document.find("<alert");
  const auto end = document.rfind(last);
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return {};
  std::string out(document.substr(begin, end + last.size() - begin));
  const auto from = out.rfind(open);
  const auto to = out.rfind(close);
  if (from != std::string::npos && to != std::string::npos && from < to) out.erase(from, to + close.size() - from);
  return out;
}

}  // namespace

std::optional<std::string> difference(std::string_view approved, std::string_view shown) {
  const auto wanted = without_signature(approved);
  const auto found = without_signature(shown);
  if (!wanted.empty() && wanted == found) return std::nullopt;
  const auto at = static_cast<std::size_t>(std::ranges::mismatch(wanted, found).in1 - wanted.begin());
  return "approved \"" + wanted.substr(at, shown_bytes) + "\", shown \"" +
         found.substr(std::min(at, found.size()), shown_bytes) + "\"";
}

std::expected<Sealed, std::string> sealed(const std::string& approved, const Wanted& wanted, const Signer& signer) {
  auto listed = entry_of(approved);
  if (!listed) return std::unexpected("it is no CAP document with a name, a time, texts and an end");
  if (listed->identifier != wanted.identifier || mode_of(listed->status) != wanted.mode)
    return std::unexpected("its document is of " + listed->identifier + " (" + listed->status +
                           "): of another alert or mode");
  auto document = cap::with_signature(approved, signer.key);
  if (!document) return std::unexpected("the key cannot sign it");
  if (difference(approved, *document)) return std::unexpected("the signature would change it");
  const auto root = cap::parse_xml(*document, "cap");
  if (!root || !cap::schema_faults(*root).empty()) return std::unexpected("it is not valid by the schema of CAP 1.2");
  return Sealed{approved, std::move(*document), std::move(*listed)};
}

There judge(const std::string& approved, const std::string& there, const Signer& signer) {
  const std::array pins = {cap::Pin{"us", signer.shown.pem}};
  if (!cap::verified(there, "there", pins)) return There::not_ours;
  return difference(approved, there) ? There::another : There::the_same;
}

}  // namespace broadcaster::channels::cap_feed
