#include "broadcaster/plan/compose.hpp"

#include <algorithm>

#include "broadcaster/plan/lint.hpp"
#include "broadcaster/plan/lint_context.hpp"
#include "broadcaster/plan/local_time.hpp"
#include "broadcaster/plan/measure/measure.hpp"
#include "broadcaster/plan/reach.hpp"
#include "broadcaster/plan/render.hpp"
#include "broadcaster/plan/siren_words.hpp"
#include "broadcaster/plan/values.hpp"

namespace broadcaster::plan {
namespace {

/// A voice is heard once, outdoors, half asleep.
constexpr int longest_voice_seconds = 25;

/// One message that is being made: whom it speaks to, and over what.
struct Task {
  const Endpoint& endpoint;
  const ChannelTraits& traits;
  alert::Language language;
  alert::ZoneId zone;  ///< empty: all of `addressees`
  Speech speech = Speech::order;
  Addressees addressees;
  std::int64_t recipients = 0;
  /// Of a prepared alert, where the zones are a slot: the longest filling, and whom the shortest would speak to.
  std::optional<SlotRoom> slots = std::nullopt;
  std::optional<Addressees> shortest = std::nullopt;

  int limit() const { return endpoint.limit.value_or(traits.default_limit); }
};

class Composer {
 public:
  Composer(const PlanInput& input, Speech speech, const Preparing* preparing, Plan& plan, std::span<const Heard> heard)
      : input_(input),
        speech_(speech),
        preparing_(preparing),
        plan_(plan),
        heard_(heard),
        mark_(alert::rule_of(plan.alert.status).mark),
        shelters_(alert::shelters_in_danger(input.shelters, plan.alert, input.zones)) {}

  void run() {
    for (const auto& endpoint : input_.endpoints) {
      if (!may_use(endpoint, plan_.alert.status)) continue;
      const auto* traits = find_traits(input_.traits, endpoint.channel);
      switch (traits->addressing) {
        case Addressing::account:
          if (!preparing_)
            account(endpoint, *traits);
          else if (preparing_->named > 0)
            prepared_account(endpoint, *traits);
          break;
        case Addressing::audience:
          if (!preparing_)
            audience(endpoint, *traits);
          else if (preparing_->named == 0)
            prepared_audience(endpoint, *traits);
          break;
        case Addressing::targets:
          if (!preparing_ || preparing_->named == 0) sirens(endpoint, *traits);
          break;
      }
    }
  }

 private:
  std::vector<alert::Language> languages(const Endpoint& endpoint) const {
    return languages_of(endpoint, input_.agency, input_.templates, plan_.alert.hazard);
  }

  std::string time_zone(const Endpoint& endpoint, const std::string& otherwise) const {
    return endpoint.time_zone.empty() ? otherwise : endpoint.time_zone;
  }

  void account(const Endpoint& endpoint, const ChannelTraits& traits) {
    auto zones = zones_of(endpoint, input_.alert, input_.zones);
    if (zones.empty()) zones = alerted_zones_heard_by(endpoint);
    if (zones.empty()) return;
    if (traits.document)
      return document(
          {endpoint, traits, input_.agency.default_language, {}, Speech::order, {zones, input_.agency.time_zone}});
    const auto said = said_to(zones, time_zone(endpoint, input_.agency.time_zone));
    for (const auto& language : languages(endpoint))
      text({endpoint, traits, language, {}, said.speech, said.addressees});
  }

  /// The alert itself, in all its languages: one message, under the language of the officers. Its texts are the
  /// alert's own, and were linted there.
  void document(const Task& task) {
    auto pieces = task.traits.document({plan_.alert, input_.zones, input_.agency.sender});
    if (!pieces) return block(task, std::move(pieces.error().text));
    auto length = measure(task.traits.measure, fill_longest(*pieces), task.limit());
    if (!fits(task.traits.measure, length, task.limit()))
      return block(task, {"plan.too_long",
                          {{"used", std::int64_t{length.used}},
                           {"limit", std::int64_t{length.limit}},
                           {"unit", base::Key{"plan.unit_" + length.unit}}}});
    plan_.messages.push_back({.endpoint = task.endpoint.name,
                              .language = task.language,
                              .zone = task.zone,
                              .form = std::string(task.traits.form),
                              .body = std::move(*pieces),
                              .length = std::move(length),
                              .missing = {}});
  }

