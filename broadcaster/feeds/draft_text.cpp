#include "broadcaster/feeds/draft_text.hpp"

#include "broadcaster/alert/alert_yaml.hpp"
#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/feeds/event.hpp"

namespace broadcaster::feeds {
namespace {

/// What a stranger wrote stays on its line.
std::string comment(std::string text) {
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = ' ';
  return "# " + text + "\n";
}

/// Of the first info: the languages of an alert say the same.
std::string judged(const alert::Alert& alert) {
  if (alert.infos.empty()) return "–";
  const auto& info = alert.infos.front();
  return std::string(alert::name(info.urgency)) + ", " + std::string(alert::name(info.severity)) + ", " +
         std::string(alert::name(info.certainty));
}

base::Text source_line(const Source& source) {
  if (source.signer.empty())
    return {"feeds.source_unsigned",
            {{"bulletin", source.name}, {"feed", source.feed}, {"judged", judged(source.draft)}}};
  return {
      "feeds.source_signed",
      {{"bulletin", source.name}, {"feed", source.feed}, {"signer", source.signer}, {"judged", judged(source.draft)}}};
}

}  // namespace

std::string draft_text(const Matter& matter, const std::string& language) {
  const auto& words = base::Catalogue::of(language);
  std::string out = comment(words.say(base::Text{"feeds.draft_begins", {{"matter", matter.id}}}));
  for (const auto& source : matter.sources) {
    out += comment(words.say(source_line(source)));
    switch (source.says) {
      case Source::Says::in_force:
        break;
      case Source::Says::over:
        out += comment("  " + words.say(base::Text{"feeds.source_over", {}}));
        break;
    }
    for (const auto& remark : source.remarks) out += comment("  " + remark);
  }
  return out + "\n" + alert::write_alert(merged(matter.sources));
}

}  // namespace broadcaster::feeds
