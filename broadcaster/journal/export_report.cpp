#include "broadcaster/journal/export_report.hpp"

#include <fmt/format.h>

#include "broadcaster/approval/same_login.hpp"
#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/base/html.hpp"
#include "broadcaster/plan/local_time.hpp"

namespace broadcaster::journal {
namespace {

using base::escape_html;

// Beside the style that all our pages share: long texts wrap, and the marks of a live alert are not a drill's.
constexpr std::string_view style = R"css(
table.wide td,table.wide th{white-space:normal;text-align:left;vertical-align:top;overflow-wrap:break-word}
.mark.live{background:#1b1f24}.mono{font:13px/1.45 ui-monospace,monospace;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:0}dt{color:var(--dim)}dd{margin:0}
)css";

class Page {
 public:
  explicit Page(const ExportFacts& facts) : facts_(facts), words_(base::Catalogue::of(facts.language)) {}

  std::string make() {
    const auto& release = facts_.status.alert.release;
    const auto title = say("journal.report_title", {{"code", release.filling.code}});
    const bool drill = facts_.mode == alert::Mode::drill;
    out_ = fmt::format(
        "<!doctype html>\n<html lang=\"{0}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><title>{1}</title><style>{2}{3}</style></head>\n<body>"
        "<div class=\"mark{4}\">{5}</div><main>",
        escape_html(facts_.language), title, base::page_style(), style, drill ? "" : " live",
        say(drill ? "journal.report_drill" : "journal.report_live"));
    ordered(title);
    approvals();
    reached();
    read_back();
    said();
    reasons();
    course();
    record();
    out_ += "</main></body></html>\n";
    return std::move(out_);
  }

 private:
  using Arguments = std::vector<std::pair<std::string, base::Argument>>;
  std::string say(std::string id, Arguments arguments = {}) {
    return escape_html(words_.say(base::Text{std::move(id), std::move(arguments)}));
  }
  void open(const char* heading) { out_ += fmt::format("<section><h2>{}</h2>", say(heading)); }
  void close() { out_ += "</section>\n"; }
  void term(const char* id, const std::string& html) { out_ += fmt::format("<dt>{}</dt><dd>{}</dd>", say(id), html); }
  void head(std::initializer_list<const char*> columns, const char* kind = "") {
    out_ += fmt::format("<div class=\"scroll\"><table{}><tr>", kind);
    for (const auto* column : columns) out_ += fmt::format("<th>{}</th>", say(column));
    out_ += "</tr>";
  }
  void end_table() { out_ += "</table></div>"; }

  /// As people there read it, and in UTC.
  std::string time(base::WallTime at) {
    const auto utc = base::format_utc(at);
    if (facts_.time_zone.empty()) return utc;
    plan::Filling filling;
    filling.time_of_issue = at;
    const plan::Hole whole{plan::HoleKind::time_of_issue, "yyyy-MM-dd HH.mm.ss",
                           plan::utc_offset(facts_.time_zone, at)};
    return fmt::format("{} {} <span class=\"dim\">({})</span>", plan::fill({whole}, filling),
                       escape_html(facts_.time_zone_name), utc);
  }
  std::string person(const std::string& id) {
    const auto known = facts_.persons.find(id);
    return known == facts_.persons.end()
               ? escape_html(id)
               : fmt::format("{} <span class=\"dim\">({})</span>", escape_html(known->second), escape_html(id));
  }

