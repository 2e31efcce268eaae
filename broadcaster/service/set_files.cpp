#include "broadcaster/service/set_files.hpp"

#include "broadcaster/base/files.hpp"

namespace broadcaster::service {
namespace {

constexpr std::size_t most_bytes = 8 << 20, most_of_signed_json = 64 << 20;

/// nullopt: there is none.
base::Result<std::optional<std::string>> read(const std::filesystem::path& path, std::size_t most) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return std::nullopt;
  auto text = base::read_file(path, most);
  if (!text) return std::unexpected(text.error());
  return std::move(*text);
}

}  // namespace

base::Result<approval::SetTexts> read_set_texts(const std::filesystem::path& folder) {
  approval::SetTexts out;
  for (const auto name : approval::set_files) {
    auto text = read(folder / name, most_bytes);
    if (!text) return std::unexpected(text.error());
    if (*text) out.emplace(name, std::move(**text));
  }
  return out;
}

base::Result<approval::SetOnDisk> read_set(const std::filesystem::path& folder) {
  auto texts = read_set_texts(folder);
  if (!texts) return std::unexpected(texts.error());
  auto set = read(folder / approval::signed_set_file, most_of_signed_json);
  if (!set) return std::unexpected(set.error());
  return approval::SetOnDisk{std::move(*texts), std::move(*set)};
}

}  // namespace broadcaster::service
