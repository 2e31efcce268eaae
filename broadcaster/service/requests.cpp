#include "broadcaster/service/requests.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>

#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/log.hpp"
#include "broadcaster/journal/export.hpp"
#include "broadcaster/journal/verify.hpp"
#include "broadcaster/plan/snapshot.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {
namespace json = boost::json;
namespace {

constexpr base::milliseconds watch_every{200};

std::string string_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t int_of(const json::object& object, std::string_view key, std::int64_t otherwise) {
  const auto* value = object.if_contains(key);
  return value && value->is_int64() ? value->get_int64() : otherwise;
}

/// Who asks: the name that was signed with, else the kernel's word for the user.
std::string by_whom(const json::object& request, const net::Peer& peer) {
  auto by = string_of(request, "by");
  return by.empty() ? "uid:" + std::to_string(peer.user) : by;
}

std::string identifier_of(const std::string& code, base::WallTime now) {
  // "TP12-20261124T021500Z": unique for the sender, without the characters that CAP forbids.
  std::string stamp = base::format_utc(now).substr(0, 19);
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  return code + "-" + stamp + "Z";
}

std::unexpected<base::Error> unknown_alert(const std::string& name) {
  return base::fail(base::ErrorKind::bad_input, {"service.unknown_alert", {{"alert", name}}});
}

json::object verified_json(const journal::VerifyReport& report) {
  json::object object{{"entries", report.entries},
                      {"head", json::object{{"seq", report.head.seq}, {"hash", base::hex(report.head.hash)}}},
                      {"whole", !report.first_bad.has_value()}};
  if (report.first_bad) {
    object["first_bad"] = *report.first_bad;
    object["reason"] = to_json(report.reason);
  }
  return object;
}

}  // namespace

template <alert::Mode M>
Requests<M>::Requests(RequestTools tools, dispatch::Dispatcher<M>& dispatcher)
    : tools_(std::move(tools)), dispatcher_(dispatcher) {}

template <alert::Mode M>
void Requests<M>::handle(const std::string& line, const net::Peer& peer, net::ConnectionId connection, Reply reply) {
  json::error_code code;
  const auto value = json::parse(line, code);
  if (code || !value.is_object())
    return reply(bad(base::Error{base::ErrorKind::usage, {"service.no_request", {}}, {}, {}}));
  const auto& request = value.get_object();
  const auto op = string_of(request, "op");
  // A stop only writes: who cannot send can still halt, without an owner that would go on sending first.
  const bool sends = op == "submit" || op == "false_alarm";
  if (sends && tools_.options.work == Work::read)
    return reply(bad(base::Error{base::ErrorKind::unavailable, {"service.read_only", {}}, {}, {}}));
  if (op == "hello") return hello(reply);
  if (op == "submit") return submit(request, peer, std::move(reply));
  if (op == "false_alarm") return false_alarm(request, peer, std::move(reply));
  if (op == "halt") return halt(request, peer, std::move(reply));
  if (op == "status") return status(request, std::move(reply));
  if (op == "watch") return watch(request, connection, std::move(reply));
  if (op == "deliveries") return deliveries(request, std::move(reply));
  if (op == "plan") return plan(request, std::move(reply));
  if (op == "verify") return verify(std::move(reply));
  if (op == "export") return export_record(request, std::move(reply));
  if (op == "note") return note(request, std::move(reply));
  if (op == "quit") {
    reply(good());
    return tools_.quit();
  }
  reply(bad(base::Error{base::ErrorKind::usage, {"service.unknown_operation", {{"operation", op}}}, {}, {}}));
}

template <alert::Mode M>
void Requests<M>::hello(const Reply& reply) {
  // Every way out that keeps a link of its own has it: a drill waits for that before its clock starts.
  const auto& endpoints = dispatcher_.driver().endpoints();
  const bool ready = std::none_of(endpoints.begin(), endpoints.end(), [](const auto& endpoint) {
    return endpoint.second.channel->reachability() == channels::Reachability::down;
  });
  reply(good({{"v", wire_version},
              {"mode", alert::name(M)},
              {"pid", ::getpid()},
              {"sends", tools_.options.work == Work::send},
              {"ready", ready},
              {"folder", tools_.options.state.folder.string()}}));
}

// ── release ─────────────────────────────────────────────────────────────────────────────────────────────────────────

