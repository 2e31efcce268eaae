#include "broadcaster/feeds/decide.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include "broadcaster/alert/alert_json.hpp"
#include "broadcaster/alert/cap/draft.hpp"
#include "broadcaster/alert/mark.hpp"
#include "broadcaster/alert/touched.hpp"
#include "broadcaster/alert/wording.hpp"
#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/base/digest.hpp"
#include "broadcaster/feeds/event.hpp"
#include "broadcaster/feeds/links.hpp"

namespace broadcaster::feeds {
namespace cap = alert::cap;
namespace {

using alert::Alert;
using alert::shown;
using base::Text;

class Judgement {
 public:
  Judgement(const Bulletin& bulletin, const Feed& feed, const Known& known, const Context& context)
      : bulletin_(bulletin), alert_(bulletin.alert), feed_(feed), known_(known), context_(context) {
    for (const auto& reference : alert_.references)
      if (reference.sender == alert_.sender) referred_.insert(reference.identifier);
  }

  Decision run() {
    if (const auto* before = seen(known_, feed_.name, key_of(name_of(alert_)))) {
      if (before->content.empty() || before->content == content_of(bulletin_)) return KnownAlready{};
      again_ = before;
    }
    for (const auto step : {&Judgement::kind, &Judgement::belief, &Judgement::status, &Judgement::time})
      if (auto decided = (this->*step)()) return *decided;
    places_ = places();
    if (says_over()) return over();
    for (const auto step :
         {&Judgement::age, &Judgement::content, &Judgement::region, &Judgement::test_token, &Judgement::superseded})
      if (auto decided = (this->*step)()) return *decided;
    return draft();
  }

  std::optional<Source::Says> says_of_others() const {
    if (alert_.references.empty() || alert_.type == alert::MessageType::alert) return std::nullopt;
    for (const auto step : {&Judgement::kind, &Judgement::belief, &Judgement::status, &Judgement::time})
      if ((this->*step)()) return std::nullopt;
    return says_over() ? Source::Says::over : Source::Says::in_force;
  }

 private:
  using Maybe = std::optional<Decision>;

  Maybe kind() const {
    switch (alert_.type) {
      case alert::MessageType::ack:
      case alert::MessageType::error:
        return Refuse{{"feeds.about_a_message", {{"type", std::string(alert::name(alert_.type))}}}};
      case alert::MessageType::alert:
      case alert::MessageType::update:
      case alert::MessageType::cancel:
        return std::nullopt;
    }
    return std::nullopt;
  }

  Maybe belief() const {
    if (!feed_.senders.empty() && std::ranges::find(feed_.senders, alert_.sender) == feed_.senders.end())
      return Refuse{{"feeds.foreign_sender", {{"sender", shown(alert_.sender)}}}};
    switch (bulletin_.trust) {
      case Trust::by_signer:
        return std::nullopt;
      case Trust::bad:
        return Ask{{"feeds.bad_signature", {}}};
      case Trust::unsigned_:
        break;
    }
    switch (feed_.signature) {
      case Feed::Signature::required:
        return Ask{{"feeds.unsigned", {}}};
      case Feed::Signature::not_required:
        return std::nullopt;
    }
    return std::nullopt;
  }

  Maybe status() const {
    // The reader takes an unknown status for Draft, an unknown scope for Restricted, and says so.
    for (const auto& note : bulletin_.notes.list)
      if (note.kind == cap::NoteKind::lost && (note.element == "status" || note.element == "scope"))
        return Ask{{"feeds.unknown_word", {{"element", note.element}}}};
    const auto rule = alert::rule_of(alert_.status);
    const bool reaches = rule.reach == alert::Reach::public_live || rule.reach == alert::Reach::drill;
    if (!reaches || rule.mode != context_.mode)
      return Refuse{{"feeds.status",
                     {{"status", std::string(alert::name(alert_.status))},
                      {"mode", base::Key{"plan.mode_" + std::string(alert::name(context_.mode))}}}}};
    if (alert_.scope != alert::Scope::public_)
      return Ask{{"feeds.scope", {{"scope", std::string(alert::name(alert_.scope))}}}};
    return std::nullopt;
  }

