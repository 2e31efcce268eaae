// The signed set: the request that looks at it, and by whose rules something is released or taken back.
#include <boost/json.hpp>

#include "broadcaster/service/request_fields.hpp"
#include "broadcaster/service/requests.hpp"
#include "broadcaster/service/set_files.hpp"
#include "broadcaster/service/wire.hpp"
#include "channels/table.hpp"

namespace broadcaster::service {

/// Today's people and policy: somebody may have been removed since this owner started. Live: only signed ones.
template <alert::Mode M>
void Requests<M>::release_by_rules(approval::SignedPlan plan, std::optional<approval::Glass> glass, std::string by,
                                   Reply reply) {
  if constexpr (M == alert::Mode::drill) {
    const auto rules = read_set_texts(tools_.options.config.folder);
    if (!rules) return reply(bad(rules.error()));
    release(std::move(plan), std::move(glass), *rules, std::move(by), std::move(reply));
  } else {
    tools_.signed_set->look([this, plan = std::move(plan), glass = std::move(glass), by = std::move(by),
                             reply](const base::Result<std::shared_ptr<const SetGuard::Look>>& seen) {
      if (!seen) return reply(bad(seen.error()));
      if ((*seen)->refusals.empty()) return release(plan, glass, (*seen)->texts, by, reply);
      const base::Error error{base::ErrorKind::refused, (*seen)->refusals.front(), {}, {}};
      record_refusal("release", error, by);
      reply(bad(error));
    });
  }
}

/// Whoever changes people.yaml must neither make a canceller nor keep one away: live, the people of the accepted set
/// decide, and where none was ever signed those that the alert was released by. The disk is not asked. A drill goes by
/// today's file.
template <alert::Mode M>
base::Result<approval::People> Requests<M>::people_for_false_alarm(const approval::StoredRelease& original) const {
  auto people = approval::parse_people(original.people_yaml, "journal");
  if constexpr (M == alert::Mode::live) {
    if (const auto& set = tools_.signed_set->accepted())
      people = approval::parse_people(set->last().people, std::string(approval::people_file));
  } else {
    people = approval::read_people(tools_.options.config.folder / approval::people_file);
  }
  if (!people) return std::unexpected(people.error().front());
  return std::move(*people);
}

/// As the people: live, that of the accepted set and no other; what it does not say, or what cannot be read, offers
/// nobody anything. In a drill, and where none was ever signed, one that cannot be read holds up no correction: then
/// what this owner started with counts.
template <alert::Mode M>
plan::Policy Requests<M>::policy_for_false_alarm() const {
  const auto traits = channels::traits();
  if constexpr (M == alert::Mode::live) {
    if (const auto& set = tools_.signed_set->accepted()) {
      const auto text = set->texts.find(approval::policy_file);
      if (text == set->texts.end()) return {};
      return plan::parse_policy(text->second, text->first, traits).value_or(plan::Policy());
    }
  } else {
    if (auto today = plan::read_policy(tools_.options.config.folder / approval::policy_file, traits))
      return std::move(*today);
  }
  return tools_.options.config.policy;
}

/// Behind a look of now: whoever has just signed learns whether it counts, and a set that counts is on the record.
template <alert::Mode M>
void Requests<M>::signed_set(const Object& request, Reply reply) {
  if (!tools_.signed_set) return reply(bad(base::Error{base::ErrorKind::refused, {"service.set_is_live", {}}, {}, {}}));
  const auto* text = request.if_contains("text");
  const bool with_text = text && text->is_bool() && text->get_bool();
  tools_.signed_set->look([this, with_text, reply](const base::Result<std::shared_ptr<const SetGuard::Look>>& seen) {
    // Files that cannot be read are in the answer; without a memory of what was accepted there is none.
    if (!seen && !tools_.signed_set->accepted()) return reply(bad(seen.error()));
    auto answer = tools_.signed_set->json().as_object();
    if (with_text && tools_.signed_set->accepted())
      answer["text"] = approval::signed_set_json(*tools_.signed_set->accepted());
    // Behind the entry of the record.
    tools_.store.run([](journal::SqliteStore&) -> base::Result<void> { return {}; },
                     [answer = std::move(answer), reply](const base::Result<void>&) { reply(good(answer)); });
  });
}

template void Requests<alert::Mode::live>::signed_set(const boost::json::object&, Reply);
template void Requests<alert::Mode::live>::release_by_rules(approval::SignedPlan, std::optional<approval::Glass>,
                                                            std::string, Reply);
template base::Result<approval::People> Requests<alert::Mode::live>::people_for_false_alarm(
    const approval::StoredRelease&) const;
template plan::Policy Requests<alert::Mode::live>::policy_for_false_alarm() const;
template void Requests<alert::Mode::drill>::signed_set(const boost::json::object&, Reply);
template void Requests<alert::Mode::drill>::release_by_rules(approval::SignedPlan, std::optional<approval::Glass>,
                                                             std::string, Reply);
template base::Result<approval::People> Requests<alert::Mode::drill>::people_for_false_alarm(
    const approval::StoredRelease&) const;
template plan::Policy Requests<alert::Mode::drill>::policy_for_false_alarm() const;

}  // namespace broadcaster::service
