// broadcaster prepare: an alert with slots becomes the form that people read and sign.
#include "broadcaster/approval/form_file.hpp"
#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/config_set.hpp"
#include "broadcaster/cli/login.hpp"
#include "broadcaster/cli/planning.hpp"
#include "broadcaster/cli/prepared.hpp"

namespace broadcaster::cli {
namespace {

base::Result<void> sign_as_author(const approval::UnlockedKey& key, const approval::People& people, base::WallTime now,
                                  approval::SignedForm& form) {
  auto signature = approval::sign(key, approval::Role::author, form.form.plan.mode, approval::digest(form), now);
  if (!signature) return std::unexpected(signature.error());
  signature->login = this_login();
  form.signatures.push_back(std::move(*signature));
  for (const auto& verdict : approval::judge_form_signatures(form, people, now).signatures)
    if (verdict.doubt) return base::fail(base::ErrorKind::refused, verdict.reason);
  return {};
}

}  // namespace

int prepare(const Context& context, const Prepare& options) {
  const auto& screen = context.screen();
  const auto config = context.config();
  if (!config) return screen.fail(config.error());
  const auto templates = context.templates();
  if (!templates) return screen.fail(templates.error());
  const auto now = context.now();
  const auto file = plan::read_prepared(options.file, {.now = now, .zones = &config->zones});
  if (!file) return screen.fail(file.error());
  const auto mode = alert::rule_of(file->alert.status).mode;
  if (const auto allowed = context.allows(mode, options.file); !allowed) return screen.fail(allowed.error());
  std::optional<approval::UnlockedKey> key;
  if (!options.key.file.empty()) {
    auto opened = open_key(screen, options.key);
    if (!opened) return screen.fail(opened.error());
    key.emplace(std::move(*opened));
  }
  const PlanningRequest planning{.config = *config,
                                 .templates = *templates,
                                 .alert = file->alert,
                                 .author = key ? key->person() : std::string(),
                                 .snapshots = context.state(mode).snapshots(),
                                 .bad_rows = options.skip_bad_rows ? plan::BadRows::skip : plan::BadRows::refuse,
                                 .now = now};
  auto made = make_form_of({.planning = planning, .terms = file->terms, .templates = context.templates_folder()});
  if (!made) return screen.fail(with_places(std::move(made.error()), options.file));
  auto form = approval::unsigned_form(std::move(made->form));
  if (key)
    if (const auto is_signed = sign_as_author(*key, config->people, now, form); !is_signed)
      return screen.fail(is_signed.error());
  if (const auto written = approval::write_form_file(options.out, form); !written) return screen.fail(written.error());
  show_form(context, form, options.out);
  if (context.output() == Context::Output::text)
    screen.line({key ? "cli.prepared_written" : "cli.prepared_unsigned", {{"file", options.out}}});
  say_unsigned_rules(context, mode, config->set);
  return Exit::done;
}

}  // namespace broadcaster::cli
