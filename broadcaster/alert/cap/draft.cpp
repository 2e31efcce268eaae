#include "broadcaster/alert/cap/draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "broadcaster/alert/cap/outward.hpp"
#include "broadcaster/alert/touched.hpp"
#include "broadcaster/alert/wording.hpp"

namespace broadcaster::alert::cap {
namespace {

using base::Text;

/// 47 CFR 11.31 (e) by the hazards that agencies name so.
constexpr std::pair<std::string_view, std::string_view> same_hazards[] = {
    {"TSW", "tsunami"},      {"TSA", "tsunami"},
    {"EQW", "earthquake"},   {"VOW", "volcano"},
    {"FFW", "flood"},        {"FFA", "flood"},
    {"FLW", "flood"},        {"FLA", "flood"},
    {"FFW", "flash-flood"},  {"FFA", "flash-flood"},
    {"FRW", "wildfire"},     {"HUW", "extreme-wind"},
    {"TOR", "extreme-wind"}, {"HMW", "chemical-release"},
    {"NUW", "nuclear"},      {"RHW", "nuclear"},
    {"CDW", "civil-danger"}};

std::string lower_words(std::string_view text) {
  std::string out = " ";
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (c >= 'A' && c <= 'Z')
      out += static_cast<char>(c - 'A' + 'a');
    else
      out += letter ? c : ' ';
  }
  return out + " ";
}

class Drafting {
 public:
  Drafting(Alert alert, const DraftContext& context) : alert_(std::move(alert)), context_(context) {}

  Draft run() {
    own_ = alert_.sender == context_.agency.sender;
    if (own_)
      alert_ = inward(std::move(alert_), context_.agency.sender);
    else
      origin();
    stamp();
    languages();
    hazard();
    zones();
    times();
    if (alert_.status == Status::draft) say({"cap.draft_status", {}});
    if (alert_.scope != Scope::public_) say({"cap.draft_scope", {{"scope", std::string(name(alert_.scope))}}});
    return {std::move(alert_), std::move(said_)};
  }

 private:
  void say(Text text) { said_.push_back(std::move(text)); }

  /// Who says it goes into `source`; whom it follows and how to ask its author are not ours to repeat.
  void origin() {
    const auto triple = fmt::format("{},{},{}", alert_.sender, alert_.identifier,
                                    alert_.sent ? base::format_cap_time(*alert_.sent) : "–");
    say({"cap.draft_from", {{"alert", triple}}});
    if (alert_.type == MessageType::update) {
      say({"cap.draft_update", {}});
      alert_.type = MessageType::alert;
    }
    alert_.references.clear();
    alert_.source = alert_.source.empty() ? triple : alert_.source + " (" + triple + ")";
    for (auto& info : alert_.infos) info.sender_name.clear();
  }

  /// A release gives them.
  void stamp() {
    if (alert_.sent && *alert_.sent > context_.now)
      say({"cap.draft_from_the_future", {{"sent", base::format_cap_time(*alert_.sent)}}});
    alert_.identifier.clear();
    alert_.sender.clear();
    alert_.sent.reset();
  }

  bool has_language(const Language& language) const {
    return std::ranges::find(alert_.infos, language, &Info::language) != alert_.infos.end();
  }

  /// "en-US" speaks to those for whom the agency writes "en".
  void languages() {
    for (auto& info : alert_.infos) {
      const auto& spoken = context_.agency.languages;
      if (std::ranges::find(spoken, info.language) != spoken.end()) continue;
      const Language general(info.language.value.substr(0, info.language.value.find('-')));
      if (std::ranges::find(spoken, general) == spoken.end() || has_language(general)) {
        say({"cap.draft_foreign_language", {{"language", info.language.value}}});
        continue;
      }
      say({"cap.draft_language", {{"language", info.language.value}, {"made", general.value}}});
      info.language = general;
    }
    if (alert_.infos.empty()) return;
    for (const auto& language : context_.agency.languages)
      if (!has_language(language)) say({"cap.draft_no_language", {{"language", language.value}}});
  }

  void hazard() {
    if (!alert_.hazard.empty()) return;
    alert_.hazard = hazard_meant(alert_, context_.hazards);
    if (!alert_.hazard.empty()) return say({"cap.draft_hazard", {{"hazard", alert_.hazard}}});
    say({"cap.draft_no_hazard", {{"known", fmt::format("{}", fmt::join(context_.hazards, ", "))}}});
  }

  void zones() {
    if (!alert_.zones.empty()) return;
    const auto areas = drawn_areas(alert_);
    for (const auto& touched : zones_touched(areas, context_.zones)) {
      alert_.zones.push_back({touched.zone, std::nullopt});
      const auto id = touched.zone.value;
      switch (touched.how) {
        case Touch::geocode:
          say({"cap.draft_zone_by_code", {{"zone", id}}});
          break;
        case Touch::shape:
          say({covers(areas, *context_.zones.find(touched.zone)) ? "cap.draft_zone" : "cap.draft_zone_in_part",
               {{"zone", id}}});
          break;
      }
    }
    if (alert_.zones.empty()) say({"cap.draft_no_zone", {}});
  }

  void times() {
    for (std::size_t i = 0; i < alert_.infos.size(); ++i) {
      const auto& expires = alert_.infos[i].expires;
      if (!expires) return say({"cap.draft_no_expiry", {}});
      if (*expires <= context_.now) return say({"cap.draft_expired", {{"expires", base::format_cap_time(*expires)}}});
    }
  }

  Alert alert_;
  const DraftContext& context_;
  bool own_ = false;
  std::vector<Text> said_;
};

}  // namespace

namespace {

/// "Flash flood" means no flood beside it: a name that is part of another one that is meant goes.
void keep_the_particular(std::set<std::string>& meant) {
  std::erase_if(meant, [&](const std::string& name) {
    return std::ranges::any_of(meant, [&](const std::string& other) {
      return other != name && lower_words(other).find(lower_words(name)) != std::string::npos;
    });
  });
}

}  // namespace

std::string hazard_meant(const Alert& alert, const std::vector<std::string>& hazards) {
  std::set<std::string> meant;
  for (const auto& info : alert.infos) {
    const auto event = lower_words(info.event);
    for (const auto& hazard : hazards)
      if (event.find(lower_words(hazard)) != std::string::npos) meant.insert(hazard);
    for (const auto& code : info.event_codes)
      for (const auto& [same, hazard] : same_hazards)
        if (code.name == "SAME" && code.value == same && std::ranges::find(hazards, hazard) != hazards.end())
          meant.insert(std::string(hazard));
  }
  keep_the_particular(meant);
  return meant.size() == 1 ? *meant.begin() : std::string();
}

base::Result<Draft> draft_of(Alert alert, const DraftContext& context) {
  if (alert.sender != context.agency.sender) {
    switch (alert.type) {
      case MessageType::alert:
      case MessageType::update:
        break;
      case MessageType::cancel:
        return base::fail(base::ErrorKind::refused, {"cap.draft_cancel", {{"sender", shown(alert.sender)}}});
      case MessageType::ack:
      case MessageType::error:
        return base::fail(base::ErrorKind::refused,
                          {"cap.draft_about_a_message", {{"type", std::string(name(alert.type))}}});
    }
  }
  return Drafting(std::move(alert), context).run();
}

}  // namespace broadcaster::alert::cap
