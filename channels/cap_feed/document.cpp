#include "channels/cap_feed/document.hpp"

#include <string_view>

#include "broadcaster/alert/cap/outward.hpp"
#include "broadcaster/alert/cap/write.hpp"
#include "broadcaster/alert/mark.hpp"
#include "broadcaster/plan/document.hpp"

namespace broadcaster::channels::cap_feed {
namespace {

namespace cap = alert::cap;
using plan::Hole;
using plan::HoleKind;

/// Stands where a hole will be; CAP wants something there.
constexpr std::string_view filler = "hole";
constexpr std::string_view filler_time = "2000-01-01T00:00:00-00:00";

void mark(std::string& text, const alert::Language& language) {
  if (text.empty() || alert::begins_with_drill_mark(text)) return;
  text = std::string(alert::drill_word(language)) + ": " + text;
}

void mark(alert::Alert& alert) {
  for (auto& info : alert.infos) {
    mark(info.headline, info.language);
    mark(info.description, info.language);
  }
  // CAP §3.2.1: an exercise says in its note which one it is.
  if (alert.note.empty() && !alert.infos.empty()) alert.note = alert::drill_word(alert.infos.front().language);
}

/// Puts a hole in the place of what stands in the next element of that name. The names of these three stand at the head
/// of an alert alone, in this order, and "<" in a text is escaped.
bool cut(std::string_view& rest, std::string_view name, Hole hole, plan::Pieces& out) {
  const auto open = "<" + std::string(name) + ">";
  const auto at = rest.find(open);
  if (at == std::string_view::npos) return false;
  const auto begin = at + open.size();
  const auto end = rest.find('<', begin);
  if (end == std::string_view::npos) return false;
  out.emplace_back(std::string(rest.substr(0, begin)));
  out.emplace_back(std::move(hole));
  rest.remove_prefix(end);
  return true;
}

}  // namespace

base::Result<plan::Pieces> document(const plan::DocumentInput& input) {
  // CAP 1.2 §3.2.1: what is not for everybody has no place where everybody reads.
  if (input.alert.scope != alert::Scope::public_)
    return base::fail(base::ErrorKind::refused,
                      {"channels.cap_feed.scope", {{"scope", std::string(alert::name(input.alert.scope))}}});
  auto alert = input.alert;
  alert.identifier.clear();
  alert.sent.reset();
  switch (alert::rule_of(alert.status).mark) {
    case alert::Mark::required:
      mark(alert);
      break;
    case alert::Mark::forbidden:
      break;
  }
  const bool follows = alert.type == alert::MessageType::update || alert.type == alert::MessageType::cancel;
  const bool open_reference = follows && alert.references.empty();
  if (open_reference) alert.references.push_back({std::string(filler), std::string(filler), std::string(filler_time)});
  const cap::Stamp stamp{std::string(filler), input.sender, base::parse_cap_time(std::string(filler_time)).value()};
  const auto text = cap::write_cap(cap::outward(std::move(alert), input.zones, stamp));
  if (!text) return std::unexpected(text.error().front());
  plan::Pieces out;
  std::string_view rest = *text;
  bool whole = cut(rest, "identifier", {.kind = HoleKind::identifier, .pattern = {}}, out) &&
               cut(rest, "sent", {.kind = HoleKind::time_of_issue, .pattern = std::string(plan::document_time)}, out);
  if (open_reference) whole = whole && cut(rest, "references", {.kind = HoleKind::references, .pattern = {}}, out);
  out.emplace_back(std::string(rest));
  // Whoever judges the plan will look at it so; what does not pass there must not be signed first.
  const plan::DocumentHead wanted{input.alert.status, std::string(alert::name(input.alert.type))};
  if (!whole || plan::head_of_document(out) != wanted)
    return base::fail(base::ErrorKind::bad_input, {"channels.cap_feed.no_document", {}});
  return out;
}

}  // namespace broadcaster::channels::cap_feed
