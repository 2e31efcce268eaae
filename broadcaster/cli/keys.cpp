// broadcaster keys new|show: a person's key pair, and the line of people.yaml that makes it count.
#include <boost/json.hpp>

#include "broadcaster/base/digest.hpp"
#include "broadcaster/cli/ask.hpp"
#include "broadcaster/cli/commands.hpp"

namespace broadcaster::cli {
namespace {

constexpr std::size_t shortest_passphrase = 8;

base::Result<std::string> new_passphrase(const Screen& screen, const KeysNew& options) {
  if (options.no_passphrase) return std::string();
  const auto given = passphrase_from_file(options.passphrase_file);
  if (!given) return std::unexpected(given.error());
  auto passphrase = *given ? base::Result<std::string>(**given)
                           : ask_secretly(screen, {"cli.passphrase_new", {{"person", options.person}}});
  if (!passphrase) return passphrase;
  if (passphrase->size() < shortest_passphrase)
    return base::fail(base::ErrorKind::bad_input,
                      {"cli.passphrase_short", {{"shortest", std::int64_t{shortest_passphrase}}}});
  if (*given) return passphrase;
  const auto again = ask_secretly(screen, {"cli.passphrase_again", {}});
  if (!again) return again;
  if (*again != *passphrase) return base::fail(base::ErrorKind::bad_input, {"cli.passphrase_differs", {}});
  return passphrase;
}

void show(const Context& context, const approval::KeyFile& key, const std::string& file) {
  const auto& screen = context.screen();
  const auto public_key = base::base64(key.public_key);
  switch (context.output()) {
    case Context::Output::json:
      return screen.json(boost::json::object{{"person", key.person},
                                             {"public", public_key},
                                             {"key", approval::key_id(key.public_key)},
                                             {"protection", approval::name(key.protection)},
                                             {"file", file}});
    case Context::Output::text:
      screen.line({"cli.key_of", {{"person", key.person}, {"key", approval::key_id(key.public_key)}}});
      if (key.protection == approval::Protection::none) screen.line({"cli.key_unprotected", {}});
      screen.line({"cli.key_line", {{"person", key.person}}});
      return screen.text("      - public: \"" + public_key + "\"");
  }
}

}  // namespace

int keys_new(const Context& context, const KeysNew& options) {
  const auto& screen = context.screen();
  if (!approval::is_person_id(options.person))
    return screen.fail(base::ErrorKind::bad_input, {"approval.person_id", {{"found", options.person}}});
  const auto path = options.out.empty() ? options.person + ".key" : options.out;
  const auto passphrase = new_passphrase(screen, options);
  if (!passphrase) return screen.fail(passphrase.error());
  const auto key = approval::new_key(options.person, *passphrase);
  if (!key) return screen.fail(key.error());
  if (const auto written = approval::write_key_file(path, *key); !written) return screen.fail(written.error());
  if (context.output() == Context::Output::text) screen.line({"cli.key_written", {{"file", path}}});
  show(context, *key, path);
  return Exit::done;
}

int keys_show(const Context& context, const std::string& file) {
  const auto key = approval::read_key_file(file);
  if (!key) return context.screen().fail(key.error());
  show(context, *key, file);
  return Exit::done;
}

}  // namespace broadcaster::cli
