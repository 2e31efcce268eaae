#include "broadcaster/cli/planning.hpp"

#include <charconv>
#include <cstdlib>
#include <cstring>

#include "broadcaster/approval/prepared.hpp"
#include "broadcaster/base/yaml.hpp"
#include "broadcaster/plan/form_basis.hpp"
#include "channels/table.hpp"

namespace broadcaster::cli {
namespace fs = std::filesystem;
namespace {

/// "info[1].expires" → "info", "[1]", "expires".
std::vector<std::string> steps(const std::string& path) {
  std::vector<std::string> out;
  for (const char c : path) {
    if (c == '.') {
      out.emplace_back();
    } else {
      if (out.empty() || c == '[') out.emplace_back();
      out.back() += c;
    }
  }
  return out;
}

const base::Node* child(const base::Node& node, const std::string& step) {
  if (!step.starts_with('[')) return node.find(step);
  std::size_t index = 0;
  std::from_chars(step.data() + 1, step.data() + step.size(), index);
  return node.kind == base::Node::Kind::list && index < node.items.size() ? &node.items[index] : nullptr;
}

/// The deepest node on the way; for an info's element that the file says for all infos, the one at the top.
const base::Node* find(const base::Node& root, const std::string& path) {
  const auto way = steps(path);
  const base::Node* found = nullptr;
  const base::Node* node = &root;
  for (const auto& step : way) {
    node = node ? child(*node, step) : nullptr;
    if (node) found = node;
  }
  if (node || way.empty()) return node;
  const auto* at_top = root.find(way.back());
  return at_top ? at_top : found;
}

}  // namespace

std::vector<plan::Endpoint> endpoints_of(const service::Config& config, alert::Mode mode) {
  std::vector<plan::Endpoint> out;
  for (const auto& endpoint : config.endpoints)
    if (endpoint.mode == mode) out.push_back(endpoint);
  return out;
}

namespace {

using Audiences = std::map<std::string, plan::SnapshotInfo>;

base::Checked<Audiences> snapshots_of(const PlanningRequest& request, const std::vector<plan::Endpoint>& endpoints,
                                      plan::SnapshotRequest::Count count) {
  const auto& config = request.config;
  std::error_code error;
  fs::create_directories(request.snapshots, error);
  if (error)
    return std::unexpected(base::Errors{
        {base::ErrorKind::unavailable,
         {"base.cannot_write", {{"file", request.snapshots.string()}, {"reason", std::string(error.message())}}},
         {},
         {}}});
  Audiences out;
  const auto traits = channels::traits();
  for (const auto& [name, needed] : plan::snapshots_needed({.alert = request.alert,
                                                            .agency = config.agency,
                                                            .zones = config.zones,
                                                            .sirens = config.sirens,
                                                            .endpoints = endpoints,
                                                            .traits = traits,
                                                            .templates = request.templates,
                                                            .audiences = config.folder / "audiences",
                                                            .snapshots = request.snapshots,
                                                            .bad_rows = request.bad_rows,
                                                            .count = count})) {
    auto info = plan::make_snapshot(needed);
    if (!info) return std::unexpected(std::move(info.error()));
    out.emplace(name, std::move(*info));
  }
  return out;
}

/// make(input) with everything that a plan is made from.
template <class Make>
auto with_input(const PlanningRequest& request, const std::vector<plan::Endpoint>& endpoints,
                const Audiences& audiences, Make make) {
  const auto& config = request.config;
  const auto traits = channels::traits();
  return make(plan::PlanInput{.alert = request.alert,
                              .agency = config.agency,
                              .zones = config.zones,
                              .sirens = config.sirens,
                              .endpoints = endpoints,
                              .traits = traits,
                              .templates = request.templates,
                              .audiences = audiences,
                              .author = request.author,
                              .now = request.now,
                              .release_within = config.people.release_within,
                              .shelters = config.shelters,
                              .policy = config.policy});
}

}  // namespace

base::Checked<Planned> make_plan_of(const PlanningRequest& request) {
  const auto endpoints = endpoints_of(request.config, alert::rule_of(request.alert.status).mode);
  auto audiences = snapshots_of(request, endpoints, plan::SnapshotRequest::Count::rows);
  if (!audiences) return std::unexpected(std::move(audiences.error()));
  auto plan =
      with_input(request, endpoints, *audiences, [](const plan::PlanInput& input) { return plan::make_plan(input); });
  if (!plan) return std::unexpected(std::move(plan.error()));
  return Planned{std::move(*plan), std::move(*audiences)};
}

base::Checked<Prepared> make_form_of(const PreparingRequest& request) {
  const auto& planning = request.planning;
  const auto& terms = request.terms;
  auto may_fire = approval::firers(planning.config.people, terms.roles, terms.persons, planning.now);
  if (!may_fire) return std::unexpected(std::move(may_fire.error()));
  const auto endpoints = endpoints_of(planning.config, alert::rule_of(planning.alert.status).mode);
  auto audiences = snapshots_of(planning, endpoints, plan::SnapshotRequest::Count::standing);
  if (!audiences) return std::unexpected(std::move(audiences.error()));
  auto form = with_input(planning, endpoints, *audiences, [&](const plan::PlanInput& input) {
    return plan::make_form({.plan = input,
                            .terms = terms,
                            .may_fire = *may_fire,
                            .basis = plan::read_basis(planning.config.set, request.templates, planning.alert.hazard)});
  });
  if (!form) return std::unexpected(std::move(form.error()));
  return Prepared{std::move(*form), std::move(*audiences)};
}

base::Errors with_places(base::Errors errors, const fs::path& alert_file) {
  const auto root = base::read_yaml(alert_file);
  for (auto& error : errors) {
    if (error.place) continue;
    const auto* node = root ? find(*root, error.key) : nullptr;
    error.place = node ? node->place : base::Place{alert_file.string(), 0, 0};
  }
  return errors;
}

base::Result<TemporaryFolder> TemporaryFolder::make() {
  std::error_code ignored;
  auto pattern = (fs::temp_directory_path(ignored) / "broadcaster-XXXXXX").string();
  if (!::mkdtemp(pattern.data()))
    return base::fail(base::ErrorKind::unavailable,
                      {"base.cannot_write", {{"file", pattern}, {"reason", std::string(std::strerror(errno))}}});
  return TemporaryFolder(fs::path(pattern));
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace broadcaster::cli
