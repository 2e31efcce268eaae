// Requests that only look: status, watch, deliveries, plan.
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>

#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/service/all_clear.hpp"
#include "broadcaster/service/release_answer.hpp"
#include "broadcaster/service/request_fields.hpp"
#include "broadcaster/service/requests.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {
namespace json = boost::json;
namespace {

constexpr base::milliseconds watch_every{200};

}  // namespace

template <alert::Mode M>
json::object Requests<M>::document(const std::vector<AlertView>& views) const {
  auto& driver = dispatcher_.driver();
  const auto at = tools_.clock.now().wall;
  json::array alarms;
  for (const auto& [key, alarm] : driver.alarms())
    alarms.push_back(
        json::object{{"key", key}, {"text", to_json(alarm.text)}, {"since", base::format_utc(alarm.since)}});
  json::array alerts;
  for (const auto& view : views) {
    std::map<plan::EndpointName, EndpointNow> now;
    for (const auto& endpoint : view.plan.endpoints) {
      auto& state = now[endpoint.name];
      const auto open = driver.endpoints().find(endpoint.name);
      if (open != driver.endpoints().end()) {
        state.reachability = open->second.channel->reachability();
        if (open->second.fingerprint != endpoint.fingerprint) state.held = EndpointNow::Held::yes;
      } else if (tools_.options.work == Work::send) {
        state.held = EndpointNow::Held::yes;
      }
    }
    alerts.push_back(alert_json(view, driver.progress(view.status.alert.id), now, at));
  }
  return {{"mode", alert::name(M)},
          {"at", base::format_utc(at)},
          {"owner", json::object{{"pid", ::getpid()}, {"sends", tools_.options.work == Work::send}}},
          {"audit", tools_.audit()},
          {"retention", tools_.retention()},
          {"feeds", tools_.feeds().summary()},
          {"pages", tools_.pages.json()},
          {"signed_set", tools_.signed_set ? tools_.signed_set->json() : json::value()},
          {"alarms", std::move(alarms)},
          {"alerts", std::move(alerts)}};
}

template <alert::Mode M>
void Requests<M>::status(const Object& request, Reply reply) {
  const auto name = string_of(request, "alert");
  if (!tools_.signed_set) return look_up(name, std::move(reply));
  // Whoever asks sees the files as they are now. What cannot be read is in the answer too.
  tools_.signed_set->look(
      [this, name, reply](const base::Result<std::shared_ptr<const SetGuard::Look>>&) { look_up(name, reply); });
}

template <alert::Mode M>
void Requests<M>::look_up(const std::string& name, Reply reply) {
  tools_.store.run(
      [name](journal::SqliteStore& store) -> base::Result<std::vector<AlertView>> {
        std::vector<delivery::AlertId> ids;
        if (name.empty()) {
          auto alerts = store.alerts();
          if (!alerts) return std::unexpected(alerts.error());
          ids = std::move(*alerts);
        } else {
          auto found = store.find_alert(name);
          if (!found) return std::unexpected(found.error());
          if (!*found) return unknown_alert(name);
          ids.push_back(**found);
        }
        std::vector<AlertView> views;
        for (const auto id : ids) {
          auto view = gather(store, id);
          // One that cannot be read hides no other.
          if (!view && (!name.empty() || view.error().kind == base::ErrorKind::unavailable))
            return std::unexpected(view.error());
          if (view) views.push_back(std::move(*view));
        }
        return views;
      },
      [this, reply](base::Result<std::vector<AlertView>> views) {
        reply(views ? good(document(*views)) : bad(views.error()));
      });
}

template <alert::Mode M>
void Requests<M>::watch(const Object& request, net::ConnectionId connection, Reply reply) {
  // From now on, so that a connection that closes before its alert is found ends it. A second one takes its place.
  const auto number = ++last_watch_;
  watches_[connection] = Watch{number, reply};
  const auto name = string_of(request, "alert");
  tools_.store.run([name](journal::SqliteStore& store) { return store.find_alert(name); },
                   [this, name, connection, number](base::Result<std::optional<delivery::AlertId>> found) {
                     const auto* watch = find_watch(connection, number);
                     if (!watch) return;
                     if (found && *found) return watch_again(connection, number, **found);
                     end_watch(connection, bad(found ? unknown_alert(name).error() : found.error()));
                   });
}

template <alert::Mode M>
const typename Requests<M>::Watch* Requests<M>::find_watch(net::ConnectionId connection, std::uint64_t number) const {
  const auto found = watches_.find(connection);
  return found == watches_.end() || found->second.number != number ? nullptr : &found->second;
}

template <alert::Mode M>
void Requests<M>::end_watch(net::ConnectionId connection, std::string last_line) {
  if (auto found = watches_.extract(connection)) found.mapped().reply(std::move(last_line));
}

template <alert::Mode M>
bool Requests<M>::reads_back() const {
  const auto& endpoints = dispatcher_.driver().endpoints();
  return std::any_of(endpoints.begin(), endpoints.end(),
                     [](const auto& endpoint) { return endpoint.second.channel->proving() > 0; });
}

