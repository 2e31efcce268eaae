#include "broadcaster/cli/call_approvers.hpp"

#include <boost/json.hpp>

#include "broadcaster/approval/break_glass.hpp"
#include "broadcaster/cli/json_values.hpp"
#include "broadcaster/cli/page.hpp"

namespace broadcaster::cli {
namespace {

/// From when one person alone may release it, where that is offered for this plan.
std::optional<base::WallTime> alone_from(const service::Config& config, const approval::SignedPlan& plan,
                                         base::WallTime paged_at) {
  if (!config.policy.break_glass) return std::nullopt;
  const auto from = paged_at + config.policy.break_glass->after;
  if (!approval::glass_refusals(plan, config.people, {config.policy.break_glass, paged_at}, from).empty())
    return std::nullopt;
  return from;
}

}  // namespace

WhoCalls who_calls(const std::optional<service::Duty>& duty, alert::Mode mode, Owner owner) {
  if (!duty) return WhoCalls::nobody;
  if (!duty->has_ways(mode)) return WhoCalls::no_way;
  switch (mode) {
    case alert::Mode::live:
      break;
    case alert::Mode::drill:
      // Whoever practises on the agency's own file wakes nobody by it; a drill with a file of its own does.
      if (duty->has_ways(alert::Mode::live)) return WhoCalls::on_request;
      break;
  }
  switch (owner) {
    case Owner::runs:
      return WhoCalls::the_owner;
    case Owner::does_not_run:
      return WhoCalls::needs_serve;
  }
  return WhoCalls::nobody;
}

CalledApprovers call_approvers(const Context& context, const service::Config& config, const approval::SignedPlan& plan,
                               const std::string& file) {
  const auto mode = plan.plan.mode;
  const auto owner = service::owner_of(context.state(mode)) ? Owner::runs : Owner::does_not_run;
  switch (who_calls(config.duty, mode, owner)) {
    case WhoCalls::nobody:
      return {};
    case WhoCalls::on_request:
      return {.said = {{"cli.drill_calls_nobody", {{"file", file}}}}, .page = std::nullopt};
    case WhoCalls::no_way:
      return {.said = {{"service.page_no_way", {}}}, .page = std::nullopt};
    case WhoCalls::needs_serve:
      return {.said = {{"cli.page_needs_serve", {{"mode", std::string(alert::name(mode))}}},
                       {"cli.call_them", {{"file", file}}}},
              .page = std::nullopt};
    case WhoCalls::the_owner:
      break;
  }
  const auto paged = ask_for_approvers(context, plan, file);
  if (!paged)
    return {.said = {{"cli.nobody_called", {{"reason", context.screen().say(paged.error().front().text)}}},
                     {"cli.call_them", {{"file", file}}}},
            .page = std::nullopt};
  CalledApprovers out{
      .said = {approvers_paged(context, *paged)},
      .page = boost::json::object{{"page", text_of(*paged, "page")}, {"opened", text_of(*paged, "opened")}}};
  if (const auto opened = base::parse_utc(text_of(*paged, "opened")))
    if (const auto from = alone_from(config, plan, *opened))
      out.said.push_back({"cli.release_alone_from", {{"time", context.local(*from)}, {"file", file}}});
  return out;
}

}  // namespace broadcaster::cli