template <alert::Mode M>
void Requests<M>::submit(const Object& request, const net::Peer& peer, Reply reply) {
  auto plan = approval::parse_plan_file(string_of(request, "plan"), string_of(request, "file"));
  if (!plan) return reply(bad(plan.error()));
  const auto by = by_whom(request, peer);
  if (plan->plan.mode != M) {
    base::Error error{base::ErrorKind::refused,
                      {"service.other_mode",
                       {{"plan", std::string(alert::name(plan->plan.mode))}, {"owner", std::string(alert::name(M))}}},
                      {},
                      {}};
    record_refusal("release", error, by);
    return reply(bad(error));
  }
  // A plan that was released is joined, whatever the time; only a new one is judged.
  const auto digest = base::hex(approval::digest(*plan));
  tools_.store.run([](journal::SqliteStore& store) { return store.alerts(); },
                   [this, plan = std::move(*plan), digest, by,
                    reply](base::Result<std::vector<journal::StoredAlert>> alerts) mutable {
                     if (!alerts) return reply(bad(alerts.error()));
                     for (const auto& alert : *alerts)
                       if (alert.plan_digest == digest && !alert.release.false_alarm)
                         return reply(good({{"alert", alert.identifier},
                                            {"id", alert.id.value},
                                            {"code", alert.release.filling.code},
                                            {"how", "joined"}}));
                     // Its audiences must be here, and be what was signed. A list of a million takes a quarter of a
                     // second.
                     auto result = std::make_shared<base::Result<void>>();
                     const auto snapshots = tools_.options.state.snapshots();
                     const auto audiences = plan.plan.audiences;
                     const bool queued = tools_.workers.run(
                         [result, snapshots, audiences] {
                           for (const auto& audience : audiences) {
                             auto reader = plan::SnapshotReader::open(snapshots, audience.digest);
                             if (!reader) *result = std::unexpected(reader.error());
                           }
                         },
                         [this, result, plan = std::move(plan), by, reply]() mutable {
                           if (!*result) {
                             record_refusal("release", result->error(), by);
                             return reply(bad(result->error()));
                           }
                           release(std::move(plan), by, std::move(reply));
                         });
                     if (!queued) reply(bad(base::Error{base::ErrorKind::unavailable, {"service.busy", {}}, {}, {}}));
                   });
}

template <alert::Mode M>
void Requests<M>::release(approval::SignedPlan plan, std::string by, Reply reply) {
  // Today's people: somebody may have been removed since this owner started.
  auto people = approval::read_people(tools_.options.config.folder / "people.yaml");
  if (!people) return reply(bad(people.error().front()));
  if (auto judgement = approval::judge(plan, *people, tools_.clock.now().wall); !judgement.may_be_released()) {
    base::Error error{base::ErrorKind::refused, judgement.refusals.front(), {}, {}};
    record_refusal("release", error, by);
    return reply(bad(error));
  }
  tools_.store.run(
      [](journal::SqliteStore& store) { return store.reserve_code(); },
      [this, plan = std::move(plan), people = std::move(*people), by,
       reply](base::Result<std::int64_t> number) mutable {
        if (!number) return reply(bad(number.error()));
        const auto now = tools_.clock.now().wall;
        approval::ReleaseRequest request;
        request.filling.code = plan.plan.code_prefix + std::to_string(*number);
        request.filling.identifier = identifier_of(request.filling.code, now);
        request.filling.time_of_issue = now;
        request.now = now;
        request.released_by = by;
        auto made = approval::release(plan, people, request);
        if (!made) {
          record_refusal("release", made.error(), by);
          return reply(bad(made.error()));
        }
        // parse and judge have compared the modes; the type says it once more.
        const auto* release = std::get_if<approval::Release<M>>(&*made);
        if (!release)
          return reply(bad(base::Error{
              base::ErrorKind::refused,
              {"service.other_mode",
               {{"plan", std::string(alert::name(plan.plan.mode))}, {"owner", std::string(alert::name(M))}}},
              {},
              {}}));
        dispatcher_.submit(*release, [reply, filling = request.filling](base::Result<dispatch::Submitted> submitted) {
          if (!submitted) return reply(bad(submitted.error()));
          reply(good({{"alert", filling.identifier},
                      {"id", submitted->alert.value},
                      {"code", filling.code},
                      {"how", submitted->how == journal::Inserted::How::joined ? "joined" : "released"}}));
        });
      });
}

