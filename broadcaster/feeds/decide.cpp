#include "broadcaster/feeds/decide.hpp"

#include <algorithm>
#include <optional>

#include "broadcaster/alert/cap/draft.hpp"
#include "broadcaster/alert/mark.hpp"
#include "broadcaster/alert/touched.hpp"
#include "broadcaster/alert/wording.hpp"
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

const Seen* seen(const Known& known, const std::string& feed, const std::string& key) {
  const auto of_feed = known.seen.find(feed);
  if (of_feed == known.seen.end()) return nullptr;
  const auto found = of_feed->second.find(key);
  return found == of_feed->second.end() ? nullptr : &found->second;
}

Text too_old(base::WallTime sent) { return {"feeds.old", {{"sent", base::format_cap_time(sent)}}}; }

/// Where in Known a bulletin that this one refers to stands.
struct Place {
  std::string matter;
  std::size_t index = 0;
};

class Judgement {
 public:
  Judgement(const Bulletin& bulletin, const Feed& feed, const Known& known, const Context& context)
      : bulletin_(bulletin), alert_(bulletin.alert), feed_(feed), known_(known), context_(context) {}

  Decision run() {
    if (seen(known_, feed_.name, key_of(name_of(alert_)))) return KnownAlready{};
    for (const auto step : {&Judgement::kind, &Judgement::belief, &Judgement::status, &Judgement::time})
      if (auto decided = (this->*step)()) return *decided;
    if (says_over()) return over();
    for (const auto step : {&Judgement::content, &Judgement::region, &Judgement::test_token})
      if (auto decided = (this->*step)()) return *decided;
    return draft();
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
    if (*alert_.sent < context_.now - feed_.oldest) return Refuse{too_old(*alert_.sent)};
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
    if (const auto place = referred()) return Over{place->matter, place->index, why};
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

  /// A source of ours that this bulletin may speak about: of its own sender, and vouched for no less.
  std::optional<Place> referred() const {
    for (const auto& [id, matter] : known_.matters) {
      if (matter.kind != Matter::Kind::draft) continue;
      for (std::size_t i = 0; i < matter.sources.size(); ++i)
        if (refers_to(matter.sources[i])) return Place{id, i};
    }
    return std::nullopt;
  }

  bool refers_to(const Source& source) const {
    if (source.sender != alert_.sender) return false;
    if (!source.signer.empty() && source.signer != bulletin_.signer) return false;
    return std::ranges::any_of(alert_.references, [&](const alert::Reference& reference) {
      return reference.sender == source.sender &&
             (reference.identifier == source.identifier ||
              std::ranges::find(source.replaced, reference.identifier) != source.replaced.end());
    });
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
               .draft = std::move(draft->alert),
               .remarks = {}};
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
    if (alert_.type == alert::MessageType::update)
      if (const auto place = referred()) {
        const auto& before = known_.matters.at(place->matter).sources[place->index];
        made->replaced = before.replaced;
        made->replaced.push_back(before.identifier);
        if (made->replaced.size() > most_sources) made->replaced.erase(made->replaced.begin());
        return Change{place->matter, place->index, std::move(*made)};
      }
    for (const auto& [id, matter] : known_.matters)
      if (matter.kind == Matter::Kind::draft && !matter.dismissed && same_event(matter, *made, feed_.same_event)) {
        if (matter.sources.size() >= most_sources) return Ask{{"feeds.many_sources", {{"matter", id}}}};
        return Join{id, std::move(*made)};
      }
    if (known_.matters.size() >= most_matters) return Ask{{"feeds.many_matters", {}}};
    return OpenDraft{std::move(*made)};
  }

  const Bulletin& bulletin_;
  const Alert& alert_;
  const Feed& feed_;
  const Known& known_;
  const Context& context_;
};

}  // namespace

std::string key_of(const std::string& bulletin) { return "alert " + base::hex(base::sha256(bulletin)); }

std::string key_of(const Entry& entry) {
  return "entry " + base::hex(base::sha256(entry.id + "\n" + entry.updated + "\n" + entry.link));
}

EntryDecision decide(const Entry& entry, const Feed& feed, const Known& known, base::WallTime now) {
  if (seen(known, feed.name, key_of(entry))) return KnownAlready{};
  if (entry.time && *entry.time < now - feed.oldest) return Refuse{too_old(*entry.time)};
  if (!may_be_fetched(entry.link)) return Ask{{"feeds.no_link", {{"entry", shown(entry.id)}}}};
  // An index leads to its own centre alone: else who writes it could have us call any machine beside us.
  if (origin_of(entry.link) != origin_of(feed.url))
    return Ask{{"feeds.foreign_link", {{"entry", shown(entry.id)}, {"host", origin_of(entry.link)}}}};
  return Fetch{entry.link};
}

Decision decide(const Bulletin& bulletin, const Feed& feed, const Known& known, const Context& context) {
  return Judgement(bulletin, feed, known, context).run();
}

}  // namespace broadcaster::feeds