  /// A text that names so many zones, whichever they will be: written for the longest names, and read with the
  /// shortest too.
  void prepared_account(const Endpoint& endpoint, const ChannelTraits& traits) {
    auto zones = zones_of(endpoint, plan_.alert, input_.zones);
    const auto named = static_cast<std::size_t>(preparing_->named);
    if (zones.size() < named) return;
    if (traits.document)
      return block({endpoint, traits, input_.agency.default_language, {}, speech_, {zones, input_.agency.time_zone}},
                   {"plan.form_document", {}});
    const auto here = time_zone(endpoint, input_.agency.time_zone);
    for (const auto& language : languages(endpoint)) {
      const auto longest = choose(preparing_->lists, language, zones, named, Wanted::longest, traits.measure);
      Task task{endpoint, traits, language, {}, speech_, {longest.whole, here}};
      task.slots = SlotRoom{SlotRoom::Zones::slot, times({longest.whole, here})};
      task.slots->longest.zones = join(preparing_->lists, language, longest.whole, NameForm::whole);
      task.slots->longest.zones_short = join(preparing_->lists, language, longest.brief, NameForm::brief);
      task.shortest =
          Addressees{choose(preparing_->lists, language, zones, named, Wanted::shortest, traits.measure).whole, here};
      text(task);
    }
  }

  /// For everybody who may be on the list when it is fired, not for those who are on it today.
  void prepared_audience(const Endpoint& endpoint, const ChannelTraits& traits) {
    const auto snapshot = input_.audiences.find(endpoint.audience);
    if (snapshot == input_.audiences.end()) return;  // an error of make_plan
    for (const auto* zone : zones_of(endpoint, plan_.alert, input_.zones)) {
      const Addressees said{{zone}, time_zone(endpoint, zone->time_zone)};
      for (const auto& language : languages(endpoint)) {
        Task task{endpoint, traits, language, zone->id, speech_, said};
        for (const auto& count : snapshot->second.counts)
          if (count.zone == zone->id && count.language == language) task.recipients = count.recipients;
        task.slots = SlotRoom{SlotRoom::Zones::fixed, times(said)};
        text(task);
      }
    }
  }

  /// Every time is as long as any other.
  SlotFilling times(const Addressees& said) const {
    return {.arrival = earliest_onset(plan_.alert, said.zones).value_or(input_.now),
            .until = expiry_of(plan_.alert).value_or(input_.now),
            .zones = {},
            .zones_short = {}};
  }

  void audience(const Endpoint& endpoint, const ChannelTraits& traits) {
    const auto snapshot = input_.audiences.find(endpoint.audience);
    if (snapshot == input_.audiences.end()) return;  // an error of make_plan
    for (const auto* zone : zones_of(endpoint, input_.alert, input_.zones))
      people(endpoint, traits, snapshot->second, *zone, {zone});
    for (const auto& heard : heard_)
      if (serves(endpoint, heard.zone->id)) people(endpoint, traits, snapshot->second, *heard.zone, heard.alerted);
  }

  /// Those of `zone`, about `named`.
  void people(const Endpoint& endpoint, const ChannelTraits& traits, const SnapshotInfo& snapshot,
              const alert::Zone& zone, const std::vector<const alert::Zone*>& named) {
    const auto said = said_to(named, time_zone(endpoint, zone.time_zone));
    for (const auto& count : snapshot.counts)
      if (count.zone == zone.id)
        text({endpoint, traits, count.language, zone.id, said.speech, said.addressees, count.recipients});
  }

  std::vector<const alert::Zone*> alerted_zones_heard_by(const Endpoint& endpoint) const {
    std::vector<const alert::Zone*> out;
    for (const auto& heard : heard_)
      if (serves(endpoint, heard.zone->id))
        for (const auto* zone : heard.alerted)
          if (std::ranges::find(out, zone) == out.end()) out.push_back(zone);
    return out;
  }

  void sirens(const Endpoint& endpoint, const ChannelTraits& traits) {
    for (const auto* zone : zones_of(endpoint, input_.alert, input_.zones)) {
      const auto said = said_to({zone}, time_zone(endpoint, zone->time_zone));
      const Task task{endpoint, traits, {}, zone->id, said.speech, said.addressees};
      const auto spoken = spoken_languages(endpoint, said.speech);
      SirenProgram program;
      for (const auto& siren : input_.sirens)
        if (siren.zone == zone->id) program.targets.push_back(siren.id.value);
      std::ranges::sort(program.targets);
      if (program.targets.empty())
        finding(task, "zone_no_siren", {"plan.zone_no_siren", {{"zone", zone->id.value}}});
      else if (spoken.empty())
        block(task, {"plan.no_words", {{"hazard", plan_.alert.hazard}}});
      else
        siren(task, spoken, std::move(program));
    }
  }

