#include "broadcaster/approval/form_file.hpp"

#include "broadcaster/approval/signed_file.hpp"
#include "broadcaster/base/file_lock.hpp"
#include "broadcaster/base/files.hpp"

namespace broadcaster::approval {
namespace {

constexpr std::string_view key = "form";

}  // namespace

bool is_form_file(const std::string& text) {
  // As this program writes it; an editor may have added white space.
  const auto at = text.find_first_of('"', text.find(':') == std::string::npos ? 0 : text.find(':'));
  return at != std::string::npos && std::string_view(text).substr(at).starts_with(R"("form")");
}

base::Result<SignedForm> parse_form_file(const std::string& text, const std::string& file) {
  auto read = parse_signed_file(text, file, key);
  if (!read) return std::unexpected(read.error());
  auto form = plan::parse_form(read->canonical, file);
  if (!form) return std::unexpected(form.error());
  return SignedForm{std::move(*form), std::move(read->canonical), std::move(read->signatures)};
}

base::Result<SignedForm> read_form_file(const std::filesystem::path& path) {
  const auto text = base::read_file(path);
  if (!text) return std::unexpected(text.error());
  return parse_form_file(*text, path.string());
}

std::string form_file_text(const SignedForm& signed_form) {
  return signed_file_text(key, signed_form.canonical, signed_form.signatures);
}

base::Result<void> write_form_file(const std::filesystem::path& path, const SignedForm& signed_form) {
  return base::write_file(path, form_file_text(signed_form));
}

base::Result<SignedForm> change_form_file(const std::filesystem::path& path,
                                          const std::function<base::Result<void>(SignedForm&)>& change) {
  const auto lock = base::FileLock::of(path);
  if (!lock) return std::unexpected(lock.error());
  auto form = read_form_file(path);
  if (!form) return form;
  if (auto changed = change(*form); !changed) return std::unexpected(changed.error());
  if (auto written = write_form_file(path, *form); !written) return std::unexpected(written.error());
  return form;
}

}  // namespace broadcaster::approval
