// The request that takes an alert back: false_alarm. Who speaks against it, whether one canceller is enough, and who is
// called where one is not (R38).
#include <algorithm>
#include <boost/json.hpp>

#include "broadcaster/alert/all_clear.hpp"
#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/approval/make_release.hpp"
#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/service/release_answer.hpp"
#include "broadcaster/service/request_fields.hpp"
#include "broadcaster/service/requests.hpp"
#include "broadcaster/service/stop_reason.hpp"
#include "broadcaster/service/waiting_cancellers.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {
namespace {

/// What a false alarm is judged by: the alert itself, and every other one that is in force.
struct Gathered {
  AlertView original;
  std::optional<journal::StoredAlert> taken_back;  ///< its false alarm, where there is one already
  std::vector<approval::Signature> waiting;        ///< of who asked before and needs a second
  std::vector<AlertView> in_force;
  base::WallTime since;  ///< release of its first revision
};

/// When the first revision of this alert was released.
base::Result<base::WallTime> released_first(journal::SqliteStore& store, delivery::AlertId id) {
  const auto revisions = store.revisions(id);
  if (!revisions) return std::unexpected(revisions.error());
  const auto first = store.alert(revisions->ids.front());
  if (!first) return std::unexpected(first.error());
  return first->release.released_at;
}

base::Result<Gathered> gather_for_false_alarm(journal::SqliteStore& store, delivery::AlertId id, base::WallTime now) {
  auto original = gather(store, id);
  if (!original) return std::unexpected(original.error());
  Gathered gathered{.original = std::move(*original), .taken_back = {}, .waiting = {}, .in_force = {}, .since = {}};
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
  auto waiting = waiting_cancellers(store, gathered.original.status.alert.plan_digest);
  if (!waiting) return std::unexpected(waiting.error());
  gathered.waiting = std::move(*waiting);
  const auto since = released_first(store, id);
  if (!since) return std::unexpected(since.error());
  gathered.since = *since;
  const auto others = store.alerts_in_force(now);
  if (!others) return std::unexpected(others.error());
  for (const auto other : *others)
    if (auto view = other == id ? base::Result<AlertView>(gathered.original) : gather(store, other); view)
      gathered.in_force.push_back(std::move(*view));
    else if (view.error().kind == base::ErrorKind::unavailable)
      return std::unexpected(view.error());
  return gathered;
}

bool touches(const plan::Plan& plan, const std::vector<alert::ZoneId>& zones) {
  return std::ranges::any_of(
      plan.zones, [&](const plan::PlannedZone& zone) { return std::ranges::find(zones, zone.id) != zones.end(); });
}

base::Text second_text(const AlertView& original, const std::string& person) {
  return {"service.page_second_canceller", {{"person", person}, {"alert", original.status.alert.release.filling.code}}};
}

}  // namespace

std::string false_alarm_page_key(const std::string& plan_digest) { return "false_alarm/" + plan_digest; }

template <alert::Mode M>
void Requests<M>::false_alarm(const Object& request, const net::Peer& peer, Reply reply) {
  base::Errors errors;
  std::vector<approval::Signature> signatures;
  if (const auto* list = request.if_contains("signatures"); list && list->is_array())
    for (const auto& value : list->get_array())
      signatures.push_back(approval::signature_from_json(value, "signatures", "request", errors));
  std::optional<approval::Glass> glass;
  if (const auto* given = request.if_contains("glass"))
    glass = approval::glass_from_json(*given, "glass", "request", errors);
  if (!errors.empty()) return reply(bad(errors.front()));
  const auto by = by_whom(request, peer);
  with_alert(request, reply, [this, signatures, glass, by, reply](delivery::AlertId id) {
    tools_.store.run([id, now = tools_.clock.now().wall](
                         journal::SqliteStore& store) { return gather_for_false_alarm(store, id, now); },
                     [this, id, signatures, glass, by, reply](base::Result<Gathered> gathered) {
                       if (!gathered) return reply(bad(gathered.error()));
                       // Taken back already: the same answer again, whoever asks.
                       if (gathered->taken_back)
                         return reply(good(stored_answer(*gathered->taken_back, journal::Inserted::How::joined)));
                       auto people = people_for_false_alarm(gathered->original.status.alert.release);
                       if (!people) return reply(bad(people.error()));
                       auto asked = std::make_shared<AskedFalseAlarm>(std::move(gathered->original), std::move(*people),
                                                                      approval::FalseAlarmRequest());
                       asked->wanted.cancellers = signatures;
                       if (!signatures.empty())
                         std::ranges::copy(gathered->waiting, std::back_inserter(asked->wanted.cancellers));
                       asked->wanted.glass = glass;
                       asked->wanted.in_force_since = gathered->since;
                       asked->wanted.sources_in_force = sources_in_force(gathered->in_force, asked->original);
                       ask_policy(*asked);
                       judge_false_alarm(id, asked, by, reply);
                     });
  });
}

