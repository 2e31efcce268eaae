// Requests about pages: pages, page_approvers, page_ack; and since when the approvers of a plan are paged.
#include <boost/json.hpp>

#include "broadcaster/approval/judge.hpp"
#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/service/request_fields.hpp"
#include "broadcaster/service/requests.hpp"
#include "broadcaster/service/wire.hpp"
#include "channels/table.hpp"

namespace broadcaster::service {
namespace {

/// Whoever may approve it, and whoever may break the glass: all of them learn of it in the same moment.
std::vector<std::string> who_approves(const approval::People& people, const plan::Plan& plan) {
  std::vector<std::string> out;
  for (const auto& person : people.persons)
    if (person.id != plan.author && (person.has(approval::Role::approver) || person.has(approval::Role::duty_officer)))
      out.push_back(person.id);
  return out;
}

base::Text approval_text(const plan::Plan& plan) {
  return {"service.page_approval",
          {{"status", std::string(alert::name(plan.alert.status))},
           {"hazard", plan.alert.hazard},
           {"zones", static_cast<std::int64_t>(plan.zones.size())},
           {"author", plan.author}}};
}

}  // namespace

std::string approval_page_key(const approval::SignedPlan& plan) {
  return "approval/" + base::hex(approval::digest(plan));
}

std::vector<std::string> who_decides(const approval::People& people, const std::string& but_for) {
  std::vector<std::string> out;
  for (const auto& person : people.persons)
    if (person.id != but_for && (person.has(approval::Role::canceller) || person.has(approval::Role::approver) ||
                                 person.has(approval::Role::duty_officer)))
      out.push_back(person.id);
  return out;
}

/// Behind the reading of what is open, in the same queue.
template <alert::Mode M>
void Requests<M>::pages(Reply reply) {
  tools_.store.run([](journal::SqliteStore&) -> base::Result<void> { return {}; },
                   [this, reply](const base::Result<void>&) { reply(good(tools_.pages.json())); });
}

template <alert::Mode M>
void Requests<M>::page_approvers(const Object& request, const net::Peer& peer, Reply reply) {
  const auto refuse = [&](base::Text why) {
    const base::Error error{base::ErrorKind::refused, std::move(why), {}, {}};
    record_refusal("page_approvers", error, by_whom(request, peer));
    reply(bad(error));
  };
  const auto plan = approval::parse_plan_file(string_of(request, "plan"), string_of(request, "file"));
  if (!plan) return reply(bad(plan.error()));
  if (plan->plan.mode != M)
    return refuse({"service.other_mode",
                   {{"plan", std::string(alert::name(plan->plan.mode))}, {"owner", std::string(alert::name(M))}}});
  if (tools_.options.work == Work::read || !tools_.options.config.duty) return refuse({"service.no_duty", {}});
  with_people_to_page([this, plan = *plan, by = by_whom(request, peer), reply](base::Checked<approval::People> people) {
    if (!people) return reply(bad(people.error().front()));
    call_approvers(plan, *people, by, reply);
  });
}

/// Live: the people of the accepted set, behind a look of now; where none was ever signed, and in a drill, today's
/// file.
template <alert::Mode M>
void Requests<M>::with_people_to_page(std::function<void(base::Checked<approval::People>)> then) {
  const auto file = tools_.options.config.folder / approval::people_file;
  if (!tools_.signed_set) return then(approval::read_people(file));
  tools_.signed_set->look(
      [this, file, then = std::move(then)](const base::Result<std::shared_ptr<const SetGuard::Look>>&) {
        const auto& set = tools_.signed_set->accepted();
        then(set ? approval::parse_people(set->last().people, std::string(approval::people_file))
                 : approval::read_people(file));
      });
}

template <alert::Mode M>
void Requests<M>::call_approvers(const approval::SignedPlan& plan, const approval::People& people,
                                 const std::string& by, Reply reply) {
  const auto now = tools_.clock.now().wall;
  // Nobody is woken about a plan that could not be released with their signature either.
  if (const auto judged = approval::judge_alone(plan, people, now); !judged.refusals.empty()) {
    const base::Error error{base::ErrorKind::refused, judged.refusals.front(), {}, {}};
    record_refusal("page_approvers", error, by);
    return reply(bad(error));
  }
  const auto key = approval_page_key(plan);
  tools_.pages.call_all(
      key, approval_text(plan.plan), who_approves(people, plan.plan), plan.plan.expires,
      [this, key, reply](base::Result<base::WallTime> opened) {
        if (!opened) return reply(bad(opened.error()));
        const auto* page = tools_.pages.find(key);
        reply(good({{"page", page ? page_name(page->number) : std::string()}, {"opened", base::format_utc(*opened)}}));
      });
}

/// Today's policy, as today's people; without the file nobody may.
template <alert::Mode M>
base::Result<approval::GlassCase> Requests<M>::glass_case(const approval::SignedPlan& plan,
                                                          const approval::People& people,
                                                          const approval::SetTexts& rules) const {
  approval::GlassCase out;
  if (const auto text = rules.find(approval::policy_file); text != rules.end()) {
    const auto traits = channels::traits();
    const auto policy = plan::parse_policy(text->second, std::string(approval::policy_file), traits);
    if (!policy) return std::unexpected(policy.error().front());
    out.policy = policy->break_glass;
  }
  // A page that left one of them out is none: they are called by these people, or the glass stays whole.
  if (const auto* page = tools_.pages.find(approval_page_key(plan));
      page && page->calls_all(who_approves(people, plan.plan)))
    out.paged_at = page->opened;
  return out;
}

template <alert::Mode M>
void Requests<M>::acknowledge(const Object& request, const net::Peer& peer, Reply reply) {
  // "sari (uid 1000)": who is called goes by the name, the record has both.
  const auto whole = by_whom(request, peer);
  tools_.pages.acknowledge(string_of(request, "page"), whole.substr(0, whole.rfind(" (")), "console, " + whole,
                           [reply](const base::Result<void>& kept) { reply(kept ? good() : bad(kept.error())); });
}

template void Requests<alert::Mode::live>::pages(Reply);
template void Requests<alert::Mode::live>::page_approvers(const boost::json::object&, const net::Peer&, Reply);
template void Requests<alert::Mode::live>::acknowledge(const boost::json::object&, const net::Peer&, Reply);
template base::Result<approval::GlassCase> Requests<alert::Mode::live>::glass_case(const approval::SignedPlan&,
                                                                                   const approval::People&,
                                                                                   const approval::SetTexts&) const;

template void Requests<alert::Mode::drill>::pages(Reply);
template void Requests<alert::Mode::drill>::page_approvers(const boost::json::object&, const net::Peer&, Reply);
template void Requests<alert::Mode::drill>::acknowledge(const boost::json::object&, const net::Peer&, Reply);
template base::Result<approval::GlassCase> Requests<alert::Mode::drill>::glass_case(const approval::SignedPlan&,
                                                                                    const approval::People&,
                                                                                    const approval::SetTexts&) const;

}  // namespace broadcaster::service
