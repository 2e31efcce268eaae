#include "broadcaster/plan/document.hpp"

#include <algorithm>

namespace broadcaster::plan {
namespace {

constexpr std::string_view before_identifier =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n  "
    "<identifier>";
constexpr std::string_view before_sender = "</identifier>\n  <sender>";
constexpr std::string_view before_sent = "</sender>\n  <sent>";
constexpr std::string_view before_status = "</sent>\n  <status>";
constexpr std::string_view before_type = "</status>\n  <msgType>";
constexpr std::string_view after_type = "</msgType>\n  ";
constexpr std::string_view before_references = "\n  <references>";
constexpr std::string_view after_references = "</references>\n  ";
constexpr std::string_view end = "</alert>\n";

/// Takes `wanted` off the front.
bool take(std::string_view& rest, std::string_view wanted) {
  if (!rest.starts_with(wanted)) return false;
  rest.remove_prefix(wanted.size());
  return true;
}

/// Takes what stands in front of the next "<".
std::string_view take_text(std::string_view& rest) {
  const auto text = rest.substr(0, rest.find('<'));
  rest.remove_prefix(text.size());
  return text;
}

std::string_view literal(const Pieces& pieces, std::size_t at) {
  const auto* text = at < pieces.size() ? std::get_if<std::string>(&pieces[at]) : nullptr;
  return text ? std::string_view(*text) : std::string_view();
}

bool is_hole(const Pieces& pieces, std::size_t at, const Hole& wanted) {
  const auto* hole = at < pieces.size() ? std::get_if<Hole>(&pieces[at]) : nullptr;
  return hole && *hole == wanted;
}

/// Nothing that hides, repeats or moves what was read: the one root, the one status, no markup but elements of the one
/// namespace. (In a text "<" is written as an entity, and an attribute value of ours has no "xmlns".)
bool hides_nothing(std::string_view rest) {
  for (const std::string_view mark :
       {"<!", "<?", "<status", "<msgType", "<alert", "<identifier", "<sent>", "xmlns:", "xmlns="})
    if (rest.find(mark) != std::string_view::npos) return false;
  return true;
}

std::optional<alert::Status> status_named(std::string_view word) {
  for (const auto& rule : alert::status_rules())
    if (alert::name(rule.status) == word) return rule.status;
  return std::nullopt;
}

}  // namespace

std::string without_shapes(std::string_view document) {
  constexpr std::string_view open = "<polygon>";
  std::string out;
  for (;;) {
    const auto at = document.find(open);
    if (at == std::string_view::npos) return out.append(document);
    out.append(document.substr(0, at + open.size()));
    document.remove_prefix(at + open.size());
    const auto corners = take_text(document);
    out.append(corners.substr(0, corners.find(' ')));
    out += " … (" + std::to_string(std::ranges::count(corners, ' ') + 1) + ")";
  }
}

std::optional<DocumentHead> head_of_document(const Pieces& pieces) {
  const bool refers = pieces.size() == 7;
  if (pieces.size() != 5 && !refers) return std::nullopt;
  if (literal(pieces, 0) != before_identifier) return std::nullopt;
  if (!is_hole(pieces, 1, {.kind = HoleKind::identifier, .pattern = {}})) return std::nullopt;
  auto sender = literal(pieces, 2);
  if (!take(sender, before_sender) || take_text(sender).empty() || sender != before_sent) return std::nullopt;
  if (!is_hole(pieces, 3, {.kind = HoleKind::time_of_issue, .pattern = std::string(document_time)}))
    return std::nullopt;

  auto rest = literal(pieces, 4);
  if (!take(rest, before_status)) return std::nullopt;
  const auto status = status_named(take_text(rest));
  if (!status || !take(rest, before_type)) return std::nullopt;
  const std::string type(take_text(rest));
  if (!take(rest, after_type) || !hides_nothing(rest)) return std::nullopt;
  if (refers) {
    if (!rest.ends_with(before_references) || !is_hole(pieces, 5, {.kind = HoleKind::references, .pattern = {}}))
      return std::nullopt;
    rest = literal(pieces, 6);
    if (!take(rest, after_references) || !hides_nothing(rest)) return std::nullopt;
  }
  if (!rest.ends_with(end)) return std::nullopt;
  return DocumentHead{*status, type};
}

}  // namespace broadcaster::plan
