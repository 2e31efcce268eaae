// One info element (with its areas and resources) out of YAML: used by alert_yaml.cpp only.
//
// The same keys stand at the top of the file (shared by all infos) and in an info of its own, so reading is "overlay
// what this map says". Thread rule: plain functions.
#pragma once

#include <map>
#include <string>

#include "broadcaster/alert/alert.hpp"
#include "broadcaster/base/yaml.hpp"

namespace broadcaster::alert {

/// Where an element of the model was written: cap_faults speaks of "info[1].expires", the file may say "expires".
struct Written {
  std::string key;
  base::Place place;
};

struct YamlReading {
  base::WallTime now;
  base::Errors errors;
  std::map<std::string, Written> written;  ///< by the path in the model
};

/// Overlays `info` (at `model_path`, as "info[1]") with what `fields` says. At the top of the file texts may be maps by
/// language; `languages` are those that may stand there, empty within an info.
void overlay_info(YamlReading& reading, base::Fields& fields, const std::string& model_path,
                  const std::vector<Language>& languages, Info& info);

/// "+20m" from now, or a CAP time.
std::optional<base::WallTime> node_time(YamlReading& reading, const base::Node& node, const std::string& path);

}  // namespace broadcaster::alert
