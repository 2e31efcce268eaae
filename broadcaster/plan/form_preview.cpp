#include "broadcaster/plan/form_preview.hpp"

#include <algorithm>

#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/plan/fill_form.hpp"
#include "broadcaster/plan/form_lists.hpp"
#include "broadcaster/plan/form_words.hpp"

namespace broadcaster::plan {
namespace {

std::int64_t minutes(std::chrono::seconds span) { return std::chrono::floor<std::chrono::minutes>(span).count(); }

const Hole* first_time(const std::vector<Message>& messages) {
  for (const auto& message : messages)
    if (const auto* pieces = std::get_if<Pieces>(&message.body))
      for (const auto& piece : *pieces)
        if (const auto* hole = std::get_if<Hole>(&piece); hole && !hole->pattern.empty()) return hole;
  return nullptr;
}

std::vector<alert::ZoneId> all_zones(const Form& form) {
  std::vector<alert::ZoneId> out;
  for (const auto& zone : form.plan.zones) out.push_back(zone.id);
  return out;
}

class Page {
 public:
  Page(const Form& form, const PreviewOptions& options)
      : form_(form), options_(options), words_(base::Catalogue::of(options.language)) {}

  std::string run() {
    line("plan.preview_form");
    line("plan.preview_form_last", {{"time", local_last(form_)}, {"people", firers()}});
    zones();
    times();
    audiences();
    untold();
    line("plan.preview_form_void");
    filling("plan.preview_form_longest", all_zones(form_));
    // The words come last: they are on the screen when the question comes that asks for the signature.
    return std::move(out_) + form_words(form_, options_);
  }

 private:
  void line(std::string id, std::vector<std::pair<std::string, base::Argument>> arguments = {}) {
    out_ += words_.say(base::Text{std::move(id), std::move(arguments)}) + "\n";
  }

  std::string firers() const {
    std::string out;
    for (const auto& one : form_.may_fire) {
      out += (out.empty() ? "" : ", ") + one.person;
      for (std::size_t i = 0; i < one.roles.size(); ++i) out += (i == 0 ? " (" : ", ") + one.roles[i];
      if (!one.roles.empty()) out += ")";
    }
    return out;
  }

  std::string name_of(const PlannedZone& zone) const {
    const auto name = zone.names.find(options_.language);
    return name == zone.names.end() ? zone.id.value : name->second;
  }

  void zones() {
    std::string names;
    std::int64_t people = 0;
    for (const auto& zone : form_.plan.zones) {
      names += (names.empty() ? "" : ", ") + name_of(zone);
      people += zone.people;
    }
    line("plan.preview_form_zones", {{"zones", names}, {"people", people}});
  }

  void times() {
    if (form_.arrival)
      line("plan.preview_form_arrival",
           {{"earliest", minutes(form_.arrival->earliest)}, {"latest", minutes(form_.arrival->latest)}});
    else
      line("plan.preview_form_no_arrival");
    line("plan.preview_form_lasts", {{"minutes", minutes(form_.lasts)}});
  }

  void audiences() {
    for (const auto& audience : form_.plan.audiences) {
      const auto bound = bounds(form_, audience.name, all_zones(form_));
      line("plan.preview_form_audience", {{"audience", audience.name},
                                          {"count", bound.as_signed},
                                          {"least", bound.least},
                                          {"most", bound.most},
                                          {"percent", std::int64_t{form_.tolerance_percent}}});
      for (const auto& zone : form_.plan.zones) {
        const auto here = zone_bounds(form_, audience.name, {zone.id}, zone.id);
        line("plan.preview_form_audience_zone",
             {{"zone", name_of(zone)}, {"count", here.as_signed}, {"least", here.least}, {"most", here.most}});
      }
    }
  }

  void untold() {
    for (const auto& one : form_.untold) {
      std::string from;
      for (const auto& zone : one.sirens_of) from += (from.empty() ? "" : ", ") + zone.value;
      line("plan.preview_form_untold", {{"zone", one.zone.value}, {"from", from}});
    }
  }

  void filling(std::string heading, std::vector<alert::ZoneId> zones) {
    out_ += "\n";
    line(std::move(heading));
    out_ += "\n" + preview(fill_form(form_, sample_slots(form_, std::move(zones), form_.plan.made_at)), options_);
  }

  const Form& form_;
  const PreviewOptions& options_;
  const base::Catalogue& words_;
  std::string out_;
};

}  // namespace

std::string local_last(const Form& form) {
  const auto* hole = first_time(form.plan.messages);
  for (auto naming = form.order.begin(); !hole && naming != form.order.end(); ++naming)
    hole = first_time(naming->messages);
  if (!hole) return base::format_utc(form.last);
  Filling filling;
  filling.time_of_issue = form.last;
  return fill({Hole{HoleKind::time_of_issue, "yyyy-MM-dd HH.mm", hole->utc_offset}}, filling);
}

std::string preview(const Form& form, const PreviewOptions& options) { return Page(form, options).run(); }

}  // namespace broadcaster::plan
