#include "broadcaster/cli/waiting_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "broadcaster/approval/judge.hpp"
#include "broadcaster/approval/plan_file.hpp"

namespace broadcaster::cli {
namespace {

bool waits(const std::filesystem::path& file, const approval::People& people, base::WallTime now) {
  const auto plan = approval::read_plan_file(file);
  // What is no plan of ours waits for nobody; who names it gets the reason.
  if (!plan || plan->plan.expires <= now) return false;
  const auto judgement = approval::judge_signatures(*plan, people, now);
  return judgement.author_signed && !judgement.approved();
}

}  // namespace

base::Result<std::string> waiting_plan(const std::filesystem::path& folder, const approval::People& people,
                                       base::WallTime now) {
  std::vector<std::string> found;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".plan" && waits(at->path(), people, now))
      found.push_back(at->path().filename().string());
  if (found.empty()) return base::fail(base::ErrorKind::usage, {"cli.no_plan_waits", {}});
  std::ranges::sort(found);
  if (found.size() > 1)
    return base::fail(base::ErrorKind::usage,
                      {"cli.several_plans_wait", {{"files", fmt::format("{}", fmt::join(found, ", "))}}});
  return (folder / found.front()).lexically_normal().string();
}

}  // namespace broadcaster::cli
