#include "broadcaster/cli/examine.hpp"

#include <algorithm>

#include "broadcaster/cli/planning.hpp"
#include "broadcaster/plan/make_plan.hpp"
#include "broadcaster/plan/reach.hpp"
#include "channels/table.hpp"

namespace broadcaster::cli {
namespace {

/// What a person may type into a template's own slot: as long as the name of a place.
constexpr auto longest_slot = "Lapangan Sepak Bola Timur";
constexpr std::chrono::minutes soon{20};
constexpr std::chrono::hours life{3};

enum class Arrival { known, unknown };

alert::Alert specimen(const service::Config& config, const plan::Templates& templates, const std::string& hazard,
                      alert::Status status, Arrival arrival, base::WallTime now) {
  alert::Alert out;
  out.status = status;
  out.hazard = hazard;
  out.level = "WASPADA";
  out.note = hazard;
  out.sender = config.agency.sender;
  for (const auto& zone : config.zones.all())
    if (std::ranges::find(zone.hazards, hazard) != zone.hazards.end()) out.zones.push_back({zone.id, std::nullopt});
  if (out.zones.empty())
    for (const auto& zone : config.zones.all()) out.zones.push_back({zone.id, std::nullopt});
  for (const auto& language : config.agency.languages) {
    const auto* words = templates.find(hazard, language);
    if (!words) continue;
    alert::Info info;
    info.language = language;
    info.categories = {alert::Category::safety};
    info.responses = {alert::ResponseType::evacuate};
    info.urgency = alert::Urgency::immediate;
    info.severity = alert::Severity::extreme;
    info.certainty = alert::Certainty::likely;
    if (arrival == Arrival::known) info.onset = now + soon;
    info.expires = now + life;
    out.infos.push_back(std::move(info));
    if (out.slots.empty())
      for (const auto& slot : words->slots) out.slots.push_back({slot.name, longest_slot});
  }
  return out;
}

/// One recipient in every language and zone, whoever the lists hold today.
std::map<std::string, plan::SnapshotInfo> everybody(const service::Config& config, const plan::Templates& templates,
                                                    const alert::Alert& alert,
                                                    const std::vector<plan::Endpoint>& endpoints) {
  std::map<std::string, plan::SnapshotInfo> out;
  for (const auto& endpoint : endpoints) {
    if (endpoint.audience.empty() || out.contains(endpoint.audience)) continue;
    auto& info = out[endpoint.audience];
    for (const auto& language : plan::languages_of(endpoint, config.agency, templates, alert.hazard))
      for (const auto* zone : plan::zones_of(endpoint, alert, config.zones)) {
        info.counts.push_back({language, zone->id, 1});
        ++info.recipients;
      }
  }
  return out;
}

class Examiner {
 public:
  Examiner(const service::Config& config, const plan::Templates& templates, base::WallTime now)
      : config_(config), templates_(templates), now_(now), traits_(channels::traits()) {}

  Examination run() {
    for (const auto& hazard : templates_.hazards())
      for (const auto status : {alert::Status::actual, alert::Status::exercise})
        for (const auto arrival : {Arrival::known, Arrival::unknown}) one(hazard, status, arrival);
    return std::move(out_);
  }

 private:
  void one(const std::string& hazard, alert::Status status, Arrival arrival) {
    const auto mode = alert::rule_of(status).mode;
    const auto endpoints = endpoints_of(config_, mode);
    const auto alert = specimen(config_, templates_, hazard, status, arrival, now_);
    const auto audiences = everybody(config_, templates_, alert, endpoints);
    const auto plan = plan::make_plan({.alert = alert,
                                       .agency = config_.agency,
                                       .zones = config_.zones,
                                       .sirens = config_.sirens,
                                       .endpoints = endpoints,
                                       .traits = traits_,
                                       .templates = templates_,
                                       .audiences = audiences,
                                       .author = {},
                                       .now = now_});
    if (!plan) {
      for (const auto& error : plan.error()) trouble(hazard, mode, error.key, error.text);
      return;
    }
    count(hazard, *plan);
    if (plan->false_alarm) count(hazard, *plan->false_alarm);
  }

  Examined& row(const std::string& hazard, alert::Mode mode, const plan::EndpointName& endpoint) {
    for (auto& row : out_.rows)
      if (row.hazard == hazard && row.mode == mode && row.endpoint == endpoint) return row;
    return out_.rows.emplace_back(Examined{hazard, mode, endpoint, 0, 0, {}});
  }

  void count(const std::string& hazard, const plan::Plan& plan) {
    for (const auto& message : plan.messages) {
      auto& found = row(hazard, plan.mode, message.endpoint);
      ++found.messages;
      ++out_.rendered;
      if (message.length.used > found.longest.used || message.length.segments > found.longest.segments)
        found.longest = message.length;
    }
    for (const auto& blocked : plan.blocked) {
      ++row(hazard, plan.mode, blocked.endpoint).blocked;
      auto where = blocked.endpoint.value;
      for (const auto& part : {blocked.language.value, blocked.zone.value})
        if (!part.empty()) where += " · " + part;
      trouble(hazard, plan.mode, where, blocked.reason);
    }
  }

  void trouble(const std::string& hazard, alert::Mode mode, std::string where, base::Text text) {
    Trouble one{hazard, mode, std::move(where), std::move(text)};
    if (std::ranges::find(out_.troubles, one) == out_.troubles.end()) out_.troubles.push_back(std::move(one));
  }

  const service::Config& config_;
  const plan::Templates& templates_;
  base::WallTime now_;
  std::vector<plan::ChannelTraits> traits_;
  Examination out_;
};

}  // namespace

Examination examine(const service::Config& config, const plan::Templates& templates, base::WallTime now) {
  return Examiner(config, templates, now).run();
}

}  // namespace broadcaster::cli
