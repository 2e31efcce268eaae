#include "broadcaster/cli/app.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <functional>

#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/first_look.hpp"
#include "broadcaster/cli/page.hpp"
#include "broadcaster/cli/usage.hpp"

namespace broadcaster::cli {
namespace {

/// Everything that options write into, for as long as they are parsed.
struct Typed {
  Global global;
  KeysNew keys_new;
  std::string key_file;
  ConfigSign config_sign;
  Check check;
  New new_alert;
  Update update;
  AllClear all_clear;
  Import import;
  Export export_cap;
  MakePlan plan;
  Prepare prepare;
  Fire fire;
  std::string shown_plan;
  Approve approve;
  Send send;
  std::string status_alert;
  DismissMatter dismiss;
  Halt halt;
  PageChoice page;
  std::string paged_plan;
  Cancel cancel;
  RecordVerify record_verify;
  RecordExport record_export;
  RecordErase record_erase;
  std::string backup_folder;
  TakeOver take_over;
  Drill drill;
  RangeChoice range;
};

using Action = std::function<int(const Context&)>;

/// Declares the commands; `action` is the one that was typed.
class CommandLine {
 public:
  explicit CommandLine(std::string_view language)
      : words_(base::Catalogue::of(language)), app_(say("cli.about"), "broadcaster") {
    auto format = std::make_shared<CLI::Formatter>();
    format->column_width(34);
    for (const auto& [label, key] : {std::pair{"Usage", "cli.help_usage"},
                                     {"OPTIONS", "cli.help_options_word"},
                                     {"Positionals", "cli.help_what"},
                                     {"SUBCOMMAND", "cli.help_command_word"},
                                     {"REQUIRED", "cli.help_required"}})
      format->label(label, say(key));
    for (const auto* label : {"TEXT", "FLOAT", "INT"}) format->label(label, say("cli.help_value"));
    app_.formatter(format);
    app_.set_help_flag("-h,--help", say("cli.help_help"));
    app_.option_defaults()->group(say("cli.help_options"));
    app_.get_help_ptr()->group(say("cli.help_options"));
    app_.fallthrough();
    app_.require_subcommand(0, 1);
    app_.footer(say("cli.help_more"));
    shared_options();
    keys();
    config();
    prepare();
    release();
    look();
    paging();
    second_machine();
    run_long();
  }

  CLI::App& app() { return app_; }
  const Action& action() const { return action_; }
  const Typed& typed() const { return typed_; }

 private:
  std::string say(std::string id) const { return words_.say(base::Text{std::move(id), {}}); }

  void shared_options() {
    option(app_, "--lang", typed_.global.language, "cli.option_lang");
    option(app_, "--config", typed_.global.config, "cli.option_config");
    option(app_, "--state", typed_.global.state, "cli.option_state");
    option(app_, "--templates", typed_.global.templates, "cli.option_templates");
    option(app_, "--mode", typed_.global.mode, "cli.option_mode");
    flag(app_, "--json", typed_.global.json, "cli.option_json");
  }

  CLI::App& group(const std::string& name, const std::string& about) {
    auto& sub = *app_.add_subcommand(name, say(about));
    sub.group(say("cli.help_commands"));
    sub.require_subcommand(0, 1);
    sub.get_help_ptr()->group(say("cli.help_options"));
    return sub;
  }

  CLI::App& command(CLI::App& parent, const std::string& name, const std::string& about, const std::string& example,
                    Action action) {
    auto& sub = *parent.add_subcommand(name, say(about));
    sub.group(say("cli.help_commands"));
    sub.get_help_ptr()->group(say("cli.help_options"));
    sub.footer(say("cli.help_example") + "\n  broadcaster " + example + "\n\n" + say("cli.help_shared"));
    sub.callback([this, action = std::move(action)] { action_ = action; });
    return sub;
  }

  CLI::Option& option(CLI::App& app, const std::string& names, std::string& into, const std::string& about) {
    return *app.add_option(names, into, say(about));
  }
  void flag(CLI::App& app, const std::string& names, bool& into, const std::string& about) {
    app.add_flag(names, into, say(about));
  }
  /// Where an officer has a key of their own, nobody types its name at night.
  void key(CLI::App& app, KeyChoice& into, const std::string& about = "cli.option_key") {
    option(app, "--key", into.file, about);
    if (const char* own = std::getenv("BROADCASTER_KEY")) into.file = own;
    option(app, "--passphrase-file", into.passphrase_file, "cli.option_passphrase_file");
  }

