#include "broadcaster/approval/sound.hpp"

#include <algorithm>
#include <span>

#include "broadcaster/alert/all_clear.hpp"
#include "broadcaster/alert/mark.hpp"
#include "broadcaster/base/unicode.hpp"
#include "broadcaster/plan/document.hpp"
#include "broadcaster/plan/hearing.hpp"
#include "broadcaster/plan/measure/measure.hpp"
#include "broadcaster/plan/measure/sms.hpp"

namespace broadcaster::approval {
namespace {

using base::Text;
using plan::Length;
using plan::Measure;
using plan::Message;
using plan::Pieces;
using plan::Plan;
using plan::PlannedEndpoint;
using plan::SirenProgram;

/// Some filling as long as the longest; a code that cannot be taken for a mark.
std::string as_read(const Pieces& pieces) { return plan::fill_longest(pieces); }

bool has_line(std::string_view destination, std::string_view line) {
  return ("\n" + std::string(destination)).find("\n" + std::string(line)) != std::string::npos;
}

bool is_blank(const std::string& text) { return text.find_first_not_of(" \n\t") == std::string::npos; }

/// Of the text as it goes out; nothing for a unit that no platform counts in.
std::optional<Length> counted_anew(const std::string& text, const Length& signed_length) {
  const auto segments = signed_length.segments;
  if (signed_length.unit == "gsm7" || signed_length.unit == "ucs2")
    return plan::measure(Measure::sms_segments, text, segments);
  if (signed_length.unit == "graphemes") return plan::measure(Measure::mastodon_characters, text, signed_length.limit);
  if (signed_length.unit == "bytes") return plan::measure(Measure::utf8_bytes, text, signed_length.limit);
  return std::nullopt;
}

/// In SMS more characters than signed may still be as many parts: what costs and what may be lost is the part.
bool fits(const Length& now, const Length& signed_length) {
  return now.unit == signed_length.unit && now.used <= signed_length.limit && now.segments <= signed_length.segments;
}

class Reader {
 public:
  explicit Reader(const Plan& plan) : plan_(plan), mark_(alert::rule_of(plan.alert.status).mark) {}

  std::vector<Text> run() {
    for (const auto& endpoint : plan_.endpoints) destination(endpoint);
    for (const auto& message : plan_.messages) {
      if (std::ranges::find(plan_.endpoints, message.endpoint, &PlannedEndpoint::name) == plan_.endpoints.end())
        fault("approval.message_endpoint", message);
      if (const auto* pieces = std::get_if<Pieces>(&message.body))
        text(message, *pieces);
      else
        siren(message, std::get<SirenProgram>(message.body));
    }
    return std::move(out_);
  }

 private:
  void fault(std::string id, const Message& message) {
    out_.push_back({std::move(id),
                    {{"endpoint", message.endpoint.value},
                     {"language", message.language.value.empty() ? "–" : message.language.value},
                     {"zone", message.zone.value.empty() ? "–" : message.zone.value}}});
  }

  /// What people compared, and what the owner of the accounts compares, are one thing.
  void destination(const PlannedEndpoint& endpoint) {
    if (!has_line(endpoint.destination, "mode=" + std::string(alert::name(plan_.mode)) + "\n"))
      out_.push_back({"approval.destination_mode", {{"endpoint", endpoint.name.value}}});
    if (base::hex(base::sha256(endpoint.destination)) != endpoint.fingerprint)
      out_.push_back({"approval.destination_fingerprint", {{"endpoint", endpoint.name.value}}});
  }

  bool goes_where_documents_go(const Message& message) const {
    const auto endpoint = std::ranges::find(plan_.endpoints, message.endpoint, &PlannedEndpoint::name);
    return endpoint != plan_.endpoints.end() &&
           has_line(endpoint->destination, "channel=" + std::string(plan::document_channel) + "\n");
  }

  /// A document's status is its mark (plan/document.hpp). It says the status and type of the alert that people approve,
  /// exactly; so a live document is in no drill, and a drill's in nothing live. Only where documents go is a text read
  /// as one: else a text could carry a status in the place of its mark.
  void document(const Message& message, const Pieces& pieces) {
    const plan::DocumentHead wanted{plan_.alert.status, std::string(alert::name(plan_.alert.type))};
    if (plan::head_of_document(pieces) != wanted) fault("approval.document_status", message);
  }

