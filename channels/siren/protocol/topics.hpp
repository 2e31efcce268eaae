// The topics of the siren protocol, under warn/v1/{site}/. PROTOCOL.md has the table for makers of sirens.
//
// The mode stands in the topic of a command, so that the broker's access list keeps drill and live apart, and again in
// the signed body: both must agree. Thread rule: plain functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace broadcaster::channels::siren {

enum class Mode { live, drill };
std::string_view name(Mode mode);
std::optional<Mode> mode_from(std::string_view text);

/// Sites, sirens, groups and controllers: letters, digits, '-', '_' and '.', 1 to 64 of them. Nothing that means
/// something in a topic or in a broker's access list.
bool valid_id(std::string_view id);

enum class Subject { ack, event, state, heartbeat, online };

/// ".../{mode}/siren/{id}/cmd"
std::string command_topic(std::string_view site, Mode mode, std::string_view siren);
/// ".../{mode}/group/{id}/cmd"; zones are groups too.
std::string group_topic(std::string_view site, Mode mode, std::string_view group);
/// ".../siren/{id}/ack" and so on; "+" as id gives the controller's subscription.
std::string siren_topic(std::string_view site, std::string_view siren, Subject subject);

struct CommandAddress {
  enum class To { siren, group } to = To::siren;
  Mode mode = Mode::drill;
  std::string id;
};
/// nullopt: not a command topic of this site.
std::optional<CommandAddress> parse_command_topic(std::string_view site, std::string_view topic);

struct SirenAddress {
  std::string siren;
  Subject subject = Subject::ack;
};
std::optional<SirenAddress> parse_siren_topic(std::string_view site, std::string_view topic);

}  // namespace broadcaster::channels::siren
