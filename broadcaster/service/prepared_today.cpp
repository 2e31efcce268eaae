#include "broadcaster/service/prepared_today.hpp"

#include "channels/table.hpp"

namespace broadcaster::service {
namespace {

/// A file that is not there reads like an empty one, and the reader says what it lacks.
std::string text_of(const approval::SetTexts& config, std::string_view file) {
  const auto found = config.find(file);
  return found == config.end() ? std::string() : found->second;
}

}  // namespace

base::Checked<PreparedToday> read_prepared_today(const approval::SetTexts& config,
                                                 const std::filesystem::path& templates, const std::string& hazard) {
  PreparedToday out;
  auto people = approval::parse_people(text_of(config, approval::people_file), std::string(approval::people_file));
  if (!people) return std::unexpected(std::move(people.error()));
  const auto traits = channels::traits();
  const auto endpoints = plan::parse_endpoints(text_of(config, "endpoints.yaml"), "endpoints.yaml", traits);
  if (!endpoints) return std::unexpected(endpoints.error());
  auto zones = alert::parse_zones(text_of(config, "zones.geojson"), "zones.geojson");
  if (!zones) return std::unexpected(std::move(zones.error()));
  out.people = std::move(*people);
  out.zones = std::move(*zones);
  out.files.basis = plan::read_basis(config, templates, hazard);
  out.files.endpoints = plan::endpoints_today(*endpoints, traits);
  return out;
}

}  // namespace broadcaster::service
