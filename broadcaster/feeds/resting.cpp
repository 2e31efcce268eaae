#include "broadcaster/feeds/resting.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "broadcaster/feeds/apply.hpp"

namespace broadcaster::feeds {
namespace {

constexpr std::string_view between = " (;";

/// As one of its words, never as the end of another name.
bool names(const std::string& source, const std::string& bulletin) {
  for (std::size_t at = 0; (at = source.find(bulletin, at)) != std::string::npos; ++at)
    if (at == 0 || between.find(source[at - 1]) != std::string_view::npos) return true;
  return false;
}

bool rests_on(const OpenAlert& alert, const Source& source) {
  const auto begins = [&](const std::string& identifier) { return source.sender + "," + identifier + ","; };
  return names(alert.source, begins(source.identifier)) ||
         std::ranges::any_of(source.replaced,
                             [&](const std::string& before) { return names(alert.source, begins(before)); });
}

template <class Which>
std::vector<std::string> codes_of(const Matter& matter, const std::vector<OpenAlert>& alerts, Which which) {
  std::vector<std::string> out;
  for (const auto& alert : alerts)
    if (std::ranges::any_of(matter.sources,
                            [&](const Source& source) { return which(source) && rests_on(alert, source); }))
      out.push_back(alert.code);
  return out;
}

struct Row {
  std::string_view news, of_alert;
};
constexpr std::array rows{Row{"feeds.taken_back", "feeds.taken_back_alert"},
                          Row{"feeds.said_over", "feeds.said_over_alert"}};

base::Text with_codes(std::string_view id, const base::Text& news, const std::vector<std::string>& codes) {
  std::string all;
  for (const auto& code : codes) all += (all.empty() ? "" : ", ") + code;
  base::Text out{std::string(id), news.arguments};
  out.arguments.emplace_back("alert", codes.front());
  out.arguments.emplace_back("alerts", all);
  return out;
}

/// How it was told that the last of them is over; a state of before kept that as the matter's news alone.
base::Text news_of_end(const Matter& matter) {
  const Source* last = nullptr;
  for (const auto& source : matter.sources)
    if (source.says == Source::Says::over && (!last || source.over_sent >= last->over_sent)) last = &source;
  if (last && !last->over_news.id.empty()) return last->over_news;
  if (std::ranges::find(rows, matter.news.id, &Row::news) != rows.end() || !last) return matter.news;
  return {"feeds.said_over", {{"feed", last->feed}, {"bulletin", last->name}}};
}

}  // namespace

std::vector<std::string> resting_on(const Matter& matter, const std::vector<OpenAlert>& alerts) {
  return codes_of(matter, alerts, [](const Source&) { return true; });
}

std::optional<base::Text> ended_under(const Matter& matter, const std::vector<OpenAlert>& alerts, base::WallTime now) {
  const auto over = codes_of(matter, alerts, [](const Source& source) { return source.says == Source::Says::over; });
  if (!over.empty()) {
    const auto news = news_of_end(matter);
    const auto row = std::ranges::find(rows, news.id, &Row::news);
    return with_codes(row == rows.end() ? rows.back().of_alert : row->of_alert, news, over);
  }
  const auto all = resting_on(matter, alerts);
  if (all.empty() || matter.kind == Matter::Kind::question || ends(matter) > now) return std::nullopt;
  return with_codes("feeds.expired_alert", matter.news, all);
}

bool is_silent(const Matter& matter, const std::vector<std::string>& codes, base::WallTime now) {
  if (!matter.dismissed) return false;
  const auto end = ends(matter);
  return codes.empty() || end > now || end <= *matter.dismissed;
}

}  // namespace broadcaster::feeds
