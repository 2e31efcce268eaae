#include "broadcaster/plan/form_terms.hpp"

#include <algorithm>

#include "broadcaster/base/files.hpp"

namespace broadcaster::plan {
namespace {

using base::Errors;
using base::Fields;

std::int64_t hours(std::chrono::seconds span) { return std::chrono::floor<std::chrono::hours>(span).count(); }

base::WallTime last_moment(Fields& fields, base::WallTime now) {
  const auto text = fields.text("last");
  const auto time = base::parse_cap_time(text);
  if (!time) {
    if (!text.empty()) fields.complain("last", time.error().text);
    return now;
  }
  if (*time <= now) fields.complain("last", {"plan.form_last_past", {}});
  if (*time > now + longest_preparation)
    fields.complain("last", {"plan.form_last_late", {{"days", std::int64_t{longest_preparation.count()}}}});
  return *time;
}

std::optional<ArrivalRange> arrival_range(Fields& terms, std::chrono::seconds lasts, Errors& errors) {
  const auto* node = terms.maybe_child("arrival");
  if (!node) return std::nullopt;
  Fields fields(*node, terms.path_of("arrival"), errors);
  const ArrivalRange out{fields.duration("earliest"), fields.duration("latest")};
  if (out.earliest < earliest_prepared_arrival) fields.complain("earliest", {"plan.form_arrival_early", {}});
  if (out.latest < out.earliest) fields.complain("latest", {"plan.form_arrival_order", {}});
  if (out.latest >= lasts) fields.complain("latest", {"plan.form_arrival_life", {}});
  return out;
}

FormTerms read_terms(const base::Node& node, base::WallTime now, Errors& errors) {
  FormTerms out;
  Fields fields(node, "prepared", errors);
  out.last = last_moment(fields, now);
  out.lasts = fields.duration("lasts");
  if (out.lasts < shortest_prepared_life || out.lasts > longest_prepared_life)
    fields.complain("lasts", {"plan.form_lasts", {{"hours", hours(longest_prepared_life)}}});
  out.arrival = arrival_range(fields, out.lasts, errors);
  out.tolerance_percent =
      static_cast<int>(fields.maybe_whole("tolerance", 1, most_tolerance_percent).value_or(usual_tolerance_percent));
  if (const auto* who = fields.child("may_fire")) {
    Fields may(*who, fields.path_of("may_fire"), errors);
    out.roles = may.maybe_texts("roles");
    out.persons = may.maybe_texts("persons");
    if (out.roles.empty() && out.persons.empty()) fields.complain("may_fire", {"plan.form_nobody", {}});
  }
  return out;
}

/// Its times are the terms'; one in the alert would be wrong every time that it is fired.
void refuse_times(const base::Node& root, Errors& errors) {
  const auto look = [&](const base::Node& map, const std::string& path) {
    for (const auto& entry : map.entries)
      if (entry.key == "onset" || entry.key == "expires" || entry.key == "effective")
        errors.push_back({base::ErrorKind::bad_input, {"plan.form_time", {}}, entry.place, path + entry.key});
  };
  look(root, "");
  for (const auto* key : {"info", "zones"})
    if (const auto* list = root.find(key))
      for (std::size_t i = 0; i < list->items.size(); ++i)
        look(list->items[i], std::string(key) + "[" + std::to_string(i) + "].");
}

/// The reader of alerts asks for an end; what it is stands in the terms.
void give_end(const FormTerms& terms, base::WallTime now, base::Node& root) {
  base::Node end;
  end.kind = base::Node::Kind::scalar;
  end.place = root.place;
  end.scalar = base::format_cap_time(std::chrono::ceil<std::chrono::seconds>(
      now + std::max(terms.lasts, std::chrono::seconds(shortest_prepared_life))));
  root.entries.push_back({"expires", root.place, std::move(end)});
}

void set_times(const FormTerms& terms, base::WallTime now, alert::Alert& alert) {
  for (auto& info : alert.infos) {
    info.expires = now + terms.lasts;
    if (terms.arrival) info.onset = now + terms.arrival->latest;
  }
}

}  // namespace

base::Checked<PreparedFile> parse_prepared(const std::string& text, const std::string& file,
                                           const alert::ReadContext& context) {
  auto root = base::parse_yaml(text, file);
  if (!root) return std::unexpected(root.error());
  const auto block = std::ranges::find(root->entries, "prepared", &base::Node::Entry::key);
  if (root->kind != base::Node::Kind::map || block == root->entries.end())
    return std::unexpected(
        Errors{{base::ErrorKind::bad_input, {"plan.form_no_terms", {}}, base::Place{file, 0, 0}, "prepared"}});
  Errors errors;
  PreparedFile out;
  out.terms = read_terms(block->value, context.now, errors);
  root->entries.erase(block);
  refuse_times(*root, errors);
  if (!std::ranges::any_of(root->entries, [](const auto& entry) { return entry.key == "expires"; }))
    give_end(out.terms, context.now, *root);
  auto alert = alert::alert_from_yaml(std::move(*root), context);
  if (!alert) errors.insert(errors.end(), alert.error().begin(), alert.error().end());
  if (!errors.empty()) return std::unexpected(std::move(errors));
  out.alert = std::move(*alert);
  set_times(out.terms, context.now, out.alert);
  return out;
}

base::Checked<PreparedFile> read_prepared(const std::filesystem::path& path, const alert::ReadContext& context) {
  const auto text = base::read_file(path, 1 << 20);
  if (!text) return std::unexpected(Errors{text.error()});
  return parse_prepared(*text, path.string(), context);
}

}  // namespace broadcaster::plan
