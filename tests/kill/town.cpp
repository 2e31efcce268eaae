#include "tests/kill/town.hpp"

#include <fmt/format.h>

#include <array>

#include "broadcaster/base/files.hpp"

namespace broadcaster::kill {
namespace fs = std::filesystem;
namespace {

constexpr std::array zones = {"muara", "pasir", "teluk", "karang"};
constexpr std::array languages = {"id", "en"};
constexpr std::array sirens = {"siren-01", "siren-06", "siren-11", "siren-16"};

/// Phones by the beginning of their number. Whose receipt is lost needs the resend most: nothing else can prove it.
struct Phones {
  const char* prefix;
  int number;
  Fate fate;
  const char* scripted;
};
constexpr std::array residents = {Phones{"+99960011", 24, Fate::reached, "delivered"},
                                  Phones{"+99960012", 20, Fate::reached, "silent"},
                                  Phones{"+99960013", 4, Fate::out_of_reach, "undelivered"}};
constexpr int staff = 4;

// Resend and hold side by side: what is unknown is sent again after a second to residents, and held for staff.
constexpr auto endpoints = R"(endpoints:
  - {name: mastodon-drill, channel: mastodon, mode: drill, url: "http://127.0.0.1:8080", token: "env:TOKEN"}
  - {name: sms-drill, channel: sms, mode: drill, audience: residents, limit: 1, rate: 100, in_flight: 16,
     on_unknown: resend, reconcile_after: 1s, url: "http://127.0.0.1:13013", username: drill, password: "env:P",
     sender: LATIHAN}
  - {name: sms-staff-drill, channel: sms, mode: drill, readers: staff, audience: staff, limit: 1, rate: 10,
     on_unknown: hold, reconcile_after: 1s, url: "http://127.0.0.1:13013", username: drill, password: "env:P",
     sender: LATIHAN}
  - {name: sirens-drill, channel: siren, mode: drill, broker: "127.0.0.1:8883", ca: ca.pem, certificate: c.pem,
     key: c.key, site: tirtapura, controller: tirtapura-drill, signing_key: "env:K"}
  - {name: partners-drill, channel: webhook, mode: drill, url: "http://127.0.0.1:8080/partners", secret: "env:S"}
)";

std::string row(const std::string& number, int index) {
  return fmt::format("{},{},{}\n", number, languages[index % languages.size()], zones[index % zones.size()]);
}

std::string residents_csv(Town& town) {
  std::string csv = "number,language,zone\n";
  for (const auto& phones : residents) {
    town.scenario.phones.push_back({phones.prefix, phones.scripted});
    for (int i = 0; i < phones.number; ++i) {
      const auto number = fmt::format("{}{:03}", phones.prefix, i);
      csv += row(number, i);
      town.planned.push_back({"sms-drill", number, phones.fate});
    }
  }
  return csv;
}

std::string staff_csv(Town& town) {
  std::string csv = "number,language,zone\n";
  for (int i = 0; i < staff; ++i) {
    const auto number = fmt::format("+9997000{:04}", i);
    csv += row(number, i);
    town.planned.push_back({"sms-staff-drill", number, Fate::reached});
  }
  return csv;
}

std::string sirens_yaml(Town& town) {
  std::string yaml = "sirens:\n";
  for (std::size_t i = 0; i < sirens.size(); ++i) {
    yaml += fmt::format("  - {{id: {}, zone: {}, name: Siren {}, position: \"-12.05,100.05\"}}\n", sirens[i], zones[i],
                        i + 1);
    town.planned.push_back({"sirens-drill", sirens[i], Fate::reached});
  }
  return yaml;
}

}  // namespace

base::Result<Town> make_town(const fs::path& example, const fs::path& folder) {
  Town town{.config = folder, .scenario = {}, .planned = {}};
  town.scenario.author = "sari.wulandari";
  town.scenario.approvers = {"bayu.pratama"};
  town.scenario.alert = example / "alerts/tsunami-coast.yaml";
  std::error_code error;
  fs::create_directories(folder / "audiences", error);
  for (const auto* name : {"agency.yaml", "zones.geojson", "people.yaml"})
    if (!error) fs::copy_file(example / name, folder / name, error);
  if (error)
    return base::fail(base::ErrorKind::unavailable,
                      {"base.cannot_write", {{"file", folder.string()}, {"reason", error.message()}}});
  for (const auto* language : languages)
    for (const auto* endpoint : {"mastodon-drill", "partners-drill"})
      town.planned.push_back({endpoint, language, Fate::reached});
  const std::pair<const char*, std::string> files[] = {{"endpoints.yaml", endpoints},
                                                       {"sirens.yaml", sirens_yaml(town)},
                                                       {"audiences/residents.csv", residents_csv(town)},
                                                       {"audiences/staff.csv", staff_csv(town)}};
  for (const auto& [name, text] : files)
    if (auto written = base::write_file(folder / name, text); !written) return std::unexpected(written.error());
  return town;
}

}  // namespace broadcaster::kill