  Maybe time() const {
    if (alert_.sender.empty() || alert_.identifier.empty() || !alert_.sent) return Ask{{"feeds.no_name", {}}};
    if (*alert_.sent > context_.now + clock_tolerance)
      return Ask{{"feeds.future", {{"sent", base::format_cap_time(*alert_.sent)}}}};
    return std::nullopt;
  }

  bool is_old() const { return *alert_.sent < context_.now - feed_.oldest; }

  /// What tells of a draft of ours is news however old it is; what says that it is still in force is a person's to see.
  Maybe age() const {
    const bool in_force = std::ranges::any_of(
        alert_.infos, [&](const alert::Info& info) { return info.expires && *info.expires > context_.now; });
    if (is_old() && places_.empty() && !in_force) return Refuse{too_old(*alert_.sent)};
    return std::nullopt;
  }

  bool says_over() const {
    if (alert_.type == alert::MessageType::cancel) return true;
    return !alert_.infos.empty() && std::ranges::all_of(alert_.infos, [](const alert::Info& info) {
      return info.urgency == alert::Urgency::past ||
             std::ranges::find(info.responses, alert::ResponseType::all_clear) != info.responses.end();
    });
  }

  Decision over() const {
    const Text why{alert_.type == alert::MessageType::cancel ? "feeds.taken_back" : "feeds.said_over", {}};
    std::vector<Place> ended;
    for (const auto& place : places_)
      if (const auto& one = at(place); refers_to(one.identifier) || is_itself(one) || *alert_.sent >= one.sent)
        ended.push_back(place);
    if (!ended.empty()) return Over{std::move(ended), why};
    if (!places_.empty()) return Refuse{{"feeds.over_outdated", {{"by", at(places_.front()).name}}}};
    if (is_old()) return Refuse{too_old(*alert_.sent)};
    if (was_a_matter() || (!alert_.infos.empty() && !outside())) return Ask{{"feeds.over_unknown", {}}};
    return Refuse{{"feeds.over_elsewhere", {}}};
  }

  Maybe content() const {
    if (alert_.infos.empty()) return Ask{{"feeds.no_info", {}}};
    const bool all_over = std::ranges::all_of(
        alert_.infos, [&](const alert::Info& info) { return info.expires && *info.expires <= context_.now; });
    if (all_over) return Refuse{{"feeds.expired", {}}};
    return std::nullopt;
  }

  bool has_area() const {
    return std::ranges::any_of(alert_.infos, [](const alert::Info& info) {
      return std::ranges::any_of(info.areas, [](const alert::Area& area) {
        return !area.polygons.empty() || !area.circles.empty() || !area.geocodes.empty();
      });
    });
  }

  bool outside() const {
    const auto areas = alert::drawn_areas(alert_);
    const bool by_code = std::ranges::any_of(areas, [&](const alert::Area& area) {
      return std::ranges::any_of(area.geocodes, [&](const alert::NamedValue& code) {
        return std::ranges::find(feed_.region, code) != feed_.region.end();
      });
    });
    return !by_code && alert::zones_touched(areas, context_.zones).empty();
  }

  Maybe region() const {
    if (!has_area()) return Ask{{"feeds.no_area", {}}};
    // A shape that could not be read may have been ours.
    for (const auto& note : bulletin_.notes.list)
      if (note.kind == cap::NoteKind::lost && note.element.find(".area[") != std::string::npos && outside())
        return Ask{{"feeds.area_unread", {{"element", note.element}}}};
    if (outside()) return Refuse{{"feeds.foreign_region", {}}};
    return std::nullopt;
  }