  /// Once for each value: "--key ratna.key --key sari.key".
  void several(CLI::App& app, const std::string& names, std::vector<std::string>& into, const std::string& about) {
    app.add_option(names, into, say(about))->allow_extra_args(false);
  }

  void keys() {
    auto& all = group("keys", "cli.about_keys");
    auto& fresh = command(all, "new", "cli.about_keys_new", "keys new sari.wulandari --out sari.key",
                          [this](const Context& c) { return keys_new(c, typed_.keys_new); });
    option(fresh, "NAME", typed_.keys_new.person, "cli.option_person").required();
    option(fresh, "-o,--out", typed_.keys_new.out, "cli.option_key_out");
    flag(fresh, "--no-passphrase", typed_.keys_new.no_passphrase, "cli.option_no_passphrase");
    option(fresh, "--passphrase-file", typed_.keys_new.passphrase_file, "cli.option_passphrase_file");
    auto& show = command(all, "show", "cli.about_keys_show", "keys show sari.key",
                         [this](const Context& c) { return keys_show(c, typed_.key_file); });
    option(show, "FILE", typed_.key_file, "cli.option_key_file").required();
  }

  /// The signed set of people and rules.
  void config() {
    auto& all = group("config", "cli.about_config");
    command(all, "status", "cli.about_config_status", "config status",
            [](const Context& c) { return config_status(c); });
    command(all, "diff", "cli.about_config_diff", "config diff", [](const Context& c) { return config_diff(c); });
    auto& signing = command(all, "sign", "cli.about_config_sign", "config sign --key ratna.key",
                            [this](const Context& c) { return config_sign(c, typed_.config_sign); });
    key(signing, typed_.config_sign.key);
    option(signing, "--confirm", typed_.config_sign.confirm, "cli.option_confirm");
    command(all, "restore", "cli.about_config_restore", "config restore",
            [](const Context& c) { return config_restore(c); });
  }

  void prepare() {
    auto& checking = command(app_, "check", "cli.about_check", "check alert.yaml --profile google",
                             [this](const Context& c) { return check(c, typed_.check); });
    option(checking, "ALERT", typed_.check.alert, "cli.option_checked_alert");
    option(checking, "--profile", typed_.check.profile, "cli.option_profile");
    auto& fresh = command(app_, "new", "cli.about_new", "new tsunami -o alert.yaml --key sari.key",
                          [this](const Context& c) { return new_alert(c, typed_.new_alert); });
    option(fresh, "HAZARD", typed_.new_alert.hazard, "cli.option_hazard").required();
    option(fresh, "-o,--out", typed_.new_alert.out, "cli.option_alert_out");
    flag(fresh, "--live", typed_.new_alert.live, "cli.option_live");
    key(fresh, typed_.new_alert.key, "cli.option_new_key");
    flag(fresh, "--no-page", typed_.new_alert.no_page, "cli.option_no_page");
    auto& changed = command(app_, "update", "cli.about_update", "update TP12 -o update.yaml --key sari.key",
                            [this](const Context& c) { return update(c, typed_.update); });
    option(changed, "ID", typed_.update.alert, "cli.option_alert").required();
    option(changed, "-o,--out", typed_.update.out, "cli.option_alert_out");
    key(changed, typed_.update.key, "cli.option_new_key");
    flag(changed, "--no-page", typed_.update.no_page, "cli.option_no_page");
    auto& over = command(app_, "all-clear", "cli.about_all_clear", "all-clear TP12 -o over.yaml --key sari.key",
                         [this](const Context& c) { return all_clear(c, typed_.all_clear); });
    option(over, "ID", typed_.all_clear.alert, "cli.option_alert").required();
    option(over, "-o,--out", typed_.all_clear.out, "cli.option_alert_out");
    key(over, typed_.all_clear.key, "cli.option_new_key");
    flag(over, "--no-page", typed_.all_clear.no_page, "cli.option_no_page");
    exchange();
    auto& plan = command(app_, "plan", "cli.about_plan", "plan alert.yaml -o alert.plan --key sari.key",
                         [this](const Context& c) { return plan_alert(c, typed_.plan); });
    option(plan, "ALERT", typed_.plan.alert, "cli.option_alert_file").required();
    option(plan, "-o,--out", typed_.plan.out, "cli.option_plan_out").required();
    key(plan, typed_.plan.key);
    flag(plan, "--skip-bad-rows", typed_.plan.skip_bad_rows, "cli.option_skip_bad_rows");
    flag(plan, "--no-page", typed_.plan.no_page, "cli.option_no_page");
    preparing();
    auto& show = command(app_, "show", "cli.about_show", "show alert.plan",
                         [this](const Context& c) { return show_plan(c, typed_.shown_plan); });
    option(show, "PLAN", typed_.shown_plan, "cli.option_plan_file").required();
  }

