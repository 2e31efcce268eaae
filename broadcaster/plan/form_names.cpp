#include "broadcaster/plan/form_names.hpp"

#include <algorithm>
#include <stdexcept>

#include "broadcaster/base/unicode.hpp"
#include "broadcaster/plan/local_time.hpp"
#include "broadcaster/plan/values.hpp"

namespace broadcaster::plan {
namespace {

std::string joined(const std::vector<std::string>& names, const ZoneList& words) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += names.size() == 2 ? words.pair : i + 1 == names.size() ? words.last : words.middle;
    out += names[i];
  }
  return out;
}

/// What ICU writes between three names that nothing looks like.
std::optional<ZoneList> words_between(const alert::Language& language) {
  const std::string a = "\xee\x80\x91", b = "\xee\x80\x92", c = "\xee\x80\x93", d = "\xee\x80\x94";
  const auto between = [](const std::string& text, const std::string& left, const std::string& right) {
    const auto begin = text.find(left), end = text.find(right);
    if (begin == std::string::npos || end == std::string::npos || begin + left.size() > end)
      return std::optional<std::string>();
    return std::optional(text.substr(begin + left.size(), end - begin - left.size()));
  };
  const auto two = join_names({a, b}, language), four = join_names({a, b, c, d}, language);
  const auto pair = between(two, a, b), first = between(four, a, b), middle = between(four, b, c),
             last = between(four, c, d);
  if (!pair || !first || !middle || !last || *first != *middle) return std::nullopt;
  ZoneList out{language, *pair, *middle, *last, {}};
  // Nothing before the first and behind the last.
  if (joined({a, b}, out) != two || joined({a, b, c, d}, out) != four) return std::nullopt;
  return out;
}

/// With these names: of two, three and four, each name once in the place where it decides.
bool joins_as(const ZoneList& list, const alert::Language& language) {
  std::vector<std::string> names;
  for (const auto& zone : list.zones) names.push_back(zone.whole);
  const auto same = [&](const std::vector<std::string>& some) {
    return joined(some, list) == join_names(some, language);
  };
  for (const auto& one : names)
    for (const auto& other : names)
      if (one != other && (!same({one, other}) || !same({one, one, other}) || !same({one, other, one, other})))
        return false;
  return same(names);
}

const ListedZone& listed(const ZoneList& list, const alert::ZoneId& zone) {
  const auto found = std::ranges::find(list.zones, zone, &ListedZone::zone);
  if (found == list.zones.end()) throw std::logic_error("a zone that the form does not list");
  return *found;
}

const ZoneList& list_in(std::span<const ZoneList> lists, const alert::Language& language) {
  const auto found = std::ranges::find(lists, language, &ZoneList::language);
  if (found == lists.end()) throw std::logic_error("a language that the form does not list");
  return *found;
}

/// What a name adds to a text: names hold no link, and are never alone in an SMS.
std::size_t size_in(Measure measure, const std::string& name) {
  switch (measure) {
    case Measure::mastodon_characters:
    case Measure::siren_seconds:
      return base::graphemes(name);
    case Measure::sms_segments:
    case Measure::utf8_bytes:
      return name.size();
  }
  return name.size();
}

}  // namespace

std::optional<ZoneList> list_zones(const std::vector<const alert::Zone*>& zones, const alert::Language& language,
                                   const alert::Agency& agency) {
  auto out = words_between(language);
  if (!out) return std::nullopt;
  for (const auto* zone : zones)
    out->zones.push_back({zone->id, name_in(zone->names, language, agency),
                          name_in(zone->short_names.empty() ? zone->names : zone->short_names, language, agency)});
  if (!joins_as(*out, language)) return std::nullopt;
  return out;
}

std::string join(const ZoneList& list, std::span<const alert::ZoneId> zones, NameForm form) {
  std::vector<std::string> names;
  switch (form) {
    case NameForm::whole:
      for (const auto& zone : zones) names.push_back(listed(list, zone).whole);
      return joined(names, list);
    case NameForm::brief: {
      for (const auto& zone : zones) names.push_back(listed(list, zone).brief);
      const ZoneList commas{list.language, ", ", ", ", ", ", {}};
      return joined(names, commas);
    }
  }
  return {};
}

std::string join(std::span<const ZoneList> lists, const alert::Language& language,
                 const std::vector<const alert::Zone*>& zones, NameForm form) {
  std::vector<alert::ZoneId> ids;
  for (const auto* zone : zones) ids.push_back(zone->id);
  return join(list_in(lists, language), ids, form);
}

ChosenZones choose(std::span<const ZoneList> lists, const alert::Language& language,
                   const std::vector<const alert::Zone*>& zones, std::size_t count, Wanted wanted, Measure measure) {
  const auto& list = list_in(lists, language);
  const auto some = [&](std::string ListedZone::* name) {
    std::vector<std::pair<std::size_t, std::size_t>> by_size;  // size and place
    for (std::size_t i = 0; i < zones.size(); ++i)
      by_size.emplace_back(size_in(measure, listed(list, zones[i]->id).*name), i);
    std::ranges::sort(by_size);
    if (wanted == Wanted::longest) std::ranges::reverse(by_size);
    by_size.resize(std::min(count, by_size.size()));
    std::vector<std::size_t> places;
    for (const auto& [_, place] : by_size) places.push_back(place);
    std::ranges::sort(places);
    std::vector<const alert::Zone*> out;
    for (const auto place : places) out.push_back(zones[place]);
    return out;
  };
  return {some(&ListedZone::whole), some(&ListedZone::brief)};
}

}  // namespace broadcaster::plan
