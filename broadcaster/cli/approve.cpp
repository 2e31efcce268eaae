// broadcaster approve: one person more signs the plan, after having seen it.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "broadcaster/approval/confirm.hpp"
#include "broadcaster/approval/judge.hpp"
#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/cli/ask.hpp"
#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/login.hpp"
#include "broadcaster/cli/prepared.hpp"
#include "broadcaster/cli/waiting_plan.hpp"
#include "broadcaster/plan/preview.hpp"
#include "broadcaster/service/progress.hpp"

namespace broadcaster::cli {
namespace {

std::unexpected<base::Error> refuse(base::Text why) { return base::fail(base::ErrorKind::refused, std::move(why)); }

/// Why the author's signature is not there: what became of it, or that it was never given.
base::Text author_missing(const approval::Judgement& judgement) {
  for (const auto& verdict : judgement.signatures)
    if (verdict.doubt && verdict.signature.role == approval::Role::author) return verdict.reason;
  return {"approval.author_missing", {}};
}

/// What speaks against any further signature: an author whose own does not hold, or who approves. A signature of
/// somebody else that does not count speaks against nothing but itself.
base::Result<void> may_sign(const Context& context, const approval::SignedPlan& plan, const std::string& person,
                            const approval::People& people) {
  if (person == plan.plan.author) return refuse({"cli.author_approves", {{"person", person}}});
  const auto now = context.now();
  const auto judgement = approval::judge_signatures(plan, people, now);
  for (const auto& verdict : judgement.signatures) {
    const bool fresh = !verdict.doubt && verdict.signature.person == person &&
                       verdict.signature.role == approval::Role::approver &&
                       now - verdict.signature.at < plan.plan.release_within;
    if (fresh)
      return refuse({"cli.approved_already", {{"person", person}, {"time", context.local(verdict.signature.at)}}});
  }
  if (!judgement.author_signed) return refuse(author_missing(judgement));
  return {};
}

/// With the new signature in it: does it count, and could the plan be released once the quorum is there?
base::Result<approval::Judgement> weigh_new(const approval::SignedPlan& plan, const approval::People& people,
                                            base::WallTime now) {
  auto judgement = approval::judge(plan, people, now);
  for (const auto& verdict : judgement.signatures)
    if (verdict.doubt && verdict.signature == plan.signatures.back()) return refuse(verdict.reason);
  if (!judgement.author_signed) return refuse(author_missing(judgement));
  const auto says_only_who_is_missing = [&](const base::Text& refusal) {
    return refusal.id == "approval.quorum_missing" || refusal.id == "approval.approve_again" ||
           std::ranges::find(judgement.signatures, refusal, &approval::Verdict::reason) != judgement.signatures.end();
  };
  for (const auto& refusal : judgement.refusals)
    if (!says_only_who_is_missing(refusal)) return refuse(refusal);
  return judgement;
}

/// Into the file as it is now, where somebody else may have signed meanwhile.
base::Result<approval::Judgement> add(const std::string& file, const approval::SignedPlan& shown,
                                      const approval::Signature& signature, const approval::People& people,
                                      base::WallTime now) {
  std::optional<approval::Judgement> judgement;
  const auto changed = approval::change_plan_file(file, [&](approval::SignedPlan& plan) -> base::Result<void> {
    if (plan.canonical != shown.canonical) return refuse({"cli.plan_changed_meanwhile", {}});
    // An older approval of the same person has run out, or may_sign would have said so.
    std::erase_if(plan.signatures, [&](const approval::Signature& old) {
      return old.person == signature.person && old.role == approval::Role::approver;
    });
    plan.signatures.push_back(signature);
    auto weighed = weigh_new(plan, people, now);
    if (!weighed) return std::unexpected(weighed.error());
    judgement = std::move(*weighed);
    return {};
  });
  if (!changed) return std::unexpected(changed.error());
  return std::move(*judgement);
}

void name_what_does_not_count(const Context& context, const approval::SignedPlan& plan,
                              const approval::People& people) {
  for (const auto& verdict : approval::judge_signatures(plan, people, context.now()).signatures)
    if (verdict.doubt && verdict.doubt != approval::Doubt::replaced) context.screen().note(verdict.reason);
}

enum class Consent { given, withheld };

/// Live: the words themselves, and every warning by its name. A drill: yes.
base::Result<Consent> consent(const Context& context, const plan::Plan& plan, const Approve& options) {
  const Asker asker(context.screen());
  switch (plan.mode) {
    case alert::Mode::live: {
      if (options.yes) return base::fail(base::ErrorKind::usage, {"cli.yes_is_for_drills", {}});
      const auto typed = asker.ask({"cli.confirm_approval", {{"words", approval::expected_confirmation(plan)}}});
      if (!typed) return std::unexpected(typed.error());
      if (!approval::matches(*typed, plan)) return Consent::withheld;
      const auto warnings = approval::to_accept(plan);
      if (warnings.empty()) return Consent::given;
      const auto named = asker.ask({"cli.confirm_warnings", {{"rules", fmt::format("{}", fmt::join(warnings, ", "))}}});
      if (!named) return std::unexpected(named.error());
      return approval::accepts(*named, plan) ? Consent::given : Consent::withheld;
    }
    case alert::Mode::drill: {
      if (options.yes) return Consent::given;
      const auto word = context.screen().say({"cli.yes", {}});
      const auto typed = asker.ask({"cli.confirm_drill", {{"yes", word}}});
      if (!typed) return std::unexpected(typed.error());
      return *typed == word ? Consent::given : Consent::withheld;
    }
  }
  return Consent::withheld;
}

void show(const Context& context, const approval::SignedPlan& plan) {
  if (context.output() == Context::Output::json) return;
  context.screen().text(plan::preview(
      plan.plan, {.language = context.language(), .width = service::style_of(stdout, context.language()).width}));
  context.screen().line({"cli.digest", {{"digest", base::hex(approval::digest(plan))}}});
}

}  // namespace

int approve(const Context& context, const Approve& options) {
  const auto& screen = context.screen();
  if (!options.plan.empty() && holds_form(options.plan)) return approve_form(context, options);
  const auto people = approval::read_people(context.config_folder() / "people.yaml");
  if (!people) return screen.fail(people.error());
  const auto file = options.plan.empty() ? waiting_plan(".", *people, context.now()) : options.plan;
  if (!file) return screen.fail(file.error());
  auto plan = approval::read_plan_file(*file);
  if (!plan) return screen.fail(plan.error());
  if (const auto allowed = context.allows(plan->plan.mode, *file); !allowed) return screen.fail(allowed.error());
  const auto key_file = options.key.file.empty() ? base::Result<approval::KeyFile>(approval::KeyFile())
                                                 : approval::read_key_file(options.key.file);
  if (!key_file) return screen.fail(key_file.error());
  // Before anybody types a passphrase.
  if (!options.key.file.empty())
    if (const auto may = may_sign(context, *plan, key_file->person, *people); !may) return screen.fail(may.error());
  if (options.plan.empty()) screen.note({"cli.plan_that_waits", {{"file", *file}}});
  show(context, *plan);
  name_what_does_not_count(context, *plan, *people);
  // The passphrase before the words: who is asked for words first types his passphrase there, for all to see.
  const auto key = open_key(screen, options.key);
  if (!key) return screen.fail(key.error());
  const auto agreed = consent(context, plan->plan, options);
  if (!agreed) return screen.fail(agreed.error());
  if (*agreed == Consent::withheld) return screen.fail(base::ErrorKind::refused, {"cli.not_confirmed", {}});
  const auto now = context.now();
  auto signature = approval::sign(*key, approval::Role::approver, plan->plan.mode, approval::digest(*plan), now);
  if (!signature) return screen.fail(signature.error());
  signature->login = this_login();
  const auto judgement = add(*file, *plan, *signature, *people, now);
  if (!judgement) return screen.fail(judgement.error());
  if (context.output() == Context::Output::json)
    screen.json(boost::json::object{{"person", key->person()},
                                    {"approvals", judgement->approvals},
                                    {"needed", judgement->needed},
                                    {"digest", base::hex(approval::digest(*plan))}});
  else
    screen.line({"cli.approved",
                 {{"person", key->person()},
                  {"have", std::int64_t{judgement->approvals}},
                  {"needed", std::int64_t{judgement->needed}}}});
  return Exit::done;
}

}  // namespace broadcaster::cli