  /// What one person may send alone later.
  void preparing() {
    auto& preparing = command(app_, "prepare", "cli.about_prepare",
                              "prepare config/prepared/tsunami.yaml -o config/prepared/tsunami.form --key sari.key",
                              [this](const Context& c) { return cli::prepare(c, typed_.prepare); });
    option(preparing, "FILE", typed_.prepare.file, "cli.option_prepared_file").required();
    option(preparing, "-o,--out", typed_.prepare.out, "cli.option_form_out").required();
    key(preparing, typed_.prepare.key);
    flag(preparing, "--skip-bad-rows", typed_.prepare.skip_bad_rows, "cli.option_skip_bad_rows");
  }

  /// CAP from and to other agencies.
  void exchange() {
    auto& in = command(app_, "import", "cli.about_import", "import bulletin.xml -o alert.yaml",
                       [this](const Context& c) { return import_alert(c, typed_.import); });
    option(in, "FILE", typed_.import.file, "cli.option_cap_file").required();
    option(in, "-o,--out", typed_.import.out, "cli.option_draft_out").required();
    option(in, "--identifier", typed_.import.identifier, "cli.option_identifier");
    option(in, "--profile", typed_.import.profile, "cli.option_profile");
    option(in, "--signer", typed_.import.signer, "cli.option_signer");
    flag(in, "--ignore-signature", typed_.import.ignore_signature, "cli.option_ignore_signature");
    auto& out = command(app_, "export", "cli.about_export", "export alert.plan -o alert.xml --signing-key agency.pem",
                        [this](const Context& c) { return export_alert(c, typed_.export_cap); });
    option(out, "FILE", typed_.export_cap.file, "cli.option_exported").required();
    option(out, "-o,--out", typed_.export_cap.out, "cli.option_cap_out").required();
    option(out, "--profile", typed_.export_cap.profile, "cli.option_profile");
    option(out, "--signing-key", typed_.export_cap.signing_key, "cli.option_signing_key");
    option(out, "--certificate", typed_.export_cap.certificate, "cli.option_certificate");
  }

  void release() {
    auto& signing = command(app_, "approve", "cli.about_approve", "approve alert.plan --key ratna.key",
                            [this](const Context& c) { return approve(c, typed_.approve); });
    option(signing, "PLAN", typed_.approve.plan, "cli.option_waiting_plan");
    key(signing, typed_.approve.key);
    flag(signing, "-y,--yes", typed_.approve.yes, "cli.option_yes");
    auto& sending = command(app_, "send", "cli.about_send", "send alert.plan --confirm \"LIVE tsunami 4\"",
                            [this](const Context& c) { return send(c, typed_.send); });
    option(sending, "PLAN", typed_.send.plan, "cli.option_plan_file").required();
    option(sending, "--confirm", typed_.send.confirm, "cli.option_confirm");
    flag(sending, "--no-wait", typed_.send.no_wait, "cli.option_no_wait");
    flag(sending, "--break-glass", typed_.send.break_glass, "cli.option_break_glass");
    key(sending, typed_.send.key, "cli.option_glass_key");
    option(sending, "--reason", typed_.send.reason, "cli.option_glass_reason");
    auto& firing = command(app_, "fire", "cli.about_fire",
                           "fire config/prepared/tsunami.form --zones muara,pasir --arrival 02:35 --key hendra.key",
                           [this](const Context& c) { return fire(c, typed_.fire); });
    option(firing, "FORM", typed_.fire.form, "cli.option_form").required();
    option(firing, "--zones", typed_.fire.zones, "cli.option_fire_zones");
    option(firing, "--arrival", typed_.fire.arrival, "cli.option_fire_arrival");
    flag(firing, "--again", typed_.fire.again, "cli.option_fire_again");
    option(firing, "--confirm", typed_.fire.confirm, "cli.option_confirm");
    flag(firing, "--no-wait", typed_.fire.no_wait, "cli.option_no_wait");
    key(firing, typed_.fire.key, "cli.option_fire_key");
    auto& stopping = command(app_, "halt", "cli.about_halt", "halt TP12 --reason \"wrong zone\"",
                             [this](const Context& c) { return halt(c, typed_.halt); });
    option(stopping, "ID", typed_.halt.alert, "cli.option_alert").required();
    option(stopping, "--reason", typed_.halt.reason, "cli.option_reason");
    auto& taking_back = command(app_, "cancel", "cli.about_cancel", "cancel TP12 --false-alarm --key ratna.key",
                                [this](const Context& c) { return cancel(c, typed_.cancel); });
    option(taking_back, "ID", typed_.cancel.alert, "cli.option_alert").required();
    flag(taking_back, "--false-alarm", typed_.cancel.false_alarm, "cli.option_false_alarm");
    several(taking_back, "--key", typed_.cancel.keys, "cli.option_canceller_keys");
    several(taking_back, "--passphrase-file", typed_.cancel.passphrase_files, "cli.option_canceller_passphrases");
    option(taking_back, "--confirm", typed_.cancel.confirm, "cli.option_confirm");
    flag(taking_back, "--withdraw", typed_.cancel.withdraw, "cli.option_withdraw");
    flag(taking_back, "--break-glass", typed_.cancel.break_glass, "cli.option_cancel_alone");
    option(taking_back, "--reason", typed_.cancel.reason, "cli.option_glass_reason");
  }

