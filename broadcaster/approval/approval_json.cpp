#include "broadcaster/approval/approval_json.hpp"

#include <boost/json.hpp>

#include "broadcaster/alert/json_fields.hpp"
#include "broadcaster/approval/same_login.hpp"
#include "broadcaster/base/canonical_json.hpp"

namespace broadcaster::approval {

namespace json = boost::json;

namespace {

constexpr std::size_t signature_bytes = 64;
constexpr std::pair<std::string_view, Role> roles[] = {{"author", Role::author},
                                                       {"approver", Role::approver},
                                                       {"canceller", Role::canceller},
                                                       {"duty_officer", Role::duty_officer}};
constexpr std::pair<std::string_view, Authority> authorities[] = {{"quorum", Authority::quorum},
                                                                  {"prepared", Authority::prepared},
                                                                  {"break_glass", Authority::break_glass},
                                                                  {"canceller", Authority::canceller}};
enum class What { alert, false_alarm };
constexpr std::pair<std::string_view, What> whats[] = {{"alert", What::alert}, {"false_alarm", What::false_alarm}};

/// A time as the record writes it, in milliseconds.
base::WallTime time(alert::JsonFields& fields, std::string_view key) {
  const auto text = fields.text(key);
  const auto out = base::parse_utc(text);
  if (!out && !text.empty()) fields.complain(key, out.error().text);
  return out.value_or(base::WallTime{});
}

json::value to_json(const plan::Filling& filling) {
  return {{"identifier", filling.identifier},
          {"code", filling.code},
          {"time_of_issue", base::format_utc(filling.time_of_issue)},
          {"references", filling.references},
          {"original_code", filling.original_code},
          {"original_time_of_issue", base::format_utc(filling.original_time_of_issue)}};
}

plan::Filling filling_from_json(const json::value& value, const std::string& path, const std::string& file,
                                base::Errors& errors) {
  alert::JsonFields fields(value, path, file, errors);
  return {.identifier = fields.text("identifier"),
          .code = fields.text("code"),
          .time_of_issue = time(fields, "time_of_issue"),
          .references = fields.text("references"),
          .original_code = fields.text("original_code"),
          .original_time_of_issue = time(fields, "original_time_of_issue")};
}

StoredFiring fired_from_json(const json::value& value, const std::string& file, base::Errors& errors) {
  alert::JsonFields fields(value, "fired", file, errors);
  StoredFiring out;
  out.canonical_form = fields.text("form");
  if (const auto* child = fields.child("firing")) out.firing = firing_from_json(*child, "fired.firing", file, errors);
  return out;
}

StoredRelease stored_from_json(const json::value& value, const std::string& file, base::Errors& errors) {
  alert::JsonFields fields(value, "", file, errors);
  StoredRelease out;
  out.canonical_plan = fields.text("plan");
  fields.child("signatures");  // required
  fields.each("signatures", [&](const json::value& item, const std::string& path) {
    out.signatures.push_back(signature_from_json(item, path, file, errors));
  });
  out.people_yaml = fields.text("people");
  out.authority = fields.choice("authority", base::Choices<Authority>(authorities));
  if (const auto* child = fields.child("filling"))
    out.filling = filling_from_json(*child, fields.path_of("filling"), file, errors);
  out.released_at = time(fields, "released_at");
  out.released_by = fields.text("released_by");
  out.false_alarm = fields.choice("what", base::Choices<What>(whats)) == What::false_alarm;
  out.cancellers_needed = static_cast<int>(fields.whole("cancellers_needed", 0, 2));
  if (const auto* child = fields.maybe_child("glass"))
    out.glass = glass_from_json(*child, fields.path_of("glass"), file, errors);
  if (const auto* child = fields.maybe_child("fired")) out.fired = fired_from_json(*child, file, errors);
  return out;
}

}  // namespace

json::value to_json(const Signature& signature) {
  json::object out{{"person", signature.person},
                   {"key", signature.key_id},
                   {"role", name(signature.role)},
                   {"at", base::format_utc(signature.at)},
                   {"signature", base::base64(signature.signature)}};
  if (const auto& login = signature.login)
    out["login"] =
        json::object{{"machine", login->machine}, {"session", login->session}, {"terminal", login->terminal}};
  return out;
}

namespace {

Login login_from_json(const json::value& value, const std::string& path, const std::string& file,
                      base::Errors& errors) {
  alert::JsonFields fields(value, path, file, errors);
  return {.machine = fields.text("machine"),
          .session = fields.text("session"),
          .terminal = fields.maybe_text("terminal").value_or("")};
}

}  // namespace

Signature signature_from_json(const json::value& value, const std::string& path, const std::string& file,
                              base::Errors& errors) {
  alert::JsonFields fields(value, path, file, errors);
  Signature out;
  out.person = fields.text("person");
  out.key_id = fields.text("key");
  out.role = fields.choice("role", base::Choices<Role>(roles));
  out.at = time(fields, "at");
  if (const auto* login = fields.maybe_child("login"))
    out.login = login_from_json(*login, fields.path_of("login"), file, errors);
  const auto text = fields.text("signature");
  auto bytes = base::from_base64(text);
  if (bytes && bytes->size() == signature_bytes)
    out.signature = std::move(*bytes);
  else if (!text.empty())
    fields.complain("signature", {"approval.expected_base64", {{"bytes", std::int64_t{signature_bytes}}}});
  return out;
}

json::object to_json(const Glass& glass) {
  return {{"reason", glass.reason},
          {"paged_at", base::format_utc(glass.paged_at)},
          {"signature", to_json(glass.signature)}};
}

Glass glass_from_json(const json::value& value, const std::string& path, const std::string& file,
                      base::Errors& errors) {
  alert::JsonFields fields(value, path, file, errors);
  Glass out;
  out.reason = fields.text("reason");
  out.paged_at = time(fields, "paged_at");
  if (const auto* child = fields.child("signature"))
    out.signature = signature_from_json(*child, fields.path_of("signature"), file, errors);
  return out;
}

json::object to_json(const Firing& firing) {
  json::array zones;
  for (const auto& zone : firing.zones) zones.emplace_back(zone.value);
  return {{"zones", std::move(zones)},
          {"arrival", firing.arrival ? json::value(base::format_utc(*firing.arrival)) : json::value(nullptr)},
          {"signature", to_json(firing.signature)}};
}

Firing firing_from_json(const json::value& value, const std::string& path, const std::string& file,
                        base::Errors& errors) {
  alert::JsonFields fields(value, path, file, errors);
  Firing out;
  for (auto& zone : fields.maybe_texts("zones")) out.zones.emplace_back(std::move(zone));
  if (const auto text = fields.maybe_text("arrival")) {
    const auto arrival = base::parse_utc(*text);
    if (arrival)
      out.arrival = *arrival;
    else
      fields.complain("arrival", arrival.error().text);
  }
  if (const auto* child = fields.child("signature"))
    out.signature = signature_from_json(*child, fields.path_of("signature"), file, errors);
  return out;
}

std::string to_json(const StoredRelease& stored) {
  json::array signatures;
  for (const auto& signature : stored.signatures) signatures.push_back(to_json(signature));
  // Not canonical JSON: that brings texts into normal form C, and the people file stays as it was.
  json::object out{{"plan", stored.canonical_plan},
                   {"signatures", std::move(signatures)},
                   {"people", stored.people_yaml},
                   {"authority", name(stored.authority)},
                   {"filling", to_json(stored.filling)},
                   {"released_at", base::format_utc(stored.released_at)},
                   {"released_by", stored.released_by},
                   {"what", stored.false_alarm ? "false_alarm" : "alert"},
                   {"cancellers_needed", stored.cancellers_needed}};
  // Only where there is one: every other release is written as it always was.
  if (stored.glass) out["glass"] = to_json(*stored.glass);
  if (stored.fired)
    out["fired"] = json::object{{"form", stored.fired->canonical_form}, {"firing", to_json(stored.fired->firing)}};
  return json::serialize(out);
}

base::Result<StoredRelease> stored_release_from_json(const std::string& text, const std::string& file) {
  const auto value = base::parse_json(text, file, 256 << 20);
  if (!value) return std::unexpected(value.error());
  base::Errors errors;
  auto out = stored_from_json(*value, file, errors);
  if (!errors.empty()) return std::unexpected(std::move(errors.front()));
  return out;
}

json::array same_logins_json(std::span<const Signature> signatures) {
  json::array out;
  for (const auto& same : same_logins(signatures))
    out.push_back(json::object{{"machine", same.login.machine},
                               {"session", same.login.session},
                               {"persons", json::array(same.persons.begin(), same.persons.end())}});
  return out;
}

}  // namespace broadcaster::approval