  void marked_as(const Message& message, const std::string& whole) {
    const bool marked = alert::begins_with_drill_mark(whole);
    switch (mark_) {
      case alert::Mark::required:
        if (!marked) fault("approval.mark_missing", message);
        break;
      case alert::Mark::forbidden:
        if (marked) fault("approval.mark_in_live", message);
        break;
    }
  }

  void text(const Message& message, const Pieces& pieces) {
    if (plan::has_slots(pieces)) return fault("approval.message_slots", message);
    const auto whole = as_read(pieces);
    if (is_blank(whole) || !base::valid_utf8(whole)) return fault("approval.message_empty", message);
    if (plan::is_document(message) != goes_where_documents_go(message))
      return fault("approval.document_place", message);
    if (plan::is_document(message))
      document(message, pieces);
    else
      marked_as(message, whole);
    const auto length = counted_anew(whole, message.length);
    if (!length || !fits(*length, message.length)) fault("approval.message_long", message);
  }

  void siren(const Message& message, const SirenProgram& program) {
    if (program.program.empty() || program.targets.empty()) return fault("approval.message_empty", message);
    if (mark_ == alert::Mark::forbidden && std::ranges::any_of(program.voice_texts, alert::begins_with_drill_mark))
      fault("approval.mark_in_live", message);
    if (program.duration.count() <= 0 || program.duration.count() > message.length.limit)
      fault("approval.message_long", message);
  }

  const Plan& plan_;
  alert::Mark mark_;
  std::vector<Text> out_;
};

/// The same lists; of a list it may speak to more zones.
bool same_lists(const Plan& plan, const Plan& calming) {
  return std::ranges::equal(plan.audiences, calming.audiences, [](const auto& a, const auto& b) {
    return a.name == b.name && a.digest == b.digest && a.skipped == b.skipped &&
           std::ranges::all_of(a.counts, [&](const plan::AudienceCount& count) {
             return std::ranges::find(b.counts, count) != b.counts.end();
           });
  });
}

/// All zones of the alert, in its order. Behind them may stand those that hear its sirens, and where none sounds none.
bool same_zones(const Plan& plan, const Plan& calming) {
  if (calming.zones.size() < plan.zones.size()) return false;
  if (calming.zones.size() > plan.zones.size() && plan::commanded_sirens(plan).empty()) return false;
  return std::ranges::equal(plan.zones, std::span(calming.zones).first(plan.zones.size()), {}, &plan::PlannedZone::id,
                            &plan::PlannedZone::id);
}

/// No siren speaks outside of the alert's zones: it has said nothing that must be taken back.
bool sirens_stay_inside(const Plan& plan, const Plan& calming) {
  return std::ranges::all_of(calming.messages, [&](const Message& message) {
    return !std::holds_alternative<SirenProgram>(message.body) ||
           std::ranges::find(plan.zones, message.zone, &plan::PlannedZone::id) != plan.zones.end();
  });
}

/// Whoever was woken is calmed, by the same ways: all of them, and who heard their sirens; nobody besides.
bool reaches_the_same(const Plan& plan, const Plan& calming) {
  return calming.endpoints == plan.endpoints && calming.routes == plan.routes && same_lists(plan, calming) &&
         same_zones(plan, calming) && sirens_stay_inside(plan, calming);
}

}  // namespace

std::vector<base::Text> faults(const plan::Plan& plan) {
  auto out = Reader(plan).run();
  for (auto& fault : alert::all_clear_faults(plan.alert)) out.push_back(std::move(fault.text));
  if (alert::is_all_clear(plan.alert))
    for (const auto& zone : plan.zones)
      if (std::ranges::find(plan.alert.zones, zone.id, &alert::ZoneOrder::zone) == plan.alert.zones.end())
        out.push_back({"alert.lint_all_clear_zone", {{"zone", zone.id.value}}});
  if (alert::is_all_clear(plan.alert) && plan.false_alarm) out.push_back({"approval.all_clear_prepared", {}});
  if (plan.false_alarm && alert::is_all_clear(plan.false_alarm->alert))
    out.push_back({"approval.all_clear_prepared", {}});
  if (plan.messages.empty()) out.push_back({"approval.nothing_to_say", {}});
  if (!plan.false_alarm) return out;
  if (!reaches_the_same(plan, *plan.false_alarm)) out.push_back({"approval.false_alarm_reach", {}});
  for (auto& fault : Reader(*plan.false_alarm).run()) out.push_back(std::move(fault));
  return out;
}

}  // namespace broadcaster::approval
