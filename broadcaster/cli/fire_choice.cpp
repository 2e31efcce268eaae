#include "broadcaster/cli/fire_choice.hpp"

#include <algorithm>

#include "broadcaster/cli/ask.hpp"
#include "broadcaster/cli/moment.hpp"

namespace broadcaster::cli {
namespace {

using Zones = std::vector<alert::ZoneId>;

std::unexpected<base::Error> refuse(base::Text why) { return base::fail(base::ErrorKind::refused, std::move(why)); }

std::string joined_ids(const plan::Form& form) {
  std::string out;
  for (const auto& zone : form.plan.zones) out += (out.empty() ? "" : ", ") + zone.id.value;
  return out;
}

std::vector<std::string> split(const std::string& text, const char* at) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find_first_of(at, begin), text.size());
    if (text.find_first_not_of(' ', begin) < end) out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

bool is_called(const plan::Form& form, const plan::PlannedZone& zone, const std::string& word) {
  if (same_words(word, zone.id.value)) return true;
  if (std::ranges::any_of(zone.names, [&](const auto& name) { return same_words(word, name.second); })) return true;
  return std::ranges::any_of(form.lists, [&](const plan::ZoneList& list) {
    return std::ranges::any_of(list.zones, [&](const plan::ListedZone& listed) {
      return listed.zone == zone.id && (same_words(word, listed.whole) || same_words(word, listed.brief));
    });
  });
}

Zones called(const plan::Form& form, const std::string& word) {
  Zones out;
  for (const auto& zone : form.plan.zones)
    if (is_called(form, zone, word)) out.push_back(zone.id);
  return out;
}

/// "muara pasir" is two; "Kelurahan Muara" is one.
std::vector<std::string> words_of(const plan::Form& form, const std::string& text) {
  std::vector<std::string> out;
  for (const auto& part : split(text, ",")) {
    if (called(form, part).empty())
      for (auto& word : split(part, " ")) out.push_back(std::move(word));
    else
      out.push_back(part);
  }
  return out;
}

base::Result<base::WallTime> read_arrival(const Context& context, const plan::Form& form, const Zones& zones,
                                          const std::string& text) {
  const auto now = context.now();
  const auto arrival = read_moment(text, now, context.time_zone());
  if (!arrival) return base::fail(base::ErrorKind::usage, {"cli.fire_arrival_form", {{"found", text}}});
  if (auto refusal = slot_refusal(form, {.at = now, .zones = zones, .arrival = arrival, .audiences = {}}))
    return refuse(std::move(*refusal));
  return *arrival;
}

}  // namespace

base::Result<Zones> read_fired_zones(const plan::Form& form, const std::string& text) {
  Zones out;
  for (const auto* all : {"all", "semua", "*"})
    if (same_words(text, all)) {
      for (const auto& zone : form.plan.zones) out.push_back(zone.id);
      return out;
    }
  for (const auto& word : words_of(form, text)) {
    const auto found = called(form, word);
    if (found.empty()) return refuse({"plan.fire_zone", {{"zone", word}}});
    if (found.size() > 1) return refuse({"cli.fire_zone_several", {{"zone", word}}});
    if (std::ranges::find(out, found.front()) == out.end()) out.push_back(found.front());
  }
  if (out.empty()) return refuse({"plan.fire_no_zone", {}});
  return plan::in_order(form, std::move(out));
}

base::Result<FireChoice> choose_fired(const Context& context, const plan::Form& form, const Fire& options) {
  const Asker asker(context.screen());
  FireChoice out;
  const auto zones = options.zones.empty()
                         ? asker.ask<Zones>({"cli.ask_fire_zones", {{"zones", joined_ids(form)}}}, {},
                                            [&](const std::string& text) { return read_fired_zones(form, text); })
                         : read_fired_zones(form, options.zones);
  if (!zones) return std::unexpected(zones.error());
  out.zones = *zones;
  const auto read = [&](const std::string& text) { return read_arrival(context, form, out.zones, text); };
  if (options.arrival.empty() && !form.arrival) return out;
  const auto arrival = options.arrival.empty() ? asker.ask<base::WallTime>({"cli.ask_fire_arrival", {}}, {}, read)
                                               : read(options.arrival);
  if (!arrival) return std::unexpected(arrival.error());
  out.arrival = *arrival;
  return out;
}

}  // namespace broadcaster::cli
