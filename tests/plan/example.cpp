#include "tests/plan/example.hpp"

#include <fstream>
#include <stdexcept>

#include "broadcaster/base/digest.hpp"
#include "broadcaster/plan/document.hpp"
#include "tests/support/places.hpp"

namespace broadcaster::plan::example {
namespace {

namespace fs = std::filesystem;
using Kind = Setting::Kind;
using Need = Setting::Presence;
using Print = Setting::Fingerprint;

constexpr Setting mastodon[] = {{"url", Kind::url, Need::required, Print::part_of_destination},
                                {"token", Kind::secret, Need::required, Print::not_part},
                                {"visibility", Kind::text, Need::optional, Print::part_of_destination}};
constexpr Setting sms[] = {{"url", Kind::url, Need::required, Print::part_of_destination},
                           {"username", Kind::text, Need::required, Print::part_of_destination},
                           {"password", Kind::secret, Need::required, Print::not_part},
                           {"sender", Kind::text, Need::required, Print::part_of_destination}};
constexpr Setting siren[] = {{"broker", Kind::text, Need::required, Print::part_of_destination},
                             {"ca", Kind::path, Need::required, Print::not_part},
                             {"certificate", Kind::path, Need::required, Print::not_part},
                             {"key", Kind::path, Need::required, Print::not_part},
                             {"site", Kind::text, Need::required, Print::part_of_destination},
                             {"controller", Kind::text, Need::required, Print::part_of_destination},
                             {"signing_key", Kind::secret, Need::required, Print::not_part}};
constexpr Setting webhook[] = {{"url", Kind::url, Need::required, Print::part_of_destination},
                               {"secret", Kind::secret, Need::required, Print::not_part},
                               {"headers", Kind::list, Need::optional, Print::part_of_destination}};

constexpr Setting cap_feed[] = {{"url", Kind::url, Need::required, Print::part_of_destination},
                                {"folder", Kind::path, Need::optional, Print::part_of_destination},
                                {"title", Kind::text, Need::required, Print::part_of_destination},
                                {"signer", Kind::text, Need::required, Print::part_of_destination},
                                {"signing_key", Kind::secret, Need::required, Print::not_part},
                                {"username", Kind::text, Need::optional, Print::part_of_destination},
                                {"password", Kind::secret, Need::optional, Print::not_part}};

/// The head of one, and no more: what documents say is a test of the channel that makes them.
base::Result<Pieces> short_document(const DocumentInput& input) {
  return Pieces{
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n  "
      "<identifier>",
      Hole{.kind = HoleKind::identifier, .pattern = {}},
      "</identifier>\n  <sender>" + input.sender + "</sender>\n  <sent>",
      Hole{.kind = HoleKind::time_of_issue, .pattern = std::string(document_time)},
      "</sent>\n  <status>" + std::string(alert::name(input.alert.status)) + "</status>\n  <msgType>" +
          std::string(alert::name(input.alert.type)) + "</msgType>\n  <scope>Public</scope>\n</alert>\n"};
}

template <class T>
T must(base::Checked<T> value) {
  if (!value) throw std::runtime_error("example:\n" + lines(value.error()));
  return std::move(*value);
}

Town read_town() {
  const fs::path root = places::source("");
  Town town{.agency = must(alert::read_agency(root / "config/agency.yaml")),
            .zones = must(alert::read_zones(root / "config/zones.geojson")),
            .sirens = {},
            .templates = must(read_templates(root / "templates")),
            .endpoints = must(read_endpoints(root / "config/endpoints.yaml", traits()))};
  // Documents are looked at where somebody asks for them.
  std::erase_if(town.endpoints, [](const Endpoint& one) { return one.channel == document_channel; });
  town.sirens = must(alert::read_sirens(root / "config/sirens.yaml", town.zones));
  return town;
}

}  // namespace

base::WallTime night() { return *base::parse_utc("2026-11-23T19:15:00.000Z"); }

std::span<const ChannelTraits> traits() {
  using std::chrono::seconds;
  static constexpr ChannelTraits table[] = {
      {"mastodon", "post", Measure::mastodon_characters, 500, Addressing::account, Intent::with_the_outcome,
       OnUnknown::resend, seconds(5), mastodon},
      {"sms", "sms", Measure::sms_segments, 1, Addressing::audience, Intent::before_the_byte, OnUnknown::hold,
       seconds(60), sms},
      {"siren", "siren", Measure::siren_seconds, 180, Addressing::targets, Intent::with_the_outcome, OnUnknown::resend,
       seconds(1), siren},
      {"webhook", "event", Measure::utf8_bytes, 4096, Addressing::account, Intent::with_the_outcome, OnUnknown::resend,
       seconds(5), webhook},
      {"cap_feed", "cap", Measure::utf8_bytes, 1 << 20, Addressing::account, Intent::with_the_outcome,
       OnUnknown::resend, seconds(5), cap_feed, &short_document}};
  return table;
}

std::vector<Endpoint> Town::of_mode(alert::Mode mode) const {
  std::vector<Endpoint> out;
  for (const auto& endpoint : endpoints)
    if (endpoint.mode == mode) out.push_back(endpoint);
  return out;
}

const Town& town() {
  static const Town read = read_town();
  return read;
}

alert::Alert order(alert::Status status, Arrival arrival) {
  alert::Alert out;
  out.status = status;
  out.hazard = "tsunami";
  out.level = "AWAS";
  out.note = "Evakuasi pesisir";
  for (const auto* zone : {"muara", "pasir", "teluk"}) out.zones.push_back({alert::ZoneId(zone), {}});
  for (const auto* language : {"id", "en"}) {
    alert::Info info;
    info.language = alert::Language(language);
    info.categories = {alert::Category::geo};
    info.responses = {alert::ResponseType::evacuate};
    info.urgency = alert::Urgency::immediate;
    info.severity = alert::Severity::extreme;
    info.certainty = alert::Certainty::likely;
    if (arrival == Arrival::known) info.onset = night() + std::chrono::minutes(20);
    info.expires = night() + std::chrono::hours(3);
    out.infos.push_back(std::move(info));
  }
  return out;
}

alert::Alert order_for(const std::string& hazard, alert::Status status, Arrival arrival) {
  auto out = order(status, arrival);
  out.hazard = hazard;
  out.note = hazard;
  out.zones.resize(1);
  std::vector<alert::Info> infos;
  for (const auto& words : town().templates.all) {
    if (words.hazard != hazard) continue;
    auto info = out.infos.front();
    const auto& level = words.levels.front();
    out.level = level.name;
    info.language = words.language;
    info.categories = {words.category};
    info.responses = {words.response};
    info.urgency = level.urgency;
    info.severity = level.severity;
    info.certainty = level.certainty;
    infos.push_back(std::move(info));
  }
  out.infos = std::move(infos);
  return out;
}

alert::Alert all_clear(alert::Alert order) {
  order.type = alert::MessageType::update;
  order.references = {{"bpbd.example.org", "TP12-20261123T191500Z", "2026-11-23T19:15:00-00:00"}};
  order.confirmation = "BMKG 06.31 WIB";
  for (auto& zone : order.zones) zone.ending = alert::Ending::may_return;
  for (auto& info : order.infos) {
    info.urgency = alert::Urgency::past;
    info.onset.reset();
    info.responses = {alert::ResponseType::all_clear};
  }
  return order;
}

std::map<std::string, SnapshotInfo> audiences() {
  SnapshotInfo info;
  info.digest = std::string(64, 'a');
  for (const auto* language : {"en", "id"})
    for (const auto* zone : {"muara", "pasir", "teluk"}) {
      info.counts.push_back({alert::Language(language), alert::ZoneId(zone), std::string(language) == "id" ? 40 : 10});
      info.recipients += info.counts.back().recipients;
      info.standing.push_back({info.counts.back().language, {info.counts.back().zone}, info.counts.back().recipients});
    }
  return {{"residents", info}, {"staff", info}};
}

base::Checked<Plan> plan_of(const alert::Alert& alert) {
  return plan_of(alert, town().of_mode(alert::rule_of(alert.status).mode), town().templates);
}

base::Checked<Plan> plan_of(const alert::Alert& alert, const std::vector<Endpoint>& endpoints,
                            const Templates& templates) {
  const auto people = audiences();
  return make_plan({.alert = alert,
                    .agency = town().agency,
                    .zones = town().zones,
                    .sirens = town().sirens,
                    .endpoints = endpoints,
                    .traits = traits(),
                    .templates = templates,
                    .audiences = people,
                    .author = "sari.wulandari",
                    .now = night()});
}

Plan plan_in_other_scripts(alert::Status status, Arrival arrival) {
  return plan_in_other_scripts(order_for("tsunami", status, arrival));
}

Plan plan_in_other_scripts(alert::Alert alert) {
  auto agency = town().agency;
  agency.languages = {alert::Language("ar"), alert::Language("hi")};
  std::erase_if(alert.infos,
                [&](const alert::Info& info) { return info.language.value != "ar" && info.language.value != "hi"; });
  auto endpoints = town().of_mode(alert::rule_of(alert.status).mode);
  for (auto& endpoint : endpoints)
    if (endpoint.channel == "sms") endpoint.limit = 3;
  SnapshotInfo info;
  info.digest = std::string(64, 'a');
  for (const auto& language : agency.languages) info.counts.push_back({language, alert::ZoneId("muara"), 10});
  info.recipients = 20;
  const std::map<std::string, SnapshotInfo> people{{"residents", info}, {"staff", info}};
  return must(make_plan({.alert = alert,
                         .agency = agency,
                         .zones = town().zones,
                         .sirens = town().sirens,
                         .endpoints = endpoints,
                         .traits = traits(),
                         .templates = town().templates,
                         .audiences = people,
                         .author = "sari.wulandari",
                         .now = night()}));
}

std::string lines(const base::Errors& errors) {
  std::string out;
  for (const auto& error : errors) {
    out += error.key + ": " + error.text.id;
    for (const auto& [name, value] : error.text.arguments)
      if (const auto* text = std::get_if<std::string>(&value)) out += " " + name + "=" + *text;
    out += "\n";
  }
  return out;
}

bool has(const base::Errors& errors, const std::string& id) {
  for (const auto& error : errors)
    if (error.text.id == id) return true;
  return false;
}

Folder::Folder() : path(fs::temp_directory_path() / ("plan-" + base::random_uuid())) { fs::create_directories(path); }
Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}
fs::path Folder::write(const std::string& name, const std::string& content) const {
  fs::create_directories((path / name).parent_path());
  std::ofstream(path / name, std::ios::binary) << content;
  return path / name;
}

Filling filling() {
  return {.identifier = "tirtapura-12",
          .code = "TP12",
          .time_of_issue = night(),
          .references = {},
          .original_code = "TP11",
          .original_time_of_issue = night() - std::chrono::minutes(16)};
}

}  // namespace broadcaster::plan::example
