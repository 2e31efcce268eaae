// Alert files. Keys are CAP's element names; hazard, level, zones, slots and languages are ours.
//
//   status: Exercise                 # what can be left out: msgType (Alert), scope (Public), identifier, sent, sender
//   hazard: tsunami
//   languages: [id, en]              # one info for each; or a list `info:` with a map a language
//   zones: [muara, {zone: teluk, onset: +25m}]
//   category: Geo                    # what all infos share stands at the top; an info's own value wins
//   event: {id: Tsunami, en: Tsunami}  # texts may differ by language
//   onset: +20m                      # from `now`; a CAP time with offset is fine too
//   expires: +3h
//   slots: {arrival: "02.35"}
//   confirmation: "BMKG 06.31 WIB"   # an all-clear: who says that it is over; then every zone has an answer:
//   zones: [{zone: muara, return: may_return}, {zone: teluk, return: not_yet}]
//
// category, responseType, code: one or a list. eventCode, parameter, geocode: {name: value, name: [value, value]} or a
// list of {valueName, value}. polygon: "lat,lon lat,lon …", circle: "lat,lon radius", one or a list, as in CAP.
// references: "sender,identifier,sent", one text or a list. language is required: CAP's default (en-US) would be a
// guess. Thread rule: pure functions; read_alert blocks on the disk.
#pragma once

#include <filesystem>
#include <string>

#include "broadcaster/alert/zones.hpp"
#include "broadcaster/base/yaml.hpp"

namespace broadcaster::alert {

struct ReadContext {
  base::WallTime now;            ///< what "+3h" counts from, and what must not be past for `expires`
  const Zones* zones = nullptr;  ///< zone ids are checked against these; nullptr: not checked
};

/// All mistakes at once, each with file, line, column and key.
base::Checked<Alert> read_alert(const std::filesystem::path& path, const ReadContext& context);
base::Checked<Alert> parse_alert(const std::string& text, const std::string& file, const ReadContext& context);

/// Of a file that holds more than the alert: the caller has taken the rest out of `root`.
base::Checked<Alert> alert_from_yaml(base::Node root, const ReadContext& context);

/// The shortest form that parse_alert reads back as the same alert (times have whole seconds there, and texts none of
/// the characters that no file may hold: base/unicode.hpp).
std::string write_alert(const Alert& alert);

}  // namespace broadcaster::alert
