#include "broadcaster/plan/fill_form.hpp"

#include <algorithm>

#include "broadcaster/plan/form_hearing.hpp"
#include "broadcaster/plan/form_lists.hpp"

namespace broadcaster::plan {
namespace {

bool has(const std::vector<alert::ZoneId>& zones, const alert::ZoneId& zone) {
  return std::ranges::find(zones, zone) != zones.end();
}

std::int64_t minutes(base::milliseconds span) { return std::chrono::floor<std::chrono::minutes>(span).count(); }

class Filler {
 public:
  Filler(const Form& form, const Slots& slots)
      : form_(form), slots_(slots), held_(held_lists(form, slots.zones, slots.audiences)) {}

  Plan fill(const Plan& of, const std::vector<Naming>& namings, base::WallTime expires) const {
    auto out = of;
    out.made_at = slots_.at;
    out.expires = expires;
    out.audiences = slots_.audiences;
    zones(out);
    alert(namings, out);
    out.messages.clear();
    out.blocked.clear();
    std::erase_if(out.findings, [&](const Finding& finding) {
      return !finding.zone.value.empty() && !has(slots_.zones, finding.zone);
    });
    of_one_zone(of, out);
    of_accounts(namings, out);
    return out;
  }

 private:
  /// What is not fired of the form's zones can still be reached by the hazard: it is said so.
  void zones(Plan& out) const {
    std::erase_if(out.alert.zones, [&](const alert::ZoneOrder& order) { return !has(slots_.zones, order.zone); });
    std::vector<PlannedZone> fired, left;
    for (auto& zone : out.zones) {
      const bool is_fired = has(slots_.zones, zone.id);
      if (is_fired) zone.onset = slots_.arrival;
      (is_fired ? fired : left).push_back(std::move(zone));
    }
    out.zones = std::move(fired);
    out.not_alerted.insert(out.not_alerted.begin(), left.begin(), left.end());
  }

  SlotFilling filling(const alert::Language& language, const std::vector<alert::ZoneId>& zones) const {
    const auto list = std::ranges::find(form_.lists, language, &ZoneList::language);
    SlotFilling out{.arrival = slots_.arrival.value_or(slots_.at),
                    .until = slots_.at + form_.lasts,
                    .zones = {},
                    .zones_short = {}};
    if (list == form_.lists.end()) return out;
    out.zones = join(*list, zones, NameForm::whole);
    out.zones_short = join(*list, zones, NameForm::brief);
    return out;
  }

  void alert(const std::vector<Naming>& namings, Plan& out) const {
    const auto& naming = namings.at(slots_.zones.size() - 1);
    const bool is_order = out.alert.type == alert::MessageType::alert;
    for (auto& info : out.alert.infos) {
      if (is_order) info.onset = slots_.arrival;
      info.expires = out.expires;
      const auto texts = std::ranges::find(naming.infos, info.language, &InfoTexts::language);
      if (texts == naming.infos.end()) continue;
      const auto with = filling(info.language, slots_.zones);
      const auto text = [&](const Pieces& pieces) { return plan::fill(fill_slots(pieces, with), Filling()); };
      info.event = text(texts->event);
      info.headline = text(texts->headline);
      info.description = text(texts->description);
      info.instruction = text(texts->instruction);
    }
  }

  /// How many people of this zone and language get nothing.
  std::int64_t people(const std::string& audience, const alert::Language& language, const alert::ZoneId& zone) const {
    std::int64_t as_signed = 0, now = 0;
    for (const auto& [name, standing] : form_.people)
      if (name == audience && standing.language == language && has(standing.zones, zone)) as_signed += standing.people;
    for (const auto& one : slots_.audiences)
      for (const auto& count : one.counts)
        if (one.name == audience && count.language == language && count.zone == zone) now += count.recipients;
    return std::max(as_signed, now);
  }

  const std::string& audience_of(const EndpointName& endpoint) const {
    static const std::string none;
    const auto found = std::ranges::find(form_.plan.endpoints, endpoint, &PlannedEndpoint::name);
    return found == form_.plan.endpoints.end() ? none : found->audience;
  }

  /// Why nobody of this zone on this list is told anything; nothing where the list is what was signed.
  std::optional<base::Text> held(const std::string& audience, const alert::ZoneId& zone) const {
    for (const auto& one : held_)
      if (one.audience == audience && (one.zone.value.empty() || one.zone == zone)) return one.reason;
    return std::nullopt;
  }