template <alert::Mode M>
void Requests<M>::false_alarm(const Object& request, const net::Peer& peer, Reply reply) {
  base::Errors errors;
  std::vector<approval::Signature> signatures;
  if (const auto* list = request.if_contains("signatures"); list && list->is_array())
    for (const auto& value : list->get_array())
      signatures.push_back(approval::signature_from_json(value, "signatures", "request", errors));
  if (!errors.empty()) return reply(bad(errors.front()));
  const auto by = by_whom(request, peer);
  with_alert(request, reply, [this, signatures, by, reply](delivery::AlertId id) {
    struct Gathered {
      std::vector<AlertView> views;
      std::int64_t code = 0;
    };
    tools_.store.run(
        [](journal::SqliteStore& store) -> base::Result<Gathered> {
          Gathered gathered;
          auto alerts = store.alerts();
          if (!alerts) return std::unexpected(alerts.error());
          for (const auto& alert : *alerts) {
            auto view = gather(store, alert.id);
            if (!view) return std::unexpected(view.error());
            gathered.views.push_back(std::move(*view));
          }
          auto code = store.reserve_code();
          if (!code) return std::unexpected(code.error());
          gathered.code = *code;
          return gathered;
        },
        [this, id, signatures, by, reply](base::Result<Gathered> gathered) {
          if (!gathered) return reply(bad(gathered.error()));
          const auto found = std::find_if(gathered->views.begin(), gathered->views.end(),
                                          [&](const AlertView& v) { return v.status.alert.id == id; });
          if (found == gathered->views.end()) return;
          const auto& original = found->status.alert;
          auto people = approval::read_people(tools_.options.config.folder / "people.yaml");
          if (!people) return reply(bad(people.error().front()));
          const auto now = tools_.clock.now().wall;
          const auto code = found->plan.code_prefix + std::to_string(gathered->code);
          approval::FalseAlarmRequest wanted;
          wanted.cancellers = signatures;
          wanted.filling = approval::false_alarm_filling(original.release, found->plan.alert.sender,
                                                         identifier_of(code, now), code, now);
          wanted.now = now;
          wanted.sources_in_force = sources_in_force(gathered->views, *found);
          auto made = approval::release_false_alarm(original.release, *people, wanted);
          const auto* release = made ? std::get_if<approval::Release<M>>(&*made) : nullptr;
          if (!release) {
            const auto error =
                made ? base::Error{base::ErrorKind::refused, {"service.no_false_alarm", {}}, {}, {}} : made.error();
            record_refusal("false_alarm", error, by);
            return reply(bad(error));
          }
          dispatcher_.submit_follow_up(
              *release, id, "false alarm " + code,
              [reply, filling = wanted.filling](base::Result<dispatch::Submitted> submitted) {
                if (!submitted) return reply(bad(submitted.error()));
                reply(good({{"alert", filling.identifier},
                            {"id", submitted->alert.value},
                            {"code", filling.code},
                            {"how", submitted->how == journal::Inserted::How::joined ? "joined" : "released"}}));
              });
        });
  });
}

/// Another alert that is still running and touches one of the zones says that the hazard is in force.
template <alert::Mode M>
std::vector<std::string> Requests<M>::sources_in_force(const std::vector<AlertView>& views,
                                                       const AlertView& original) const {
  std::vector<std::string> sources;
  const auto now = tools_.clock.now().wall;
  for (const auto& view : views) {
    const auto& alert = view.status.alert;
    if (alert.id == original.status.alert.id || alert.stopped_at || alert.expires <= now ||
        view.plan.alert.type == alert::MessageType::cancel)
      continue;
    const bool touches = std::ranges::any_of(view.plan.zones, [&](const plan::PlannedZone& zone) {
      return std::ranges::any_of(original.plan.zones, [&](const plan::PlannedZone& z) { return z.id == zone.id; });
    });
    if (touches) sources.push_back(alert.release.filling.code);
  }
  return sources;
}

template <alert::Mode M>
void Requests<M>::halt(const Object& request, const net::Peer& peer, Reply reply) {
  const auto reason = string_of(request, "reason");
  const auto why = "halted by " + by_whom(request, peer) + (reason.empty() ? "" : ": " + reason);
  with_alert(request, reply, [this, why, reply](delivery::AlertId id) {
    dispatcher_.driver().stop(id, why,
                              [reply](base::Result<void> result) { reply(result ? good() : bad(result.error())); });
  });
}

// ── looking ─────────────────────────────────────────────────────────────────────────────────────────────────────────

template <alert::Mode M>
void Requests<M>::with_alert(const Object& request, Reply reply, std::function<void(delivery::AlertId)> then) {
  const auto name = string_of(request, "alert");
  tools_.store.run([name](journal::SqliteStore& store) { return store.find_alert(name); },
                   [name, reply, then = std::move(then)](base::Result<std::optional<delivery::AlertId>> found) {
                     if (!found) return reply(bad(found.error()));
                     if (!*found) return reply(bad(unknown_alert(name).error()));
                     then(**found);
                   });
}

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
          {"alarms", std::move(alarms)},
          {"alerts", std::move(alerts)}};
}

