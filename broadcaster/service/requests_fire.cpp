// The request that fires a prepared alert: fire.
//
// The form is judged by the rules of this minute (live, signed ones: set_guard.hpp), the people are counted anew, and
// the plan that comes out goes the way of every other. What is in force from the same form, for the same zones and
// about the same arrival, is joined; beside one for some of the same zones nothing is fired unless the officer says
// "again".
#include <boost/json.hpp>

#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/approval/form_file.hpp"
#include "broadcaster/base/log.hpp"
#include "broadcaster/plan/form_audiences.hpp"
#include "broadcaster/service/prepared_today.hpp"
#include "broadcaster/service/release_answer.hpp"
#include "broadcaster/service/request_fields.hpp"
#include "broadcaster/service/requests.hpp"
#include "broadcaster/service/set_files.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {
namespace {

/// So long a firing may lie before it is released (people.yaml); what is older is refused as stale.
constexpr std::chrono::hours longest_on_its_way{1};

/// The very same signature, whatever became of its alert: a request that is sent twice fires once.
MaybeAlert same_hand(journal::SqliteStore& store, const approval::Signature& signature, base::WallTime now) {
  const auto ids = store.alerts();
  if (!ids) return std::unexpected(ids.error());
  for (auto id = ids->rbegin(); id != ids->rend(); ++id) {
    auto alert = store.alert(*id);
    if (!alert) return std::unexpected(alert.error());
    if (alert->release.released_at < now - longest_on_its_way) break;
    if (alert->release.fired && approval::is_same(alert->release.fired->firing.signature, signature))
      return std::optional(std::move(*alert));
  }
  return std::nullopt;
}

/// What is in force beside this firing: an alert that it joins, or one that it may not stand beside.
struct InForce {
  std::optional<journal::StoredAlert> joined;
  std::optional<base::Text> refusal;
};

base::Text fired_already(const journal::StoredAlert& alert, const std::vector<alert::ZoneId>& zones) {
  std::string names;
  for (const auto& zone : zones) names += (names.empty() ? "" : ", ") + zone.value;
  return {"service.fired_already", {{"code", alert.release.filling.code}, {"zones", names}}};
}

/// Of alerts of this form. One that was stopped is not in force, and may be fired again.
base::Result<InForce> in_force(journal::SqliteStore& store, const std::string& form, const approval::Firing& firing,
                               base::WallTime now) {
  InForce out;
  const auto ids = store.alerts_in_force(now);
  if (!ids) return std::unexpected(ids.error());
  for (const auto id : *ids) {
    auto alert = store.alert(id);
    if (!alert) return std::unexpected(alert.error());
    const auto& fired = alert->release.fired;
    if (!fired || base::hex(base::sha256(fired->canonical_form)) != form) continue;
    switch (beside(fired->firing, firing)) {
      case approval::Beside::same:
        out.joined = std::move(*alert);
        return out;
      case approval::Beside::other:
        if (!out.refusal) out.refusal = fired_already(*alert, fired->firing.zones);
        break;
      case approval::Beside::none:
        break;
    }
  }
  return out;
}

base::Error refused(base::Text why) { return {base::ErrorKind::refused, std::move(why), {}, {}}; }

}  // namespace

/// One firing on its way.
template <alert::Mode M>
struct Requests<M>::Shot {
  approval::SignedForm form;
  approval::FiringRequest request;
  std::string digest;                              ///< of the form
  enum class Again { no, yes } again = Again::no;  ///< whatever is in force
  Reply reply;
  /// What it is judged by, and nothing is read again.
  std::optional<base::Result<approval::SetTexts>> rules = std::nullopt;
  base::Checked<PreparedToday> today = std::unexpected(base::Errors{});
  plan::AudiencesNow audiences;
  std::vector<base::Text> refusals;
};

template <alert::Mode M>
void Requests<M>::end_shot(const Shot& shot, std::string line) {
  being_fired_.erase(shot.digest);
  shot.reply(std::move(line));
}

template <alert::Mode M>
void Requests<M>::fire(const Object& request, const net::Peer& peer, Reply reply) {
  auto form = approval::parse_form_file(string_of(request, "form"), string_of(request, "file"));
  if (!form) return reply(bad(form.error()));
  base::Errors errors;
  const auto* given = request.if_contains("firing");
  auto firing = approval::firing_from_json(given ? *given : boost::json::value(), "firing", "request", errors);
  if (!errors.empty()) return reply(bad(errors.front()));
  const auto by = by_whom(request, peer);
  if (form->form.plan.mode != M) {
    const auto error =
        refused({"service.other_mode",
                 {{"plan", std::string(alert::name(form->form.plan.mode))}, {"owner", std::string(alert::name(M))}}});
    record_refusal("fire", error, by);
    return reply(bad(error));
  }
  auto shot = std::make_shared<Shot>();
  shot->digest = base::hex(approval::digest(*form));
  if (being_fired_.contains(shot->digest))
    return reply(bad(base::Error{base::ErrorKind::unavailable, {"service.being_fired", {}}, {}, {}}));
  being_fired_.insert(shot->digest);
  if (const auto* again = request.if_contains("again"); again && again->is_bool() && again->get_bool())
    shot->again = Shot::Again::yes;
  shot->form = std::move(*form);
  shot->request.firing = std::move(firing);
  shot->request.release.released_by = by;
  shot->reply = std::move(reply);
  tools_.store.run(
      [shot, now = tools_.clock.now().wall](journal::SqliteStore& store) -> base::Result<InForce> {
        auto known = same_hand(store, shot->request.firing.signature, now);
        if (!known) return std::unexpected(known.error());
        if (*known) return InForce{std::move(*known), std::nullopt};
        if (shot->again == Shot::Again::yes) return InForce{};
        return in_force(store, shot->digest, shot->request.firing, now);
      },
      [this, shot](base::Result<InForce> known) {
        if (!known) return end_shot(*shot, bad(known.error()));
        if (known->joined) return end_shot(*shot, good(stored_answer(*known->joined, journal::Inserted::How::joined)));
        if (!known->refusal) return take_rules(shot);
        const auto error = refused(*known->refusal);
        record_refusal("fire", error, shot->request.release.released_by);
        end_shot(*shot, bad(error));
      });
}

