// Requests that send and that stop: submit, halt. (False alarms: requests_false_alarm.cpp.)
#include <boost/json.hpp>

#include "broadcaster/alert/all_clear.hpp"
#include "broadcaster/alert/references.hpp"
#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/approval/follow_up.hpp"
#include "broadcaster/approval/make_release.hpp"
#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/plan/snapshot.hpp"
#include "broadcaster/service/all_clear.hpp"
#include "broadcaster/service/release_answer.hpp"
#include "broadcaster/service/request_fields.hpp"
#include "broadcaster/service/requests.hpp"
#include "broadcaster/service/stop_reason.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {
namespace {

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
  const auto name = references.empty() ? std::string() : references.back().identifier;
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
              release_by_rules(std::move(plan), std::move(glass), by, std::move(reply));
            });
        if (!queued) reply(bad(base::Error{base::ErrorKind::unavailable, {"service.busy", {}}, {}, {}}));
      });
}

/// `rules`: people.yaml and policy.yaml as they were judged; nothing is read again.
template <alert::Mode M>
void Requests<M>::release(approval::SignedPlan plan, std::optional<approval::Glass> glass,
                          const approval::SetTexts& rules, std::string by, Reply reply) {
  const auto text = rules.find(approval::people_file);
  auto people = text == rules.end() ? approval::read_people(tools_.options.config.folder / approval::people_file)
                                    : approval::parse_people(text->second, std::string(approval::people_file));
  if (!people) return reply(bad(people.error().front()));
  // The policy says who may release alone, and nothing about a quorum: a mistake in it holds up no other release.
  const auto the_case = glass ? glass_case(plan, *people, rules) : approval::GlassCase();
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
        request.filling.references = alert::references_text(plan.plan.alert.references);
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
template void Requests<alert::Mode::live>::release(approval::SignedPlan, std::optional<approval::Glass>,
                                                   const approval::SetTexts&, std::string, Reply);
template void Requests<alert::Mode::live>::halt(const boost::json::object&, const net::Peer&, Reply);

template void Requests<alert::Mode::drill>::submit(const boost::json::object&, const net::Peer&, Reply);
template void Requests<alert::Mode::drill>::release(approval::SignedPlan, std::optional<approval::Glass>,
                                                    const approval::SetTexts&, std::string, Reply);
template void Requests<alert::Mode::drill>::halt(const boost::json::object&, const net::Peer&, Reply);

}  // namespace broadcaster::service
