#include "broadcaster/journal/worklist.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "broadcaster/alert/all_clear.hpp"

namespace broadcaster::journal {
namespace {

const plan::PlannedEndpoint* find_endpoint(const plan::Plan& plan, const plan::EndpointName& name) {
  for (const auto& endpoint : plan.endpoints)
    if (endpoint.name == name) return &endpoint;
  return nullptr;
}

/// Digests of the audiences that the route's endpoints serve, each once, in the endpoints' order.
std::vector<std::string> audiences_of(const plan::Plan& plan, const plan::PlannedRoute& route) {
  std::vector<std::string> out;
  for (const auto& name : route.endpoints) {
    const auto* endpoint = find_endpoint(plan, name);
    if (!endpoint || endpoint->audience.empty()) continue;
    for (const auto& audience : plan.audiences)
      // Without a digest it could not be read, and the plan has no message for it.
      if (audience.name == endpoint->audience && !audience.digest.empty() &&
          std::ranges::find(out, audience.digest) == out.end())
        out.push_back(audience.digest);
  }
  return out;
}

std::vector<alert::ZoneId> zones_in_order(const plan::Plan& plan) {
  std::vector<std::tuple<base::WallTime, std::int64_t, alert::ZoneId>> order;
  for (const auto& zone : plan.zones)
    order.emplace_back(zone.onset.value_or(base::WallTime::max()), -zone.people, zone.id);
  std::ranges::sort(order);
  std::vector<alert::ZoneId> out;
  for (const auto& [onset, people, zone] : order) out.push_back(zone);
  return out;
}

class Maker {
 public:
  explicit Maker(const plan::Plan& plan) : plan_(plan), zones_(zones_in_order(plan)) {}

  std::vector<Unit> run() {
    for (std::size_t n = 0; n < plan_.routes.size(); ++n) sirens(n);
    for (std::size_t n = 0; n < plan_.routes.size(); ++n) accounts(n);
    for (const auto& zone : zones_) {
      if (plan_.alert.type == alert::MessageType::update && !alert::is_all_clear(plan_.alert)) {
        audiences(zone, Reached::by_none);
        audiences(zone, Reached::perhaps);
      }
      audiences(zone, Reached::by_one);
    }
    return std::move(out_);
  }

 private:
  static delivery::RouteIndex route(std::size_t n) { return delivery::RouteIndex(static_cast<int>(n)); }
  bool of_route(std::size_t n, const plan::Message& message) const {
    return std::ranges::find(plan_.routes[n].endpoints, message.endpoint) != plan_.routes[n].endpoints.end();
  }
  std::size_t rank(const alert::ZoneId& zone) const {
    return static_cast<std::size_t>(std::ranges::find(zones_, zone) - zones_.begin());
  }
  void add(std::size_t n, std::set<std::pair<std::size_t, std::string>> order,
           const std::map<std::string, Addressee>& addressees) {
    if (addressees.empty()) return;
    Unit unit{.route = route(n), .audience_digest = {}, .zone = {}, .addressees = {}, .at_most = Reached::by_one};
    for (const auto& [unused, recipient] : order) unit.addressees.push_back(addressees.at(recipient));
    out_.push_back(std::move(unit));
  }

  void audiences(const alert::ZoneId& zone, Reached at_most) {
    for (std::size_t n = 0; n < plan_.routes.size(); ++n)
      for (auto& digest : audiences_of(plan_, plan_.routes[n]))
        out_.push_back({.route = route(n),
                        .audience_digest = std::move(digest),
                        .zone = zone,
                        .addressees = {},
                        .at_most = at_most});
  }

  /// A siren that two zones name sounds once, for the nearer one.
  void sirens(std::size_t n) {
    std::map<std::string, Addressee> addressees;
    for (const auto& message : plan_.messages) {
      const auto* program = std::get_if<plan::SirenProgram>(&message.body);
      if (!program || !of_route(n, message)) continue;
      for (const auto& siren : program->targets) {
        const auto [known, is_new] = addressees.try_emplace(siren, siren, message.language, message.zone);
        if (!is_new && rank(message.zone) < rank(known->second.zone)) known->second.zone = message.zone;
      }
    }
    std::set<std::pair<std::size_t, std::string>> order;
    for (const auto& [siren, addressee] : addressees) order.emplace(rank(addressee.zone), siren);
    add(n, std::move(order), addressees);
  }

  /// One a language; an account that speaks to each zone apart has one a language and zone.
  void accounts(std::size_t n) {
    std::map<std::string, Addressee> addressees;
    std::set<std::pair<std::size_t, std::string>> order;
    for (const auto& message : plan_.messages) {
      if (!std::holds_alternative<plan::Pieces>(message.body) || !of_route(n, message)) continue;
      const auto* endpoint = find_endpoint(plan_, message.endpoint);
      if (!endpoint || !endpoint->audience.empty()) continue;
      auto recipient = message.language.value;
      if (!message.zone.value.empty()) recipient += "/" + message.zone.value;
      if (addressees.try_emplace(recipient, recipient, message.language, message.zone).second)
        order.emplace(rank(message.zone), recipient);
    }
    add(n, std::move(order), addressees);
  }

  const plan::Plan& plan_;
  std::vector<alert::ZoneId> zones_;
  std::vector<Unit> out_;
};

}  // namespace

std::vector<Unit> worklist(const plan::Plan& plan) { return Maker(plan).run(); }

bool has_message(const plan::Plan& plan, const plan::PlannedRoute& route, const alert::Language& language,
                 const alert::ZoneId& zone) {
  return std::ranges::any_of(route.endpoints, [&](const plan::EndpointName& endpoint) {
    return plan::find_message(plan, endpoint, language, zone) != nullptr;
  });
}

}  // namespace broadcaster::journal
