// broadcaster cancel ID --false-alarm: "there is no danger", in the words that were approved with the alert.
//
// A bare `cancel` is a wrong usage on purpose: whoever wants to stop a wrong text must not tell people that they are
// safe. Everything is read before anything can be sent: only after the person has typed the key words is there an owner
// that sends, and the alert is halted before that.
#include <algorithm>

#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/cli/ask.hpp"
#include "broadcaster/cli/cancel_alone.hpp"
#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/config_set.hpp"
#include "broadcaster/cli/json_values.hpp"
#include "broadcaster/cli/watch.hpp"
#include "broadcaster/plan/lint.hpp"

namespace broadcaster::cli {
namespace json = boost::json;
namespace {

/// On one line, as it is said.
std::string flat(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n';
    if (!space || !out.ends_with(' ')) out += space ? ' ' : c;
  }
  return out;
}

/// The prepared message that most people will read, in the officer's language where there is one.
std::string sentence(const plan::Plan& plan, const std::string& language) {
  plan::Filling sample;
  sample.identifier = sample.references = "…";
  sample.code = plan.code_prefix + "…";
  sample.time_of_issue = sample.original_time_of_issue = plan.made_at;
  sample.original_code = plan.code_prefix + "…";
  std::string any;
  for (const auto& message : plan.messages) {
    const auto* pieces = std::get_if<plan::Pieces>(&message.body);
    if (!pieces) continue;
    auto text = flat(plan::fill(*pieces, sample));
    if (message.language.value == language) return text;
    if (any.empty()) any = std::move(text);
  }
  return any;
}

std::int64_t people_of(const plan::Plan& plan) {
  std::int64_t people = 0;
  for (const auto& zone : plan.zones) people += zone.people;
  return people;
}

/// What the sentence says first: the words by which it is known that there is no danger ("TIDAK ADA TSUNAMI").
std::string key_words(const Context& context, const plan::Plan& plan, const std::string& text) {
  if (const auto templates = context.templates())
    for (const auto& words : templates->all)
      if (words.hazard == plan.alert.hazard)
        for (const auto& word : words.false_alarm.hazard_words)
          if (plan::says(text, word)) return word;
  for (const auto& info : plan.alert.infos)
    if (!info.headline.empty()) return info.headline;
  return plan.alert.hazard;
}

struct Released {
  approval::SignedPlan plan;
  std::string identifier, code;
  std::string taken_back_by;  ///< code of its false alarm, where there is one already
  service::Session::Where owner = service::Session::Where::here;
};

base::Checked<Released> released_plan(const Context& context, alert::Mode mode, const std::string& alert) {
  auto session = context.session(mode, service::Work::read);
  if (!session) return std::unexpected(session.error());
  const auto answer = session->ask({{"op", "plan"}, {"alert", alert}});
  if (!answer) return std::unexpected(base::Errors{answer.error()});
  auto plan = plan::parse_plan(text_of(*answer, "plan"), alert);
  if (!plan) return std::unexpected(base::Errors{plan.error()});
  if (is_true(*answer, "false_alarm"))
    return std::unexpected(base::Errors{{base::ErrorKind::refused, {"approval.cancel_of_cancel", {}}, {}, {}}});
  if (!plan->false_alarm)
    return std::unexpected(base::Errors{{base::ErrorKind::refused, {"approval.no_false_alarm", {}}, {}, {}}});
  return Released{approval::unsigned_plan(std::move(*plan)), text_of(*answer, "identifier"), text_of(*answer, "code"),
                  text_of(*answer, "taken_back_by"), session->owner()};
}

/// The four verbs, each with what people will read.
int explain_verbs(const Context& context, const base::Checked<Released>& released, const std::string& alert) {
  const auto& screen = context.screen();
  const auto status = screen.fail(base::ErrorKind::usage, {"cli.cancel_which", {}});
  const auto people = released ? people_of(released->plan.plan) : 0;
  screen.note({"cli.verb_halt", {{"alert", alert}}});
  screen.note({"cli.verb_update", {{"alert", alert}, {"people", people}}});
  screen.note({"cli.verb_false_alarm",
               {{"alert", alert},
                {"people", people},
                {"sentence", released ? sentence(*released->plan.plan.false_alarm, context.language()) : "…"}}});
  screen.note({"cli.verb_all_clear", {{"alert", alert}, {"people", people}}});
  return status;
}

base::Result<void> confirm(const Context& context, const std::string& words, const std::string& given) {
  auto typed = given;
  if (typed.empty()) {
    auto answer = Asker(context.screen()).ask({"cli.confirm_false_alarm", {{"words", words}}});
    if (!answer) return std::unexpected(answer.error());
    typed = *answer;
  }
  if (same_words(typed, words)) return {};
  return base::fail(base::ErrorKind::refused, {"cli.wrong_words", {{"words", words}}});
}

base::Result<std::vector<approval::UnlockedKey>> open_keys(const Context& context, const Cancel& options) {
  if (options.keys.empty()) return base::fail(base::ErrorKind::usage, {"cli.usage_missing", {{"what", "--key"}}});
  std::vector<approval::UnlockedKey> out;
  for (std::size_t i = 0; i < options.keys.size(); ++i) {
    const auto& files = options.passphrase_files;
    auto key = open_key(context.screen(), {options.keys[i], i < files.size() ? files[i] : std::string()});
    if (!key) return std::unexpected(key.error());
    out.push_back(std::move(*key));
  }
  return out;
}

/// One signature for each key, in their order; or that of one person alone.
struct Signed {
  json::object request;  ///< {"signatures": […]}, or {"glass": …}
  std::string by;
};

base::Result<Signed> sign_all(const Context& context, const std::vector<approval::UnlockedKey>& keys, alert::Mode mode,
                              const approval::SignedPlan& plan) {
  Signed out;
  json::array signatures;
  for (const auto& key : keys) {
    const auto signature = approval::sign(key, approval::Role::canceller, mode, approval::digest(plan), context.now());
    if (!signature) return std::unexpected(signature.error());
    signatures.push_back(approval::to_json(*signature));
    out.by += (out.by.empty() ? "" : ", ") + key.person();
  }
  out.request["signatures"] = std::move(signatures);
  return out;
}

base::Checked<Signed> confirm_and_sign(const Context& context, const Released& released,
                                       const std::vector<approval::UnlockedKey>& keys, const Cancel& options) {
  const auto& said = *released.plan.plan.false_alarm;
  const auto text = sentence(said, context.language());
  const auto words = key_words(context, said, text);
  context.screen().line({"cli.people_will_read", {{"people", people_of(said)}, {"sentence", text}}});
  if (options.break_glass) {
    auto glass = cancel_alone(context, {released.plan, released.code, words}, keys, options);
    if (!glass) return std::unexpected(glass.error());
    return Signed{{{"glass", std::move(*glass)}}, keys.front().person()};
  }
  if (const auto confirmed = confirm(context, words, options.confirm); !confirmed)
    return std::unexpected(base::Errors{confirmed.error()});
  auto made = sign_all(context, keys, released.plan.plan.mode, released.plan);
  if (!made) return std::unexpected(base::Errors{made.error()});
  return std::move(*made);
}

/// What the request carries. Of an alert that is taken back already nothing: it gets the same answer again.
base::Checked<Signed> agree(const Context& context, const Released& released, const Cancel& options) {
  if (!released.taken_back_by.empty()) {
    context.screen().note({"cli.taken_back_already", {{"alert", released.code}, {"code", released.taken_back_by}}});
    return Signed();
  }
  // Passphrases before the words: who is asked for words first types his passphrase there, for all to see.
  const auto keys = open_keys(context, options);
  if (!keys) return std::unexpected(base::Errors{keys.error()});
  return confirm_and_sign(context, released, *keys, options);
}

/// By what the owner that sends will read: live, the signed set of its state.
base::Checked<void> sending_is_possible(const Context& context, alert::Mode mode) {
  if (mode == alert::Mode::drill) {
    if (const auto config = context.config(); !config) return std::unexpected(config.error());
    return {};
  }
  const auto known = ask_for_set(context);
  if (!known) return std::unexpected(known.error());
  const auto accepted = known->accepted ? std::make_shared<const approval::SignedSet>(*known->accepted) : nullptr;
  const auto config = service::config_in_force(context.config_folder(), accepted, context.now());
  if (!config) return std::unexpected(config.error());
  return {};
}

/// Released and the alert stopped in one transaction, or neither. Where nobody owns the state it is only written here:
/// an owner that sends would first go on with the alert.
base::Checked<json::object> submit(const Context& context, alert::Mode mode, const Released& released, Signed made) {
  // What the sending needs is read before anything is written.
  if (released.owner == service::Session::Where::here)
    if (const auto readable = sending_is_possible(context, mode); !readable) return std::unexpected(readable.error());
  auto session = context.session(mode, service::Work::read);
  if (!session) return std::unexpected(session.error());
  auto request = std::move(made.request);
  request["op"] = "false_alarm";
  request["alert"] = released.identifier;
  if (!made.by.empty()) request["by"] = made.by;
  auto answer = session->ask(std::move(request));
  if (!answer) return std::unexpected(base::Errors{answer.error()});
  return std::move(*answer);
}

/// After a refusal: what it left behind.
void say_how_it_stands(const Context& context, alert::Mode mode, const Released& released) {
  const auto& screen = context.screen();
  std::vector<base::Text> waiting;
  if (auto session = context.session(mode, service::Work::read))
    if (const auto answer = session->ask({{"op", "status"}, {"alert", released.identifier}}))
      for (const auto& alert : objects_of(*answer, "alerts"))
        for (auto& line : waiting_lines(context, alert)) waiting.push_back(std::move(line));
  for (const auto& line : waiting) screen.note(line);
  if (waiting.empty()) screen.note({"cli.not_cancelled", {{"alert", released.code}}});
  say_who_is_called(context, released.plan);
}

int withdraw(const Context& context, alert::Mode mode, const std::string& alert) {
  const auto& screen = context.screen();
  auto session = context.session(mode, service::Work::read);
  if (!session) return screen.fail(session.error());
  const auto answer = session->ask({{"op", "withdraw_false_alarm"}, {"alert", alert}});
  if (!answer) return screen.fail(answer.error());
  std::string persons;
  for (const auto& person : texts_of(*answer, "withdrawn")) persons += (persons.empty() ? "" : ", ") + person;
  if (persons.empty())
    screen.line({"cli.no_canceller_waits", {{"alert", alert}}});
  else
    screen.line({"cli.withdrawn", {{"alert", alert}, {"persons", persons}}});
  return Exit::done;
}

}  // namespace