  /// 27 May 2021: a test of the centre went out to phones as a warning, "TEST--" and all.
  Maybe test_token() const {
    switch (context_.mode) {
      case alert::Mode::drill:
        return std::nullopt;
      case alert::Mode::live:
        break;
    }
    for (const auto& info : alert_.infos)
      for (const auto* text : {&info.event, &info.headline, &info.description, &info.instruction}) {
        if (const auto token = alert::foreign_test_token(*text)) return Ask{{"feeds.test_token", {{"token", *token}}}};
        if (alert::begins_with_drill_mark(*text)) return Ask{{"feeds.test_token", {{"token", shown(*text)}}}};
      }
    return std::nullopt;
  }

  const Source& at(const Place& place) const { return known_.matters.at(place.matter).sources[place.index]; }

  /// Every source that it tells of: by what it refers to, or because it is that bulletin with another content.
  std::vector<Place> places() const {
    std::vector<Place> out;
    for (const auto& [id, matter] : known_.matters)
      for (std::size_t i = 0; i < matter.sources.size(); ++i) {
        const auto& source = matter.sources[i];
        if (source.sender != alert_.sender || (!source.signer.empty() && source.signer != bulletin_.signer)) continue;
        if (is_itself(source) || refers_to(source.identifier) ||
            std::ranges::any_of(source.replaced, [&](const std::string& before) { return refers_to(before); }))
          out.push_back({id, i});
      }
    return out;
  }

  /// One that waits, or none at all.
  bool is_question(const std::string& matter) const {
    if (matter.empty()) return true;
    const auto found = known_.matters.find(matter);
    return found != known_.matters.end() && found->second.kind == Matter::Kind::question;
  }

  bool is_itself(const Source& source) const { return again_ && source.name == name_of(alert_); }
  /// To a bulletin of its own centre.
  bool refers_to(const std::string& identifier) const { return referred_.contains(identifier); }

  /// What came before it says that it is no more.
  Maybe superseded() const {
    const auto own = [&](const std::string& signer) { return bulletin_.signer.empty() || bulletin_.signer == signer; };
    for (const auto& [_, matter] : known_.matters)
      for (const auto& source : matter.sources)
        if (source.sender == alert_.sender && !is_itself(source) && own(source.signer) && *alert_.sent <= source.sent &&
            std::ranges::find(source.replaced, alert_.identifier) != source.replaced.end())
          return Refuse{{"feeds.replaced", {{"by", source.name}}}};
    if (!places_.empty()) return std::nullopt;
    for (const auto& [_, of_feed] : known_.foretold) {
      const auto found = of_feed.find(key_of(alert_.sender, alert_.identifier));
      if (found == of_feed.end() || !own(found->second.signer) || found->second.by == name_of(alert_) ||
          found->second.sent < *alert_.sent)
        continue;
      switch (found->second.says) {
        case Source::Says::over:
          return Refuse{{"feeds.taken_back_before", {{"by", found->second.by}}}};
        case Source::Says::in_force:
          return Ask{{"feeds.replaced_by_no_draft", {{"by", found->second.by}}}};
      }
    }
    return std::nullopt;
  }

  /// What it refers to was before a person once, whatever became of it.
  bool was_a_matter() const {
    return std::ranges::any_of(alert_.references, [&](const alert::Reference& reference) {
      const auto sent = base::parse_cap_time(reference.sent);
      if (!sent || reference.sender != alert_.sender) return false;
      const auto name = reference.sender + "," + reference.identifier + "," + base::format_cap_time(*sent);
      const auto* found = seen(known_, feed_.name, key_of(name));
      return found && !found->matter.empty();
    });
  }

