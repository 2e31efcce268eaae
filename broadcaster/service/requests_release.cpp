// Requests that send, and the one that stops: submit, false_alarm, halt.
#include <algorithm>
#include <boost/json.hpp>

#include "broadcaster/alert/all_clear.hpp"
#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/approval/follow_up.hpp"
#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/plan/snapshot.hpp"
#include "broadcaster/service/all_clear.hpp"
#include "broadcaster/service/request_fields.hpp"
#include "broadcaster/service/requests.hpp"
#include "broadcaster/service/stop_reason.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {

std::string identifier_of(const std::string& code, base::WallTime now) {
  std::string stamp = base::format_utc(now).substr(0, 19);
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  return code + "-" + stamp + "Z";
}

boost::json::object stored_answer(const journal::StoredAlert& alert, journal::Inserted::How how) {
  return {{"alert", alert.identifier},
          {"id", alert.id.value},
          {"code", alert.release.filling.code},
          {"how", how == journal::Inserted::How::joined ? "joined" : "released"}};
}

namespace {

using MaybeAlert = base::Result<std::optional<journal::StoredAlert>>;

/// The alert, or its false alarm, that was released from this plan.
MaybeAlert release_of(journal::SqliteStore& store, const std::string& digest, journal::SqliteStore::ReleaseOf what) {
  const auto known = store.find_release(digest, what);
  if (!known) return std::unexpected(known.error());
  if (!*known) return std::nullopt;
  auto alert = store.alert(**known);
  if (!alert) return std::unexpected(alert.error());
  return std::move(*alert);
}

/// What a false alarm is judged by: the alert itself, and every other one that is in force.
struct Gathered {
  AlertView original;
  std::optional<journal::StoredAlert> taken_back;  ///< its false alarm, where there is one already
  std::vector<AlertView> in_force;
};

base::Result<Gathered> gather_for_false_alarm(journal::SqliteStore& store, delivery::AlertId id, base::WallTime now) {
  auto original = gather(store, id);
  if (!original) return std::unexpected(original.error());
  Gathered gathered{.original = std::move(*original), .taken_back = {}, .in_force = {}};
  auto known =
      release_of(store, gathered.original.status.alert.plan_digest, journal::SqliteStore::ReleaseOf::its_false_alarm);
  if (!known) return std::unexpected(known.error());
  gathered.taken_back = std::move(*known);
  if (gathered.taken_back) return gathered;
  const auto& code_of_it = gathered.original.status.alert.release.filling.code;
  const auto reason = parse_stop_reason(gathered.original.status.alert.stop_reason);
  if (const auto* update = std::get_if<Superseded>(&reason))
    return base::fail(base::ErrorKind::refused,
                      {"service.cancel_the_update", {{"alert", code_of_it}, {"update", update->code}}});
  if (const auto* over = std::get_if<Ended>(&reason))
    return base::fail(base::ErrorKind::refused,
                      {"service.cancel_of_ended", {{"alert", code_of_it}, {"by", over->code}}});
  const auto others = store.alerts_in_force(now);
  if (!others) return std::unexpected(others.error());
  for (const auto other : *others)
    if (auto view = other == id ? base::Result<AlertView>(gathered.original) : gather(store, other); view)
      gathered.in_force.push_back(std::move(*view));
    else if (view.error().kind == base::ErrorKind::unavailable)
      return std::unexpected(view.error());
  return gathered;
}

/// CAP §3.2.1: "sender,identifier,sent", with a space between several.
std::string references_text(const alert::Alert& alert) {
  std::string out;
  for (const auto& r : alert.references) out += (out.empty() ? "" : " ") + r.sender + "," + r.identifier + "," + r.sent;
  return out;
}

std::unexpected<base::Error> refuse(base::Text why) { return base::fail(base::ErrorKind::refused, std::move(why)); }

/// What a release begins with: its number, and which alert it takes the place of.
struct Begun {
  std::int64_t number = 0;
  std::optional<delivery::AlertId> replaces;
};

base::Result<std::optional<delivery::AlertId>> replaced_by(journal::SqliteStore& store, const plan::Plan& plan,
                                                           const Config& config) {
  if (plan.alert.type != alert::MessageType::update) return std::nullopt;
  const auto& references = plan.alert.references;
  const auto name = references.empty() ? std::string() : references.front().identifier;
  const auto id = store.find_alert(name);
  if (!id) return std::unexpected(id.error());
  if (!*id) return unknown_alert(name);
  if (alert::is_all_clear(plan.alert)) {
    const auto ended = ended_by(store, **id, plan, config);
    if (!ended) return std::unexpected(ended.error());
    return *ended;
  }
  const auto original = gather(store, **id);
  if (!original) return std::unexpected(original.error());
  const auto& stored = original->status.alert;
  const auto reason = parse_stop_reason(stored.stop_reason);
  if (const auto* other = std::get_if<Superseded>(&reason))
    return refuse({"service.replaced_already", {{"alert", stored.release.filling.code}, {"by", other->code}}});
  if (const auto* over = std::get_if<Ended>(&reason))
    return refuse({"service.update_of_ended", {{"alert", stored.release.filling.code}, {"by", over->code}}});
  if (auto refusal = approval::update_refusal(plan, {original->plan, stored.release.filling}))
    return refuse(std::move(*refusal));
  return *id;
}

base::Result<Begun> begin_release(journal::SqliteStore& store, const plan::Plan& plan, const Config& config) {
  const auto replaces = replaced_by(store, plan, config);
  if (!replaces) return std::unexpected(replaces.error());
  const auto number = store.reserve_code();
  if (!number) return std::unexpected(number.error());
  return Begun{*number, *replaces};
}

}  // namespace

