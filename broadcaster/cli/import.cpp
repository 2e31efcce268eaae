// broadcaster import: a CAP file of another agency becomes an alert file of ours, which people still plan and approve.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "broadcaster/alert/alert_yaml.hpp"
#include "broadcaster/alert/cap/draft.hpp"
#include "broadcaster/alert/cap/read.hpp"
#include "broadcaster/alert/cap/signature.hpp"
#include "broadcaster/alert/cap/xml.hpp"
#include "broadcaster/base/files.hpp"
#include "broadcaster/cli/cap_input.hpp"
#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/drafting.hpp"

namespace broadcaster::cli {
namespace cap = alert::cap;
namespace json = boost::json;
namespace {

/// The document that may be believed, and by whose word.
struct Believed {
  cap::Element root;
  base::Text trust;
};

/// --signer: this key alone, and it must have signed. Else the keys in signers/ of the configuration, where there are
/// any: a signature that is there must then be good. An unsigned file is read, and that is said.
base::Checked<Believed> believe(const Context& context, const Import& options, const std::string& text) {
  auto root = cap::parse_xml(text, options.file);
  if (!root) return std::unexpected(base::Errors{std::move(root.error())});
  std::vector<cap::Pin> pins;
  if (!options.signer.empty()) {
    auto pin = cap::read_pin(options.signer);
    if (!pin) return std::unexpected(base::Errors{std::move(pin.error())});
    pins.push_back(std::move(*pin));
  } else if (!options.ignore_signature) {
    auto all = cap::read_pins(context.config_folder() / "signers");
    if (!all) return std::unexpected(std::move(all.error()));
    pins = std::move(*all);
  }
  const bool is_signed = cap::is_signed(*root);
  if (!is_signed && options.signer.empty()) return Believed{std::move(*root), {"cli.import_unsigned", {}}};
  if (pins.empty()) return Believed{std::move(*root), {"cli.import_unchecked", {}}};
  auto good = cap::verified(text, options.file, pins);
  if (!good) return std::unexpected(base::Errors{std::move(good.error())});
  auto of_signed = cap::parse_xml(good->document, options.file);
  if (!of_signed) return std::unexpected(base::Errors{std::move(of_signed.error())});
  return Believed{std::move(*of_signed), {"cli.import_signed", {{"signer", good->signer}}}};
}

/// The one that is meant. Errors: bad_input when there are several and none was chosen, with all their names.
base::Result<cap::ReadAlert> choose(std::vector<cap::ReadAlert> all, const Import& options) {
  if (options.identifier.empty() && all.size() == 1) return std::move(all.front());
  std::vector<std::string> names;
  for (auto& one : all) {
    if (!options.identifier.empty() && one.alert.identifier == options.identifier) return std::move(one);
    names.push_back(one.alert.identifier);
  }
  return std::unexpected(base::Error{
      base::ErrorKind::bad_input,
      {"cli.import_which",
       {{"count", static_cast<std::int64_t>(names.size())}, {"names", fmt::format("{}", fmt::join(names, ", "))}}},
      base::Place{options.file, 0, 0},
      {}});
}

base::Text note_line(const Screen& screen, const std::string& file, const cap::Note& note) {
  return {
      note.kind == cap::NoteKind::lost ? "cli.import_lost" : "cli.import_repaired",
      {{"file", file}, {"line", std::int64_t{note.line}}, {"element", note.element}, {"text", screen.say(note.text)}}};
}

void show_notes(const Screen& screen, const std::string& file, const cap::Notes& notes) {
  for (const auto& note : notes.list) screen.note(note_line(screen, file, note));
  if (notes.not_listed > 0) screen.note({"cli.import_more", {{"count", notes.not_listed}}});
}

json::object as_json(const Context& context, const Import& options, const Believed& believed,
                     const cap::ReadAlert& read, const cap::Draft& draft,
                     const std::vector<alert::LintFinding>& findings) {
  json::array notes, said;
  for (const auto& note : read.notes.list)
    notes.push_back(json::object{{"kind", note.kind == cap::NoteKind::lost ? "lost" : "repaired"},
                                 {"line", note.line},
                                 {"element", note.element},
                                 {"text", context.screen().say(note.text)}});
  for (const auto& text : draft.said) said.push_back(json::string(context.screen().say(text)));
  return {{"file", options.out},       {"trust", context.screen().say(believed.trust)},
          {"notes", std::move(notes)}, {"notes_not_listed", read.notes.not_listed},
          {"draft", std::move(said)},  {"profile", findings_as_json(context, findings)}};
}

/// What `plan` would refuse today, with the lines of the draft where a person mends it.
void show_what_is_missing(const Context& context, const std::string& file, const std::string& yaml,
                          const alert::Zones& zones) {
  const auto back = alert::parse_alert(yaml, file, {.now = context.now(), .zones = &zones});
  if (back) return;
  for (const auto& error : back.error())
    context.screen().note({"cli.import_missing", {{"text", context.screen().words().say(error)}}});
}

}  // namespace

int import_alert(const Context& context, const Import& typed) {
  const auto& screen = context.screen();
  auto options = typed;
  const auto profile = profile_named(options.profile);
  if (!profile) return screen.fail(profile.error());
  const auto config = context.config();
  if (!config) return screen.fail(config.error());
  const auto templates = context.templates();
  if (!templates) return screen.fail(templates.error());
  const auto text = cap::read_document(options.file);
  if (!text) return screen.fail(text.error());
  const auto believed = believe(context, options, *text);
  if (!believed) return screen.fail(believed.error());
  auto all = cap::read_cap(believed->root, options.file);
  if (!all) return screen.fail(all.error());
  const auto read = choose(std::move(*all), options);
  if (!read) return screen.fail(read.error());
  const auto hazards = templates->hazards();
  const auto draft = cap::draft_of(read->alert, {config->agency, config->zones, hazards, context.now()});
  if (!draft) return screen.fail(draft.error());
  const auto findings = *profile ? cap::profile_findings(**profile, read->alert) : std::vector<alert::LintFinding>();
  const auto yaml = alert::write_alert(draft->alert);
  // What a person has edited is never overwritten.
  const auto free = free_name(screen, options.out);
  if (!free) return screen.fail(free.error());
  options.out = *free;
  if (const auto written = base::write_file(options.out, yaml); !written) return screen.fail(written.error());
  int wrong = 0;
  switch (context.output()) {
    case Context::Output::json:
      screen.json(as_json(context, options, *believed, *read, *draft, findings));
      for (const auto& found : findings) wrong += found.severity == alert::LintSeverity::error ? 1 : 0;
      break;
    case Context::Output::text:
      screen.note(believed->trust);
      show_notes(screen, options.file, read->notes);
      for (const auto& said : draft->said) screen.note({"cli.import_draft", {{"text", screen.say(said)}}});
      wrong = show_findings(context, options.file, findings);
      show_what_is_missing(context, options.out, yaml, config->zones);
      screen.line({"cli.imported", {{"file", options.out}}});
      break;
  }
  return wrong == 0 ? Exit::done : Exit::check_failed;
}

}  // namespace broadcaster::cli