  void look() {
    auto& state = command(app_, "status", "cli.about_status", "status TP12 --json",
                          [this](const Context& c) { return status(c, typed_.status_alert); });
    option(state, "ID", typed_.status_alert, "cli.option_alert_or_all");
    feeds();
    auto& record = group("record", "cli.about_record");
    auto& checking = command(record, "verify", "cli.about_record_verify", "record verify --mode drill",
                             [this](const Context& c) { return record_verify(c, typed_.record_verify); });
    option(checking, "--export", typed_.record_verify.exported, "cli.option_verify_export");
    several(checking, "--head", typed_.record_verify.heads, "cli.option_record_head");
    several(checking, "--key", typed_.record_verify.keys, "cli.option_record_key");
    command(record, "key", "cli.about_record_key", "record key --mode live",
            [](const Context& c) { return record_key(c); });
    auto& leave = command(record, "export", "cli.about_record_export", "record export TP12 -o evidence/",
                          [this](const Context& c) { return record_export(c, typed_.record_export); });
    option(leave, "ID", typed_.record_export.alert, "cli.option_alert").required();
    option(leave, "-o,--out,DIR", typed_.record_export.folder, "cli.option_export_folder");
    erase(record);
    option(leave, "--numbers", typed_.record_export.numbers, "cli.option_numbers");
    option(leave, "--reason", typed_.record_export.reason, "cli.option_numbers_reason");
    option(leave, "--signing-key", typed_.record_export.cap_key.signing_key, "cli.option_signing_key");
    option(leave, "--certificate", typed_.record_export.cap_key.certificate, "cli.option_certificate");
  }

  void feeds() {
    // A callback of the command runs after that of its own command, so it looks which of the two was typed.
    auto& list = command(app_, "feeds", "cli.about_feeds", "feeds --mode live", [this](const Context& c) {
      return typed_.dismiss.id.empty() ? cli::feeds(c) : dismiss_matter(c, typed_.dismiss);
    });
    auto& dismiss = command(list, "dismiss", "cli.about_feeds_dismiss",
                            "feeds dismiss inatews-3f9a1c2b --reason \"meant for another coast\"",
                            [this](const Context& c) { return dismiss_matter(c, typed_.dismiss); });
    option(dismiss, "ID", typed_.dismiss.id, "cli.option_matter").required();
    option(dismiss, "--reason", typed_.dismiss.reason, "cli.option_dismiss_reason").required();
  }

