#include "broadcaster/journal/record.hpp"

#include <boost/json/value.hpp>

#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/unicode.hpp"

namespace broadcaster::journal {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool between_digits(char c) { return c == ' ' || c == '.' || c == '-' || c == '(' || c == ')' || c == '/'; }

/// "2026-11-24" at the beginning: when a siren sounded is evidence, and no telephone number.
bool begins_with_date(std::string_view text) {
  constexpr std::string_view shape = "dddd-dd-dd";
  if (text.size() < shape.size() || (text.size() > shape.size() && digit(text[shape.size()]))) return false;
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (shape[i] == 'd' ? !digit(text[i]) : text[i] != shape[i]) return false;
  const auto century = text.substr(0, 2), month = text.substr(5, 2), day = text.substr(8, 2);
  return (century == "19" || century == "20") && month >= "01" && month <= "12" && day >= "01" && day <= "31";
}

}  // namespace

std::string record_entry(boost::json::object body, std::int64_t seq, base::WallTime at, std::string_view kind) {
  body["seq"] = seq;
  body["at"] = base::format_utc(at);
  body["kind"] = kind;
  return base::canonical_json(boost::json::value(std::move(body)));
}

base::Digest next_hash(const base::Digest& before, std::string_view entry) {
  base::Sha256 sum;
  sum.update({reinterpret_cast<const char*>(before.data()), before.size()});
  sum.update(entry);
  return sum.finish();
}

std::string shown_recipient(const base::Bytes& alert_key, const std::string& recipient) {
  if (recipient.empty() || recipient.front() != '+') return recipient;
  if (alert_key.empty()) return "[erased]";
  const auto hash = base::hmac_sha256(alert_key, recipient);
  return base::hex(std::span(hash).first(16));
}

std::string clean_text(std::string_view text, std::size_t max_bytes) {
  if (text.size() > max_bytes) {
    std::size_t end = max_bytes;  // back to the first byte of a character, so that none is cut in half
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    text = text.substr(0, end);
  }
  std::string out(text);
  if (!base::valid_utf8(out))
    for (auto& c : out)
      if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  for (auto& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  bool ascii = true;
  for (const char c : out) ascii = ascii && static_cast<unsigned char>(c) < 0x80;
  return ascii ? out : base::nfc(out);
}

std::string masked_text(std::string_view text, std::size_t max_bytes) {
  const auto clean = clean_text(text, max_bytes);
  std::string out;
  for (std::size_t i = 0; i < clean.size();) {
    if (!digit(clean[i])) {
      out += clean[i++];
      continue;
    }
    constexpr std::size_t date = 10;
    if ((out.empty() || out.back() != '+') && begins_with_date(std::string_view(clean).substr(i))) {
      out.append(clean, i, date);
      i += date;
      continue;
    }
    std::size_t end = i, last = i, digits = 0;
    for (; end < clean.size() && (digit(clean[end]) || between_digits(clean[end])); ++end)
      if (digit(clean[end])) ++digits, last = end + 1;
    if (digits >= 7)
      out += "[number]";
    else
      out.append(clean, i, last - i);
    i = last;
  }
  return out;
}

}  // namespace broadcaster::journal
