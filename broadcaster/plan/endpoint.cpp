#include "broadcaster/plan/endpoint.hpp"

#include <algorithm>

namespace broadcaster::plan {

const ChannelTraits* find_traits(std::span<const ChannelTraits> traits, std::string_view channel) {
  const auto found = std::ranges::find(traits, channel, &ChannelTraits::name);
  return found == traits.end() ? nullptr : &*found;
}

std::string destination(const Endpoint& endpoint, const ChannelTraits& traits) {
  std::vector<std::string> lines{"channel=" + endpoint.channel, "mode=" + std::string(name(endpoint.mode))};
  // Whom it reaches is part of where it leads: an author who calls a public gateway "staff" would otherwise get a
  // System alert past the smaller quorum. The owner compares with its own configuration, and holds what differs.
  if (endpoint.readers == Readers::staff) lines.emplace_back("readers=staff");
  for (const auto& setting : traits.settings) {
    // A secret says who we are, never where the bytes go; and it must not stand in a plan.
    if (setting.fingerprint != Setting::Fingerprint::part_of_destination || setting.kind == Setting::Kind::secret)
      continue;
    const auto found = endpoint.settings.find(std::string(setting.key));
    if (found == endpoint.settings.end()) continue;
    for (std::string_view rest = found->second;;) {
      const auto end = rest.find('\n');
      lines.push_back(std::string(setting.key) + "=" + std::string(rest.substr(0, end)));
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 1);
    }
  }
  std::ranges::sort(lines);
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

std::string fingerprint(const Endpoint& endpoint, const ChannelTraits& traits) {
  return base::hex(base::sha256(destination(endpoint, traits)));
}

}  // namespace broadcaster::plan
