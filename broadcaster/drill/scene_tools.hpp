// What several scenes need: what a command said, what was refused on purpose, and what the owner says of an alert.
// Thread rule: the stage's thread.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <string>

#include "broadcaster/drill/play.hpp"

namespace broadcaster::drill {

std::unexpected<base::Error> failed(const std::string& what, const CommandResult& result);
/// A text member; empty where there is none.
std::string word(const boost::json::object& object, std::string_view key);
std::string first_line(const std::string& text);
std::string last_line(const std::string& text);
/// On the screen and in the report: what was tried, and that it was refused with this exit status.
void note_refusal(Play& play, base::Text tried, std::string said, int status, int wanted);

/// The status of an alert by its identifier; nullopt while nobody answers.
std::optional<boost::json::object> alert_of(const Play& play, const std::string& alert);
/// Until `observe` has passed since `begun`: the alert on the screen, and in `into` as it was seen last. What breaks in
/// this time is up to `meanwhile`.
base::Result<void> observe_alert(Play& play, const std::string& alert, base::MonoTime begun, boost::json::object& into,
                                 const std::function<base::Result<void>(base::milliseconds)>& meanwhile);
/// Every approver of the scenario signs.
base::Result<void> approve_all(Play& play, const std::filesystem::path& plan);
/// The owner releases a plan file; what it answers names the alert.
base::Result<boost::json::object> submit(Play& play, const std::filesystem::path& plan, const std::string& by);

}  // namespace broadcaster::drill
