// broadcaster approve, of a prepared alert: one person more signs what one person will be able to send alone.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "broadcaster/approval/confirm.hpp"
#include "broadcaster/approval/form_file.hpp"
#include "broadcaster/cli/ask.hpp"
#include "broadcaster/cli/login.hpp"
#include "broadcaster/cli/prepared.hpp"

namespace broadcaster::cli {
namespace {

std::unexpected<base::Error> refuse(base::Text why) { return base::fail(base::ErrorKind::refused, std::move(why)); }

/// What speaks against it beside that signatures are missing.
std::optional<base::Text> fault(const approval::FormJudgement& judgement) {
  for (const auto& reason : judgement.voids)
    if (reason.id != "approval.quorum_missing" &&
        std::ranges::find(judgement.signatures, reason, &approval::Verdict::reason) == judgement.signatures.end())
      return reason;
  return std::nullopt;
}

base::Result<void> may_sign(const approval::SignedForm& form, const approval::FormJudgement& judgement,
                            const std::string& person) {
  if (person == form.form.plan.author) return refuse({"cli.author_approves", {{"person", person}}});
  if (auto why = fault(judgement)) return refuse(std::move(*why));
  return {};
}

/// Live: the words themselves, and every warning by its name. A drill: yes.
base::Result<void> consent(const Context& context, const plan::Form& form, const Approve& options) {
  const Asker asker(context.screen());
  const auto withheld = [] { return refuse({"cli.not_confirmed", {}}); };
  switch (form.plan.mode) {
    case alert::Mode::live: {
      if (options.yes) return base::fail(base::ErrorKind::usage, {"cli.yes_is_for_drills", {}});
      const auto typed = asker.ask({"cli.confirm_form", {{"words", approval::expected_form_confirmation(form)}}});
      if (!typed) return std::unexpected(typed.error());
      if (!approval::form_confirmed(*typed, form)) return withheld();
      const auto warnings = approval::to_accept(form);
      if (warnings.empty()) return {};
      const auto named = asker.ask({"cli.confirm_warnings", {{"rules", fmt::format("{}", fmt::join(warnings, ", "))}}});
      if (!named) return std::unexpected(named.error());
      if (!approval::accepts(*named, warnings)) return withheld();
      return {};
    }
    case alert::Mode::drill: {
      if (options.yes) return {};
      const auto word = context.screen().say({"cli.yes", {}});
      const auto typed = asker.ask({"cli.confirm_drill", {{"yes", word}}});
      if (!typed) return std::unexpected(typed.error());
      if (*typed != word) return withheld();
      return {};
    }
  }
  return withheld();
}

/// Into the file as it is now, where somebody else may have signed meanwhile.
base::Result<approval::FormJudgement> add(const std::string& file, const approval::SignedForm& shown,
                                          const approval::Signature& signature, const service::PreparedToday& today,
                                          base::WallTime now) {
  approval::FormJudgement judgement;
  const auto changed = approval::change_form_file(file, [&](approval::SignedForm& form) -> base::Result<void> {
    if (form.canonical != shown.canonical) return refuse({"cli.plan_changed_meanwhile", {}});
    std::erase_if(form.signatures, [&](const approval::Signature& old) {
      return old.person == signature.person && old.role == approval::Role::approver;
    });
    form.signatures.push_back(signature);
    judgement = approval::judge_form(form, today.people, today.files, now);
    for (const auto& verdict : judgement.signatures)
      if (verdict.doubt && verdict.signature == signature) return refuse(verdict.reason);
    if (auto why = fault(judgement)) return refuse(std::move(*why));
    return {};
  });
  if (!changed) return std::unexpected(changed.error());
  return judgement;
}

}  // namespace

int approve_form(const Context& context, const Approve& options) {
  const auto& screen = context.screen();
  const auto form = approval::read_form_file(options.plan);
  if (!form) return screen.fail(form.error());
  if (const auto allowed = context.allows(form->form.plan.mode, options.plan); !allowed)
    return screen.fail(allowed.error());
  const auto today = today_of(context, form->form);
  if (!today) return screen.fail(today.error());
  const auto judgement = approval::judge_form(*form, today->people, today->files, context.now());
  if (!options.key.file.empty()) {
    const auto key_file = approval::read_key_file(options.key.file);
    if (!key_file) return screen.fail(key_file.error());
    if (const auto may = may_sign(*form, judgement, key_file->person); !may) return screen.fail(may.error());
  }
  if (context.output() == Context::Output::text) show_form(context, *form, options.plan);
  // The passphrase before the words: who is asked for words first types his passphrase there, for all to see.
  const auto key = open_key(screen, options.key);
  if (!key) return screen.fail(key.error());
  if (const auto may = may_sign(*form, judgement, key->person()); !may) return screen.fail(may.error());
  if (const auto agreed = consent(context, form->form, options); !agreed) return screen.fail(agreed.error());
  const auto now = context.now();
  auto signature = approval::sign(*key, approval::Role::approver, form->form.plan.mode, approval::digest(*form), now);
  if (!signature) return screen.fail(signature.error());
  signature->login = this_login();
  const auto added = add(options.plan, *form, *signature, *today, now);
  if (!added) return screen.fail(added.error());
  if (context.output() == Context::Output::json)
    screen.json(boost::json::object{{"person", key->person()},
                                    {"approvals", added->approvals},
                                    {"needed", added->needed},
                                    {"digest", base::hex(approval::digest(*form))}});
  else
    screen.line({"cli.form_approved",
                 {{"person", key->person()},
                  {"have", std::int64_t{added->approvals}},
                  {"needed", std::int64_t{added->needed}}}});
  if (added->until < form->form.last) screen.note({"cli.form_ends_early", {{"time", context.local(added->until)}}});
  return Exit::done;
}

}  // namespace broadcaster::cli