template <alert::Mode M>
void Requests<M>::answer_submitted(const dispatch::Submitted& submitted, Reply reply) {
  tools_.store.run([id = submitted.alert](journal::SqliteStore& store) { return store.alert(id); },
                   [reply, how = submitted.how](base::Result<journal::StoredAlert> alert) {
                     if (!alert) return reply(bad(alert.error()));
                     reply(good(stored_answer(*alert, how)));
                   });
}

template <alert::Mode M>
void Requests<M>::submit(const Object& request, const net::Peer& peer, Reply reply) {
  auto plan = approval::parse_plan_file(string_of(request, "plan"), string_of(request, "file"));
  if (!plan) return reply(bad(plan.error()));
  base::Errors errors;
  std::optional<approval::Glass> glass;
  if (const auto* given = request.if_contains("glass"))
    glass = approval::glass_from_json(*given, "glass", "request", errors);
  if (!errors.empty()) return reply(bad(errors.front()));
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
  tools_.store.run(
      [digest](journal::SqliteStore& store) {
        return release_of(store, digest, journal::SqliteStore::ReleaseOf::the_plan);
      },
      [this, plan = std::move(*plan), glass = std::move(glass), by, reply](MaybeAlert alert) mutable {
        if (!alert) return reply(bad(alert.error()));
        if (*alert) return reply(good(stored_answer(**alert, journal::Inserted::How::joined)));
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
            [this, result, plan = std::move(plan), glass = std::move(glass), by, reply]() mutable {
              if (!*result) {
                record_refusal("release", result->error(), by);
                return reply(bad(result->error()));
              }
              release(std::move(plan), std::move(glass), by, std::move(reply));
            });
        if (!queued) reply(bad(base::Error{base::ErrorKind::unavailable, {"service.busy", {}}, {}, {}}));
      });
}

