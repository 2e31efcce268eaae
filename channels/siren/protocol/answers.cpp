#include "channels/siren/protocol/answers.hpp"

#include <algorithm>
#include <array>

#include "channels/siren/protocol/json.hpp"

namespace broadcaster::channels::siren {
namespace json = boost::json;
namespace {

using Need = ObjectReader::Need;
constexpr std::size_t max_answer_bytes = 16 * 1024;
constexpr std::uint64_t max_whole = (std::uint64_t{1} << 53) - 1;

constexpr std::array<std::string_view, 5> stages = {"accepted", "sounding", "done", "failed", "rejected"};
constexpr std::array<std::string_view, 11> rejections = {"malformed", "signature", "mode",       "target",
                                                         "retained",  "expired",   "clock",      "counter",
                                                         "busy",      "cancelled", "unsupported"};

template <class E, std::size_t N>
std::optional<E> find(const std::array<std::string_view, N>& names, std::string_view text) {
  const auto at = std::find(names.begin(), names.end(), text);
  if (at == names.end()) return std::nullopt;
  return static_cast<E>(at - names.begin());
}

json::object to_json(const Ack& ack) {
  json::object out;
  out["at"] = base::format_utc(ack.at);
  put(out, "cmd_id", ack.cmd_id);
  if (ack.counter > 0) out["counter"] = ack.counter;
  put(out, "detail", ack.detail);
  put(out, "reason", ack.reason);
  out["siren"] = ack.siren;
  if (ack.sounded_ms > 0) out["sounded_ms"] = ack.sounded_ms;
  out["stage"] = name(ack.stage);
  return out;
}

std::optional<Ack> from_json(const json::object& object, std::string_view siren) {
  ObjectReader in(object);
  Ack out;
  out.siren = in.text("siren", 64);
  if (out.siren != siren) return std::nullopt;
  out.cmd_id = in.text("cmd_id", 64, Need::optional);
  const auto stage = find<Stage>(stages, in.text("stage", 16));
  if (!stage || (!out.cmd_id.empty() && !valid_id(out.cmd_id))) return std::nullopt;
  if (out.cmd_id.empty() && *stage != Stage::rejected) return std::nullopt;
  out.stage = *stage;
  out.reason = in.text("reason", 64, Need::optional);
  out.detail = in.text("detail", 200, Need::optional);
  out.at = in.time("at");
  out.counter = in.whole("counter", max_whole, Need::optional);
  out.sounded_ms = static_cast<std::uint32_t>(in.whole("sounded_ms", 0xffffffffu, Need::optional));
  if (!in.error.empty()) return std::nullopt;
  return out;
}

std::optional<json::object> parse_answer(std::string_view body) {
  if (body.size() > max_answer_bytes) return std::nullopt;
  return parse_object(body);
}

}  // namespace

std::string_view name(Stage stage) { return stages[static_cast<std::size_t>(stage)]; }
std::string_view name(Rejection reason) { return rejections[static_cast<std::size_t>(reason)]; }
std::optional<Rejection> rejection_from(std::string_view text) { return find<Rejection>(rejections, text); }

std::string write(const Ack& ack) { return json::serialize(to_json(ack)); }

std::string write(const State& state) {
  json::object out;
  out["at"] = base::format_utc(state.at);
  if (state.last) out["last"] = to_json(*state.last);
  out["mode"] = name(state.mode);
  out["siren"] = state.siren;
  out["state"] = state.now == State::Now::sounding ? "sounding" : "idle";
  return json::serialize(out);
}

std::string write(const Heartbeat& heartbeat) {
  return json::serialize(json::object{{"at", base::format_utc(heartbeat.at)},
                                      {"counter", heartbeat.counter},
                                      {"next_due_s", heartbeat.next_due_s},
                                      {"seq", heartbeat.seq},
                                      {"siren", heartbeat.siren},
                                      {"uptime_s", heartbeat.uptime_s}});
}

std::string write(const Online& online) {
  return json::serialize(json::object{{"at", base::format_utc(online.at)},
                                      {"online", online.presence == Online::Presence::online},
                                      {"session", online.session}});
}

std::string write(const Event& event) {
  json::object out;
  out["at"] = base::format_utc(event.at);
  put(out, "detail", event.detail);
  out["kind"] = event.kind;
  out["siren"] = event.siren;
  return json::serialize(out);
}

std::optional<Ack> read_ack(std::string_view body, std::string_view siren) {
  const auto object = parse_answer(body);
  if (!object) return std::nullopt;
  return from_json(*object, siren);
}

std::optional<State> read_state(std::string_view body, std::string_view siren) {
  const auto object = parse_answer(body);
  if (!object) return std::nullopt;
  ObjectReader in(*object);
  State out;
  out.siren = in.text("siren", 64);
  const auto mode = mode_from(in.text("mode", 16));
  const auto now = in.text("state", 16);
  out.at = in.time("at");
  if (!in.error.empty() || out.siren != siren || !mode || (now != "idle" && now != "sounding")) return std::nullopt;
  out.mode = *mode;
  out.now = now == "idle" ? State::Now::idle : State::Now::sounding;
  if (const auto* last = object->if_contains("last")) {
    if (!last->is_object()) return std::nullopt;
    out.last = from_json(last->as_object(), siren);
    if (!out.last) return std::nullopt;
  }
  return out;
}

std::optional<Online> read_online(std::string_view body) {
  const auto object = parse_answer(body);
  if (!object) return std::nullopt;
  ObjectReader in(*object);
  Online out;
  out.presence = in.yes_no("online") ? Online::Presence::online : Online::Presence::offline;
  out.session = in.text("session", 64);
  out.at = in.time("at");
  if (!in.error.empty()) return std::nullopt;
  return out;
}

std::optional<Event> read_event(std::string_view body, std::string_view siren) {
  const auto object = parse_answer(body);
  if (!object) return std::nullopt;
  ObjectReader in(*object);
  Event out;
  out.siren = in.text("siren", 64);
  out.kind = in.text("kind", 64);
  out.detail = in.text("detail", 200, Need::optional);
  out.at = in.time("at");
  if (!in.error.empty() || out.siren != siren) return std::nullopt;
  return out;
}

}  // namespace broadcaster::channels::siren
