#include "broadcaster/alert/sirens.hpp"

#include <algorithm>
#include <set>

#include "broadcaster/alert/wording.hpp"
#include "broadcaster/alert/yaml_values.hpp"
#include "broadcaster/base/files.hpp"

namespace broadcaster::alert {
namespace {

using base::Errors;
using base::Fields;

Siren read_siren(const base::Node& node, const std::string& path, const Zones& zones, Errors& errors) {
  Fields fields(node, path, errors);
  Siren siren;
  siren.id = SirenId(fields.text("id"));
  if (!siren.id.value.empty() && !is_id(siren.id.value))
    fields.complain("id", {"alert.bad_id", {{"found", shown(siren.id.value)}}});
  siren.zone = ZoneId(fields.text("zone"));
  if (!siren.zone.value.empty() && !zones.find(siren.zone)) fields.complain("zone", unknown_zone(siren.zone, zones));
  siren.name = fields.text("name");
  const auto position = fields.text("position");
  if (const auto point = parse_position(position))
    siren.position = *point;
  else if (!position.empty())
    fields.complain("position", {"alert.bad_position", {{"found", shown(position)}}});
  std::size_t i = 0;
  for (const auto& heard : fields.maybe_texts("heard_in")) {
    siren.heard_in.emplace_back(heard);
    if (!zones.find(siren.heard_in.back()))
      fields.complain("heard_in[" + std::to_string(i) + "]", unknown_zone(siren.heard_in.back(), zones));
    ++i;
  }
  return siren;
}

}  // namespace

std::vector<ZoneId> zones_in_hearing(const std::vector<Siren>& sirens, const std::vector<std::string>& sounding,
                                     const Zones& zones) {
  std::set<ZoneId> heard;
  for (const auto& siren : sirens) {
    if (std::ranges::find(sounding, siren.id.value) == sounding.end()) continue;
    heard.insert(siren.zone);
    heard.insert(siren.heard_in.begin(), siren.heard_in.end());
  }
  std::vector<ZoneId> out;
  for (const auto& zone : zones.all())
    if (heard.contains(zone.id)) out.push_back(zone.id);
  return out;
}

base::Checked<std::vector<Siren>> parse_sirens(const std::string& text, const std::string& file, const Zones& zones) {
  auto root = base::parse_yaml(text, file);
  if (!root) return std::unexpected(root.error());
  normalise(*root);
  Errors errors;
  std::vector<Siren> sirens;
  std::set<SirenId> seen;
  {
    Fields fields(*root, "", errors);
    const auto* list = fields.child("sirens");
    if (list && list->kind != base::Node::Kind::list)
      unexpected_node(errors, *list, "sirens", "alert.expected_list");
    else if (list)
      each_of(*list, "sirens", [&](const base::Node& node, const std::string& path) {
        auto siren = read_siren(node, path, zones, errors);
        if (!siren.id.value.empty() && !seen.insert(siren.id).second)
          wrong_node(errors, node, path + ".id", {"alert.siren_twice", {{"siren", shown(siren.id.value)}}});
        sirens.push_back(std::move(siren));
      });
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return sirens;
}

base::Checked<std::vector<Siren>> read_sirens(const std::filesystem::path& path, const Zones& zones) {
  const auto text = base::read_file(path);
  if (!text) return std::unexpected(Errors{text.error()});
  return parse_sirens(*text, path.string(), zones);
}

}  // namespace broadcaster::alert
