// What a page says, in the language of the person who is woken. Pure.
//
// In a drill the mark stands at both ends, as in every drill's message. The link ends in a token that nobody can guess
// (page_token); what it shows stands in page_screen.hpp. Thread rule: pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "broadcaster/alert/vocabulary.hpp"
#include "broadcaster/base/digest.hpp"
#include "broadcaster/service/paging/pager.hpp"

namespace broadcaster::service {

struct PageMessage {
  std::string title;
  std::string text;  ///< with the way to acknowledge at its end
  std::string bare;  ///< without it: where a button stands beside it
  std::string link;  ///< empty: nothing outside reaches our hooks server
  std::string button;
};

struct PageSpeaker {
  std::string agency;  ///< its short name
  alert::Mode mode = alert::Mode::drill;
  std::string link_prefix;  ///< "https://bpbd.example/page/"; empty: none
  std::string time_zone = "Etc/UTC";
  std::string time_zone_name = "UTC";
};

PageMessage page_message(const PageSpeaker& speaker, const Page& page, const std::string& language,
                         const std::string& token);

/// 32 hex digits: of this page and this person, by the secret of the state.
std::string page_token(const base::Bytes& secret, const Page& page, std::string_view person);
/// Whose token it is; nullopt: nobody's.
struct TokenOf {
  PageNumber page = 0;
  std::string person;
};
std::optional<TokenOf> find_token(const base::Bytes& secret, const std::map<PageNumber, Page>& pages,
                                  std::string_view token);

}  // namespace broadcaster::service