  void ordered(const std::string& title) {
    const auto& alert = facts_.status.alert;
    const auto& release = alert.release;
    out_ += fmt::format("<section><h1>{}</h1>", title);
    if (facts_.plan && !facts_.plan->alert.infos.empty())
      for (const auto& info : facts_.plan->alert.infos)
        if (info.language.value == facts_.language || facts_.plan->alert.infos.size() == 1)
          out_ +=
              fmt::format("<p class=\"big\">{}</p>", escape_html(info.headline.empty() ? info.event : info.headline));
    out_ += "<dl>";
    term("journal.report_identifier", escape_html(alert.identifier));
    if (facts_.plan) {
      term("journal.report_status", escape_html(alert::name(facts_.plan->alert.status)));
      std::string zones;
      for (const auto& zone : facts_.plan->zones) {
        const auto named = zone.names.find(facts_.language);
        zones += fmt::format("{}{} ({})", zones.empty() ? "" : ", ",
                             escape_html(named == zone.names.end() ? zone.id.value : named->second), zone.people);
      }
      term("journal.report_zones", zones);
      term("journal.report_author", person(facts_.plan->author));
    }
    term("journal.report_released", time(release.released_at));
    term("journal.report_by", escape_html(release.released_by));
    term("journal.report_authority", say("journal.authority_" + std::string(approval::name(release.authority))));
    if (release.glass)
      term("journal.report_glass", person(release.glass->signature.person) + ": " + escape_html(release.glass->reason));
    if (release.fired)
      term("journal.report_fired", person(release.fired->firing.signature.person) + ", " +
                                       time(release.fired->firing.signature.at) + "<br><span class=\"mono\">" +
                                       base::hex(base::sha256(release.fired->canonical_form)) + "</span>");
    term("journal.report_expires", time(alert.expires));
    if (alert.stopped_at)
      term("journal.report_stopped", time(*alert.stopped_at) + "<br>" + escape_html(alert.stop_reason));
    term("journal.report_plan", fmt::format("<span class=\"mono\">{}</span>", escape_html(alert.plan_digest)));
    out_ += "</dl>";
    close();
  }

  void approvals() {
    open("journal.report_approvals");
    head({"journal.column_person", "journal.column_role", "journal.column_time", "journal.column_key"},
         " class=\"wide\"");
    for (const auto& signature : facts_.status.alert.release.signatures)
      out_ += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"mono\">{}</td></tr>",
                          person(signature.person), say("journal.role_" + std::string(approval::name(signature.role))),
                          time(signature.at), escape_html(signature.key_id));
    end_table();
    for (const auto& same : approval::same_logins(facts_.status.alert.release.signatures))
      out_ += fmt::format("<p>{}</p>", escape_html(words_.say(approval::text_of(same))));
    out_ += fmt::format("<p class=\"dim\">{}</p>", say("journal.report_signatures_checked"));
    close();
  }

  void reached() {
    open("journal.report_reached");
    head({"journal.column_endpoint", "journal.column_planned", "journal.column_accepted", "journal.column_confirmed",
          "journal.column_unknown", "journal.column_failed", "journal.column_not_sent", "journal.column_first",
          "journal.column_last"});
    for (const auto& [endpoint, states] : facts_.status.endpoints) {
      const auto n = [&](State state) {
        const auto found = states.find(state);
        return found == states.end() ? std::int64_t{0} : found->second;
      };
      std::int64_t planned = 0;
      for (const auto& [_, count] : states) planned += count;
      const auto times = facts_.status.times.find(endpoint);
      const auto since = [&](const std::optional<base::WallTime>& at) -> std::string {
        if (!at) return "–";
        return fmt::format("{:.3f} s",
                           static_cast<double>((*at - facts_.status.alert.release.released_at).count()) / 1000);
      };
      const auto known = times == facts_.status.times.end() ? EndpointTimes() : times->second;
      out_ += fmt::format(
          "<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"good\">{}</td><td class=\"warn\">{}</td>"
          "<td class=\"bad\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
          escape_html(endpoint.value), planned, n(State::accepted), n(State::confirmed), n(State::unknown),
          n(State::failed), n(State::pending) + n(State::sent) + n(State::expired) + n(State::cancelled),
          since(known.first_attempt), since(known.last_confirmed ? known.last_confirmed : known.last_accepted));
    }
    end_table();
    out_ += fmt::format("<p class=\"dim\">{}</p>", say("journal.report_states_explained"));
    close();
  }