  base::Result<Source> source() const {
    auto draft = cap::draft_of(alert_, {context_.agency, context_.zones, context_.hazards, context_.now});
    if (!draft) return std::unexpected(std::move(draft.error()));
    const auto& words = base::Catalogue::of(context_.agency.default_language.value);
    Source out{.feed = feed_.name,
               .name = name_of(alert_),
               .sender = alert_.sender,
               .identifier = alert_.identifier,
               .signer = bulletin_.signer,
               .replaced = {},
               .sent = *alert_.sent,
               .expires = {},
               .over_news = {},
               .draft = std::move(draft->alert),
               .remarks = {}};
    if (alert_.type == alert::MessageType::update)
      for (const auto& reference : alert_.references)
        if (reference.sender == alert_.sender && out.replaced.size() < most_replaced)
          out.replaced.push_back(reference.identifier);
    for (const auto& info : alert_.infos)
      if (info.expires && (!out.expires || *info.expires > *out.expires)) out.expires = info.expires;
    for (const auto& said : draft->said) out.remarks.push_back(words.say(said));
    for (const auto& note : bulletin_.notes.list)
      if (note.kind == cap::NoteKind::lost) out.remarks.push_back(note.element + ": " + words.say(note.text));
    return out;
  }

  Decision draft() const {
    auto made = source();
    if (!made) return Ask{std::move(made.error().text)};
    // The same one by another feed.
    for (const auto& [_, matter] : known_.matters)
      for (const auto& one : matter.sources)
        if (one.name == made->name && one.signer == made->signer && one.draft == made->draft) return KnownAlready{};
    if (!places_.empty() && (again_ || alert_.type == alert::MessageType::update)) return change(std::move(*made));
    if (again_ && !is_question(again_->matter)) return Ask{{"feeds.changed_name", {}}};
    if (is_old()) return Ask{{"feeds.old_in_force", {{"sent", base::format_cap_time(*alert_.sent)}}}};
    for (const auto& [id, matter] : known_.matters)
      if (matter.kind == Matter::Kind::draft && !matter.dismissed && same_event(matter, *made, feed_.same_event)) {
        if (matter.sources.size() >= most_sources) return Ask{{"feeds.many_sources", {{"matter", id}}}};
        return Join{id, std::move(*made)};
      }
    const auto waits = [](const auto& one) { return one.second.kind == Matter::Kind::draft && !one.second.dismissed; };
    if (std::ranges::count_if(known_.matters, waits) >= static_cast<std::ptrdiff_t>(most_matters))
      return Ask{{"feeds.many_matters", {}}};
    return OpenDraft{std::move(*made)};
  }

  /// It takes the place of what is not newer than it, and a bulletin that was ended since stays ended.
  Decision change(Source made) const {
    Change out;
    out.kind = std::ranges::any_of(places_, [&](const Place& place) { return is_itself(at(place)); })
                   ? Change::Kind::same_name
                   : Change::Kind::update;
    for (const auto& place : places_) {
      const auto& before = at(place);
      const bool newer = made.sent < before.sent || (before.says == Source::Says::over && made.sent < before.over_sent);
      (newer ? out.outdated : out.places).push_back(place);
    }
    out.source = std::move(made);
    return out;
  }

  const Bulletin& bulletin_;
  const Alert& alert_;
  const Feed& feed_;
  const Known& known_;
  const Context& context_;
  std::set<std::string_view> referred_;  ///< identifiers of its own centre
  const Seen* again_ = nullptr;          ///< its name is known with another content
  std::vector<Place> places_;            ///< of what it tells of
};

}  // namespace

std::string content_of(const Bulletin& bulletin) {
  auto all = base::canonical_json(alert::to_json(bulletin.alert)) + "\n" + bulletin.signer + "\n";
  all += bulletin.trust == Trust::bad ? "bad" : "";
  for (const auto& note : bulletin.notes.list)
    if (note.kind == cap::NoteKind::lost) all += "\n" + note.element;
  return base::hex(base::sha256(all));
}

Decision decide(const Bulletin& bulletin, const Feed& feed, const Known& known, const Context& context) {
  return Judgement(bulletin, feed, known, context).run();
}

std::optional<Source::Says> says_of_others(const Bulletin& bulletin, const Feed& feed, const Context& context) {
  return Judgement(bulletin, feed, Known{}, context).says_of_others();
}

}  // namespace broadcaster::feeds