  struct Said {
    Speech speech;
    Addressees addressees;
  };
  /// A zone without an answer waits: the alert's own lint has refused it.
  Said said_to(const std::vector<const alert::Zone*>& zones, const std::string& time_zone) const {
    if (speech_ != Speech::all_clear) return {speech_, {zones, time_zone}};
    Addressees returning{{}, time_zone}, waiting{{}, time_zone};
    for (const auto* zone : zones) {
      const auto order = std::ranges::find(plan_.alert.zones, zone->id, &alert::ZoneOrder::zone);
      const bool may_return = order != plan_.alert.zones.end() && order->ending == alert::Ending::may_return;
      (may_return ? returning : waiting).zones.push_back(zone);
    }
    if (returning.zones.empty()) return {Speech::not_yet, std::move(waiting)};
    returning.waiting = std::move(waiting.zones);
    return {Speech::all_clear, std::move(returning)};
  }

  std::vector<alert::Language> spoken_languages(const Endpoint& endpoint, Speech speech) const {
    auto out = languages(endpoint);
    std::erase_if(out, [&](const alert::Language& language) {
      return !wording(*input_.templates.find(plan_.alert.hazard, language), speech);
    });
    return out;
  }

  LintContext context(const Task& task, const Template& words, const Values& values) const {
    return lint_context(input_, plan_, shelters_,
                        {words, task.speech, task.traits.measure, mark_, task.addressees, values});
  }

  void text(const Task& task) {
    const auto* words = input_.templates.find(plan_.alert.hazard, task.language);
    if (!words) return block(task, {"plan.no_words", {{"hazard", plan_.alert.hazard}}});
    const auto* said = wording(*words, task.speech);
    if (!said) return block(task, {"plan.no_ending", {{"hazard", plan_.alert.hazard}}});
    const auto form = said->forms.find(task.traits.form.data());
    if (form == said->forms.end()) return block(task, {"plan.no_form", {{"form", std::string(task.traits.form)}}});
    const auto& frame = input_.templates.marks.languages.at(task.language.value).frames.at(form->first);
    const auto values = slot_values(plan_.alert, input_.agency, *words, task.addressees, input_.now);
    auto rendered = render(*words, form->second, values, utc_offset(task.addressees.time_zone, input_.now),
                           {task.traits.measure, task.limit(), frame, mark_, task.slots, begins(task)});
    if (!rendered) return block(task, std::move(rendered.error().text));
    auto found = read(task, *words, frame, *rendered, task.addressees);
    if (task.shortest) add(found, read(task, *words, frame, *rendered, *task.shortest));
    if (!note(task, found)) return;
    if (rendered->dropped > 0) finding(task, "dropped", {"plan.dropped", {{"count", std::int64_t{rendered->dropped}}}});
    if (rendered->begins == Rendered::Begins::without) finding(task, "update_unnamed", {"plan.update_unnamed", {}});
    if (rendered->drill_segments != rendered->length.segments)
      finding(task, "drill_longer", {"plan.drill_longer", {{"segments", std::int64_t{rendered->drill_segments}}}});
    plan_.messages.push_back({.endpoint = task.endpoint.name,
                              .language = task.language,
                              .zone = task.zone,
                              .form = std::string(task.traits.form),
                              .body = std::move(rendered->pieces),
                              .length = std::move(rendered->length),
                              .missing = std::move(found.missing)});
  }

  /// As these people will read it.
  Lint read(const Task& task, const Template& words, const Frame& frame, const Rendered& text,
            const Addressees& said) const {
    auto as_read = task;
    as_read.addressees = said;
    auto held = context(as_read, words, slot_values(plan_.alert, input_.agency, words, said, input_.now));
    held.frame = frame;
    if (!task.slots) return lint(text.plain, text.pieces, held);
    auto filling = times(said);
    if (preparing_ && task.slots->zones == SlotRoom::Zones::slot) {
      filling.zones = join(preparing_->lists, task.language, said.zones, NameForm::whole);
      filling.zones_short = join(preparing_->lists, task.language, said.zones, NameForm::brief);
    }
    return lint(fill_slots(text.plain, filling), fill_slots(text.pieces, filling), held);
  }

