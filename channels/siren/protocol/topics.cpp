#include "channels/siren/protocol/topics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace broadcaster::channels::siren {
namespace {

constexpr std::array<std::pair<std::string_view, Subject>, 5> subjects = {{{"ack", Subject::ack},
                                                                           {"event", Subject::event},
                                                                           {"state", Subject::state},
                                                                           {"hb", Subject::heartbeat},
                                                                           {"online", Subject::online}}};

/// The levels behind "warn/v1/{site}/", or nothing.
std::vector<std::string_view> levels(std::string_view site, std::string_view topic) {
  const auto root = fmt::format("warn/v1/{}/", site);
  if (!topic.starts_with(root)) return {};
  topic.remove_prefix(root.size());
  std::vector<std::string_view> out;
  for (;;) {
    const auto slash = topic.find('/');
    out.push_back(topic.substr(0, slash));
    if (slash == std::string_view::npos) return out;
    topic.remove_prefix(slash + 1);
  }
}

}  // namespace

std::string_view name(Mode mode) { return mode == Mode::live ? "live" : "drill"; }

std::optional<Mode> mode_from(std::string_view text) {
  if (text == "live") return Mode::live;
  if (text == "drill") return Mode::drill;
  return std::nullopt;
}

bool valid_id(std::string_view id) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), allowed);
}

std::string command_topic(std::string_view site, Mode mode, std::string_view siren) {
  return fmt::format("warn/v1/{}/{}/siren/{}/cmd", site, name(mode), siren);
}

std::string group_topic(std::string_view site, Mode mode, std::string_view group) {
  return fmt::format("warn/v1/{}/{}/group/{}/cmd", site, name(mode), group);
}

std::string siren_topic(std::string_view site, std::string_view siren, Subject subject) {
  const auto* const entry =
      std::find_if(subjects.begin(), subjects.end(), [&](const auto& pair) { return pair.second == subject; });
  return fmt::format("warn/v1/{}/siren/{}/{}", site, siren, entry->first);
}

std::optional<CommandAddress> parse_command_topic(std::string_view site, std::string_view topic) {
  const auto parts = levels(site, topic);
  if (parts.size() != 4 || parts[3] != "cmd" || !valid_id(parts[2])) return std::nullopt;
  const auto mode = mode_from(parts[0]);
  if (!mode) return std::nullopt;
  if (parts[1] == "siren") return CommandAddress{CommandAddress::To::siren, *mode, std::string(parts[2])};
  if (parts[1] == "group") return CommandAddress{CommandAddress::To::group, *mode, std::string(parts[2])};
  return std::nullopt;
}

std::optional<SirenAddress> parse_siren_topic(std::string_view site, std::string_view topic) {
  const auto parts = levels(site, topic);
  if (parts.size() != 3 || parts[0] != "siren" || !valid_id(parts[1])) return std::nullopt;
  for (const auto& [word, subject] : subjects)
    if (parts[2] == word) return SirenAddress{std::string(parts[1]), subject};
  return std::nullopt;
}

}  // namespace broadcaster::channels::siren
