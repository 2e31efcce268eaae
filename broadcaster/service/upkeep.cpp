#include "broadcaster/service/upkeep.hpp"

#include "broadcaster/base/secret.hpp"

namespace broadcaster::service {
namespace {

bool is_url(const std::string& text) { return text.starts_with("https://") || text.starts_with("http://"); }
bool is_reference(const std::string& text) {
  return text.starts_with("env:") || text.starts_with("file:") || text.starts_with("credential:");
}

std::string url_of(base::Fields& fields, std::string_view key) {
  const auto text = fields.maybe_text(key);
  if (!text) return {};
  if (is_url(*text) || is_reference(*text)) return *text;
  fields.complain(key, {"service.expected_url", {{"found", *text}}});
  return {};
}

/// A wait of nothing would be a busy loop.
void take_duration(base::Fields& fields, std::string_view key, std::chrono::seconds& into) {
  const auto given = fields.maybe_duration(key);
  if (!given) return;
  if (*given < std::chrono::seconds(1)) return fields.complain(key, {"service.expected_wait", {}});
  into = *given;
}

void read_audit(const base::Node& node, AuditSettings& into, base::Errors& errors) {
  base::Fields fields(node, "audit", errors);
  take_duration(fields, "every", into.every);
  take_duration(fields, "waiting", into.waiting);
  take_duration(fields, "count_every", into.count_every);
}

void read_dead_man(const base::Node& node, DeadManSettings& into, base::Errors& errors) {
  base::Fields fields(node, "dead_man", errors);
  into.url = url_of(fields, "url");
  into.drill_url = url_of(fields, "drill_url");
  take_duration(fields, "every", into.every);
  if (!into.url.empty() && into.url == into.drill_url) fields.complain("drill_url", {"service.one_dead_man", {}});
}

void read_disk(const base::Node& node, DiskSettings& into, base::Errors& errors) {
  constexpr std::int64_t most_mib = 1 << 20;
  base::Fields fields(node, "disk", errors);
  if (const auto mib = fields.maybe_whole("ballast_mib", 0, most_mib))
    into.ballast_mib = static_cast<std::uint64_t>(*mib);
  if (const auto mib = fields.maybe_whole("warn_below_mib", 0, most_mib))
    into.warn_below_mib = static_cast<std::uint64_t>(*mib);
}

void read_fence(const base::Node& node, FenceSettings& into, base::Errors& errors) {
  base::Fields fields(node, "fence", errors);
  into.folder = fields.text("folder");
  take_duration(fields, "wait", into.wait);
}

std::uint64_t by_mode(alert::Mode mode, std::uint64_t live, std::uint64_t drill) {
  switch (mode) {
    case alert::Mode::live:
      return live;
    case alert::Mode::drill:
      return drill;
  }
  return live;
}

}  // namespace

std::uint64_t DiskSettings::ballast_bytes(alert::Mode mode) const {
  return ballast_mib.value_or(by_mode(mode, 64, 4)) << 20;
}

std::uint64_t DiskSettings::warn_below_bytes(alert::Mode mode) const {
  return warn_below_mib.value_or(by_mode(mode, 512, 64)) << 20;
}

Upkeep read_upkeep(base::Fields& root, base::Errors& errors) {
  Upkeep out;
  if (const auto* node = root.maybe_child("audit")) read_audit(*node, out.audit, errors);
  if (const auto* node = root.maybe_child("dead_man")) read_dead_man(*node, out.dead_man, errors);
  if (const auto* node = root.maybe_child("disk")) read_disk(*node, out.disk, errors);
  if (const auto* node = root.maybe_child("fence")) read_fence(*node, out.fence, errors);
  return out;
}

base::Result<std::string> dead_man_url(const DeadManSettings& settings, alert::Mode mode, const std::string& folder) {
  const auto& given = mode == alert::Mode::live ? settings.url : settings.drill_url;
  if (given.empty() || is_url(given)) return given;
  auto secret = base::Secret::load(given, folder);
  if (!secret) return std::unexpected(secret.error());
  return secret->reveal();
}

}  // namespace broadcaster::service
