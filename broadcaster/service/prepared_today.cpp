#include "broadcaster/service/prepared_today.hpp"

#include "channels/table.hpp"

namespace broadcaster::service {

base::Checked<PreparedToday> read_prepared_today(const std::filesystem::path& config,
                                                 const std::filesystem::path& templates, const std::string& hazard) {
  PreparedToday out;
  auto people = approval::read_people(config / "people.yaml");
  if (!people) return std::unexpected(std::move(people.error()));
  const auto traits = channels::traits();
  const auto endpoints = plan::read_endpoints(config / "endpoints.yaml", traits);
  if (!endpoints) return std::unexpected(endpoints.error());
  auto zones = alert::read_zones(config / "zones.geojson");
  if (!zones) return std::unexpected(std::move(zones.error()));
  out.people = std::move(*people);
  out.zones = std::move(*zones);
  out.files.basis = plan::read_basis(config, templates, hazard);
  out.files.endpoints = plan::endpoints_today(*endpoints, traits);
  return out;
}

}  // namespace broadcaster::service
