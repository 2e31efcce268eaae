#include "broadcaster/cli/config_set.hpp"

#include <boost/json.hpp>

#include "broadcaster/approval/same_login.hpp"
#include "broadcaster/approval/set_changes.hpp"
#include "broadcaster/base/files.hpp"
#include "broadcaster/cli/json_values.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::cli {
namespace json = boost::json;
namespace {

std::string signers_of(const json::object& standing) {
  std::string out;
  if (const auto* list = standing.if_contains("signers"); list && list->is_array())
    for (const auto& person : list->get_array())
      if (person.is_string()) out += (out.empty() ? "" : ", ") + std::string(person.get_string());
  return out;
}

std::vector<base::Text> why(const json::object& standing) {
  std::vector<base::Text> out;
  if (const auto* list = standing.if_contains("why"); list && list->is_array())
    for (const auto& text : list->get_array()) out.push_back(service::text_from_json(text));
  return out;
}

}  // namespace

base::Checked<KnownSet> ask_for_set(const Context& context) {
  auto session = context.session(alert::Mode::live, service::Work::read);
  if (!session) return std::unexpected(session.error());
  auto answer = session->ask({{"op", "signed_set"}, {"text", true}});
  if (!answer) return std::unexpected(base::Errors{answer.error()});
  KnownSet out;
  if (const auto text = text_of(*answer, "text"); !text.empty()) {
    auto set = approval::parse_signed_set(text, "journal");
    if (!set) return std::unexpected(base::Errors{set.error()});
    out.accepted = std::move(*set);
  }
  answer->erase("text");
  answer->erase("ok");
  out.standing = std::move(*answer);
  return out;
}

approval::SetStanding standing_of_files(const Context& context, const approval::SetTexts& texts) {
  const auto file = context.config_folder() / approval::signed_set_file;
  approval::SetOnDisk disk{texts, std::nullopt};
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) disk.signed_set = base::read_file(file).value_or(std::string());
  return approval::judge_set(disk, nullptr, context.now());
}

std::optional<approval::SignedSet> set_that_waits(const Context& context,
                                                  const std::optional<approval::SignedSet>& accepted,
                                                  const approval::SetTexts& texts) {
  const auto text = base::read_file(context.config_folder() / approval::set_to_sign_file);
  if (!text) return std::nullopt;
  auto set = approval::parse_signed_set(*text, std::string(approval::set_to_sign_file));
  if (!set || set->texts != texts) return std::nullopt;
  if (set->last().previous != (accepted ? accepted->digest() : std::string())) return std::nullopt;
  return std::move(*set);
}

std::vector<std::string> set_lines(const Context& context, const json::object& standing) {
  const auto& screen = context.screen();
  std::vector<std::string> out;
  if (standing.if_contains("number"))
    out.push_back(screen.say({"cli.set_signed",
                              {{"number", number_of(standing, "number")},
                               {"date", context.local(text_of(standing, "date"))},
                               {"digest", text_of(standing, "digest").substr(0, 16)},
                               {"signers", signers_of(standing)},
                               {"state", base::Key{"cli.set_" + text_of(standing, "state")}}}}));
  for (const auto& same : objects_of(standing, "same_login"))
    out.push_back(screen.say(
        approval::text_of({{text_of(same, "machine"), text_of(same, "session"), {}}, texts_of(same, "persons")})));
  const bool stops = !is_true(standing, "releases");
  for (const auto& text : why(standing))
    out.push_back(screen.say({stops ? "cli.set_stops" : "cli.set_note", {{"why", screen.say(text)}}}));
  return out;
}

base::Errors refusals_of(const json::object& standing) {
  base::Errors out;
  for (auto& text : why(standing)) out.push_back({base::ErrorKind::refused, std::move(text), {}, {}});
  return out;
}

base::Checked<void> rules_are_signed(const Context& context, alert::Mode mode) {
  if (mode == alert::Mode::drill) return {};
  const auto known = ask_for_set(context);
  if (!known) return std::unexpected(known.error());
  if (is_true(known->standing, "releases")) return {};
  return std::unexpected(refusals_of(known->standing));
}

void say_unsigned_rules(const Context& context, alert::Mode mode, const approval::SetTexts& texts) {
  if (mode == alert::Mode::drill) return;
  for (const auto& text : approval::set_refusals(standing_of_files(context, texts)))
    context.screen().note({"cli.set_stops", {{"why", context.screen().say(text)}}});
}

std::vector<base::Text> signer_lines(const approval::SetSigners& signers) {
  std::vector<base::Text> out;
  std::string persons;
  for (const auto& verdict : signers.signatures)
    if (!verdict.doubt) persons += (persons.empty() ? "" : ", ") + verdict.signature.person;
  out.push_back({"cli.set_signers",
                 {{"have", std::int64_t{signers.have}},
                  {"needed", std::int64_t{signers.needed}},
                  {"persons", persons.empty() ? "–" : persons}}});
  for (const auto& same : approval::same_logins(approval::counting(signers))) out.push_back(approval::text_of(same));
  for (const auto& verdict : signers.signatures)
    if (verdict.doubt) out.push_back(verdict.reason);
  return out;
}

std::vector<base::Text> set_in_words(const std::optional<approval::SignedSet>& accepted,
                                     const approval::SetTexts& texts) {
  if (accepted) return approval::changes_in_words(accepted->texts, texts);
  auto out = approval::changes_in_words({}, texts);
  // Whoever signs the first set says that these are the people.
  if (const auto people = texts.find(approval::people_file); people != texts.end())
    for (auto& text : approval::people_in_words(people->second)) out.push_back(std::move(text));
  return out;
}

int show_standing(const Context& context, const json::object& standing) {
  const auto& screen = context.screen();
  switch (context.output()) {
    case Context::Output::json:
      screen.json(standing);
      break;
    case Context::Output::text:
      for (const auto& line : set_lines(context, standing)) screen.text(line);
      break;
  }
  return is_true(standing, "releases") ? Exit::done : Exit::check_failed;
}

}  // namespace broadcaster::cli
