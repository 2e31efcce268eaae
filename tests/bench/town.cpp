#include "tests/bench/town.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <fstream>

#include "broadcaster/approval/make_release.hpp"
#include "broadcaster/plan/snapshot.hpp"
#include "channels/table.hpp"

namespace broadcaster::bench {
namespace {

using namespace std::chrono_literals;

constexpr approval::Argon2Cost cheap{1, 8};
const alert::ZoneId zone("pantai");
const alert::Language language("id");

plan::Endpoint gateway(const std::string& url) {
  plan::Endpoint out;
  out.name = plan::EndpointName("gateway");
  out.channel = "sms";
  out.mode = alert::Mode::live;
  out.route = plan::RouteName("gateway");
  out.audience = "residents";
  out.in_flight = in_flight;
  out.on_unknown = plan::OnUnknown::resend;
  out.reconcile_after = 1s;
  out.settings = {{"url", url}, {"username", "bench"}, {"password", "file:password"}, {"sender", "BPBD"}};
  return out;
}

plan::PlannedEndpoint planned(const plan::Endpoint& endpoint) {
  const auto& traits = channels::find_kind(endpoint.channel)->traits;
  plan::PlannedEndpoint out;
  out.name = endpoint.name;
  out.channel = endpoint.channel;
  out.route = endpoint.route;
  out.destination = plan::destination(endpoint, traits);
  out.fingerprint = plan::fingerprint(endpoint, traits);
  out.audience = endpoint.audience;
  out.in_flight = endpoint.in_flight;
  out.intent = traits.intent;
  out.on_unknown = endpoint.on_unknown;
  out.reconcile_after = endpoint.reconcile_after;
  return out;
}

plan::Message message() {
  plan::Message out;
  out.endpoint = plan::EndpointName("gateway");
  out.language = language;
  out.zone = zone;
  out.form = "sms";
  out.body = plan::Pieces{std::string("BPBD "), plan::Hole{plan::HoleKind::time_of_issue, "HH.mm", 7h},
                          std::string(" TSUNAMI. Pantai: naik sekarang ke tempat tinggi. "),
                          plan::Hole{plan::HoleKind::code, "", 0min}};
  out.length = {.unit = "gsm7", .used = 80, .limit = 160, .segments = 1};
  return out;
}

alert::Alert alert_of(alert::Urgency urgency) {
  alert::Alert out;
  out.sender = "bpbd@tirtapura.example";
  out.status = alert::Status::actual;
  out.hazard = "tsunami";
  alert::Info info;
  info.language = language;
  info.event = "Tsunami";
  info.categories = {alert::Category::geo};
  info.urgency = urgency;
  info.severity = alert::Severity::extreme;
  info.certainty = alert::Certainty::likely;
  out.infos = {info};
  return out;
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

base::WallTime now() { return base::SystemClock().now().wall; }

}  // namespace

service::Config config(const std::filesystem::path& state, const std::string& url) {
  service::Config out;
  out.folder = state / "config";
  out.endpoints = {gateway(url)};
  out.people = must(approval::read_people(out.folder / "people.yaml"));
  return out;
}

Town::Town(std::string url) : url_(std::move(url)) {
  std::string name = (std::filesystem::temp_directory_path() / "bench-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the measurements: " + name);
  state_ = name;
  people_ = "people:\n";
  for (const auto& [person, roles] : {std::pair{"sari", "[author]"}, std::pair{"bayu", "[approver]"},
                                      std::pair{"ratna", "[approver]"}, std::pair{"hendra", "[canceller]"}}) {
    const auto key = approval::new_key(person, "bench", cheap);
    keys_.emplace(person, must(approval::unlock(must(key), "bench")));
    people_ += fmt::format("  - id: {0}\n    name: {0}\n    roles: {1}\n    keys:\n      - public: \"{2}\"\n", person,
                           roles, base::base64(keys_.at(person).public_key()));
  }
  people_ += "quorum: {Actual: 2, Exercise: 1, Test: 1, System: 1}\n";
  write(state_ / "config/people.yaml", people_);
  write(state_ / "config/password", "bench\n");
  std::filesystem::create_directories(state_ / "snapshots");
}

Town::~Town() {
  std::error_code ignored;
  std::filesystem::remove_all(state_, ignored);
}

plan::PlannedAudience Town::audience(const std::string& prefix, int recipients) const {
  const auto file = state_ / "config/residents.csv";
  {
    std::ofstream out(file);
    out << "number,language,zone\n";
    for (int i = 0; i < recipients; ++i) out << fmt::format("{}{:07},id,pantai\n", prefix, i);
  }
  alert::Zone known;
  known.id = zone;
  const alert::Zones map(std::vector<alert::Zone>{known});
  const auto made = must(plan::make_snapshot({.file = file,
                                              .folder = state_ / "snapshots",
                                              .languages = {language},
                                              .zones = {zone},
                                              .map = &map,
                                              .bad_rows = plan::BadRows::refuse}));
  return {.name = "residents", .digest = made.digest, .counts = made.counts, .skipped = 0};
}

approval::SignedPlan Town::plan(const plan::PlannedAudience& audience, alert::Urgency urgency) {
  plan::Plan out;
  out.mode = alert::Mode::live;
  out.alert = alert_of(urgency);
  out.author = "sari";
  out.made_at = std::chrono::floor<std::chrono::seconds>(now());
  out.expires = out.made_at + 6h + std::chrono::seconds(++plans_);
  out.priority = plan::priority(out.alert);
  out.code_prefix = "TP";
  out.zones = {
      {.id = zone, .names = {{"id", "Pantai"}}, .people = 1000, .floor_percent = 75, .sirens = {}, .onset = {}}};
  const auto endpoint = gateway(url_);
  out.routes = {{.name = endpoint.route, .endpoints = {endpoint.name}}};
  out.endpoints = {planned(endpoint)};
  out.audiences = {audience};
  out.messages = {message()};
  auto made = approval::unsigned_plan(std::move(out));
  const auto sign = [&](const char* person, approval::Role role) {
    made.signatures.push_back(
        must(approval::sign(keys_.at(person), role, made.plan.mode, approval::digest(made), made.plan.made_at)));
  };
  sign("sari", approval::Role::author);
  sign("bayu", approval::Role::approver);
  sign("ratna", approval::Role::approver);
  return made;
}

std::unique_ptr<journal::SqliteStore> Town::open() const {
  return must(journal::SqliteStore::open(state_, alert::Mode::live));
}

delivery::AlertId Town::release(journal::SqliteStore& store, const approval::SignedPlan& plan, Rows rows) const {
  approval::ReleaseRequest request;
  request.filling.code = fmt::format("TP{}", must(store.reserve_code()));
  request.filling.identifier = "bench-" + request.filling.code;
  request.filling.time_of_issue = request.now = now();
  request.released_by = "bayu";
  const auto people = must(approval::parse_people(people_, "people.yaml"));
  const auto made = must(approval::release(plan, people, request));
  const auto& release = std::get<approval::Release<alert::Mode::live>>(made);
  const auto id = must(store.insert_release(release.stored(), release.plan_digest(), release.plan())).alert;
  if (rows == Rows::complete)
    while (must(store.expand(id, release.plan(), 5000)).progress == journal::Expanded::Progress::more) {
    }
  return id;
}

}  // namespace broadcaster::bench
