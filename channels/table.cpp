#include "channels/table.hpp"

#include <algorithm>
#include <array>

#include "channels/cap_feed/cap_feed.hpp"
#include "channels/mastodon/mastodon.hpp"
#include "channels/siren/siren.hpp"
#include "channels/sms/kannel.hpp"
#include "channels/webhook/webhook.hpp"

namespace broadcaster::channels {

std::span<const ChannelKind> kinds() {
  static const std::array table = {
      mastodon::kind(), sms::kind(), siren::kind(), webhook::kind(), cap_feed::kind(),
  };
  return table;
}

const ChannelKind* find_kind(std::string_view name) {
  const auto all = kinds();
  const auto found = std::ranges::find(all, name, [](const ChannelKind& kind) { return kind.traits.name; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<plan::ChannelTraits> traits() {
  std::vector<plan::ChannelTraits> out;
  for (const auto& kind : kinds()) out.push_back(kind.traits);
  return out;
}

}  // namespace broadcaster::channels
