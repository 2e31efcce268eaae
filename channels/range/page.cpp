#include "channels/range/page.hpp"

#include <fmt/core.h>

#include <array>

#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/base/html.hpp"
#include "channels/range/page_source.hpp"

namespace broadcaster::channels {
namespace {

struct Slot {
  std::string_view name;
  std::string_view key;
};

constexpr std::array slots = {
    Slot{"title", "channels.page.title"},
    Slot{"drill", "channels.page.drill"},
    Slot{"languages", "channels.page.languages"},
    Slot{"posts", "channels.page.posts"},
    Slot{"no_posts", "channels.page.no_posts"},
    Slot{"events", "channels.page.events"},
    Slot{"no_events", "channels.page.no_events"},
    Slot{"phones", "channels.page.phones"},
    Slot{"no_messages", "channels.page.no_messages"},
    Slot{"hidden", "channels.page.hidden"},
    Slot{"looked", "channels.page.looked"},
    Slot{"lost", "channels.page.lost"},
    Slot{"no_script", "channels.page.no_script"},
};

void replace(std::string& text, std::string_view name, std::string_view with) {
  const std::string slot = fmt::format("{{{{{}}}}}", name);
  for (auto at = text.find(slot); at != std::string::npos; at = text.find(slot, at + with.size()))
    text.replace(at, slot.size(), with);
}

std::string links(std::string_view current) {
  std::string out;
  for (const auto& language : base::Catalogue::languages()) {
    const std::string name = base::Catalogue::of(language).say(base::Text{"channels.page.language", {}});
    out += fmt::format("<a href=\"/?lang={0}\" lang=\"{0}\"{1}>{2}</a>", base::escape_html(language),
                       language == current ? " aria-current=\"page\"" : "", base::escape_html(name));
  }
  return out;
}

}  // namespace

std::string page(std::string_view language) {
  const auto& catalogue = base::Catalogue::of(language);
  std::string body(page_body);
  replace(body, "links", links(catalogue.language()));
  for (const auto& slot : slots)
    replace(body, slot.name, base::escape_html(catalogue.say(base::Text{std::string(slot.key), {}})));
  return fmt::format(
      "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n"
      "<link rel=\"icon\" "
      "href=\"data:,\">\n<style>{}</style>\n</head>\n<body>\n{}<script>{}</script>\n</body>\n</html>\n",
      catalogue.language(), base::escape_html(catalogue.say(base::Text{"channels.page.title", {}})), page_style, body,
      page_script);
}

net::Headers page_headers() {
  return {{"Content-Type", "text/html; charset=utf-8"},
          {"Content-Security-Policy",
           "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; "
           "img-src data:; base-uri 'none'; form-action 'none'"},
          {"X-Content-Type-Options", "nosniff"},
          {"Cache-Control", "no-store"}};
}

}  // namespace broadcaster::channels
