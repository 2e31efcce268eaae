#include "broadcaster/journal/record_key.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <charconv>

#include "broadcaster/base/files.hpp"

namespace broadcaster::journal {
namespace {

constexpr std::string_view first_line = "kind: broadcaster-record-key\n", seed_key = "seed: ", since_key = "since: ";

/// The value of the next line, which must begin so.
std::optional<std::string_view> take_line(std::string_view& rest, std::string_view begins) {
  const auto end = rest.find('\n');
  if (!rest.starts_with(begins) || end == std::string_view::npos) return std::nullopt;
  const auto value = rest.substr(begins.size(), end - begins.size());
  rest.remove_prefix(end + 1);
  return value;
}

std::optional<RecordKey> parsed(std::string_view text) {
  if (!text.starts_with(first_line)) return std::nullopt;
  text.remove_prefix(first_line.size());
  const auto seed = take_line(text, seed_key);
  const auto since = take_line(text, since_key);
  if (!seed || !since || !text.empty()) return std::nullopt;
  const auto bytes = base::digest_from_hex(*seed);
  const auto head = head_from(*since);
  if (!bytes || !head) return std::nullopt;
  return RecordKey{base::SigningKey(*bytes), *head};
}

}  // namespace

std::string text_of(const RecordHead& head) { return fmt::format("{} {}", head.seq, base::hex(head.hash)); }

std::optional<RecordHead> head_from(std::string_view text) {
  RecordHead head;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, head.seq);
  const std::string_view tail(rest, static_cast<std::size_t>(end - rest));
  if (error != std::errc() || head.seq < 0 || tail.size() != 65 || tail.front() != ' ') return std::nullopt;
  const auto hash = base::digest_from_hex(tail.substr(1));
  if (!hash) return std::nullopt;
  head.hash = *hash;
  return head;
}

base::Result<std::optional<RecordKey>> read_record_key(const std::filesystem::path& folder) {
  const auto path = folder / "record.key";
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0 && errno == ENOENT) return std::nullopt;
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return base::fail(base::ErrorKind::refused, {"journal.key_is_open", {{"file", path.string()}}});
  const auto text = base::read_file(path, 400);
  if (!text) return std::unexpected(text.error());
  auto key = parsed(*text);
  if (!key) return base::fail(base::ErrorKind::check_failed, {"journal.bad_record_key", {{"file", path.string()}}});
  return std::move(*key);
}

base::Result<RecordKey> take_record_key(const std::filesystem::path& folder, const RecordHead& now) {
  auto known = read_record_key(folder);
  if (!known) return std::unexpected(known.error());
  if (*known) return std::move(**known);
  RecordKey made{base::SigningKey::fresh(), now};
  const auto written = base::write_file(
      folder / "record.key",
      fmt::format("{}{}{}\n{}{}\n", first_line, seed_key, base::hex(made.key.seed()), since_key, text_of(now)),
      base::FileMode::secret);
  if (!written) return std::unexpected(written.error());
  return made;
}

}  // namespace broadcaster::journal
