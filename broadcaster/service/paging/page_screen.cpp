#include "broadcaster/service/paging/page_screen.hpp"

#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/base/html.hpp"
#include "broadcaster/plan/local_time.hpp"

namespace broadcaster::service {
namespace {

constexpr auto own_style = R"css(
main{max-width:34rem}.big{font-size:1.35rem;margin:.5rem 0}
button{width:100%;min-height:4.5rem;font:inherit;font-size:1.5rem;font-weight:700;color:#fff;background:#1a7f37;
border:0;border-radius:.5rem;cursor:pointer})css";

class Screen {
 public:
  Screen(const PageSpeaker& speaker, const Page& page, const std::string& person, const std::string& language)
      : speaker_(speaker), page_(page), person_(person), words_(base::Catalogue::of(language)) {}

  std::string document() const {
    const auto title = say({"service.page_title", {{"agency", speaker_.agency}, {"page", page_name(page_.number)}}});
    return "<!doctype html><html lang=\"" + base::escape_html(words_.language()) +
           "\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>" +
           title + "</title><style>" + std::string(base::page_style()) + own_style + "</style>" + bar() +
           "<main><section><h1>" + title + "</h1>" + element("big", say(page_.text)) +
           element("dim", since("service.page_since", page_.opened)) + owners() + button() +
           "</section></main></html>\n";
  }

 private:
  std::string say(const base::Text& text) const { return base::escape_html(words_.say(text)); }
  std::string since(const char* id, base::WallTime time, const std::string& who = {}) const {
    return say({id, {{"person", who}, {"time", plan::local_text(speaker_.time_zone, speaker_.time_zone_name, time)}}});
  }
  static std::string element(const char* look, const std::string& text) {
    return std::string("<p class=\"") + look + "\">" + text + "</p>";
  }

  std::string bar() const {
    switch (speaker_.mode) {
      case alert::Mode::live:
        return {};
      case alert::Mode::drill:
        return "<div class=\"mark\">" + say({"service.page_bar_drill", {}}) + "</div>";
    }
    return {};
  }

  std::string owners() const {
    std::string out;
    for (const auto& one : page_.acknowledged)
      out += element("good", "✔ " + since("service.page_taken", one.at, one.by));
    if (page_.ended) out += element("dim", since("service.page_over", *page_.ended));
    return out;
  }

  std::string button() const {
    if (page_.ended) return {};
    if (page_.acknowledged_by(person_)) return element("big", say({"service.page_thanks", {}}));
    return "<form method=\"post\"><button>" + say({"service.page_button", {}}) + "</button></form>";
  }

  const PageSpeaker& speaker_;
  const Page& page_;
  const std::string& person_;
  const base::Catalogue& words_;
};

}  // namespace

std::string page_screen(const PageSpeaker& speaker, const Page& page, const std::string& person,
                        const std::string& language) {
  return Screen(speaker, page, person, language).document();
}

}  // namespace broadcaster::service
