// broadcaster config status|diff|restore: are the agency's people and rules the signed ones, what differs, and back.
#include <boost/json.hpp>

#include "broadcaster/base/files.hpp"
#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/config_set.hpp"
#include "broadcaster/service/set_files.hpp"

namespace broadcaster::cli {
namespace {

namespace fs = std::filesystem;

/// "people.yaml.unsigned-20261124T021500Z": beside it, so that nobody's work is lost.
fs::path kept_as(const fs::path& file, base::WallTime now) {
  auto stamp = base::format_utc(now).substr(0, 19);
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  return file.string() + ".unsigned-" + stamp + "Z";
}

base::Result<void> put_aside(const Context& context, const fs::path& file, base::WallTime now) {
  const auto kept = kept_as(file, now);
  std::error_code failed;
  fs::rename(file, kept, failed);
  if (failed)
    return base::fail(base::ErrorKind::unavailable,
                      {"cli.set_not_restored", {{"file", file.string()}, {"reason", failed.message()}}});
  context.screen().note({"cli.set_kept_aside", {{"file", file.filename().string()}, {"kept", kept.string()}}});
  return {};
}

base::Result<void> restore(const Context& context, const approval::SignedSet& set, const approval::FileChange& change,
                           base::WallTime now) {
  const auto file = context.config_folder() / change.file;
  switch (change.how) {
    case approval::FileChange::How::changed:
    case approval::FileChange::How::added:
      if (auto aside = put_aside(context, file, now); !aside) return aside;
      break;
    case approval::FileChange::How::removed:
      break;
  }
  const auto text = set.texts.find(change.file);
  if (text == set.texts.end()) return {};
  return base::write_file(file, text->second);
}

}  // namespace

int config_status(const Context& context) {
  const auto& screen = context.screen();
  const auto known = ask_for_set(context);
  if (!known) return screen.fail(known.error());
  const auto status = show_standing(context, known->standing);
  if (context.output() == Context::Output::json) return status;
  if (known->accepted)
    if (const auto people = approval::parse_people(known->accepted->last().people, std::string(approval::people_file)))
      for (const auto& text : approval::quorum_warnings(*people, context.now())) screen.line(text);
  const auto texts = service::read_set_texts(context.config_folder());
  if (!texts) return status;
  if (const auto waits = set_that_waits(context, known->accepted, *texts))
    if (const auto signers = approval::weigh_set(*waits, waits->sets.size() - 1, context.now()))
      for (const auto& text : signer_lines(*signers)) screen.line(text);
  return status;
}

int config_diff(const Context& context) {
  const auto& screen = context.screen();
  const auto known = ask_for_set(context);
  if (!known) return screen.fail(known.error());
  const auto texts = service::read_set_texts(context.config_folder());
  if (!texts) return screen.fail(texts.error());
  const auto words = set_in_words(known->accepted, *texts);
  if (context.output() == Context::Output::json) {
    boost::json::array changes;
    for (const auto& text : words) changes.push_back(boost::json::string(screen.say(text)));
    screen.json(boost::json::object{{"changes", std::move(changes)}});
  } else if (words.empty()) {
    screen.line({"cli.set_nothing_to_sign", {{"number", known->accepted->last().number}}});
  } else {
    for (const auto& text : words) screen.line(text);
  }
  return words.empty() ? Exit::done : Exit::check_failed;
}

int config_restore(const Context& context) {
  const auto& screen = context.screen();
  const auto known = ask_for_set(context);
  if (!known) return screen.fail(known.error());
  if (!known->accepted) return screen.fail(base::ErrorKind::refused, {"cli.set_nothing_to_restore", {}});
  const auto& set = *known->accepted;
  const auto disk = service::read_set(context.config_folder());
  if (!disk) return screen.fail(disk.error());
  const auto now = context.now();
  for (const auto& change : approval::changes(set.last().files, approval::digests_of(disk->texts)))
    if (const auto restored = restore(context, set, change, now); !restored) return screen.fail(restored.error());
  if (const auto text = approval::signed_set_json(set); disk->signed_set != text)
    if (const auto written = base::write_file(context.config_folder() / approval::signed_set_file, text); !written)
      return screen.fail(written.error());
  const auto after = ask_for_set(context);
  return after ? show_standing(context, after->standing) : screen.fail(after.error());
}

}  // namespace broadcaster::cli
