#include "broadcaster/alert/agency.hpp"

#include <algorithm>

#include "broadcaster/alert/cap_rules.hpp"
#include "broadcaster/alert/wording.hpp"
#include "broadcaster/alert/yaml_values.hpp"
#include "broadcaster/base/files.hpp"
#include "broadcaster/base/time_zone.hpp"

namespace broadcaster::alert {
namespace {

using base::Errors;
using base::Fields;

void read_languages(Fields& fields, Agency& agency) {
  for (const auto& language : fields.texts("languages")) {
    if (!is_language(language))
      fields.complain("languages", {"alert.bad_language", {{"found", shown(language)}}});
    else if (std::ranges::find(agency.languages, Language(language)) != agency.languages.end())
      fields.complain("languages", {"alert.language_twice", {{"language", shown(language)}}});
    else
      agency.languages.emplace_back(language);
  }
  agency.default_language = Language(fields.text("default_language"));
  if (!agency.languages.empty() && !agency.default_language.value.empty() &&
      std::ranges::find(agency.languages, agency.default_language) == agency.languages.end())
    fields.complain("default_language", {"alert.not_a_language", {{"found", shown(agency.default_language.value)}}});
}

void read_names(Fields& fields, Errors& errors, Agency& agency) {
  const auto* names = fields.child("names");
  if (!names) return;
  for (auto& [language, name] : node_texts(errors, *names, fields.path_of("names")))
    agency.names.emplace(language, name);
  for (const auto& language : agency.languages)
    if (names->kind == base::Node::Kind::map && !names->find(language.value))
      wrong_node(errors, *names, fields.path_of("names." + language.value),
                 {"base.missing", {{"expected", base::Key{"base.expected_text"}}}});
}

void read_time_zones(Fields& fields, Errors& errors, Agency& agency) {
  agency.time_zone = fields.text("time_zone");
  if (!agency.time_zone.empty() && !base::known_time_zone(agency.time_zone))
    fields.complain("time_zone", {"alert.bad_time_zone", {{"found", shown(agency.time_zone)}}});
  const auto* names = fields.maybe_child("time_zone_names");
  if (!names) return;
  for (auto& [zone, name] : node_texts(errors, *names, "time_zone_names")) {
    if (!base::known_time_zone(zone))
      fields.complain("time_zone_names", {"alert.bad_time_zone", {{"found", shown(zone)}}});
    agency.time_zone_names.emplace(zone, name);
  }
}

std::string read_prefix(Fields& fields, std::string_view key) {
  auto prefix = fields.text(key);
  const bool fine = prefix.size() <= 4 && std::ranges::all_of(prefix, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!fine) fields.complain(key, {"alert.bad_code_prefix", {{"found", shown(prefix)}}});
  return prefix;
}

void read_prefixes(Fields& fields, Errors& errors, Agency& agency) {
  const auto* node = fields.child("code_prefix");
  if (!node) return;
  Fields prefix(*node, fields.path_of("code_prefix"), errors);
  agency.live_code_prefix = read_prefix(prefix, "live");
  agency.drill_code_prefix = read_prefix(prefix, "drill");
  if (!agency.live_code_prefix.empty() && agency.live_code_prefix == agency.drill_code_prefix)
    prefix.complain("drill", {"alert.code_prefix_twice", {}});
}

}  // namespace

const std::string& Agency::code_prefix(Mode mode) const {
  return mode == Mode::live ? live_code_prefix : drill_code_prefix;
}

const std::string& Agency::time_zone_name(const std::string& iana) const {
  const auto at = time_zone_names.find(iana);
  return at == time_zone_names.end() ? iana : at->second;
}

const std::string& Agency::name_in(const Language& language) const {
  const auto at = names.find(language.value);
  return at == names.end() ? names.at(default_language.value) : at->second;
}

base::Checked<Agency> parse_agency(const std::string& text, const std::string& file) {
  auto root = base::parse_yaml(text, file);
  if (!root) return std::unexpected(root.error());
  normalise(*root);
  Errors errors;
  Agency agency;
  {
    Fields fields(*root, "", errors);
    agency.id = fields.text("id");
    if (!agency.id.empty() && !is_id(agency.id)) fields.complain("id", {"alert.bad_id", {{"found", shown(agency.id)}}});
    read_languages(fields, agency);
    read_names(fields, errors, agency);
    agency.short_name = fields.text("short_name");
    agency.sender = fields.text("sender");
    if (!is_cap_name(agency.sender))
      fields.complain("sender", {"alert.bad_cap_name", {{"found", shown(agency.sender)}}});
    read_time_zones(fields, errors, agency);
    read_prefixes(fields, errors, agency);
    agency.web = fields.maybe_text("web").value_or("");
    if (!agency.web.empty() && !is_absolute_uri(agency.web))
      fields.complain("web", {"alert.uri_relative", {{"found", shown(agency.web)}}});
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return agency;
}

base::Checked<Agency> read_agency(const std::filesystem::path& path) {
  const auto text = base::read_file(path);
  if (!text) return std::unexpected(Errors{text.error()});
  return parse_agency(*text, path.string());
}

}  // namespace broadcaster::alert
