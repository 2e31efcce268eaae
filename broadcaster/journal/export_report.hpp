// The report of an export: one self-contained page that a judge reads, from facts that were gathered while the files
// were written. Pure; thread rule: plain values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "broadcaster/base/clock_state.hpp"
#include "broadcaster/journal/chain.hpp"

namespace broadcaster::journal {

/// A message as it went out, byte for byte.
struct SaidMessage {
  plan::EndpointName endpoint;
  std::string channel;
  std::string destination;
  alert::Language language;
  alert::ZoneId zone;
  std::string form;
  std::string text;  ///< of a siren: what it was told, as canonical JSON
  std::string sha256;
};

/// An entry of the record that a reader of the course of events wants to see.
struct CourseLine {
  std::string at;  ///< UTC
  std::int64_t seq = 0;
  std::string kind;
  std::string note;  ///< JSON
};

struct ExportFacts {
  std::string language = "en";
  std::string time_zone;       ///< IANA; empty: UTC alone
  std::string time_zone_name;  ///< as people say it
  alert::Mode mode = alert::Mode::drill;
  AlertStatus status;
  std::optional<plan::Plan> plan;              ///< what went out; nullopt: this program cannot read it
  std::map<std::string, std::string> persons;  ///< names by id
  std::vector<SaidMessage> said;
  std::string numbers;  ///< "hashed", "clear"
  std::string exported_at;
  std::string exported_by;
  base::ClockState clock;  ///< at the export

  // Counted on the way.
  std::map<plan::EndpointName, std::map<std::string, std::int64_t>> outcomes;
  /// Endpoint, outcome, why: of what was not accepted at once.
  std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> reasons;
  std::map<plan::EndpointName, std::map<std::string, std::int64_t>> evidence;  ///< by kind
  std::vector<EvidenceLine> differences;                                       ///< read_back_differs
  std::vector<CourseLine> course;
  Chain chain;                      ///< as far as it is right
  std::optional<base::Text> wrong;  ///< what is wrong behind it
};

std::string export_report(const ExportFacts& facts);

}  // namespace broadcaster::journal
