#include "broadcaster/cli/bubble.hpp"

#include <algorithm>
#include <set>

#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/base/unicode.hpp"
#include "broadcaster/cli/wrap.hpp"
#include "broadcaster/service/progress.hpp"

namespace broadcaster::cli {
namespace {

constexpr int narrowest = 20;
constexpr int widest = 64;  // a phone is no newspaper

std::string times(int count, std::string_view text) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

std::string filled(const plan::Plan& plan, const plan::Pieces& pieces) {
  plan::Filling sample;
  sample.identifier = sample.code = sample.original_code = plan.code_prefix + "1";
  sample.time_of_issue = sample.original_time_of_issue = plan.made_at;
  return plan::fill(pieces, sample);
}

}  // namespace

std::vector<std::string> bubble(const std::string& heading, const std::string& text, int width) {
  const int room = std::clamp(width - 4, narrowest, widest);
  const auto lines = wrapped(text, room);
  int inner = std::min(service::columns_of(heading) + 2, room);
  for (const auto& line : lines) inner = std::max(inner, service::columns_of(line));
  std::vector<std::string> out;
  out.push_back("╭─ " + heading + " " + times(inner - service::columns_of(heading) - 1, "─") + "╮");
  for (const auto& line : lines)
    out.push_back("│ " + base::isolated(line) + times(inner - service::columns_of(line), " ") + " │");
  out.push_back("╰" + times(inner + 2, "─") + "╯");
  return out;
}

std::vector<std::string> bubbles(const plan::Plan& plan, const std::string& language, int width) {
  const auto& words = base::Catalogue::of(language);
  std::set<std::pair<std::string, std::string>> shown;
  std::vector<std::string> out;
  for (const auto& message : plan.messages) {
    if (!shown.emplace(message.form, message.language.value).second) continue;
    std::string text;
    if (const auto* pieces = std::get_if<plan::Pieces>(&message.body)) {
      text = filled(plan, *pieces);
    } else {
      for (const auto& voice : std::get<plan::SirenProgram>(message.body).voice_texts)
        text += (text.empty() ? "“" : "\n“") + voice + "”";
    }
    const auto& length = message.length;
    const auto heading =
        words.say(base::Text{"cli.bubble",
                             {{"form", message.form},
                              {"language", message.language.value.empty() ? std::string("–") : message.language.value},
                              {"used", std::int64_t{length.used}},
                              {"limit", std::int64_t{length.limit}},
                              {"unit", base::Key{"plan.unit_" + length.unit}}}});
    for (auto& line : bubble(heading, text, width)) out.push_back(std::move(line));
  }
  return out;
}

}  // namespace broadcaster::cli