int cancel(const Context& context, const Cancel& options) {
  const auto& screen = context.screen();
  const auto mode = context.mode();
  if (!mode) return screen.fail(mode.error());
  if (options.withdraw) return withdraw(context, *mode, options.alert);
  const auto released = released_plan(context, *mode, options.alert);
  if (!options.false_alarm) return explain_verbs(context, released, options.alert);
  if (!released) return screen.fail(released.error());
  auto made = agree(context, *released, options);
  if (!made) return screen.fail(made.error());

  const Interrupts interrupts;
  const auto submitted = submit(context, *mode, *released, std::move(*made));
  if (!submitted) {
    const auto status = screen.fail(submitted.error());
    // Without an answer nobody knows whether it was written.
    if (submitted.error().front().kind == base::ErrorKind::refused) say_how_it_stands(context, *mode, *released);
    return status;
  }
  const auto code = text_of(*submitted, "code");
  if (context.output() == Context::Output::text)
    screen.line({"cli.cancelled", {{"alert", released->code}, {"code", code}}});
  auto session = context.session(*mode, service::Work::send);
  if (!session) return screen.fail(session.error());
  auto watched = watch(context, *session, text_of(*submitted, "alert"));
  if (!watched) return screen.fail(watched.error());
  if (watched->end == Watched::End::interrupted) {
    screen.note(
        {session->owner() == service::Session::Where::here ? "cli.left_stops" : "cli.left_goes_on", {{"code", code}}});
    return Exit::interrupted;
  }
  const auto status = exit_of(watched->alert);
  if (context.output() == Context::Output::json) {
    screen.json(watched->alert);
    return status;
  }
  show_blocked(context, watched->alert);
  screen.line(end_line(status, code));
  return status;
}

}  // namespace broadcaster::cli