  void of_one_zone(const Plan& of, Plan& out) const {
    for (const auto& message : of.messages) {
      if (!has(slots_.zones, message.zone)) continue;
      const auto& audience = audience_of(message.endpoint);
      if (auto why = held(audience, message.zone)) {
        // Where nobody is on the list nobody misses anything.
        if (const auto missed = people(audience, message.language, message.zone); missed > 0)
          out.blocked.push_back(
              {message.endpoint, message.language, message.zone, message.form, std::move(*why), missed});
        continue;
      }
      auto filled = message;
      if (const auto* pieces = std::get_if<Pieces>(&message.body))
        filled.body = fill_slots(*pieces, filling(message.language, {message.zone}));
      out.messages.push_back(std::move(filled));
    }
    for (const auto& gap : of.blocked) {
      if (!has(slots_.zones, gap.zone)) continue;
      const auto& audience = audience_of(gap.endpoint);
      const auto missed = people(audience, gap.language, gap.zone);
      if (!audience.empty() && missed == 0) continue;
      out.blocked.push_back(gap);
      out.blocked.back().recipients = missed;
    }
  }

  void of_accounts(const std::vector<Naming>& namings, Plan& out) const {
    for (const auto& account : form_.accounts) {
      std::vector<alert::ZoneId> served;
      for (const auto& zone : slots_.zones)
        if (has(account.zones, zone)) served.push_back(zone);
      if (served.empty()) continue;
      const auto& naming = namings.at(served.size() - 1);
      for (const auto& message : naming.messages) {
        if (message.endpoint != account.endpoint) continue;
        auto filled = message;
        if (const auto* pieces = std::get_if<Pieces>(&message.body))
          filled.body = fill_slots(*pieces, filling(message.language, served));
        out.messages.push_back(std::move(filled));
      }
      for (const auto& gap : naming.blocked)
        if (gap.endpoint == account.endpoint) out.blocked.push_back(gap);
    }
  }

  const Form& form_;
  const Slots& slots_;
  std::vector<Held> held_;
};

std::optional<base::Text> arrival_refusal(const Form& form, const Slots& slots) {
  if (!form.arrival) {
    if (slots.arrival) return base::Text{"plan.fire_no_arrival", {}};
    return std::nullopt;
  }
  if (!slots.arrival) return base::Text{"plan.fire_arrival_missing", {}};
  const auto ahead = *slots.arrival - slots.at;
  if (ahead < form.arrival->earliest || ahead > form.arrival->latest)
    return base::Text{"plan.fire_arrival_range",
                      {{"minutes", minutes(ahead)},
                       {"earliest", minutes(form.arrival->earliest)},
                       {"latest", minutes(form.arrival->latest)}}};
  return std::nullopt;
}

}  // namespace

std::vector<alert::ZoneId> in_order(const Form& form, std::vector<alert::ZoneId> zones) {
  const auto place = [&](const alert::ZoneId& zone) {
    return std::ranges::find(form.plan.zones, zone, &PlannedZone::id) - form.plan.zones.begin();
  };
  std::ranges::sort(zones, {}, place);
  return zones;
}

std::optional<base::Text> slot_refusal(const Form& form, const Slots& slots) {
  if (slots.at > form.last) return base::Text{"plan.form_over", {{"date", base::format_utc(form.last).substr(0, 10)}}};
  if (slots.at < form.plan.made_at) return base::Text{"plan.fire_before", {}};
  if (slots.zones.empty()) return base::Text{"plan.fire_no_zone", {}};
  for (const auto& zone : slots.zones)
    if (std::ranges::find(form.plan.zones, zone, &PlannedZone::id) == form.plan.zones.end())
      return base::Text{"plan.fire_zone", {{"zone", zone.value}}};
  auto ordered = in_order(form, slots.zones);
  if (ordered != slots.zones || std::ranges::adjacent_find(ordered) != ordered.end())
    return base::Text{"plan.fire_zone_order", {}};
  return arrival_refusal(form, slots);
}

Plan fill_form(const Form& form, const Slots& slots) {
  const Filler filler(form, slots);
  const auto& calming = *form.plan.false_alarm;
  const auto expires = slots.at + form.lasts;
  auto out = filler.fill(form.plan, form.order, expires);
  auto false_alarm = filler.fill(calming, form.false_alarm, expires + (calming.expires - form.plan.expires));
  // Whoever was woken is calmed, and by the same ways.
  false_alarm.zones = out.zones;
  false_alarm.not_alerted = out.not_alerted;
  for (auto& gap : untold_when_fired(form, out)) false_alarm.blocked.push_back(std::move(gap));
  out.false_alarm = std::make_shared<const Plan>(std::move(false_alarm));
  return out;
}

Slots sample_slots(const Form& form, std::vector<alert::ZoneId> zones, base::WallTime at) {
  Slots out{.at = at, .zones = std::move(zones), .arrival = {}, .audiences = form.plan.audiences};
  if (form.arrival) out.arrival = at + form.arrival->latest;
  return out;
}

}  // namespace broadcaster::plan
