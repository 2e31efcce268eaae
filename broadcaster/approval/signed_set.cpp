#include "broadcaster/approval/signed_set.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "broadcaster/alert/json_fields.hpp"
#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/base/canonical_json.hpp"

namespace broadcaster::approval {

namespace json = boost::json;

namespace {

constexpr std::int64_t format = 1;
constexpr std::size_t most_sets = 10'000, most_signatures = 100;
constexpr std::size_t most_bytes = 64 << 20;

std::unexpected<base::Error> refused(base::Text text, const std::string& file) {
  return std::unexpected(base::Error{base::ErrorKind::refused, std::move(text), base::Place{file, 0, 0}, {}});
}

json::object object_of(const SetDigests& texts) {
  json::object out;
  for (const auto& [name, text] : texts) out[name] = text;
  return out;
}

/// The names of the set's files alone.
SetDigests texts_at(alert::JsonFields& fields, std::string_view key) {
  SetDigests out;
  fields.child(key);  // required
  fields.each_text(key, [&](const std::string& name, const std::string& text) {
    if (std::ranges::find(set_files, name) == set_files.end())
      fields.complain(key, {"approval.set_file_unknown", {{"file", name}}});
    out[name] = text;
  });
  return out;
}

PolicySet set_from_json(const json::value& value, const std::string& path, const std::string& file,
                        base::Errors& errors) {
  alert::JsonFields fields(value, path, file, errors);
  PolicySet out;
  out.number = fields.whole("number", 1, most_sets);
  const auto date = base::parse_utc(fields.text("date"));
  if (date)
    out.date = *date;
  else
    fields.complain("date", date.error().text);
  out.previous = fields.maybe_text("previous").value_or("");
  out.files = texts_at(fields, "files");
  out.people = fields.text("people");
  fields.child("signatures");  // required, empty or not
  fields.each("signatures", [&](const json::value& item, const std::string& where) {
    if (out.signatures.size() < most_signatures)
      out.signatures.push_back(signature_from_json(item, where, file, errors));
    else if (errors.empty())
      fields.complain("signatures", {"approval.too_many_signatures", {{"limit", std::int64_t{most_signatures}}}});
  });
  return out;
}

/// Numbers, digests and texts agree; whoever edits one of them by hand must edit what people have signed.
bool agrees(const SignedSet& set) {
  if (set.sets.empty() || digests_of(set.texts) != set.last().files) return false;
  std::int64_t number = 0;
  std::string previous;
  for (const auto& one : set.sets) {
    const auto people = one.files.find(people_file);
    if (one.number != ++number || one.previous != previous || people == one.files.end() ||
        people->second != base::hex(base::sha256(one.people)))
      return false;
    previous = base::hex(digest(one));
  }
  return true;
}

}  // namespace

SetDigests digests_of(const SetTexts& texts) {
  SetDigests out;
  for (const auto& [name, text] : texts) out[name] = base::hex(base::sha256(text));
  return out;
}

base::Digest digest(const PolicySet& set) {
  return base::sha256(base::canonical_json(json::object{{"number", set.number},
                                                        {"date", base::format_utc(set.date)},
                                                        {"previous", set.previous},
                                                        {"files", object_of(set.files)}}));
}

SignedSet next_set(const SignedSet* before, SetTexts texts, base::WallTime now) {
  SignedSet out;
  if (before) out.sets = before->sets;
  PolicySet next{.number = before ? before->last().number + 1 : 1,
                 .date = now,
                 .previous = before ? before->digest() : std::string(),
                 .files = digests_of(texts),
                 .people = {},
                 .signatures = {}};
  if (const auto people = texts.find(people_file); people != texts.end()) next.people = people->second;
  out.sets.push_back(std::move(next));
  out.texts = std::move(texts);
  return out;
}

base::Result<SignedSet> parse_signed_set(const std::string& text, const std::string& file) {
  const auto value = base::parse_json(text, file, most_bytes);
  if (!value) return std::unexpected(value.error());
  if (const auto* object = value->if_object())
    if (const auto* found = object->if_contains("format"); found && found->is_int64() && found->get_int64() > format)
      return refused({"approval.set_newer", {{"format", found->get_int64()}, {"known", format}}}, file);
  base::Errors errors;
  SignedSet out;
  {
    alert::JsonFields fields(*value, "", file, errors);
    fields.whole("format", format, format);
    fields.child("sets");  // required
    fields.each("sets", [&](const json::value& item, const std::string& path) {
      if (out.sets.size() < most_sets) out.sets.push_back(set_from_json(item, path, file, errors));
    });
    out.texts = texts_at(fields, "texts");
  }
  if (!errors.empty()) return std::unexpected(std::move(errors.front()));
  if (!agrees(out)) return refused({"approval.set_damaged", {}}, file);
  return out;
}

std::string signed_set_json(const SignedSet& set) {
  json::array sets;
  for (const auto& one : set.sets) {
    json::array signatures;
    for (const auto& signature : one.signatures) signatures.push_back(to_json(signature));
    json::object object{{"number", one.number},
                        {"date", base::format_utc(one.date)},
                        {"files", object_of(one.files)},
                        {"people", one.people},
                        {"signatures", std::move(signatures)}};
    if (!one.previous.empty()) object["previous"] = one.previous;
    sets.push_back(std::move(object));
  }
  // Not canonical JSON: that brings texts into normal form C, and the files stay as they were.
  return json::serialize(json::object{{"format", format}, {"sets", std::move(sets)}, {"texts", object_of(set.texts)}}) +
         "\n";
}

base::Result<SetSigners> weigh_set(const SignedSet& set, std::size_t index, base::WallTime now) {
  const auto& judged = set.sets.at(index);
  const auto people = parse_people(set.sets.at(index == 0 ? 0 : index - 1).people, std::string(people_file));
  if (!people) return std::unexpected(people.error().front());
  SetSigners out;
  out.signatures = weigh(judged.signatures, *people,
                         {.role = Role::approver,
                          .mode = alert::Mode::live,
                          .digest = digest(judged),
                          .author = {},
                          .now = now,
                          .over = Over::policy_set});
  out.have = counted(out.signatures);
  out.needed = people->signatures_needed_of_set();
  return out;
}

std::vector<Signature> counting(const SetSigners& signers) {
  std::vector<Signature> out;
  for (const auto& verdict : signers.signatures)
    if (!verdict.doubt || verdict.doubt == Doubt::future) out.push_back(verdict.signature);
  return out;
}

std::vector<FileChange> changes(const SetDigests& from, const SetDigests& to) {
  std::vector<FileChange> out;
  for (const auto name : set_files) {
    const auto before = from.find(name), after = to.find(name);
    if (before == from.end() && after == to.end()) continue;
    if (before == from.end())
      out.push_back({FileChange::How::added, std::string(name)});
    else if (after == to.end())
      out.push_back({FileChange::How::removed, std::string(name)});
    else if (before->second != after->second)
      out.push_back({FileChange::How::changed, std::string(name)});
  }
  return out;
}

}  // namespace broadcaster::approval
