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

bool rests_on(const OpenAlert& alert, const Matter& matter) {
  return std::ranges::any_of(matter.sources, [&](const Source& source) {
    const auto begins = [&](const std::string& identifier) { return source.sender + "," + identifier + ","; };
    return names(alert.source, begins(source.identifier)) ||
           std::ranges::any_of(source.replaced,
                               [&](const std::string& before) { return names(alert.source, begins(before)); });
  });
}

struct Row {
  std::string_view news, of_alert;
};
constexpr std::array rows{Row{"feeds.taken_back", "feeds.taken_back_alert"},
                          Row{"feeds.said_over", "feeds.said_over_alert"}};

std::optional<std::string> text_for(const Matter& matter, base::WallTime now) {
  const auto row = std::ranges::find(rows, matter.news.id, &Row::news);
  if (row != rows.end()) return std::string(row->of_alert);
  if (matter.kind == Matter::Kind::draft && ends(matter) <= now) return "feeds.expired_alert";
  return std::nullopt;
}

}  // namespace

std::vector<std::string> resting_on(const Matter& matter, const std::vector<OpenAlert>& alerts) {
  std::vector<std::string> out;
  for (const auto& alert : alerts)
    if (rests_on(alert, matter)) out.push_back(alert.code);
  return out;
}

std::optional<base::Text> ended_under(const Matter& matter, const std::vector<std::string>& codes, base::WallTime now) {
  if (codes.empty()) return std::nullopt;
  const auto id = text_for(matter, now);
  if (!id) return std::nullopt;
  std::string all;
  for (const auto& code : codes) all += (all.empty() ? "" : ", ") + code;
  base::Text out{*id, matter.news.arguments};
  out.arguments.emplace_back("alert", codes.front());
  out.arguments.emplace_back("alerts", all);
  return out;
}

bool is_silent(const Matter& matter, const std::vector<std::string>& codes, base::WallTime now) {
  if (!matter.dismissed) return false;
  const auto end = ends(matter);
  return codes.empty() || end > now || end <= *matter.dismissed;
}

}  // namespace broadcaster::feeds