/// As release_by_rules(): live only signed rules, in the very texts that were judged; a drill goes by today's files.
template <alert::Mode M>
void Requests<M>::take_rules(std::shared_ptr<Shot> shot) {
  if constexpr (M == alert::Mode::drill) {
    load(std::move(shot));
  } else {
    tools_.signed_set->look([this, shot](const base::Result<std::shared_ptr<const SetGuard::Look>>& seen) {
      if (!seen) return end_shot(*shot, bad(seen.error()));
      if (!(*seen)->refusals.empty()) {
        const auto error = refused((*seen)->refusals.front());
        record_refusal("fire", error, shot->request.release.released_by);
        return end_shot(*shot, bad(error));
      }
      shot->rules = (*seen)->texts;
      load(shot);
    });
  }
}

/// The configuration and the lists, on a worker: a list of a million takes a second or two.
template <alert::Mode M>
void Requests<M>::load(std::shared_ptr<Shot> shot) {
  const auto config = tools_.options.config.folder, templates = tools_.options.templates;
  const auto snapshots = tools_.options.state.snapshots();
  const bool queued = tools_.workers.run(
      [shot, config, templates, snapshots, now = tools_.clock.now().wall] {
        const auto& form = shot->form.form;
        if (!shot->rules) shot->rules = read_set_texts(config);
        if (const auto& rules = *shot->rules)
          shot->today = read_prepared_today(*rules, templates, form.plan.alert.hazard);
        else
          shot->today = std::unexpected(base::Errors{rules.error()});
        if (!shot->today) return;
        shot->refusals =
            approval::firing_refusals(shot->form, shot->today->people, shot->today->files, shot->request.firing, now);
        if (shot->refusals.empty())
          shot->audiences = plan::audiences_now(form, shot->request.firing.zones, shot->today->zones,
                                                config / "audiences", snapshots);
      },
      [this, shot] { release_prepared(shot); });
  if (!queued) end_shot(*shot, bad(base::Error{base::ErrorKind::unavailable, {"service.busy", {}}, {}, {}}));
}

template <alert::Mode M>
void Requests<M>::release_prepared(std::shared_ptr<Shot> shot) {
  const auto refuse = [this, shot](const base::Error& error) {
    record_refusal("fire", error, shot->request.release.released_by);
    end_shot(*shot, bad(error));
  };
  if (!shot->today) return end_shot(*shot, bad(shot->today.error().front()));
  if (!shot->refusals.empty()) return refuse(refused(shot->refusals.front()));
  for (const auto& error : shot->audiences.unread)
    base::log::error("a list of a prepared alert could not be read", error);
  shot->request.audiences = shot->audiences.audiences;
  tools_.store.run([](journal::SqliteStore& store) { return store.reserve_code(); },
                   [this, shot, refuse](base::Result<std::int64_t> number) {
                     if (!number) return end_shot(*shot, bad(number.error()));
                     auto& wanted = shot->request.release;
                     wanted.now = tools_.clock.now().wall;
                     wanted.filling.code = shot->form.form.plan.code_prefix + std::to_string(*number);
                     wanted.filling.identifier = identifier_of(wanted.filling.code, wanted.now);
                     wanted.filling.time_of_issue = wanted.now;
                     auto made =
                         approval::release_prepared(shot->form, shot->today->people, shot->today->files, shot->request);
                     if (!made) return refuse(made.error());
                     // The modes were compared; the type says it once more.
                     const auto* release = std::get_if<approval::Release<M>>(&*made);
                     if (!release) return refuse(refused({"approval.form_mode", {}}));
                     dispatcher_.submit(*release, [this, shot](base::Result<dispatch::Submitted> submitted) {
                       if (!submitted) return end_shot(*shot, bad(submitted.error()));
                       being_fired_.erase(shot->digest);
                       answer_submitted(*submitted, shot->reply);
                     });
                   });
}

template void Requests<alert::Mode::live>::fire(const boost::json::object&, const net::Peer&, Reply);
template void Requests<alert::Mode::drill>::fire(const boost::json::object&, const net::Peer&, Reply);

}  // namespace broadcaster::service
