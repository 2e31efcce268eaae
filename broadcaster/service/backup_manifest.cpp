#include "broadcaster/service/backup_manifest.hpp"

#include <boost/json.hpp>

#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/files.hpp"

namespace broadcaster::service {
namespace {

namespace json = boost::json;

std::unexpected<base::Error> no_manifest(const std::filesystem::path& folder) {
  return base::fail(base::ErrorKind::bad_input, {"service.no_backup", {{"folder", folder.string()}}});
}

std::string text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t number_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_int64() ? value->get_int64() : -1;
}

std::optional<alert::Mode> mode_at(const json::object& object, std::string_view key) {
  for (const auto mode : {alert::Mode::live, alert::Mode::drill})
    if (text_at(object, key) == alert::name(mode)) return mode;
  return std::nullopt;
}

bool read_files(const json::object& object, std::map<std::string, std::string>& into) {
  const auto* files = object.if_contains("files");
  if (!files || !files->is_object()) return false;
  for (const auto& [path, digest] : files->get_object()) {
    if (!is_backup_path(std::string(path)) || !digest.is_string()) return false;
    into[std::string(path)] = std::string(digest.get_string());
  }
  return into.contains("journal.db");
}

}  // namespace

bool is_backup_path(const std::string& path) {
  if (path == "journal.db" || path == record_key_file) return true;
  constexpr std::string_view before = "snapshots/", behind = ".db";
  if (!path.starts_with(before) || !path.ends_with(behind) || path.size() < before.size() + behind.size()) return false;
  const auto digest = path.substr(before.size(), path.size() - before.size() - behind.size());
  return base::digest_from_hex(digest).has_value();
}

base::Result<BackupManifest> read_manifest(const std::filesystem::path& folder) {
  const auto file = folder / BackupManifest::file_name;
  const auto text = base::read_file(file, 16 << 20);
  if (!text) return no_manifest(folder);
  const auto parsed = base::parse_json(*text, file.string());
  if (!parsed || !parsed->is_object()) return no_manifest(folder);
  const auto& object = parsed->get_object();
  if (number_at(object, "format") > BackupManifest::current_format)
    return base::fail(base::ErrorKind::refused, {"service.backup_newer", {{"folder", folder.string()}}});
  BackupManifest out;
  const auto at = base::parse_utc(text_at(object, "at"));
  const auto hash = base::digest_from_hex(text_at(object, "hash"));
  const auto mode = mode_at(object, "mode");
  const auto seq = number_at(object, "seq");
  if (number_at(object, "format") != BackupManifest::current_format || !at || !hash || !mode || seq < 0 ||
      !read_files(object, out.files))
    return no_manifest(folder);
  out.mode = *mode;
  out.at = *at;
  out.head = {seq, *hash};
  return out;
}

base::Result<void> write_manifest(const std::filesystem::path& folder, const BackupManifest& manifest) {
  json::object files;
  for (const auto& [path, digest] : manifest.files) files[path] = digest;
  const json::object object{{"format", BackupManifest::current_format}, {"mode", alert::name(manifest.mode)},
                            {"at", base::format_utc(manifest.at)},      {"seq", manifest.head.seq},
                            {"hash", base::hex(manifest.head.hash)},    {"files", std::move(files)}};
  return base::write_file(folder / BackupManifest::file_name, base::canonical_json(object) + "\n",
                          base::FileMode::secret);
}

}  // namespace broadcaster::service
