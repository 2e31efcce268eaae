// One self-contained page: no script, no font, no picture from anywhere. Sign and word beside every colour.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/base/html.hpp"
#include "broadcaster/drill/report.hpp"

namespace broadcaster::drill {
namespace json = boost::json;
namespace {

std::int64_t number(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_int64() ? value->get_int64() : 0;
}

std::string word(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string after(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (!value || !value->is_int64()) return "–";
  const auto ms = value->get_int64();
  return ms < 1000 ? fmt::format("{} ms", ms) : fmt::format("{:.1f} s", static_cast<double>(ms) / 1000);
}

const json::array& list(const json::object& object, std::string_view key) {
  static const json::array none;
  const auto* value = object.if_contains(key);
  return value && value->is_array() ? value->get_array() : none;
}

class Page {
 public:
  explicit Page(const Report& report) : report_(report), catalogue_(base::Catalogue::of(report.language)) {}

  std::string make() {
    const auto title = base::escape_html(report_.title);
    out_ = fmt::format(
        "<!doctype html>\n<html lang=\"{0}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><title>{1}</title><style>{2}</style></head>\n<body>"
        "<div class=\"mark\">{3}</div><main>",
        base::escape_html(report_.language), title, base::page_style(), say("drill.mark"));
    summary();
    endpoints();
    zones();
    expectations();
    refusals();
    public_view();
    text_section();
    your_town();
    out_ += "</main></body></html>\n";
    return std::move(out_);
  }

 private:
  std::string say(std::string id, std::vector<std::pair<std::string, base::Argument>> arguments = {}) {
    return base::escape_html(catalogue_.say(base::Text{std::move(id), std::move(arguments)}));
  }
  void open(const char* heading) { out_ += fmt::format("<section><h2>{}</h2>", say(heading)); }
  void close() { out_ += "</section>\n"; }
  void card(const std::string& big, const std::string& label, const char* tone = "") {
    out_ += fmt::format("<div class=\"card\"><div class=\"big {}\">{}</div><div class=\"dim\">{}</div></div>", tone,
                        big, label);
  }

  void summary() {
    const auto& alert = report_.facts.alert;
    const bool passed = good(report_);
    out_ += "<section>";
    out_ += fmt::format("<div class=\"dim\">{} · {}</div><h1>{}</h1>", base::escape_html(report_.agency),
                        base::escape_html(report_.started), base::escape_html(report_.title));
    out_ += fmt::format("<p class=\"big {}\">{} {}</p>", passed ? "good" : "bad", passed ? "✔" : "✗",
                        say(passed ? "drill.as_expected" : "drill.not_as_expected"));
    if (!report_.broken_on_purpose.empty())
      out_ += fmt::format(
          "<p>{}</p>",
          say("drill.broken_on_purpose", {{"n", static_cast<std::int64_t>(report_.broken_on_purpose.size())},
                                          {"sirens", fmt::format("{}", fmt::join(report_.broken_on_purpose, ", "))}}));
    out_ += fmt::format("<p>{}</p>", base::escape_html(catalogue_.say(ordered(report_))));
    std::int64_t sounding = 0, sirens = 0;
    for (const auto& zone : list(alert, "zones"))
      if (zone.is_object())
        sounding += number(zone.get_object(), "sounding"), sirens += number(zone.get_object(), "sirens");
    std::int64_t phones = 0;
    for (const auto& text : report_.facts.seen) phones += text.where == "phone";
    out_ += "<div class=\"cards\">";
    for (const auto& value : list(alert, "endpoints"))
      if (value.is_object() && word(value.get_object(), "channel") == "siren")
        card(after(value.get_object(), "first_proven_ms"), say("drill.card_first_siren"), "good");
    card(fmt::format("{}/{}", sounding, sirens), say("drill.card_sounding"));
    card(std::to_string(phones), say("drill.card_phones"));
    if (const auto* all = alert.if_contains("deliveries"); all && all->is_object()) {
      card(std::to_string(number(all->get_object(), "unknown")), say("drill.card_unknown"), "warn");
      card(std::to_string(number(all->get_object(), "failed")), say("drill.card_failed"), "bad");
    }
    card(report_.facts.packets_out ? std::to_string(*report_.facts.packets_out) : "–", say("drill.card_packets"));
    out_ += "</div>";
    close();
  }

  /// A number with its sign; nothing to see where it is 0.
  static std::string cell(const char* tone, const char* sign, std::int64_t n) {
    if (n == 0) return "<td class=\"dim\">·</td>";
    return fmt::format("<td class=\"{}\">{}{}</td>", tone, sign, n);
  }

  void endpoints() {
    open("drill.heading_ways");
    out_ += "<div class=\"scroll\"><table><tr>";
    for (const auto* key :
         {"endpoint", "planned", "accepted", "proven", "waiting", "unknown", "failed", "first", "last"})
      out_ += fmt::format("<th>{}</th>", say(std::string("service.column_") + key));
    out_ += "</tr>";
    for (const auto& value : list(report_.facts.alert, "endpoints")) {
      if (!value.is_object()) continue;
      const auto& way = value.get_object();
      out_ += fmt::format("<tr><td>{}</td><td>{}</td>{}{}{}{}{}<td>{}</td><td>{}</td></tr>",
                          base::escape_html(word(way, "name")), number(way, "planned"),
                          cell("warn", "○ ", number(way, "accepted")), cell("good", "● ", number(way, "confirmed")),
                          cell("", "", number(way, "pending") + number(way, "sent")),
                          cell("warn", "? ", number(way, "unknown")), cell("bad", "✗ ", number(way, "failed")),
                          after(way, "first_ms"), after(way, "last_ms"));
    }
    out_ += fmt::format("</table></div><p class=\"dim\">{}</p>", say("drill.accepted_is_not_proven"));
    for (const auto& fault : report_.faults)
      out_ += fmt::format("<div>{:.1f} s — {}</div>", static_cast<double>(fault.at_ms) / 1000,
                          base::escape_html(catalogue_.say(fault.what)));
    close();
  }

  void zones() {
    open("drill.heading_zones");
    out_ += "<div class=\"scroll\"><table><tr>";
    for (const auto* key : {"drill.zone", "drill.zone_people", "drill.zone_sirens", "drill.zone_sounding",
                            "drill.zone_failed", "drill.zone_silent", "drill.zone_floor"})
      out_ += fmt::format("<th>{}</th>", say(key));
    out_ += "</tr>";
    for (const auto& value : list(report_.facts.alert, "zones")) {
      if (!value.is_object()) continue;
      const auto& zone = value.get_object();
      const auto* met = zone.if_contains("floor_met");
      const bool fine = met && met->is_bool() && met->get_bool();
      std::string name = word(zone, "id");
      if (const auto* names = zone.if_contains("names"); names && names->is_object())
        if (const auto mine = word(names->get_object(), report_.language); !mine.empty()) name = mine;
      out_ += fmt::format(
          "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"{}\">{} {} %</td></tr>",
          base::escape_html(name), number(zone, "people"), number(zone, "sirens"), number(zone, "sounding"),
          number(zone, "failed"), number(zone, "silent"), fine ? "good" : "bad", fine ? "✔" : "✗",
          number(zone, "floor_percent"));
    }
    out_ += "</table></div>";
    close();
  }

  void expectations() {
    open("drill.heading_expectations");
    out_ += "<div class=\"scroll\"><table>";
    for (const auto& verdict : report_.verdicts) {
      const std::string id = "drill.expect." + verdict.name;
      const auto name = catalogue_.has(id) ? say(id) : base::escape_html(verdict.name);
      const char* tone = "good";
      const char* sign = "✔";
      if (verdict.outcome == Verdict::Outcome::not_met) tone = "bad", sign = "✗";
      if (verdict.outcome == Verdict::Outcome::not_counted) tone = "dim", sign = "–";
      out_ += fmt::format("<tr><td class=\"{}\">{} {}</td><td>{}</td><td class=\"dim\">{}</td></tr>", tone, sign, name,
                          base::escape_html(verdict.found), base::escape_html(verdict.wanted));
    }
    out_ += "</table></div>";
    close();
  }

  void refusals() {
    open("drill.heading_refusals");
    for (const auto& refusal : report_.refusals)
      out_ += fmt::format("<p class=\"{}\">{} <b>{}</b></p><pre>{}</pre>", refusal.refused ? "good" : "bad",
                          refusal.refused ? "✔" : "✗", base::escape_html(catalogue_.say(refusal.tried)),
                          base::escape_html(refusal.said));
    close();
  }

  void public_view() {
    open("drill.heading_public");
    for (const auto& text : report_.facts.seen)
      if (text.where == "mastodon")
        out_ +=
            fmt::format("<div class=\"post\" dir=\"auto\" lang=\"{}\"><b>@{}</b>\n{}</div>",
                        base::escape_html(text.language), base::escape_html(text.from), base::escape_html(text.text));
    // Each different text once, with the number of phones that got it.
    std::map<std::string, int> bubbles;
    for (const auto& text : report_.facts.seen)
      if (text.where == "phone") ++bubbles[text.text];
    for (const auto& [text, phones] : bubbles)
      out_ += fmt::format("<div class=\"bubble\" dir=\"auto\">{}<div class=\"dim\">{}</div></div>",
                          base::escape_html(text), say("drill.on_phones", {{"n", static_cast<std::int64_t>(phones)}}));
    close();
  }

  void text_section() {
    out_ += fmt::format("<section><details><summary>{}</summary><pre dir=\"auto\">{}</pre></details></section>\n",
                        say("drill.heading_plan"), base::escape_html(report_.preview));
  }

  void your_town() {
    open("drill.heading_your_town");
    out_ += fmt::format("<pre>{}</pre>", say("drill.your_town"));
    if (const auto* head = report_.facts.record.if_contains("head"); head && head->is_object())
      out_ += fmt::format("<p class=\"dim\">{}</p>",
                          say("drill.record_head", {{"entries", number(report_.facts.record, "entries")},
                                                    {"hash", word(head->get_object(), "hash")}}));
    if (const auto* by = report_.facts.record.if_contains("signed"); by && by->is_object())
      out_ += fmt::format("<p class=\"dim\">{}</p>", say("drill.record_key", {{"key", word(by->get_object(), "key")}}));
    close();
  }

  const Report& report_;
  const base::Catalogue& catalogue_;
  std::string out_;
};

}  // namespace

std::string report_html(const Report& report) { return Page(report).make(); }

}  // namespace broadcaster::drill