  /// `page` alone lists what is open.
  void paging() {
    auto& all = command(app_, "page", "cli.about_page", "page --mode live", [](const Context& c) { return pages(c); });
    all.require_subcommand(0, 1);
    // The innermost command is called first, and it is the one that was typed.
    all.callback([this] {
      if (!action_) action_ = [](const Context& c) { return pages(c); };
    });
    auto& everybody = command(all, "approvers", "cli.about_page_approvers", "page approvers night.plan",
                              [this](const Context& c) { return page_approvers(c, typed_.paged_plan); });
    option(everybody, "PLAN", typed_.paged_plan, "cli.option_plan_file").required();
    auto& got = command(all, "ack", "cli.about_page_ack", "page ack P12 --by sari.wulandari",
                        [this](const Context& c) { return page_ack(c, typed_.page); });
    option(got, "PAGE", typed_.page.page, "cli.option_page").required();
    option(got, "--by", typed_.page.by, "cli.option_page_by");
  }

  void erase(CLI::App& record) {
    auto& erasing = command(record, "erase", "cli.about_record_erase", "record erase --before 365d --dry-run",
                            [this](const Context& c) { return record_erase(c, typed_.record_erase); });
    option(erasing, "--before", typed_.record_erase.before, "cli.option_erase_before").required();
    flag(erasing, "--dry-run", typed_.record_erase.dry_run, "cli.option_erase_dry_run");
  }

  /// R63: the copy, the restored state, and the step that makes it the one that sends.
  void second_machine() {
    auto& state = group("state", "cli.about_state");
    auto& copy = command(state, "backup", "cli.about_backup", "state backup /mnt/usb/copy --mode live",
                         [this](const Context& c) { return state_backup(c, typed_.backup_folder); });
    option(copy, "DIR", typed_.backup_folder, "cli.option_backup_folder").required();
    auto& back = command(state, "restore", "cli.about_restore", "state restore /mnt/usb/copy --mode live",
                         [this](const Context& c) { return state_restore(c, typed_.backup_folder); });
    option(back, "DIR", typed_.backup_folder, "cli.option_restore_folder").required();
    auto& taking = command(app_, "take-over", "cli.about_take_over", "take-over --mode live",
                           [this](const Context& c) { return take_over(c, typed_.take_over); });
    option(taking, "--confirm", typed_.take_over.confirm, "cli.option_confirm");
  }

  void run_long() {
    command(app_, "serve", "cli.about_serve", "serve --mode live", [](const Context& c) { return serve(c); });
    auto& exercise =
        command(app_, "drill", "cli.about_drill", "drill config/drills/tsunami-coast.yaml --report report/",
                [this](const Context& c) { return drill(c, typed_.drill); });
    option(exercise, "FILE", typed_.drill.scenario, "cli.option_scenario");
    option(exercise, "--report", typed_.drill.report, "cli.option_report");
    auto& playground = command(app_, "range", "cli.about_range", "range --port 8080 --settings range.json",
                               [this](const Context& c) { return range(c, typed_.range); });
    option(playground, "--port", typed_.range.port, "cli.option_port");
    option(playground, "--smsc-port", typed_.range.smsc_port, "cli.option_smsc_port");
    option(playground, "--settings", typed_.range.settings, "cli.option_range_settings");
  }

  const base::Catalogue& words_;
  Typed typed_;
  CLI::App app_;
  Action action_;
};

}  // namespace

int run(int argc, char** argv) {
  auto global = first_look(argc, argv);
  auto agency = agency_of(global);
  const auto language = language_of(global, agency);
  const Screen screen(language);
  CommandLine line(language);
  try {
    line.app().parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    screen.text(help_of(typed_command(line.app())));
    return Exit::done;
  } catch (const CLI::ParseError& error) {
    const auto status = screen.fail(base::ErrorKind::usage, explain(error, line.app()));
    screen.note({"cli.usage_hint", {{"command", full_name(typed_command(line.app()))}}});
    return status;
  }
  if (!line.action()) {
    // A group alone ("keys"), or nothing at all: show what there is.
    const auto status = screen.fail(base::ErrorKind::usage, {"cli.usage_no_command", {}});
    const auto help = help_of(typed_command(line.app()));
    std::fwrite(help.data(), 1, help.size(), stderr);
    return status;
  }
  const auto languages = base::Catalogue::languages();
  if (const auto& asked = line.typed().global.language;
      !asked.empty() && std::find(languages.begin(), languages.end(), asked) == languages.end())
    return screen.fail(base::ErrorKind::usage, {"cli.usage_language", {{"found", asked}}});
  return line.action()(Context(line.typed().global, std::move(agency)));
}

}  // namespace broadcaster::cli
