#include "broadcaster/dispatch/order.hpp"

#include <algorithm>

#include "broadcaster/alert/all_clear.hpp"
#include "broadcaster/approval/content.hpp"
#include "broadcaster/dispatch/policy.hpp"

namespace broadcaster::dispatch {

std::shared_ptr<const delivery::Content> Outgoing::find(const EndpointName& endpoint, const alert::Language& language,
                                                        const alert::ZoneId& zone) const {
  if (const auto exact = contents.find({endpoint, language, zone}); exact != contents.end()) return exact->second;
  if (const auto all = contents.find({endpoint, language, alert::ZoneId()}); all != contents.end()) return all->second;
  return nullptr;
}

base::Result<Outgoing> make_outgoing(AlertId id, const plan::Plan& plan, const plan::Filling& filling,
                                     const std::string& plan_digest) {
  auto messages = approval::fill_content(plan, filling);
  if (!messages) return std::unexpected(messages.error());
  Outgoing outgoing{.id = id,
                    .plan = std::make_shared<const plan::Plan>(plan),
                    .identifier = filling.identifier,
                    .code = filling.code,
                    .plan_digest = plan_digest,
                    .expires = plan.expires,
                    .contents = {}};
  for (auto& message : *messages) {
    auto content = std::make_shared<delivery::Content>();
    content->mode = plan.mode;
    content->alert_identifier = filling.identifier;
    content->alert_code = filling.code;
    content->hazard = plan.alert.hazard;
    content->issued = filling.time_of_issue;
    content->language = message.language;
    content->zone = message.zone;
    content->form = message.form;
    content->body = std::move(message.body);
    content->plan_digest = plan_digest;
    content->is_stop = plan.alert.type == alert::MessageType::cancel || alert::is_all_clear(plan.alert);
    content->references = filling.references;
    outgoing.contents.emplace(std::tuple{message.endpoint, message.language, message.zone}, std::move(content));
  }
  return outgoing;
}

MadeOrder make_order(AlertId id, const plan::Plan& plan, const OpenEndpoints& endpoints, AlertOrder::Rows rows,
                     std::optional<AlertId> follows) {
  MadeOrder made;
  auto& order = made.order;
  order.id = id;
  order.priority = plan.priority;
  order.expires = plan.expires;
  order.rows = rows;
  order.follows = follows;
  order.urgency = urgency_of(plan);

  for (std::size_t i = 0; i < plan.routes.size(); ++i) {
    RouteOrder route{.index = RouteIndex(static_cast<int>(i)), .name = plan.routes[i].name.value, .endpoints = {}};
    for (const auto& name : plan.routes[i].endpoints) {
      const auto planned = std::find_if(plan.endpoints.begin(), plan.endpoints.end(),
                                        [&](const plan::PlannedEndpoint& e) { return e.name == name; });
      if (planned == plan.endpoints.end()) continue;
      EndpointOrder endpoint{.name = name,
                             .rate_per_second = planned->rate_per_second,
                             .in_flight = planned->in_flight,
                             .intent = planned->intent,
                             .on_unknown = planned->on_unknown,
                             .reconcile_after = planned->reconcile_after,
                             .load = planned->audience.empty() ? EndpointOrder::Load::few : EndpointOrder::Load::bulk,
                             .use = EndpointOrder::Use::allowed,
                             .says = {}};
      for (const auto& message : plan.messages)
        if (message.endpoint == name) endpoint.says.emplace(message.language, message.zone);
      const auto open = endpoints.find(name);
      if (open == endpoints.end()) {
        endpoint.use = EndpointOrder::Use::held;
        made.held.push_back({name, {"dispatch.held_missing", {{"endpoint", name.value}}}});
      } else if (open->second.fingerprint != planned->fingerprint) {
        endpoint.use = EndpointOrder::Use::held;
        made.held.push_back(
            {name,
             {"dispatch.held_changed",
              {{"endpoint", name.value}, {"signed", planned->destination}, {"now", open->second.destination}}}});
      }
      route.endpoints.push_back(endpoint);
    }
    order.routes.push_back(std::move(route));
  }
  return made;
}

delivery::Attempt make_attempt(const Outgoing& outgoing, const Try& what,
                               std::shared_ptr<const delivery::Content> content) {
  const auto& route = outgoing.plan->routes.at(static_cast<std::size_t>(what.row.route.value));
  const auto earlier = std::ranges::find(what.row.earlier, what.endpoint, &delivery::Earlier::endpoint);
  return {
      .id = what.attempt,
      .endpoint = what.endpoint,
      .recipient = what.row.recipient,
      .key = delivery::idempotency_key(outgoing.identifier, route.name.value, what.row.recipient, outgoing.plan_digest),
      .content = std::move(content),
      .memo = what.row.memo,
      .expires = what.expires,
      .follows_ref = earlier == what.row.earlier.end() ? std::string() : earlier->ref};
}

}  // namespace broadcaster::dispatch
