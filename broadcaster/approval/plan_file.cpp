#include "broadcaster/approval/plan_file.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "broadcaster/alert/json_fields.hpp"
#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/file_lock.hpp"
#include "broadcaster/base/files.hpp"

namespace broadcaster::approval {

namespace json = boost::json;

namespace {

constexpr std::int64_t format = 2;
constexpr std::size_t max_signatures = 100;  // each costs time to verify
constexpr std::int64_t largest_whole = (std::int64_t{1} << 53) - 1;

/// Whether it has a canonical form: whole numbers of at most 53 bits only. What people edit may hold anything.
bool has_canonical_form(const json::value& value) {
  switch (value.kind()) {
    case json::kind::double_:
      return false;
    case json::kind::uint64:
      return value.get_uint64() <= static_cast<std::uint64_t>(largest_whole);
    case json::kind::int64:
      return value.get_int64() <= largest_whole && value.get_int64() >= -largest_whole;
    case json::kind::array:
      return std::ranges::all_of(value.get_array(), has_canonical_form);
    case json::kind::object:
      return std::ranges::all_of(value.get_object(),
                                 [](const auto& entry) { return has_canonical_form(entry.value()); });
    case json::kind::null:
    case json::kind::bool_:
    case json::kind::string:
      return true;
  }
  return false;
}

std::unexpected<base::Error> other_format(std::int64_t found, const std::string& file) {
  const std::string why = found > format ? "approval.plan_file_newer" : "approval.plan_file_older";
  return std::unexpected(base::Error{.kind = base::ErrorKind::refused,
                                     .text = {why, {{"format", found}, {"known", format}}},
                                     .place = base::Place{file, 0, 0},
                                     .key = "format"});
}

}  // namespace

SignedPlan unsigned_plan(plan::Plan plan) {
  auto bytes = plan::canonical(plan);
  return {.plan = std::move(plan), .canonical = std::move(bytes), .signatures = {}};
}

base::Digest digest(const SignedPlan& signed_plan) { return base::sha256(signed_plan.canonical); }

base::Result<SignedPlan> parse_plan_file(const std::string& text, const std::string& file) {
  const auto value = base::parse_json(text, file);
  if (!value) return std::unexpected(value.error());
  // Looked at first: a file of another format may have other keys.
  if (const auto* object = value->if_object())
    if (const auto* found = object->if_contains("format"); found && found->is_int64() && found->get_int64() != format)
      return other_format(found->get_int64(), file);

  base::Errors errors;
  SignedPlan out;
  {
    alert::JsonFields fields(*value, "", file, errors);
    fields.whole("format", format, format);
    if (const auto* plan = fields.child("plan")) {
      if (has_canonical_form(*plan))
        out.canonical = base::canonical_json(*plan);
      else
        fields.complain("plan", {"approval.plan_whole_numbers", {}});
    }
    fields.child("signatures");  // required, empty or not
    fields.each("signatures", [&](const json::value& item, const std::string& path) {
      if (out.signatures.size() < max_signatures)
        out.signatures.push_back(signature_from_json(item, path, file, errors));
      else if (errors.empty())
        fields.complain("signatures", {"approval.too_many_signatures", {{"limit", std::int64_t{max_signatures}}}});
    });
  }
  if (!errors.empty()) return std::unexpected(std::move(errors.front()));
  auto plan = plan::parse_plan(out.canonical, file);
  if (!plan) return std::unexpected(plan.error());
  out.plan = std::move(*plan);
  return out;
}

base::Result<SignedPlan> read_plan_file(const std::filesystem::path& path) {
  const auto text = base::read_file(path);
  if (!text) return std::unexpected(text.error());
  return parse_plan_file(*text, path.string());
}

std::string plan_file_text(const SignedPlan& signed_plan) {
  json::array signatures;
  for (const auto& signature : signed_plan.signatures) signatures.push_back(to_json(signature));
  return R"({"format":2,"plan":)" + signed_plan.canonical + R"(,"signatures":)" + base::canonical_json(signatures) +
         "}\n";
}

base::Result<void> write_plan_file(const std::filesystem::path& path, const SignedPlan& signed_plan) {
  return base::write_file(path, plan_file_text(signed_plan));
}

base::Result<SignedPlan> change_plan_file(const std::filesystem::path& path,
                                          const std::function<base::Result<void>(SignedPlan&)>& change) {
  const auto lock = base::FileLock::of(path);
  if (!lock) return std::unexpected(lock.error());
  auto plan = read_plan_file(path);
  if (!plan) return plan;
  if (auto changed = change(*plan); !changed) return std::unexpected(changed.error());
  if (auto written = write_plan_file(path, *plan); !written) return std::unexpected(written.error());
  return plan;
}

}  // namespace broadcaster::approval
