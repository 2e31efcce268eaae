#include "broadcaster/service/paging/page_message.hpp"

#include <sodium.h>

#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/base/html.hpp"

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

std::string document(const PageSpeaker& speaker, const Page& page, const std::string& language,
                     const std::string& below) {
  const auto& words = base::Catalogue::of(language);
  const auto title =
      words.say(base::Text{"service.page_title", {{"agency", speaker.agency}, {"page", page_name(page.number)}}});
  return "<!doctype html><html lang=\"" + base::escape_html(words.language()) +
         "\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>" +
         base::escape_html(title) + "</title><style>" + std::string(base::page_style()) + "</style><h1>" +
         base::escape_html(title) + "</h1><p>" + base::escape_html(marked(speaker, words, words.say(page.text))) +
         "</p>" + below + "</html>\n";
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

std::string ask_page(const PageSpeaker& speaker, const Page& page, const std::string& language) {
  const auto& words = base::Catalogue::of(language);
  return document(speaker, page, language,
                  "<form method=\"post\"><button>" +
                      base::escape_html(words.say(base::Text{"service.page_button", {}})) + "</button></form>");
}

std::string thanks_page(const PageSpeaker& speaker, const Page& page, const std::string& language) {
  const auto& words = base::Catalogue::of(language);
  return document(speaker, page, language,
                  "<p>✔ " + base::escape_html(words.say(base::Text{"service.page_thanks", {}})) + "</p>");
}

}  // namespace broadcaster::service
