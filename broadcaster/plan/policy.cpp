#include "broadcaster/plan/policy.hpp"

#include <algorithm>

#include "broadcaster/base/files.hpp"
#include "broadcaster/base/yaml.hpp"

namespace broadcaster::plan {
namespace {

using base::Errors;
using base::Fields;
using base::Node;

/// "22.00" or "22:00".
std::optional<std::chrono::minutes> time_of_day(const std::string& text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() != 5 || (text[2] != '.' && text[2] != ':')) return std::nullopt;
  if (!digit(0) || !digit(1) || !digit(3) || !digit(4)) return std::nullopt;
  const int hours = (text[0] - '0') * 10 + text[1] - '0', minutes = (text[3] - '0') * 10 + text[4] - '0';
  if (hours > 23 || minutes > 59) return std::nullopt;
  return std::chrono::minutes(hours * 60 + minutes);
}

std::string names_of(std::span<const ChannelTraits> traits) {
  std::string out;
  for (const auto& one : traits) out += (out.empty() ? "" : ", ") + std::string(one.name);
  return out;
}

void check_channels(Fields& fields, const PolicyRule& rule, std::span<const ChannelTraits> traits) {
  for (const auto& channel : rule.channels)
    if (std::ranges::find(traits, channel, &ChannelTraits::name) == traits.end())
      fields.complain("channels", {"plan.endpoint_channel", {{"found", channel}, {"known", names_of(traits)}}});
}

void read_responses(Fields& fields, PolicyRule& rule) {
  const auto known = alert::choices<alert::ResponseType>();
  std::string names;
  for (const auto& [name, _] : known) names += (names.empty() ? "" : ", ") + std::string(name);
  for (const auto& word : fields.maybe_texts("responses")) {
    const auto found = std::ranges::find(known, word, [](const auto& choice) { return choice.first; });
    if (found == known.end())
      fields.complain("responses", {"plan.policy_response", {{"found", word}, {"known", names}}});
    else
      rule.responses.push_back(found->second);
  }
}

PolicyRule read_rule(const Node& node, const std::string& path, std::span<const ChannelTraits> traits, Errors& errors) {
  Fields fields(node, path, errors);
  PolicyRule rule;
  rule.place = node.place;
  rule.hazard = fields.maybe_text("hazard").value_or("");
  rule.level = fields.maybe_text("level").value_or("");
  rule.severity = fields.maybe_choice("severity", alert::choices<alert::Severity>());
  rule.channels = fields.texts("channels");
  check_channels(fields, rule, traits);
  read_responses(fields, rule);
  return rule;
}

std::optional<BreakGlass> read_break_glass(Fields& parent, Errors& errors) {
  constexpr std::chrono::minutes longest{10};  // later than this nobody waits for a quorum any more
  const auto* node = parent.maybe_child("break_glass");
  if (!node) return std::nullopt;
  Fields fields(*node, parent.path_of("break_glass"), errors);
  BreakGlass out;
  out.after = fields.maybe_duration("after").value_or(out.after);
  if (out.after > longest)
    fields.complain("after", {"plan.policy_break_glass", {{"most", std::int64_t{longest.count()}}}});
  out.zones = static_cast<int>(fields.whole("zones", 1, 10'000));
  return out;
}

FalseAlarmPolicy read_false_alarm(Fields& root, Errors& errors) {
  constexpr std::chrono::minutes longest{120};  // who has not noticed by then asks a second person first
  FalseAlarmPolicy out;
  const auto* node = root.maybe_child("false_alarm");
  if (!node) return out;
  Fields fields(*node, "false_alarm", errors);
  if (const auto within = fields.maybe_duration("alone_within")) {
    out.alone_within = std::chrono::floor<std::chrono::minutes>(*within);
    if (*within > longest || out.alone_within != *within)
      fields.complain("alone_within", {"plan.policy_alone_within", {{"most", std::int64_t{longest.count()}}}});
  }
  out.break_glass = read_break_glass(fields, errors);
  return out;
}

std::optional<QuietHours> read_quiet(Fields& root, Errors& errors) {
  const auto* node = root.maybe_child("quiet_hours");
  if (!node) return std::nullopt;
  Fields fields(*node, "quiet_hours", errors);
  QuietHours hours;
  for (auto [key, into] : {std::pair{"from", &hours.from}, std::pair{"until", &hours.until}}) {
    const auto text = fields.text(key);
    if (const auto at = time_of_day(text))
      *into = *at;
    else if (!text.empty())
      fields.complain(key, {"plan.policy_time", {{"found", text}}});
  }
  return hours;
}

/// A week at least: whoever looks into what went wrong still needs to know whom it reached.
std::optional<std::chrono::days> read_retention(Fields& root, Errors& errors) {
  constexpr std::chrono::days least{7}, most{3650};
  const auto* node = root.maybe_child("retention");
  if (!node) return std::nullopt;
  Fields fields(*node, "retention", errors);
  const auto mistakes = errors.size();
  const auto people = fields.duration("people");
  if (errors.size() > mistakes) return std::nullopt;
  const auto days = std::chrono::floor<std::chrono::days>(people);
  if (days < least || days > most || days != people)
    fields.complain("people", {"plan.policy_retention",
                               {{"least", std::int64_t{least.count()}}, {"most", std::int64_t{most.count()}}}});
  return days;
}

}  // namespace

base::Checked<Policy> parse_policy(const std::string& text, const std::string& file,
                                   std::span<const ChannelTraits> traits) {
  const auto root = base::parse_yaml(text, file);
  if (!root) return std::unexpected(root.error());
  Errors errors;
  Policy out;
  {
    Fields fields(*root, "", errors);
    if (const auto* list = fields.child("rules")) {
      if (list->kind != Node::Kind::list) fields.complain("rules", {"plan.policy_rules", {}});
      for (std::size_t i = 0; i < list->items.size(); ++i)
        out.rules.push_back(read_rule(list->items[i], "rules[" + std::to_string(i) + "]", traits, errors));
    }
    out.break_glass = read_break_glass(fields, errors);
    out.false_alarm = read_false_alarm(fields, errors);
    out.quiet = read_quiet(fields, errors);
    out.keep_people = read_retention(fields, errors);
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return out;
}

base::Checked<Policy> read_policy(const std::filesystem::path& path, std::span<const ChannelTraits> traits) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return Policy();
  const auto text = base::read_file(path, 1 << 20);
  if (!text) return std::unexpected(Errors{text.error()});
  return parse_policy(*text, path.string(), traits);
}

const PolicyRule* rule_for(const Policy& policy, const alert::Alert& alert) {
  const auto graded = [&](alert::Severity severity) {
    return std::ranges::any_of(alert.infos, [&](const alert::Info& info) { return info.severity == severity; });
  };
  for (const auto& rule : policy.rules)
    if ((rule.hazard.empty() || rule.hazard == alert.hazard) && (rule.level.empty() || rule.level == alert.level) &&
        (!rule.severity || graded(*rule.severity)))
      return &rule;
  return nullptr;
}

bool may_use(const PolicyRule& rule, std::string_view channel) {
  return std::ranges::find(rule.channels, channel) != rule.channels.end();
}

std::optional<alert::ResponseType> forbidden_response(const PolicyRule& rule, const alert::Alert& alert) {
  if (rule.responses.empty()) return std::nullopt;
  for (const auto& info : alert.infos)
    for (const auto response : info.responses)
      if (std::ranges::find(rule.responses, response) == rule.responses.end()) return response;
  return std::nullopt;
}

bool is_quiet(const QuietHours& hours, std::chrono::minutes local) {
  if (hours.from <= hours.until) return local >= hours.from && local < hours.until;
  return local >= hours.from || local < hours.until;
}

}  // namespace broadcaster::plan
