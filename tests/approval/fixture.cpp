#include "tests/approval/fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace broadcaster::approval {

using namespace std::chrono_literals;

namespace {

struct Officer {
  const char* id;
  const char* roles;
};
constexpr Officer officers[] = {{"sari", "[author, approver, canceller]"},
                                {"bayu", "[approver]"},
                                {"ratna", "[approver, canceller]"},
                                {"hendra", "[canceller, duty_officer]"},
                                {"dewi", "[author]"}};

plan::Message text_message(plan::Pieces pieces) {
  plan::Message out;
  out.endpoint = plan::EndpointName("sms");
  out.language = alert::Language("id");
  out.zone = alert::ZoneId("pantai");
  out.form = "sms";
  out.body = std::move(pieces);
  out.length = {.unit = "gsm7", .used = 60, .limit = 160, .segments = 1};
  return out;
}

plan::Message siren_message() {
  plan::Message out;
  out.endpoint = plan::EndpointName("sirens");
  out.zone = alert::ZoneId("pantai");
  out.form = "siren";
  out.body = plan::SirenProgram{"tsunami-evacuate", 180s, {"s1", "s2"}, {"Naik ke tempat tinggi"}};
  out.length = {.unit = "seconds", .used = 180, .limit = 300, .segments = 1};
  return out;
}

plan::Plan bare_plan(alert::Mode mode) {
  plan::Plan out;
  out.mode = mode;
  out.alert.sender = "bpbd@tirtapura.example";
  out.alert.status = mode == alert::Mode::live ? alert::Status::actual : alert::Status::exercise;
  out.alert.hazard = "tsunami";
  alert::Info info;
  info.language = alert::Language("id");
  info.event = "Tsunami";
  info.categories = {alert::Category::geo};
  info.urgency = alert::Urgency::immediate;
  info.severity = alert::Severity::extreme;
  info.certainty = alert::Certainty::likely;
  out.alert.infos = {info};
  out.author = "sari";
  out.made_at = at(2, 0);
  out.expires = at(5, 0);
  out.priority = plan::priority(out.alert);
  out.code_prefix = "TP";
  for (const auto* name : {"sms", "sirens"}) {
    plan::PlannedEndpoint endpoint;
    endpoint.name = plan::EndpointName(name);
    endpoint.channel = name;
    endpoint.route = plan::RouteName(name);
    endpoint.destination = "channel=" + std::string(name) + "\nmode=" + std::string(alert::name(mode)) + "\n";
    endpoint.fingerprint = base::hex(base::sha256(endpoint.destination));
    out.endpoints.push_back(endpoint);
    out.routes.push_back({endpoint.route, {endpoint.name}});
  }
  out.zones = {{.id = alert::ZoneId("pantai"),
                .names = {{"id", "Pantai"}},
                .people = 1200,
                .floor_percent = 75,
                .sirens = {"s1", "s2"},
                .onset = at(2, 35)}};
  return out;
}

}  // namespace

base::WallTime at(int hour, int minute) {
  return std::chrono::sys_days{2026y / 11 / 24} + std::chrono::hours(hour) + std::chrono::minutes(minute);
}

Agency::Agency() {
  for (const auto& officer : officers) {
    const auto file = new_key(officer.id, "kata sandi", cheap);
    auto key = unlock(file.value(), "kata sandi");
    keys.emplace(officer.id, std::move(key.value()));
  }
}

std::string Agency::people_text() const {
  std::string out = "people:\n";
  for (const auto& officer : officers) {
    if (std::ranges::find(left, officer.id) != left.end()) continue;
    out += std::string("  - id: ") + officer.id + "\n    name: Ibu/Bapak " + officer.id +
           "\n    roles: " + officer.roles + "\n    keys:\n      - public: \"" +
           base::base64(keys.at(officer.id).public_key()) + "\"\n";
    if (const auto line = key_lines.find(officer.id); line != key_lines.end()) out += "        " + line->second + "\n";
  }
  return out + "quorum: {Actual: " + std::to_string(quorum) + ", Exercise: 1, Test: 1, System: 1}\n";
}

People Agency::people() const {
  auto out = parse_people(people_text(), "people.yaml");
  if (!out) throw std::runtime_error("the agency of the tests: " + out.error().front().text.id);
  return *out;
}

Signature Agency::sign(const std::string& person, Role role, const SignedPlan& plan, base::WallTime when) const {
  return approval::sign(keys.at(person), role, plan.plan.mode, digest(plan), when).value();
}

const Agency& agency() {
  static const Agency the_agency;
  return the_agency;
}

plan::Plan sample_plan(alert::Mode mode) {
  using plan::Hole;
  using plan::HoleKind;
  const std::string mark = mode == alert::Mode::drill ? "LATIHAN: " : "";
  auto out = bare_plan(mode);
  out.messages = {text_message({mark + "BPBD ", Hole{HoleKind::time_of_issue, "HH.mm", 7h},
                                std::string(" TSUNAMI. Pantai: naik sekarang. "), Hole{HoleKind::code, "", 0min}}),
                  siren_message()};
  auto quiet = bare_plan(mode);
  quiet.alert.type = alert::MessageType::cancel;
  quiet.expires = at(8, 0);
  quiet.messages = {text_message({mark + "TIDAK ADA TSUNAMI. Pesan ", Hole{HoleKind::original_code, "", 0min},
                                  std::string(" pukul "), Hole{HoleKind::original_time_of_issue, "HH.mm", 7h},
                                  std::string(" keliru. "), Hole{HoleKind::code, "", 0min}})};
  out.false_alarm = std::make_shared<const plan::Plan>(std::move(quiet));
  return out;
}

SignedPlan approved_plan(alert::Mode mode) {
  auto out = unsigned_plan(sample_plan(mode));
  out.signatures = {agency().sign("sari", Role::author, out, at(2, 0)),
                    agency().sign("bayu", Role::approver, out, at(2, 1)),
                    agency().sign("ratna", Role::approver, out, at(2, 2))};
  return out;
}

plan::Filling sample_filling(base::WallTime now) {
  return {.identifier = "TP-2026-0012",
          .code = "TP12",
          .time_of_issue = now,
          .references = {},
          .original_code = {},
          .original_time_of_issue = {}};
}

ReleaseRequest request(base::WallTime now) { return {sample_filling(now), now, "bayu"}; }

std::vector<std::string> ids(const std::vector<base::Text>& texts) {
  std::vector<std::string> out;
  for (const auto& text : texts) out.push_back(text.id);
  return out;
}

}  // namespace broadcaster::approval
