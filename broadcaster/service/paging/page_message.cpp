#include "broadcaster/service/paging/page_message.hpp"

#include <sodium.h>

#include "broadcaster/base/catalogue.hpp"

namespace broadcaster::service {
namespace {

std::string marked(const PageSpeaker& speaker, const base::Catalogue& words, std::string text) {
  switch (speaker.mode) {
    case alert::Mode::live:
      return text;
    case alert::Mode::drill:
      return words.say(base::Text{"service.page_drill", {{"text", std::move(text)}}});
  }
  return text;
}

}  // namespace

PageMessage page_message(const PageSpeaker& speaker, const Page& page, const std::string& language,
                         const std::string& token) {
  const auto& words = base::Catalogue::of(language);
  const auto name = page_name(page.number);
  const auto say = [&](const char* id) {
    return words.say(base::Text{id, {{"agency", speaker.agency}, {"page", name}, {"text", words.say(page.text)}}});
  };
  PageMessage out;
  out.title = marked(speaker, words, say("service.page_title"));
  out.bare = marked(speaker, words, say("service.page_bare"));
  if (!speaker.link_prefix.empty()) {
    out.link = speaker.link_prefix + token;
    // The mark ends the text; the link stands behind it, so that no character sticks to it.
    out.text = words.say(base::Text{"service.page_linked", {{"text", out.bare}, {"link", out.link}}});
  } else {
    out.text = marked(speaker, words, say("service.page_console"));
  }
  out.button = words.say(base::Text{"service.page_button", {}});
  return out;
}

std::string page_token(const base::Bytes& secret, const Page& page, std::string_view person) {
  const auto mac = base::hmac_sha256(
      secret, page_name(page.number) + "\n" + base::format_utc(page.opened) + "\n" + std::string(person));
  return base::hex(std::span(mac).first(16));
}

std::optional<TokenOf> find_token(const base::Bytes& secret, const std::map<PageNumber, Page>& pages,
                                  std::string_view token) {
  for (const auto& [number, page] : pages)
    for (const auto& called : page.called) {
      const auto own = page_token(secret, page, called.person);
      // In constant time: what differs must not show in how long the answer takes.
      if (own.size() == token.size() && sodium_memcmp(own.data(), token.data(), own.size()) == 0)
        return TokenOf{number, called.person};
    }
  return std::nullopt;
}

}  // namespace broadcaster::service
