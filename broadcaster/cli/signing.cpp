#include "broadcaster/cli/signing.hpp"

#include <cstdlib>

#include "broadcaster/base/files.hpp"
#include "broadcaster/cli/ask.hpp"

namespace broadcaster::cli {

base::Result<std::optional<std::string>> passphrase_from_file(const std::string& option) {
  std::string path = option;
  if (const char* given = std::getenv("BROADCASTER_PASSPHRASE_FILE"); path.empty() && given) path = given;
  if (path.empty()) return std::optional<std::string>();
  auto text = base::read_file(path, 4096);
  if (!text) return std::unexpected(text.error());
  text->resize(text->find_first_of("\r\n") == std::string::npos ? text->size() : text->find_first_of("\r\n"));
  return std::optional(std::move(*text));
}

base::Result<approval::UnlockedKey> open_key(const Screen& screen, const KeyChoice& choice) {
  if (choice.file.empty()) return base::fail(base::ErrorKind::usage, {"cli.usage_missing", {{"what", "--key"}}});
  const auto key = approval::read_key_file(choice.file);
  if (!key) return std::unexpected(key.error());
  if (key->protection == approval::Protection::none) return approval::unlock(*key, {});
  const auto given = passphrase_from_file(choice.passphrase_file);
  if (!given) return std::unexpected(given.error());
  if (*given) return approval::unlock(*key, **given);
  const auto typed = ask_secretly(screen, {"cli.passphrase_of", {{"person", key->person}}});
  if (!typed) return std::unexpected(typed.error());
  return approval::unlock(*key, *typed);
}

}  // namespace broadcaster::cli