template <alert::Mode M>
void Requests<M>::release(approval::SignedPlan plan, std::optional<approval::Glass> glass, std::string by,
                          Reply reply) {
  // Today's people: somebody may have been removed since this owner started.
  auto people = approval::read_people(tools_.options.config.folder / "people.yaml");
  if (!people) return reply(bad(people.error().front()));
  // The policy says who may release alone, and nothing about a quorum: a mistake in it holds up no other release.
  const auto the_case = glass ? glass_case(plan) : approval::GlassCase();
  if (!the_case) return reply(bad(the_case.error()));
  const auto judged_at = tools_.clock.now().wall;
  const auto refusals = glass ? approval::glass_refusals(plan, *people, *the_case, judged_at)
                              : approval::judge(plan, *people, judged_at).refusals;
  if (!refusals.empty()) {
    base::Error error{base::ErrorKind::refused, refusals.front(), {}, {}};
    record_refusal("release", error, by);
    return reply(bad(error));
  }
  const auto of = std::make_shared<const plan::Plan>(plan.plan);
  tools_.store.run(
      [of, config = &tools_.options.config](journal::SqliteStore& store) { return begin_release(store, *of, *config); },
      [this, plan = std::move(plan), glass = std::move(glass), the_case = *the_case, people = std::move(*people), by,
       reply](base::Result<Begun> begun) mutable {
        if (!begun) {
          if (begun.error().kind != base::ErrorKind::unavailable) record_refusal("release", begun.error(), by);
          return reply(bad(begun.error()));
        }
        const auto now = tools_.clock.now().wall;
        approval::ReleaseRequest request;
        request.filling.code = plan.plan.code_prefix + std::to_string(begun->number);
        request.filling.identifier = identifier_of(request.filling.code, now);
        request.filling.time_of_issue = now;
        request.filling.references = references_text(plan.plan.alert);
        request.now = now;
        request.released_by = by;
        auto made = glass ? approval::release_alone(plan, people, the_case, *glass, request)
                          : approval::release(plan, people, request);
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
        auto done = [this, reply, page = approval_page_key(plan)](base::Result<dispatch::Submitted> submitted) {
          if (!submitted) return reply(bad(submitted.error()));
          tools_.pages.end(page);
          answer_submitted(*submitted, reply);
        };
        if (!begun->replaces) return dispatcher_.submit(*release, std::move(done));
        const auto why = alert::is_all_clear(plan.plan.alert) ? record_text(Ended{request.filling.code})
                                                              : record_text(Superseded{request.filling.code});
        dispatcher_.submit_follow_up(*release, *begun->replaces, why, std::move(done));
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
    tools_.store.run([id, now = tools_.clock.now().wall](
                         journal::SqliteStore& store) { return gather_for_false_alarm(store, id, now); },
                     [this, id, signatures, by, reply](base::Result<Gathered> gathered) {
                       if (!gathered) return reply(bad(gathered.error()));
                       // Taken back already: the same answer again, whoever asks.
                       if (gathered->taken_back)
                         return reply(good(stored_answer(*gathered->taken_back, journal::Inserted::How::joined)));
                       auto people = approval::read_people(tools_.options.config.folder / "people.yaml");
                       if (!people) return reply(bad(people.error().front()));
                       auto asked = std::make_shared<AskedFalseAlarm>(std::move(gathered->original), std::move(*people),
                                                                      approval::FalseAlarmRequest());
                       asked->wanted.cancellers = signatures;
                       asked->wanted.sources_in_force = sources_in_force(gathered->in_force, asked->original);
                       // Judged under a code that is nobody's: what is refused uses up none.
                       if (auto judged = make_false_alarm(*asked, 0); !judged) {
                         record_refusal("false_alarm", judged.error(), by);
                         return reply(bad(judged.error()));
                       }
                       tools_.store.run([](journal::SqliteStore& store) { return store.reserve_code(); },
                                        [this, id, asked, by, reply](base::Result<std::int64_t> number) {
                                          if (!number) return reply(bad(number.error()));
                                          send_false_alarm(id, *asked, *number, by, reply);
                                        });
                     });
  });
}