template <alert::Mode M>
void Requests<M>::watch_again(net::ConnectionId connection, std::uint64_t number, delivery::AlertId id) {
  // Asked before the rows are read: what a read-back says is then in them.
  const bool reads_back = this->reads_back();
  tools_.store.run([plans = plans_, id](journal::SqliteStore& store) { return gather(store, id, *plans); },
                   [this, connection, number, id, reads_back](base::Result<AlertView> view) {
                     const auto* watch = find_watch(connection, number);
                     if (!watch) return;
                     if (!view) return end_watch(connection, bad(view.error()));
                     const auto progress = dispatcher_.driver().progress(id);
                     const bool settled = (!progress || progress->settled) && !reads_back;
                     auto answer = document({*view});
                     answer["settled"] = settled;
                     if (settled) return end_watch(connection, good(std::move(answer)));
                     watch->reply(good(std::move(answer)));
                     tools_.loop.after(watch_every, [this, connection, number, id] {
                       if (find_watch(connection, number)) watch_again(connection, number, id);
                     });
                   });
}

template <alert::Mode M>
void Requests<M>::deliveries(const Object& request, Reply reply) {
  const auto after = int_of(request, "after", 0);
  const auto limit = static_cast<int>(std::clamp<std::int64_t>(int_of(request, "limit", 1000), 1, 5000));
  with_alert(request, reply, [this, after, limit, reply](delivery::AlertId id) {
    tools_.store.run(
        [id, after, limit](journal::SqliteStore& store) {
          return store.deliveries(id, delivery::DeliveryId(after), limit);
        },
        [reply](base::Result<std::vector<journal::DeliveryLine>> lines) {
          if (!lines) return reply(bad(lines.error()));
          json::array out;
          for (const auto& line : *lines) {
            json::array evidence(line.evidence.begin(), line.evidence.end());
            out.push_back(json::object{{"id", line.id.value},
                                       {"route", line.route.value},
                                       {"endpoint", line.endpoint.value},
                                       {"recipient", line.recipient},
                                       {"language", line.language.value},
                                       {"zone", line.zone.value},
                                       {"state", delivery::name(line.state)},
                                       {"attempts", line.attempts},
                                       {"why", line.why},
                                       {"evidence", std::move(evidence)}});
          }
          reply(good({{"deliveries", std::move(out)}}));
        });
  });
}

/// The released plan as it was signed: a canceller signs its digest, and reads what people will get.
template <alert::Mode M>
void Requests<M>::plan(const Object& request, Reply reply) {
  with_alert(request, reply, [this, reply](delivery::AlertId id) {
    struct Seen {
      journal::StoredAlert alert;
      std::optional<journal::StoredAlert> taken_back;
    };
    tools_.store.run(
        [id](journal::SqliteStore& store) -> base::Result<Seen> {
          auto alert = store.alert(id);
          if (!alert) return std::unexpected(alert.error());
          auto by = release_of(store, alert->plan_digest, journal::SqliteStore::ReleaseOf::its_false_alarm);
          if (!by) return std::unexpected(by.error());
          return Seen{std::move(*alert), std::move(*by)};
        },
        [reply](base::Result<Seen> seen) {
          if (!seen) return reply(bad(seen.error()));
          const auto& release = seen->alert.release;
          reply(good({{"plan", release.canonical_plan},
                      {"identifier", release.filling.identifier},
                      {"code", release.filling.code},
                      {"released_at", base::format_utc(release.released_at)},
                      {"sent", base::format_cap_time(release.filling.time_of_issue)},
                      {"references", release.filling.references},
                      {"release", approval::to_json(release)},
                      {"false_alarm", release.false_alarm},
                      {"taken_back_by", seen->taken_back ? seen->taken_back->release.filling.code : ""}}));
        });
  });
}

/// Before somebody writes an all-clear: what it ends, and who needs an answer.
template <alert::Mode M>
void Requests<M>::to_end(const Object& request, Reply reply) {
  with_alert(request, reply, [this, reply](delivery::AlertId id) {
    tools_.store.run(
        [id, config = &tools_.options.config](journal::SqliteStore& store) {
          return service::to_end(store, id, *config);
        },
        [reply](base::Result<ToEnd> ending) { reply(ending ? good(service::to_json(*ending)) : bad(ending.error())); });
  });
}

template void Requests<alert::Mode::live>::status(const boost::json::object&, Reply);
template void Requests<alert::Mode::live>::look_up(const std::string&, Reply);
template void Requests<alert::Mode::live>::watch(const boost::json::object&, net::ConnectionId, Reply);
template void Requests<alert::Mode::live>::deliveries(const boost::json::object&, Reply);
template void Requests<alert::Mode::live>::plan(const boost::json::object&, Reply);
template void Requests<alert::Mode::live>::to_end(const boost::json::object&, Reply);

template void Requests<alert::Mode::drill>::status(const boost::json::object&, Reply);
template void Requests<alert::Mode::drill>::look_up(const std::string&, Reply);
template void Requests<alert::Mode::drill>::watch(const boost::json::object&, net::ConnectionId, Reply);
template void Requests<alert::Mode::drill>::deliveries(const boost::json::object&, Reply);
template void Requests<alert::Mode::drill>::plan(const boost::json::object&, Reply);
template void Requests<alert::Mode::drill>::to_end(const boost::json::object&, Reply);

}  // namespace broadcaster::service