  void read_back() {
    open("journal.report_read_back");
    std::int64_t same = 0;
    for (const auto& [_, kinds] : facts_.evidence)
      if (const auto found = kinds.find("read_back"); found != kinds.end()) same += found->second;
    out_ += fmt::format("<p>{}</p>", say("journal.report_read_back_same", {{"n", same}}));
    if (facts_.differences.empty()) {
      out_ += fmt::format("<p class=\"good\">✔ {}</p>", say("journal.report_no_difference"));
    } else {
      out_ += fmt::format("<p class=\"bad\">✗ {}</p>", say("journal.report_differences"));
      for (const auto& line : facts_.differences)
        out_ += fmt::format("<p>{} · {}</p><pre>{}</pre>", escape_html(line.endpoint.value), time(line.at),
                            escape_html(line.detail));
    }
    close();
  }

  void said() {
    open("journal.report_said");
    if (!facts_.plan) out_ += fmt::format("<p class=\"warn\">{}</p>", say("journal.report_plan_unreadable"));
    for (const auto& message : facts_.said)
      out_ += fmt::format(
          "<p><b>{}</b> → {} · {} {}</p><div class=\"post\" lang=\"{}\">{}</div>"
          "<div class=\"dim mono\">SHA-256 {}</div>",
          escape_html(message.endpoint.value), escape_html(message.destination), escape_html(message.language.value),
          escape_html(message.zone.value), escape_html(message.language.value), escape_html(message.text),
          message.sha256);
    close();
  }

  void reasons() {
    if (facts_.reasons.empty()) return;
    open("journal.report_reasons");
    head({"journal.column_endpoint", "journal.column_outcome", "journal.column_count", "journal.column_why"},
         " class=\"wide\"");
    for (const auto& [what, count] : facts_.reasons) {
      const auto& [endpoint, outcome, why] = what;
      out_ += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", escape_html(endpoint),
                          escape_html(outcome), count, escape_html(why));
    }
    end_table();
    close();
  }

  void course() {
    open("journal.report_course");
    head({"journal.column_time", "journal.column_entry", "journal.column_what", "journal.column_note"},
         " class=\"wide\"");
    for (const auto& line : facts_.course)
      out_ += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"mono\">{}</td></tr>", escape_html(line.at),
                          line.seq, escape_html(line.kind), escape_html(line.note));
    end_table();
    out_ += fmt::format("<p class=\"dim\">{} {}</p>", say("journal.report_clock_source"),
                        say("journal.clock_" + std::string(base::name(facts_.clock.synchronised)),
                            {{"ms", facts_.clock.may_be_off ? facts_.clock.may_be_off->count() : std::int64_t{0}}}));
    close();
  }

  void record() {
    open("journal.report_record");
    const auto& head = facts_.chain.head();
    const auto& vouched = facts_.chain.vouched();
    if (facts_.wrong)
      out_ +=
          fmt::format("<p class=\"big bad\">✗ {}</p><p>{}</p>", say("journal.report_broken", {{"entry", head.seq + 1}}),
                      escape_html(words_.say(*facts_.wrong)));
    else
      out_ += fmt::format("<p class=\"big good\">✔ {}</p>", say("journal.report_whole", {{"entries", head.seq}}));
    out_ += "<dl>";
    term("journal.report_head", fmt::format("<span class=\"mono\">{}</span>", base::hex(head.hash)));
    if (vouched.through > 0)
      term("journal.report_signed_through", fmt::format("{} · {}<br><span class=\"mono\">{}</span>", vouched.through,
                                                        time(vouched.at), base::hex(vouched.key)));
    term("journal.report_exported",
         fmt::format("{} · {}", escape_html(facts_.exported_at), escape_html(facts_.exported_by)));
    term("journal.report_numbers", say("journal.numbers_" + std::string(facts_.numbers)));
    out_ += fmt::format("</dl><p class=\"dim\">{}</p>", say("journal.report_how_to_check"));
    close();
  }

  const ExportFacts& facts_;
  const base::Catalogue& words_;
  std::string out_;
};

}  // namespace

std::string export_report(const ExportFacts& facts) { return Page(facts).make(); }

}  // namespace broadcaster::journal
