#include "broadcaster/plan/form_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/plan/preview_lines.hpp"

namespace broadcaster::plan {
namespace {

std::string name_of(HoleKind kind) {
  switch (kind) {
    case HoleKind::identifier:
      return "identifier";
    case HoleKind::code:
      return "code";
    case HoleKind::time_of_issue:
      return "time_of_issue";
    case HoleKind::references:
      return "references";
    case HoleKind::original_code:
      return "original_code";
    case HoleKind::original_time_of_issue:
      return "original_time_of_issue";
    case HoleKind::arrival:
      return "arrival";
    case HoleKind::until:
      return "until";
    case HoleKind::zones:
      return "zones";
    case HoleKind::zones_short:
      return "zones_short";
  }
  return {};
}

/// " HH.mm +07:00"; nothing for what is no time.
std::string clock_of(const Hole& hole) {
  if (hole.pattern.empty()) return {};
  const auto minutes = hole.utc_offset.count();
  return fmt::format(" {} {}{:02}:{:02}", hole.pattern, minutes < 0 ? "-" : "+", std::abs(minutes) / 60,
                     std::abs(minutes) % 60);
}

/// One text, and all who read it.
struct Said {
  std::string text;
  std::vector<std::string> to;
};

class Page {
 public:
  Page(const Form& form, const PreviewOptions& options)
      : form_(form),
        words_(base::Catalogue::of(options.language)),
        width_(static_cast<std::size_t>(std::max(options.width, narrowest_preview))) {}

  std::string run() {
    heading("plan.preview_form_words");
    speech(form_.plan, form_.order);
    if (form_.plan.false_alarm) {
      heading("plan.preview_form_words_false_alarm");
      speech(*form_.plan.false_alarm, form_.false_alarm);
    }
    heading("plan.preview_form_names");
    for (const auto& list : form_.lists) names(list);
    return std::move(out_);
  }

 private:
  std::string say(std::string id, std::vector<std::pair<std::string, base::Argument>> arguments = {}) const {
    return words_.say(base::Text{std::move(id), std::move(arguments)});
  }

  void line(const std::string& text, std::size_t indent) { add_lines(out_, text, width_, indent); }

  void heading(std::string id) {
    out_ += "\n";
    line(say(std::move(id)), 0);
    out_ += "\n";
  }

  std::string with_brackets(const Pieces& pieces) const {
    std::string out;
    for (const auto& piece : pieces) {
      const auto* hole = std::get_if<Hole>(&piece);
      out +=
          hole ? "‹" + say("plan.slot_" + name_of(hole->kind)) + clock_of(*hole) + "›" : std::get<std::string>(piece);
    }
    return out;
  }

  std::string text_of(const Message& message) const {
    if (const auto* pieces = std::get_if<Pieces>(&message.body)) return with_brackets(*pieces);
    const auto& siren = std::get<SirenProgram>(message.body);
    std::string out = siren.program;
    for (const auto& voice : siren.voice_texts) out += "\n“" + voice + "”";
    return out;
  }

  std::string text_of(const InfoTexts& info) const {
    return with_brackets(info.event) + "\n" + with_brackets(info.headline) + "\n" + with_brackets(info.description) +
           "\n" + with_brackets(info.instruction);
  }

  static void add(std::vector<Said>& all, std::string text, std::string to) {
    auto known = std::ranges::find(all, text, &Said::text);
    if (known == all.end()) known = all.insert(all.end(), {std::move(text), {}});
    if (std::ranges::find(known->to, to) == known->to.end()) known->to.push_back(std::move(to));
  }

  static std::string joined(const std::string& first, const std::string& second) {
    return second.empty() ? first : first + " · " + second;
  }

  void speech(const Plan& plan, const std::vector<Naming>& namings) {
    std::vector<Said> all;
    for (const auto& message : plan.messages)
      add(all, text_of(message), joined(joined(message.endpoint.value, message.language.value), message.zone.value));
    for (const auto& naming : namings) {
      const auto how_many = say("plan.preview_form_named", {{"count", std::int64_t{naming.zones}}});
      for (const auto& message : naming.messages)
        add(all, text_of(message), joined(joined(message.endpoint.value, message.language.value), how_many));
      for (const auto& info : naming.infos) add(all, text_of(info), joined("CAP · " + info.language.value, how_many));
    }
    for (const auto& said : all) {
      for (const auto& to : said.to) line(to, 2);
      line(said.text, 4);
      out_ += "\n";
    }
  }

  void names(const ZoneList& list) {
    line(say("plan.preview_form_joined",
             {{"language", list.language.value}, {"pair", list.pair}, {"middle", list.middle}, {"last", list.last}}),
         2);
    for (const auto& zone : list.zones)
      line(zone.zone.value + ": “" + zone.whole + "”" + (zone.brief == zone.whole ? "" : ", “" + zone.brief + "”"), 4);
  }

  const Form& form_;
  const base::Catalogue& words_;
  std::size_t width_;
  std::string out_;
};

}  // namespace

std::string form_words(const Form& form, const PreviewOptions& options) { return Page(form, options).run(); }

}  // namespace broadcaster::plan
