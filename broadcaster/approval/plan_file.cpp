#include "broadcaster/approval/plan_file.hpp"

#include "broadcaster/approval/signed_file.hpp"
#include "broadcaster/base/file_lock.hpp"
#include "broadcaster/base/files.hpp"

namespace broadcaster::approval {

namespace {

constexpr std::string_view key = "plan";

}  // namespace

SignedPlan unsigned_plan(plan::Plan plan) {
  auto bytes = plan::canonical(plan);
  return {.plan = std::move(plan), .canonical = std::move(bytes), .signatures = {}};
}

base::Digest digest(const SignedPlan& signed_plan) { return base::sha256(signed_plan.canonical); }

base::Result<SignedPlan> parse_plan_file(const std::string& text, const std::string& file) {
  auto read = parse_signed_file(text, file, key);
  if (!read) return std::unexpected(read.error());
  auto plan = plan::parse_plan(read->canonical, file);
  if (!plan) return std::unexpected(plan.error());
  return SignedPlan{std::move(*plan), std::move(read->canonical), std::move(read->signatures)};
}

base::Result<SignedPlan> read_plan_file(const std::filesystem::path& path) {
  const auto text = base::read_file(path);
  if (!text) return std::unexpected(text.error());
  return parse_plan_file(*text, path.string());
}

std::string plan_file_text(const SignedPlan& signed_plan) {
  return signed_file_text(key, signed_plan.canonical, signed_plan.signatures);
}

base::Result<void> write_plan_file(const std::filesystem::path& path, const SignedPlan& signed_plan) {
  return base::write_file(path, plan_file_text(signed_plan));
}

base::Result<SignedPlan> change_plan_file(const std::filesystem::path& path,
                                          const std::function<base::Result<void>(SignedPlan&)>& change) {
  const auto lock = base::FileLock::of(path);
  if (!lock) return std::unexpected(lock.error());
  auto plan = read_plan_file(path);
  if (!plan) return plan;
  if (auto changed = change(*plan); !changed) return std::unexpected(changed.error());
  if (auto written = write_plan_file(path, *plan); !written) return std::unexpected(written.error());
  return plan;
}

}  // namespace broadcaster::approval
