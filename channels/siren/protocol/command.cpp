#include "channels/siren/protocol/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "channels/siren/protocol/json.hpp"

namespace broadcaster::channels::siren {
namespace json = boost::json;
namespace {

constexpr std::array<std::pair<std::string_view, Action>, 5> actions = {{{"activate", Action::activate},
                                                                         {"cancel", Action::cancel},
                                                                         {"silent_test", Action::silent_test},
                                                                         {"status_request", Action::status_request},
                                                                         {"disarm", Action::disarm}}};
constexpr std::size_t max_targets = 20'000;
constexpr std::uint64_t max_counter = (std::uint64_t{1} << 53) - 1;  // whole in every JSON reader
constexpr std::uint64_t max_seconds = 3600;

/// "siren-01", "zone:muara", "group:coast"
bool valid_target(std::string_view target) {
  for (const std::string_view prefix : {"zone:", "group:"})
    if (target.starts_with(prefix)) return valid_id(target.substr(prefix.size()));
  return valid_id(target);
}

void read_targets(ObjectReader& in, Command& out) {
  const auto* list = in.list("targets");
  if (!list) return;
  if (list->empty() || list->size() > max_targets) in.complain("targets", "expected 1 to 20000 targets");
  for (const auto& item : *list) {
    const auto* target = item.if_string();
    if (!target || !valid_target(*target)) return in.complain("targets", "not a siren, zone or group");
    out.targets.emplace_back(*target);
  }
}

void read_names(ObjectReader& in, Command& out) {
  const auto mode = mode_from(in.text("mode", 16));
  if (!mode) in.complain("mode", "expected live or drill");
  out.mode = mode.value_or(Mode::drill);
  const auto word = in.text("action", 32);
  const auto* const action =
      std::find_if(actions.begin(), actions.end(), [&](const auto& pair) { return pair.first == word; });
  if (action == actions.end()) return in.complain("action", "not known");
  out.action = action->second;
}

void check(ObjectReader& in, const Command& out) {
  if (!valid_id(out.cmd_id)) in.complain("cmd_id", "expected letters, digits, '-', '_' and '.'");
  if (!valid_id(out.controller_id)) in.complain("controller_id", "expected letters, digits, '-', '_' and '.'");
  const bool names_alert = out.action == Action::activate || out.action == Action::cancel;
  if (names_alert && out.alert_id.empty()) in.complain("alert_id", "missing");
  if (out.action == Action::activate && out.program.empty()) in.complain("program", "missing");
  if (out.action == Action::activate && out.duration.count() == 0) in.complain("duration_s", "missing");
  if (out.not_after <= out.issued_at) in.complain("not_after", "expected a time after issued_at");
}

}  // namespace

std::string_view name(Action action) {
  const auto* const entry =
      std::find_if(actions.begin(), actions.end(), [&](const auto& pair) { return pair.second == action; });
  return entry->first;
}

std::string write(const Command& command) {
  json::object out;  // filled in the order of the keys' bytes
  json::array targets(command.targets.begin(), command.targets.end());
  out["action"] = name(command.action);
  put(out, "alert_id", command.alert_id);
  put(out, "approval_hash", command.approval_hash);
  out["cmd_id"] = command.cmd_id;
  out["controller_id"] = command.controller_id;
  out["counter"] = command.counter;
  if (command.duration.count() > 0) out["duration_s"] = command.duration.count();
  put(out, "hazard", command.hazard);
  out["issued_at"] = base::format_utc(command.issued_at);
  out["mode"] = name(command.mode);
  out["not_after"] = base::format_utc(command.not_after);
  put(out, "program", command.program);
  put(out, "reason", command.reason);
  out["targets"] = std::move(targets);
  out["v"] = Command::version;
  return json::serialize(out);
}

std::expected<Command, std::string> read_command(std::string_view body) {
  if (body.size() > max_command_bytes) return std::unexpected("body: too long");
  const auto object = parse_object(body);
  if (!object) return std::unexpected("body: not a JSON object");
  using Need = ObjectReader::Need;
  ObjectReader in(*object);
  if (in.whole("v", 1000) != Command::version) in.complain("v", "expected 1");
  Command out;
  read_names(in, out);
  out.cmd_id = in.text("cmd_id", 64);
  out.alert_id = in.text("alert_id", 128, Need::optional);
  out.program = in.text("program", 64, Need::optional);
  out.hazard = in.text("hazard", 64, Need::optional);
  out.duration = std::chrono::seconds(in.whole("duration_s", max_seconds, Need::optional));
  read_targets(in, out);
  out.issued_at = in.time("issued_at");
  out.not_after = in.time("not_after");
  out.counter = in.whole("counter", max_counter);
  out.controller_id = in.text("controller_id", 64);
  out.approval_hash = in.text("approval_hash", 128, Need::optional);
  out.reason = in.text("reason", 256, Need::optional);
  check(in, out);
  if (!in.error.empty()) return std::unexpected(in.error);
  return out;
}

}  // namespace broadcaster::channels::siren
