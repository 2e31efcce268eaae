#include "broadcaster/plan/form_faults.hpp"

#include <algorithm>
#include <set>

#include "broadcaster/base/unicode.hpp"
#include "broadcaster/plan/fill_form.hpp"

namespace broadcaster::plan {
namespace {

using Zones = std::vector<alert::ZoneId>;

Zones zones_of(const Plan& plan) {
  Zones out;
  for (const auto& zone : plan.zones) out.push_back(zone.id);
  return out;
}

std::int64_t hours(std::chrono::seconds span) { return std::chrono::floor<std::chrono::hours>(span).count(); }

/// Some of them, in their order, each once.
bool is_part(const Zones& some, const Zones& all) {
  auto at = all.begin();
  for (const auto& zone : some) {
    at = std::find(at, all.end(), zone);
    if (at == all.end()) return false;
    ++at;
  }
  return !some.empty();
}

class Looker {
 public:
  explicit Looker(const Form& form) : form_(form), zones_(zones_of(form.plan)) {}

  std::vector<base::Text> run() {
    times();
    for (const auto& endpoint : form_.plan.endpoints)
      if (std::ranges::find(form_.endpoints, endpoint.name, &BoundEndpoint::name) == form_.endpoints.end())
        misfit("endpoints: " + endpoint.name.value);
    for (const auto& account : form_.accounts)
      if (!is_part(account.zones, zones_) || !is_account(account.endpoint))
        misfit("accounts: " + account.endpoint.value);
    speech("", form_.plan, form_.order);
    if (form_.plan.false_alarm) speech("false_alarm ", *form_.plan.false_alarm, form_.false_alarm);
    return std::move(out_);
  }

 private:
  void misfit(std::string where) { out_.push_back({"plan.form_misfit", {{"where", std::move(where)}}}); }

  void times() {
    if (form_.lasts < shortest_prepared_life || form_.lasts > longest_prepared_life)
      out_.push_back({"plan.form_lasts", {{"hours", hours(longest_prepared_life)}}});
    if (!form_.arrival) return;
    if (form_.arrival->earliest < earliest_prepared_arrival) out_.push_back({"plan.form_arrival_early", {}});
    if (form_.arrival->latest < form_.arrival->earliest) out_.push_back({"plan.form_arrival_order", {}});
    if (form_.arrival->latest >= form_.lasts) out_.push_back({"plan.form_arrival_life", {}});
  }

  /// Who serves a list is none; what a channel is only endpoints.yaml says (form_basis.hpp).
  bool is_account(const EndpointName& name) const {
    const auto endpoint = std::ranges::find(form_.plan.endpoints, name, &PlannedEndpoint::name);
    return endpoint != form_.plan.endpoints.end() && endpoint->audience.empty();
  }

  const Service* service(const EndpointName& name) const {
    const auto found = std::ranges::find(form_.accounts, name, &Service::endpoint);
    return found == form_.accounts.end() ? nullptr : &*found;
  }

  void speech(const std::string& whose, const Plan& plan, const std::vector<Naming>& namings) {
    for (const auto& message : plan.messages)
      if (service(message.endpoint) || std::ranges::find(zones_, message.zone) == zones_.end())
        misfit(whose + "messages: " + message.endpoint.value);
    for (const auto& naming : namings) {
      const auto where = whose + "[" + std::to_string(naming.zones) + "]: ";
      if (!std::ranges::equal(naming.infos, plan.alert.infos, {}, &InfoTexts::language, &alert::Info::language))
        misfit(where + "infos");
      for (const auto& message : naming.messages)
        if (!fits(message.endpoint, naming) || !message.zone.value.empty() ||
            !std::holds_alternative<Pieces>(message.body))
          misfit(where + message.endpoint.value);
      for (const auto& gap : naming.blocked)
        if (!fits(gap.endpoint, naming)) misfit(where + gap.endpoint.value);
    }
  }

  /// A text that no choice of zones sends is none that people should read.
  bool fits(const EndpointName& endpoint, const Naming& naming) const {
    const auto* served = service(endpoint);
    return served && naming.zones <= static_cast<int>(served->zones.size());
  }

  const Form& form_;
  const Zones zones_;
  std::vector<base::Text> out_;
};

/// So many of them, with the longest names by `size`, in their order.
template <class Size>
Zones longest(const Zones& zones, const ZoneList& list, std::size_t count, Size size) {
  std::vector<std::pair<std::size_t, std::size_t>> by_size;  // size and place
  for (std::size_t i = 0; i < zones.size(); ++i) {
    const auto found = std::ranges::find(list.zones, zones[i], &ListedZone::zone);
    by_size.emplace_back(found == list.zones.end() ? 0 : size(*found), i);
  }
  std::ranges::sort(by_size, std::greater());
  by_size.resize(count);
  std::ranges::sort(by_size, {}, &std::pair<std::size_t, std::size_t>::second);
  Zones out;
  for (const auto& [_, place] : by_size) out.push_back(zones[place]);
  return out;
}

/// By each measure of a platform, and by each kind of name.
std::set<Zones> longest_choices(const Form& form) {
  std::set<Zones> out;
  for (const auto& account : form.accounts)
    for (const auto& list : form.lists)
      for (std::size_t count = 1; count <= account.zones.size(); ++count) {
        const auto add = [&](auto size) { out.insert(longest(account.zones, list, count, size)); };
        add([](const ListedZone& zone) { return base::graphemes(zone.whole); });
        add([](const ListedZone& zone) { return zone.whole.size(); });
        add([](const ListedZone& zone) { return base::graphemes(zone.brief); });
        add([](const ListedZone& zone) { return zone.brief.size(); });
      }
  return out;
}

/// Without the texts of one zone: those are the same in every filling that has the zone.
Form of_accounts_alone(const Form& form) {
  auto out = form;
  out.plan.messages.clear();
  out.plan.blocked.clear();
  auto calming = *form.plan.false_alarm;
  calming.messages.clear();
  calming.blocked.clear();
  out.plan.false_alarm = std::make_shared<const Plan>(std::move(calming));
  return out;
}

}  // namespace

std::vector<base::Text> form_faults(const Form& form) { return Looker(form).run(); }

std::vector<Plan> longest_fillings(const Form& form) {
  std::vector<Plan> out{fill_form(form, sample_slots(form, zones_of(form.plan), form.plan.made_at))};
  const auto alone = of_accounts_alone(form);
  for (const auto& zones : longest_choices(form))
    if (auto plan = fill_form(alone, sample_slots(form, zones, form.plan.made_at)); !plan.messages.empty())
      out.push_back(std::move(plan));
  return out;
}

}  // namespace broadcaster::plan
