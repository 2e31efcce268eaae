#include "broadcaster/cli/cap_output.hpp"

#include "broadcaster/alert/cap/signature.hpp"
#include "broadcaster/base/files.hpp"

namespace broadcaster::cli {
namespace cap = alert::cap;

base::Checked<std::string> sealed(std::string document, const std::string& signing_key,
                                  const std::string& certificate) {
  if (signing_key.empty()) return document;
  const auto key = base::read_file(signing_key);
  if (!key) return std::unexpected(base::Errors{key.error()});
  std::string shown;
  if (!certificate.empty()) {
    auto text = base::read_file(certificate);
    if (!text) return std::unexpected(base::Errors{text.error()});
    shown = std::move(*text);
  }
  auto out = cap::with_signature(document, {*key, std::move(shown)});
  if (!out) {
    auto error = std::move(out.error());
    if (!error.place) error.place = base::Place{signing_key, 0, 0};
    return std::unexpected(base::Errors{std::move(error)});
  }
  return std::move(*out);
}

}  // namespace broadcaster::cli
