#include "broadcaster/approval/signed_file.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "broadcaster/alert/json_fields.hpp"
#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/base/canonical_json.hpp"

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

base::Result<SignedText> parse_signed_file(const std::string& text, const std::string& file, std::string_view key) {
  const auto value = base::parse_json(text, file);
  if (!value) return std::unexpected(value.error());
  // Looked at first: a file of another format may have other keys.
  if (const auto* object = value->if_object())
    if (const auto* found = object->if_contains("format"); found && found->is_int64() && found->get_int64() != format)
      return other_format(found->get_int64(), file);

  base::Errors errors;
  SignedText out;
  {
    alert::JsonFields fields(*value, "", file, errors);
    fields.whole("format", format, format);
    if (const auto* content = fields.child(key)) {
      if (has_canonical_form(*content))
        out.canonical = base::canonical_json(*content);
      else
        fields.complain(key, {"approval.plan_whole_numbers", {}});
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
  return out;
}

std::string signed_file_text(std::string_view key, const std::string& canonical,
                             const std::vector<Signature>& signatures) {
  json::array list;
  for (const auto& signature : signatures) list.push_back(to_json(signature));
  return R"({"format":2,")" + std::string(key) + R"(":)" + canonical + R"(,"signatures":)" +
         base::canonical_json(list) + "}\n";
}

}  // namespace broadcaster::approval