template <alert::Mode M>
base::Result<approval::Release<M>> Requests<M>::make_false_alarm(AskedFalseAlarm& asked, std::int64_t number) const {
  const auto now = tools_.clock.now().wall;
  const auto& original = asked.original.status.alert;
  const auto code = asked.original.plan.code_prefix + std::to_string(number);
  asked.wanted.now = now;
  asked.wanted.filling = approval::false_alarm_filling(original.release, asked.original.plan.alert.sender,
                                                       identifier_of(code, now), code, now);
  auto made = approval::release_false_alarm(original.release, asked.people, asked.wanted);
  if (!made) return std::unexpected(made.error());
  auto* release = std::get_if<approval::Release<M>>(&*made);
  if (!release) return refuse({"service.no_false_alarm", {}});
  return std::move(*release);
}

template <alert::Mode M>
void Requests<M>::send_false_alarm(delivery::AlertId stops, AskedFalseAlarm& asked, std::int64_t number,
                                   const std::string& by, Reply reply) {
  const auto release = make_false_alarm(asked, number);
  if (!release) {
    record_refusal("false_alarm", release.error(), by);
    return reply(bad(release.error()));
  }
  auto done = [this, reply](base::Result<dispatch::Submitted> submitted) {
    if (!submitted) return reply(bad(submitted.error()));
    answer_submitted(*submitted, reply);
  };
  const auto why = record_text(TakenBack{release->filling().code});
  switch (tools_.options.work) {
    case Work::send:
      return dispatcher_.submit_follow_up(*release, stops, why, std::move(done));
    case Work::read:
      return dispatcher_.record_follow_up(*release, stops, why, std::move(done));
  }
}

/// Another alert that is still running and touches one of the zones says that the hazard is in force, and so does a
/// centre's bulletin that a draft rests on.
template <alert::Mode M>
std::vector<std::string> Requests<M>::sources_in_force(const std::vector<AlertView>& views,
                                                       const AlertView& original) const {
  std::vector<std::string> sources;
  const auto now = tools_.clock.now().wall;
  for (const auto& view : views) {
    const auto& alert = view.status.alert;
    if (alert.id == original.status.alert.id || alert.stopped_at || alert.expires <= now ||
        view.plan.alert.type == alert::MessageType::cancel || alert::is_all_clear(view.plan.alert))
      continue;
    const bool touches = std::ranges::any_of(view.plan.zones, [&](const plan::PlannedZone& zone) {
      return std::ranges::any_of(original.plan.zones, [&](const plan::PlannedZone& z) { return z.id == zone.id; });
    });
    if (touches) sources.push_back(alert.release.filling.code);
  }
  std::vector<alert::ZoneId> zones;
  for (const auto& zone : original.plan.zones) zones.push_back(zone.id);
  for (auto& bulletin : tools_.feeds().in_force(zones)) sources.push_back(std::move(bulletin));
  return sources;
}

template <alert::Mode M>
void Requests<M>::halt(const Object& request, const net::Peer& peer, Reply reply) {
  const auto why = record_text(Halted{by_whom(request, peer), string_of(request, "reason")});
  const auto stop = [this, why, reply](delivery::AlertId id) {
    dispatcher_.driver().stop(id, why,
                              [reply](base::Result<void> result) { reply(result ? good() : bad(result.error())); });
  };
  // What runs here is stopped here, without a look at the disk.
  if (const auto known = dispatcher_.driver().find(string_of(request, "alert"))) return stop(*known);
  with_alert(request, reply, stop);
}

template void Requests<alert::Mode::live>::submit(const boost::json::object&, const net::Peer&, Reply);
template void Requests<alert::Mode::live>::false_alarm(const boost::json::object&, const net::Peer&, Reply);
template void Requests<alert::Mode::live>::halt(const boost::json::object&, const net::Peer&, Reply);

template void Requests<alert::Mode::drill>::submit(const boost::json::object&, const net::Peer&, Reply);
template void Requests<alert::Mode::drill>::false_alarm(const boost::json::object&, const net::Peer&, Reply);
template void Requests<alert::Mode::drill>::halt(const boost::json::object&, const net::Peer&, Reply);

}  // namespace broadcaster::service
