// A small drill plan with one route of each kind, its release, and a state folder that goes with the test.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "broadcaster/alert/zones.hpp"
#include "broadcaster/journal/store.hpp"
#include "broadcaster/plan/snapshot.hpp"

namespace broadcaster::journal::sample {

inline constexpr std::string_view digest = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
inline constexpr RouteIndex sirens{0}, toots{1}, sms{2};
inline constexpr int siren_count = 4;

inline base::WallTime at(std::int64_t seconds) { return base::WallTime(base::seconds(1'790'000'000 + seconds)); }

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "journal-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline plan::PlannedEndpoint endpoint(const std::string& name, const std::string& route, plan::Intent intent,
                                      const std::string& audience = {}) {
  plan::PlannedEndpoint out;
  out.name = plan::EndpointName(name);
  out.channel = route;
  out.route = plan::RouteName(route);
  out.intent = intent;
  out.audience = audience;
  return out;
}

inline plan::Message message(const std::string& at_endpoint, const std::string& language, const std::string& zone) {
  plan::Message out;
  out.endpoint = plan::EndpointName(at_endpoint);
  out.language = alert::Language(language);
  out.zone = alert::ZoneId(zone);
  out.body = plan::Pieces{std::string("LATIHAN")};
  return out;
}

inline plan::Message siren_message(const std::string& zone, std::vector<std::string> targets) {
  auto out = message("sirens", "", zone);
  out.body = plan::SirenProgram{
      .program = "wail", .duration = base::seconds(60), .targets = std::move(targets), .voice_texts = {}};
  return out;
}

/// Zones: hill (onset 30 min, 900 people), coast (10 min), port (10 min, more people). Sirens in coast and port.
/// `audience`: digest of a snapshot; empty: the SMS route has no audience and gets no delivery.
inline plan::Plan plan(const std::string& audience = {}) {
  plan::Plan out;
  out.mode = alert::Mode::drill;
  out.expires = at(3600);
  const auto zone = [&](const char* id, int people, int onset) {
    out.zones.push_back({.id = alert::ZoneId(id),
                         .names = {},
                         .people = people,
                         .floor_percent = 75,
                         .sirens = {},
                         .onset = at(onset)});
  };
  zone("hill", 900, 1800);
  zone("coast", 300, 600);
  zone("port", 500, 600);
  const auto route = [&](const char* name, std::vector<std::string> endpoints) {
    plan::PlannedRoute made{.name = plan::RouteName(name), .endpoints = {}};
    for (auto& e : endpoints) made.endpoints.emplace_back(std::move(e));
    out.routes.push_back(std::move(made));
  };
  route("sirens", {"sirens"});
  route("toots", {"toots"});
  route("sms", {"kannel-a", "kannel-b"});
  out.endpoints = {endpoint("sirens", "sirens", plan::Intent::with_the_outcome),
                   endpoint("toots", "toots", plan::Intent::with_the_outcome),
                   endpoint("kannel-a", "sms", plan::Intent::before_the_byte, "residents"),
                   endpoint("kannel-b", "sms", plan::Intent::before_the_byte, "residents")};
  out.messages = {siren_message("coast", {"siren-01", "siren-02"}),
                  siren_message("port", {"siren-02", "siren-03", "siren-04"}), message("toots", "en", ""),
                  message("toots", "id", "")};
  for (const char* z : {"hill", "coast", "port"})
    for (const char* e : {"kannel-a", "kannel-b"}) out.messages.push_back(message(e, "id", z));
  // English: blocked at one gateway for the coast, at both for the hill.
  for (const char* e : {"kannel-a", "kannel-b"}) out.messages.push_back(message(e, "en", "port"));
  out.messages.push_back(message("kannel-b", "en", "coast"));
  if (!audience.empty()) out.audiences = {{.name = "residents", .digest = audience, .counts = {}, .skipped = 0}};
  return out;
}

inline approval::StoredRelease release(const std::string& identifier = "urn:drill:1") {
  approval::StoredRelease out;
  out.canonical_plan = R"({"format":1})";
  out.people_yaml = "people: []\n";
  out.signatures = {{.person = "sari",
                     .key_id = "0123456789abcdef",
                     .role = approval::Role::approver,
                     .at = at(-60),
                     .signature = base::Bytes(64, 7)}};
  out.filling.identifier = identifier;
  out.filling.code = "TP1";
  out.released_at = at(0);
  out.released_by = "sari";
  return out;
}

/// Writes the CSV and its snapshot into <state>/snapshots; returns its digest.
inline std::string snapshot(const std::filesystem::path& state, const std::string& rows) {
  std::filesystem::create_directories(state / "snapshots");
  std::ofstream(state / "residents.csv") << "number,language,zone\n" << rows;
  std::vector<alert::Zone> zones(3);
  zones[0].id = alert::ZoneId("hill");
  zones[1].id = alert::ZoneId("coast");
  zones[2].id = alert::ZoneId("port");
  const alert::Zones map(zones);
  const auto made = plan::make_snapshot({.file = state / "residents.csv",
                                         .folder = state / "snapshots",
                                         .languages = {alert::Language("id"), alert::Language("en")},
                                         .zones = {zones[0].id, zones[1].id, zones[2].id},
                                         .map = &map,
                                         .bad_rows = plan::BadRows::refuse});
  EXPECT_TRUE(made);
  return made ? made->digest : "";
}

template <class T>
T must(base::Result<T> result) {
  if (!result) throw std::runtime_error("unexpected error " + result.error().text.id);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

inline std::unique_ptr<SqliteStore> open(const std::filesystem::path& state, const OpenOptions& options = {}) {
  return must(SqliteStore::open(state, alert::Mode::drill, options));
}

/// Released and expanded, with sirens and accounts only unless `audience` is given.
inline AlertId released(SqliteStore& store, const std::string& audience = {}) {
  const auto what = plan(audience);
  const auto id = must(store.insert_release(release(), std::string(digest), what)).alert;
  while (must(store.expand(id, what, 5000)).progress == Expanded::Progress::more) {
  }
  return id;
}

inline delivery::Intend intend(const delivery::Row& row, const char* endpoint_name, base::WallTime when = at(1)) {
  return {.attempt = {row.id, row.attempts + 1}, .endpoint = plan::EndpointName(endpoint_name), .at = when};
}
inline delivery::Settle settle(const delivery::Row& row, State to, const std::string& ref = {},
                               std::optional<base::WallTime> due = {}) {
  return {.attempt = {row.id, row.attempts + 1},
          .to = to,
          .outcome = std::string(delivery::name(to)),
          .why = "because",
          .ref = ref,
          .memo = "",
          .due = due,
          .at = at(2)};
}
inline delivery::Prove prove(decltype(delivery::Evidence::about) about, delivery::Proof proof,
                             const char* endpoint_name = "toots") {
  return {{.endpoint = plan::EndpointName(endpoint_name),
           .about = std::move(about),
           .proof = proof,
           .kind = "receipt",
           .detail = "",
           .at = at(3)}};
}
inline std::vector<delivery::Moved> commit(SqliteStore& store, std::vector<delivery::Change> changes) {
  return must(store.commit(changes));
}

/// The state of one delivery as reports read it.
inline State state_of(SqliteStore& store, AlertId alert, delivery::DeliveryId id) {
  return must(store.deliveries(alert, delivery::DeliveryId(id.value - 1), 1)).at(0).state;
}

}  // namespace broadcaster::journal::sample
