// The channel table: a new channel is its folder and one line in table.cpp. Thread rule: constants.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "channels/channel.hpp"

namespace broadcaster::channels {

std::span<const ChannelKind> kinds();
const ChannelKind* find_kind(std::string_view name);
/// For plan/, which must not know channels.
std::vector<plan::ChannelTraits> traits();

}  // namespace broadcaster::channels