template <alert::Mode M>
void Requests<M>::status(const Object& request, Reply reply) {
  const auto name = string_of(request, "alert");
  tools_.store.run(
      [name](journal::SqliteStore& store) -> base::Result<std::vector<AlertView>> {
        std::vector<delivery::AlertId> ids;
        if (name.empty()) {
          auto alerts = store.alerts();
          if (!alerts) return std::unexpected(alerts.error());
          for (const auto& alert : *alerts) ids.push_back(alert.id);
        } else {
          auto found = store.find_alert(name);
          if (!found) return std::unexpected(found.error());
          if (!*found) return unknown_alert(name);
          ids.push_back(**found);
        }
        std::vector<AlertView> views;
        for (const auto id : ids) {
          auto view = gather(store, id);
          if (!view) return std::unexpected(view.error());
          views.push_back(std::move(*view));
        }
        return views;
      },
      [this, reply](base::Result<std::vector<AlertView>> views) {
        reply(views ? good(document(*views)) : bad(views.error()));
      });
}

template <alert::Mode M>
void Requests<M>::watch(const Object& request, net::ConnectionId connection, Reply reply) {
  with_alert(request, reply, [this, connection, reply](delivery::AlertId id) {
    watches_[connection] = reply;
    watch_again(connection, id);
  });
}

template <alert::Mode M>
void Requests<M>::watch_again(net::ConnectionId connection, delivery::AlertId id) {
  tools_.store.run([id](journal::SqliteStore& store) { return gather(store, id); },
                   [this, connection, id](base::Result<AlertView> view) {
                     const auto watcher = watches_.find(connection);
                     if (watcher == watches_.end()) return;
                     if (!view) {
                       watcher->second(bad(view.error()));
                       watches_.erase(watcher);
                       return;
                     }
                     const auto progress = dispatcher_.driver().progress(id);
                     const bool settled = !progress || progress->settled;
                     auto answer = document({*view});
                     answer["settled"] = settled;
                     watcher->second(good(std::move(answer)));
                     if (settled) {
                       watches_.erase(watcher);
                       return;
                     }
                     tools_.loop.after(watch_every, [this, connection, id] { watch_again(connection, id); });
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
    tools_.store.run([id](journal::SqliteStore& store) { return store.status(id); },
                     [reply](base::Result<journal::AlertStatus> status) {
                       if (!status) return reply(bad(status.error()));
                       const auto& release = status->alert.release;
                       reply(good({{"plan", release.canonical_plan},
                                   {"identifier", release.filling.identifier},
                                   {"code", release.filling.code},
                                   {"released_at", base::format_utc(release.released_at)},
                                   {"release", approval::to_json(release)},
                                   {"false_alarm", release.false_alarm}}));
                     });
  });
}

// ── the record ──────────────────────────────────────────────────────────────────────────────────────────────────────

template <alert::Mode M>
void Requests<M>::verify(Reply reply) {
  tools_.store.run([](journal::SqliteStore& store) { return journal::verify(store); },
                   [reply](base::Result<journal::VerifyReport> report) {
                     if (!report) return reply(bad(report.error()));
                     reply(good(verified_json(*report)));
                   });
}

template <alert::Mode M>
void Requests<M>::export_record(const Object& request, Reply reply) {
  const auto folder = string_of(request, "folder");
  const auto language = string_of(request, "language");
  with_alert(request, reply, [this, folder, language, reply](delivery::AlertId id) {
    tools_.store.run([id, folder, language](
                         journal::SqliteStore& store) { return journal::export_record(store, id, folder, language); },
                     [reply, folder](base::Result<void> result) {
                       reply(result ? good({{"folder", folder}}) : bad(result.error()));
                     });
  });
}

template <alert::Mode M>
void Requests<M>::note(const Object& request, Reply reply) {
  const auto* entry = request.if_contains("entry");
  tools_.store.run(
      [kind = string_of(request, "kind"),
       canonical = base::canonical_json(entry ? *entry : json::value(json::object())),
       now = tools_.clock.now().wall](journal::SqliteStore& store) { return store.note(kind, canonical, now); },
      [reply](base::Result<void> result) { reply(result ? good() : bad(result.error())); });
}

/// What was refused stands on the record too. That it could not be written is in the log: the refusal stands anyway.
template <alert::Mode M>
void Requests<M>::record_refusal(const std::string& what, const base::Error& error, const std::string& by) {
  const auto canonical = base::canonical_json(json::object{{"what", what}, {"why", to_json(error.text)}, {"by", by}});
  tools_.store.run([canonical, now = tools_.clock.now().wall](
                       journal::SqliteStore& store) { return store.note("refused", canonical, now); },
                   [](base::Result<void> result) {
                     if (!result) base::log::error("a refusal could not be recorded: " + result.error().text.id);
                   });
}

template class Requests<alert::Mode::live>;
template class Requests<alert::Mode::drill>;

}  // namespace broadcaster::service