  /// An update says that it is one, in the place where people look first.
  std::string begins(const Task& task) const {
    if (speech_ != Speech::order || plan_.alert.type != alert::MessageType::update) return {};
    const auto& words = input_.templates.marks.languages.at(task.language.value).update;
    const auto found = words.find(std::string(task.traits.form));
    return found == words.end() ? std::string() : found->second;
  }

  void siren(const Task& task, const std::vector<alert::Language>& spoken, SirenProgram program) {
    std::vector<Element> missing;
    for (const auto& language : spoken) {
      const auto& words = *input_.templates.find(plan_.alert.hazard, language);
      const auto said = siren_words(words, task.speech, mark_, input_.templates.marks);
      program.program = said.program;
      program.duration = said.duration;
      const auto values = slot_values(plan_.alert, input_.agency, words, task.addressees, input_.now);
      auto voice = render_voice(said.voice, language, values);
      if (!voice) return block(task, std::move(voice.error().text));
      if (auto wrong = negates(*voice, words)) return block(task, std::move(*wrong));
      const auto seconds = measure(Measure::siren_seconds, *voice, longest_voice_seconds);
      if (!fits(Measure::siren_seconds, seconds, longest_voice_seconds))
        finding(task, "voice_long",
                {"plan.voice_long",
                 {{"language", language.value},
                  {"used", std::int64_t{seconds.used}},
                  {"limit", std::int64_t{longest_voice_seconds}}}});
      const auto found = lint_voice(*voice, context(task, words, values));
      if (!note(task, found)) return;
      if (program.voice_texts.empty()) missing = found.missing;
      program.voice_texts.push_back(std::move(*voice));
    }
    const Length length{"seconds", static_cast<int>(program.duration.count()), task.limit(), 1};
    if (length.used > length.limit)
      return block(task, {"plan.too_long",
                          {{"used", std::int64_t{length.used}},
                           {"limit", std::int64_t{length.limit}},
                           {"unit", base::Key{"plan.unit_seconds"}}}});
    plan_.messages.push_back({.endpoint = task.endpoint.name,
                              .language = {},
                              .zone = task.zone,
                              .form = std::string(task.traits.form),
                              .body = std::move(program),
                              .length = length,
                              .missing = std::move(missing)});
  }

  /// "No tsunami", shouted over wind and echo, is heard as "tsunami": a voice that calms never names the hazard.
  std::optional<base::Text> negates(const std::string& voice, const Template& words) const {
    if (speech_ == Speech::order) return std::nullopt;
    for (const auto& word : words.order.hazard_words)
      if (says(voice, word)) return base::Text{"plan.voice_names_hazard", {{"word", word}}};
    return std::nullopt;
  }

  /// Whether it may go out. Of several mistakes the first blocks it, and the others are told with it.
  bool note(const Task& task, const Lint& found) {
    for (const auto& warning : found.warnings) finding(task, warning.rule, warning.text);
    if (found.errors.empty()) return true;
    for (std::size_t i = 1; i < found.errors.size(); ++i) finding(task, found.errors[i].rule, found.errors[i].text);
    block(task, found.errors.front().text);
    return false;
  }

  void block(const Task& task, base::Text reason) {
    plan_.blocked.push_back({task.endpoint.name, task.language, task.zone, std::string(task.traits.form),
                             std::move(reason), task.recipients});
  }

  void finding(const Task& task, std::string rule, base::Text text) {
    plan_.findings.push_back({std::move(rule), std::move(text), task.endpoint.name, task.language, task.zone});
  }

  const PlanInput& input_;
  Speech speech_;
  const Preparing* preparing_;  ///< nullptr: a plan as every other
  Plan& plan_;
  std::span<const Heard> heard_;
  alert::Mark mark_;
  std::vector<const alert::Shelter*> shelters_;  ///< where nobody may be sent
};

}  // namespace

void compose(const PlanInput& input, Speech speech, Plan& plan, std::span<const Heard> heard) {
  Composer(input, speech, nullptr, plan, heard).run();
}

void compose(const PlanInput& input, Speech speech, const Preparing& preparing, Plan& plan) {
  Composer(input, speech, &preparing, plan, {}).run();
}

}  // namespace broadcaster::plan
