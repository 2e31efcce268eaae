#include "channels/sms/smsc/numbers.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace broadcaster::channels::sms::smsc {
namespace {

constexpr std::array<std::pair<std::string_view, Fate>, 6> fates = {{{"delivered", Fate::delivered},
                                                                     {"silent", Fate::silent},
                                                                     {"undelivered", Fate::undelivered},
                                                                     {"lost", Fate::lost},
                                                                     {"refused", Fate::refused},
                                                                     {"throttled", Fate::throttled}}};

}  // namespace

std::string_view name(Fate fate) { return std::ranges::find(fates, fate, &decltype(fates)::value_type::second)->first; }

std::optional<Fate> fate_of(std::string_view name) {
  const auto found = std::ranges::find(fates, name, &decltype(fates)::value_type::first);
  if (found == fates.end()) return std::nullopt;
  return found->second;
}

std::string digits_of(std::string_view number) {
  std::string out;
  for (const char c : number)
    if (c >= '0' && c <= '9') out += c;
  return out;
}

void Scripts::set(Script script) {
  script.prefix = digits_of(script.prefix);
  const auto found = std::ranges::find(scripts_, script.prefix, &Script::prefix);
  if (found == scripts_.end())
    scripts_.push_back(std::move(script));
  else
    *found = std::move(script);
}

Script Scripts::next_for(std::string_view number) {
  const std::string digits = digits_of(number);
  Script* best = nullptr;
  for (auto& script : scripts_)
    if (digits.starts_with(script.prefix) && (best == nullptr || script.prefix.size() > best->prefix.size()))
      best = &script;
  if (best == nullptr) return {};
  if (best->fate == Fate::throttled) {
    if (best->times <= 0) {
      Script over = *best;
      over.fate = Fate::delivered;
      return over;
    }
    --best->times;
  }
  return *best;
}

}  // namespace broadcaster::channels::sms::smsc
