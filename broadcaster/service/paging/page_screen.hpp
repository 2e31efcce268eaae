// What the link in a page shows: what it is about, since when, who has it, and one big button. Pure.
//
// Opening it shows; only the button (POST) acknowledges, because gateways and mail servers open links that nobody has
// seen. No script: it must work on the oldest phone of the roster. Thread rule: pure.
#pragma once

#include <string>

#include "broadcaster/service/paging/page_message.hpp"

namespace broadcaster::service {

/// HTML, for the person whose link it is: with the button, unless this person has it already or the cause is gone.
std::string page_screen(const PageSpeaker& speaker, const Page& page, const std::string& person,
                        const std::string& language);

}  // namespace broadcaster::service
