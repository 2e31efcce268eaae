// Who speaks: config/agency.yaml.
//
//   id, names {lang: text}, short_name, sender (CAP), languages [lang], default_language, time_zone (IANA),
//   time_zone_names {IANA: "WIB"}, code_prefix {live, drill}, web.
// Thread rule: plain values.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "broadcaster/alert/vocabulary.hpp"
#include "broadcaster/base/error.hpp"

namespace broadcaster::alert {

struct Agency {
  std::string id;
  std::map<std::string, std::string> names;            ///< by language, one for each of `languages`
  std::string short_name;                              ///< how short messages begin: "BPBD Tirtapura"
  std::string sender;                                  ///< CAP sender: no space, comma, < or &
  std::vector<Language> languages;                     ///< what it speaks to the public, most important first
  Language default_language;                           ///< one of `languages`; what officers read
  std::string time_zone;                               ///< IANA
  std::map<std::string, std::string> time_zone_names;  ///< what people call a zone's time: "WIB"
  std::string live_code_prefix;  ///< capital letters, as "TP"; the two differ, so that a code tells the mode
  std::string drill_code_prefix;
  std::string web;  ///< empty, or absolute
  bool operator==(const Agency&) const = default;

  const std::string& code_prefix(Mode mode) const;
  /// Falls back to the IANA name where people have none.
  const std::string& time_zone_name(const std::string& iana) const;
  /// In the default language where there is none in `language`.
  const std::string& name_in(const Language& language) const;
};

/// Errors with file, line and column.
base::Checked<Agency> read_agency(const std::filesystem::path& path);
base::Checked<Agency> parse_agency(const std::string& text, const std::string& file);

}  // namespace broadcaster::alert