template <alert::Mode M>
void Requests<M>::judge_false_alarm(delivery::AlertId id, std::shared_ptr<AskedFalseAlarm> asked, const std::string& by,
                                    Reply reply) {
  // Judged under a code that is nobody's: what is refused uses up none.
  if (auto judged = make_false_alarm(*asked, 0); !judged)
    return wait_for_a_second(id, asked, judged.error(), by, reply);
  tools_.store.run([](journal::SqliteStore& store) { return store.reserve_code(); },
                   [this, id, asked, by, reply](base::Result<std::int64_t> number) {
                     if (!number) return reply(bad(number.error()));
                     send_false_alarm(id, *asked, *number, by, reply);
                   });
}

template <alert::Mode M>
void Requests<M>::ask_policy(AskedFalseAlarm& asked) const {
  const auto policy = policy_for_false_alarm().false_alarm;
  asked.wanted.alone_within = policy.alone_within;
  asked.wanted.glass_case.policy = policy.break_glass;
  if (const auto* page = tools_.pages.find(false_alarm_page_key(asked.original.status.alert.plan_digest)))
    asked.wanted.glass_case.paged_at = page->opened;
}

/// One canceller has signed and may not be alone: the signature is kept for the second, and everybody else who decides
/// is called now. From this moment on break-glass counts. Two in the same moment are each other's second.
template <alert::Mode M>
void Requests<M>::wait_for_a_second(delivery::AlertId id, std::shared_ptr<AskedFalseAlarm> asked,
                                    const base::Error& refusal, const std::string& by, Reply reply) {
  const auto refuse = [this, refusal, by, reply] {
    record_refusal("false_alarm", refusal, by);
    reply(bad(refusal));
  };
  const auto& stored = asked->original.status.alert;
  auto plan = plan::parse_plan(stored.release.canonical_plan, "journal");
  if (!plan || !plan->false_alarm) return refuse();
  const auto until = plan->false_alarm->expires;
  const approval::SignedPlan whole{std::move(*plan), stored.release.canonical_plan, stored.release.signatures};
  const auto judged = approval::judge_false_alarm(whole, asked->people, asked->wanted);
  if (!judged.waits_for_a_second()) return refuse();
  tools_.store.run(
      [digest = stored.plan_digest, cancellers = judged.cancellers](journal::SqliteStore& store) {
        return keep_waiting(store, digest, cancellers);
      },
      [this, id, asked, until, refuse, by, known = judged.cancellers.size(), person = judged.cancellers.front().person,
       reply](base::Result<std::vector<approval::Signature>> waiting) {
        if (!waiting) return reply(bad(waiting.error()));
        if (waiting->size() > known && asked->wanted.cancellers.size() < waiting->size()) {
          asked->wanted.cancellers = std::move(*waiting);
          return judge_false_alarm(id, asked, by, reply);
        }
        if (tools_.options.work == Work::read || !tools_.options.config.duty) return refuse();
        tools_.pages.call_all(false_alarm_page_key(asked->original.status.alert.plan_digest),
                              second_text(asked->original, person), who_decides(asked->people, person), until,
                              [refuse](const base::Result<base::WallTime>&) { refuse(); });
      });
}

