#include "channels/siren/agent/memory.hpp"

#include <algorithm>

#include "channels/siren/protocol/json.hpp"

namespace broadcaster::channels::siren {
namespace json = boost::json;
namespace {

constexpr std::uint64_t max_whole = (std::uint64_t{1} << 53) - 1;

template <class Map, class UntilOf>
void keep_newest(Map& map, base::WallTime now, UntilOf until_of) {
  std::erase_if(map, [&](const auto& entry) { return until_of(entry.second) < now; });
  while (map.size() > Memory::max_entries)
    map.erase(std::min_element(map.begin(), map.end(),
                               [&](const auto& a, const auto& b) { return until_of(a.second) < until_of(b.second); }));
}

bool read_counters(const json::object& in, Memory& out) {
  ObjectReader reader(in);
  for (const auto& [controller, value] : in)
    out.counters[std::string(controller)] = reader.whole(controller, max_whole);
  return reader.error.empty();
}

bool read_cancelled(const json::object& in, Memory& out) {
  ObjectReader reader(in);
  for (const auto& [alert, value] : in) out.cancelled[std::string(alert)] = reader.time(alert);
  return reader.error.empty();
}

bool read_commands(const json::array& in, std::string_view siren, Memory& out) {
  for (const auto& item : in) {
    if (!item.is_object()) return false;
    ObjectReader reader(item.as_object());
    const auto ack = read_ack(reader.text("ack", 4096), siren);
    const auto until = reader.time("until");
    if (!ack || !reader.error.empty()) return false;
    out.commands[ack->cmd_id] = {*ack, until};
  }
  return true;
}

const json::object* object_at(const json::object& in, std::string_view key) {
  const auto* value = in.if_contains(key);
  return value ? value->if_object() : nullptr;
}

}  // namespace

void Memory::forget_old(base::WallTime now) {
  keep_newest(commands, now, [](const Known& known) { return known.until; });
  keep_newest(cancelled, now, [](base::WallTime until) { return until; });
}

std::string write(const Memory& memory) {
  json::object counters, cancelled;
  json::array commands;
  for (const auto& [controller, value] : memory.counters) counters[controller] = value;
  for (const auto& [alert, until] : memory.cancelled) cancelled[alert] = base::format_utc(until);
  for (const auto& [id, known] : memory.commands)
    commands.push_back({{"ack", write(known.last)}, {"until", base::format_utc(known.until)}});
  json::object out{{"cancelled", cancelled}, {"commands", commands}, {"counters", counters}, {"v", 1}};
  if (memory.last) out["last"] = write(*memory.last);
  return json::serialize(out);
}

std::optional<Memory> read_memory(std::string_view text, std::string_view siren) {
  const auto object = parse_object(text);
  if (!object) return std::nullopt;
  ObjectReader in(*object);
  const auto* commands = in.list("commands");
  const auto* counters = object_at(*object, "counters");
  const auto* cancelled = object_at(*object, "cancelled");
  Memory out;
  if (in.whole("v", 1) != 1 || !commands || !counters || !cancelled || !read_counters(*counters, out) ||
      !read_cancelled(*cancelled, out) || !read_commands(*commands, siren, out))
    return std::nullopt;
  if (object->contains("last")) {
    out.last = read_ack(in.text("last", 4096), siren);
    if (!out.last) return std::nullopt;
  }
  return out;
}

}  // namespace broadcaster::channels::siren
