// broadcaster config sign: one person more signs the agency's people and rules, after having read what changed.
#include <boost/json.hpp>

#include "broadcaster/base/file_lock.hpp"
#include "broadcaster/base/files.hpp"
#include "broadcaster/cli/ask.hpp"
#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/config_set.hpp"
#include "broadcaster/cli/login.hpp"

namespace broadcaster::cli {
namespace {

using approval::SignedSet;

std::unexpected<base::Error> refuse(base::Text why) { return base::fail(base::ErrorKind::refused, std::move(why)); }

/// The one that waits, or a new one that nobody has signed yet.
SignedSet set_to_sign(const Context& context, const KnownSet& known, const approval::SetTexts& texts,
                      base::WallTime now) {
  if (auto waits = set_that_waits(context, known.accepted, texts)) return std::move(*waits);
  return approval::next_set(known.accepted ? &*known.accepted : nullptr, texts, now);
}

base::Result<approval::SetSigners> signers_of(const SignedSet& set, base::WallTime now) {
  return approval::weigh_set(set, set.sets.size() - 1, now);
}

/// Before anybody types a passphrase.
base::Result<void> may_sign(const SignedSet& set, const std::string& person, base::WallTime now) {
  const auto signers = signers_of(set, now);
  if (!signers) return std::unexpected(signers.error());
  for (const auto& verdict : signers->signatures)
    if (!verdict.doubt && verdict.signature.person == person)
      return refuse({"cli.set_signed_already", {{"person", person}}});
  return {};
}

void show(const Context& context, const KnownSet& known, const SignedSet& set, base::WallTime now) {
  if (context.output() == Context::Output::json) return;
  const auto& screen = context.screen();
  screen.line({known.accepted ? "cli.set_to_sign" : "cli.set_first_to_sign", {{"number", set.last().number}}});
  for (const auto& text : set_in_words(known.accepted, set.texts)) screen.text("  " + screen.say(text));
  if (const auto people = approval::parse_people(set.last().people, std::string(approval::people_file)))
    for (const auto& text : approval::key_warnings(*people, now)) screen.line(text);
  if (const auto signers = signers_of(set, now))
    for (const auto& text : signer_lines(*signers)) screen.line(text);
  screen.line({"cli.set_digest", {{"digest", set.digest()}}});
}

base::Result<void> confirm(const Context& context, const SignedSet& set, const std::string& given) {
  const auto words = "SIGN " + std::to_string(set.last().number);
  auto typed = given;
  if (typed.empty()) {
    auto answer = Asker(context.screen()).ask({"cli.confirm_approval", {{"words", words}}});
    if (!answer) return std::unexpected(answer.error());
    typed = *answer;
  }
  if (!same_words(typed, words)) return refuse({"cli.not_confirmed", {}});
  return {};
}

/// Into the set as it waits now, where somebody else may have signed meanwhile; as signed.json once it is complete.
base::Result<approval::SetSigners> add(const Context& context, const KnownSet& known, const SignedSet& shown,
                                       const approval::Signature& signature, base::WallTime now) {
  const auto folder = context.config_folder();
  const auto lock = base::FileLock::of(folder / approval::people_file);
  if (!lock) return std::unexpected(lock.error());
  auto set = shown;
  if (auto waits = set_that_waits(context, known.accepted, shown.texts)) set = std::move(*waits);
  if (set.digest() != shown.digest()) return refuse({"cli.set_changed_meanwhile", {}});
  set.sets.back().signatures.push_back(signature);
  auto signers = signers_of(set, now);
  if (!signers) return signers;
  if (const auto& own = signers->signatures.back(); own.doubt) return refuse(own.reason);
  // Whoever reads the file reads the names of those who have signed, and no others.
  set.sets.back().signatures = approval::counting(*signers);
  const auto file = folder / (signers->complete() ? approval::signed_set_file : approval::set_to_sign_file);
  if (auto written = base::write_file(file, approval::signed_set_json(set)); !written)
    return std::unexpected(written.error());
  std::error_code ignored;  // one that waits in vain is of an older set, and goes by itself with the next
  if (signers->complete()) std::filesystem::remove(folder / approval::set_to_sign_file, ignored);
  return signers;
}

/// Complete: it counts from the moment that the owner has looked.
int put_in_force(const Context& context) {
  const auto known = ask_for_set(context);
  if (!known) return context.screen().fail(known.error());
  const auto status = show_standing(context, known->standing);
  return status == Exit::done ? status : static_cast<int>(Exit::refused);
}

}  // namespace

int config_sign(const Context& context, const ConfigSign& options) {
  const auto& screen = context.screen();
  // A configuration with mistakes is nothing to sign; and what was checked is what is signed.
  const auto config = context.config();
  if (!config) return screen.fail(config.error());
  const auto known = ask_for_set(context);
  if (!known) return screen.fail(known.error());
  const auto now = context.now();
  if (known->accepted && known->accepted->texts == config->set) {
    screen.line({"cli.set_nothing_to_sign", {{"number", known->accepted->last().number}}});
    return Exit::done;
  }
  // Rules that nobody could keep or change any more are found before they are signed.
  if (const auto stuck = approval::quorum_warnings(config->people, now); !stuck.empty())
    return screen.fail(base::ErrorKind::refused, stuck.front());
  const auto set = set_to_sign(context, *known, config->set, now);
  if (!options.key.file.empty()) {
    const auto file = approval::read_key_file(options.key.file);
    if (!file) return screen.fail(file.error());
    if (const auto may = may_sign(set, file->person, now); !may) return screen.fail(may.error());
  }
  show(context, *known, set, now);
  // The passphrase before the words: who is asked for words first types his passphrase there, for all to see.
  const auto key = open_key(screen, options.key);
  if (!key) return screen.fail(key.error());
  if (const auto agreed = confirm(context, set, options.confirm); !agreed) return screen.fail(agreed.error());
  const auto signed_at = context.now();
  auto signature = approval::sign_set(*key, approval::digest(set.last()), signed_at);
  if (!signature) return screen.fail(signature.error());
  signature->login = this_login();
  const auto signers = add(context, *known, set, *signature, signed_at);
  if (!signers) return screen.fail(signers.error());
  if (signers->complete()) return put_in_force(context);
  if (context.output() == Context::Output::json)
    screen.json(boost::json::object{{"person", key->person()},
                                    {"number", set.last().number},
                                    {"digest", set.digest()},
                                    {"have", signers->have},
                                    {"needed", signers->needed}});
  else
    screen.line({"cli.set_waits",
                 {{"person", key->person()},
                  {"have", std::int64_t{signers->have}},
                  {"needed", std::int64_t{signers->needed}}}});
  return Exit::done;
}

}  // namespace broadcaster::cli