/// Whoever has spoken against the alert and waits for a second does so no longer.
template <alert::Mode M>
void Requests<M>::withdraw_false_alarm(const Object& request, const net::Peer& peer, Reply reply) {
  const auto by = by_whom(request, peer);
  with_alert(request, reply, [this, by, reply](delivery::AlertId id) {
    tools_.store.run(
        [id, by, now = tools_.clock.now().wall](journal::SqliteStore& store) -> base::Result<boost::json::array> {
          const auto alert = store.alert(id);
          if (!alert) return std::unexpected(alert.error());
          const auto waiting = waiting_cancellers(store, alert->plan_digest);
          if (!waiting) return std::unexpected(waiting.error());
          boost::json::array persons;
          for (const auto& one : *waiting) persons.emplace_back(one.person);
          if (persons.empty()) return persons;
          const auto entry =
              base::canonical_json(boost::json::object{{"alert", id.value}, {"cancellers", persons}, {"by", by}});
          if (auto noted = store.note("withdrawn", entry, now); !noted) return std::unexpected(noted.error());
          if (auto forgotten = forget_waiting(store, alert->plan_digest); !forgotten)
            return std::unexpected(forgotten.error());
          return persons;
        },
        [reply](base::Result<boost::json::array> persons) {
          if (!persons) return reply(bad(persons.error()));
          reply(good({{"withdrawn", std::move(*persons)}}));
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
  if (!release) return base::fail(base::ErrorKind::refused, {"service.no_false_alarm", {}});
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
  auto done = [this, reply,
               digest = asked.original.status.alert.plan_digest](base::Result<dispatch::Submitted> submitted) {
    if (!submitted) return reply(bad(submitted.error()));
    tools_.pages.end(false_alarm_page_key(digest));
    // They have been heard. If this is not written they are only shown as waiting for some minutes more.
    tools_.store.run([digest](journal::SqliteStore& store) { return forget_waiting(store, digest); },
                     [](const base::Result<void>&) {});
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
/// centre's bulletin that a draft rests on. What the false alarm touches counts: it speaks also to zones that hear its
/// sirens, which another alert may have told to leave.
template <alert::Mode M>
std::vector<approval::SourceInForce> Requests<M>::sources_in_force(const std::vector<AlertView>& views,
                                                                   const AlertView& original) const {
  using Kind = approval::SourceInForce::Kind;
  std::vector<approval::SourceInForce> sources;
  std::vector<alert::ZoneId> zones;
  for (const auto* plan : {&original.plan, original.plan.false_alarm.get()})
    if (plan)
      for (const auto& zone : plan->zones) zones.push_back(zone.id);
  const auto now = tools_.clock.now().wall;
  for (const auto& view : views) {
    const auto& alert = view.status.alert;
    if (alert.id == original.status.alert.id || alert.stopped_at || alert.expires <= now ||
        view.plan.alert.type == alert::MessageType::cancel || alert::is_all_clear(view.plan.alert))
      continue;
    if (touches(view.plan, zones)) sources.push_back({Kind::alert, alert.release.filling.code, view.plan.alert.hazard});
  }
  for (auto& bulletin : tools_.feeds().in_force(zones))
    sources.push_back({Kind::bulletin, std::move(bulletin.matter), std::move(bulletin.feed)});
  return sources;
}

template void Requests<alert::Mode::live>::withdraw_false_alarm(const boost::json::object&, const net::Peer&, Reply);
template void Requests<alert::Mode::drill>::withdraw_false_alarm(const boost::json::object&, const net::Peer&, Reply);
template void Requests<alert::Mode::live>::false_alarm(const boost::json::object&, const net::Peer&, Reply);
template void Requests<alert::Mode::drill>::false_alarm(const boost::json::object&, const net::Peer&, Reply);

}  // namespace broadcaster::service
