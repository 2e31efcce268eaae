#include "broadcaster/plan/plan_json.hpp"

#include <boost/json.hpp>

#include "broadcaster/base/canonical_json.hpp"

namespace broadcaster::plan {
namespace {

std::unexpected<base::Error> fail(base::ErrorKind kind, base::Text text, const std::string& file) {
  return std::unexpected(
      base::Error{.kind = kind, .text = std::move(text), .place = base::Place{file, 0, 0}, .key = {}});
}

/// The format is looked at before anything else: a newer one may have other keys.
std::optional<std::int64_t> format_of(const boost::json::value& value) {
  const auto* object = value.if_object();
  const auto* format = object ? object->if_contains("format") : nullptr;
  if (!format || !format->is_int64()) return std::nullopt;
  return format->get_int64();
}

}  // namespace

std::string canonical(const Plan& plan) { return base::canonical_json(to_json(plan)); }

base::Digest digest(const Plan& plan) { return base::sha256(canonical(plan)); }

base::Result<Plan> parse_plan(const std::string& canonical_text, const std::string& file) {
  const auto value = base::parse_json(canonical_text, file);
  if (!value) return std::unexpected(value.error());
  const auto format = format_of(*value);
  if (format && *format > Plan::current_format)
    return fail(base::ErrorKind::refused,
                {"plan.json_newer_format", {{"format", *format}, {"known", std::int64_t{Plan::current_format}}}}, file);
  base::Errors errors;
  auto plan = plan_from_json(*value, "", Nesting::may_hold_false_alarm, file, errors);
  if (!errors.empty()) return std::unexpected(std::move(errors.front()));
  // What is read must be what was signed, to the byte: nothing lost, nothing that two readers could take differently.
  if (canonical(plan) != canonical_text) return fail(base::ErrorKind::bad_input, {"plan.json_not_canonical", {}}, file);
  return plan;
}

}  // namespace broadcaster::plan
