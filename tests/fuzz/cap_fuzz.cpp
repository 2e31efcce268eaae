// A CAP file may hold anything: reading gives alerts or errors with a place. What reads well is written where CAP can
// say it, valid by the standard's tables, and read again it is the same alert without a repair.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "broadcaster/alert/cap/draft.hpp"
#include "broadcaster/alert/cap/read.hpp"
#include "broadcaster/alert/cap/schema.hpp"
#include "broadcaster/alert/cap/signature.hpp"
#include "broadcaster/alert/cap/write.hpp"
#include "broadcaster/alert/cap/xml.hpp"

namespace alert = broadcaster::alert;
namespace cap = broadcaster::alert::cap;

namespace {

void check_round_trip(const alert::Alert& read) {
  const auto written = cap::write_cap(read);
  if (!written) {
    if (written.error().empty()) std::abort();
    return;
  }
  const auto root = cap::parse_xml(*written, "g.xml");
  if (!root || !cap::schema_faults(*root).empty()) std::abort();
  const auto again = cap::read_cap(*root, "g.xml");
  if (!again || again->size() != 1 || again->front().alert != read) std::abort();
}

void check_draft(const alert::Alert& read) {
  static const alert::Agency agency = [] {
    alert::Agency a;
    a.sender = "a";
    a.languages = {alert::Language("en")};
    return a;
  }();
  static const alert::Zones zones = [] {
    alert::Zone zone;
    zone.id = alert::ZoneId("z");
    zone.polygons = {{{0, 179}, {0, -179}, {1, 180}, {0, 179}}};
    return alert::Zones({zone});
  }();
  static const std::vector<std::string> hazards{"tsunami", "flood"};
  const broadcaster::base::WallTime now(std::chrono::seconds(1'800'000'000));
  const auto draft = cap::draft_of(read, {agency, zones, hazards, now});
  if (!draft && draft.error().text.id.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto read = cap::read_cap(text, "f.xml");
  if (!read) {
    if (read.error().empty()) std::abort();
    for (const auto& error : read.error())
      if (!error.place || error.place->file != "f.xml") std::abort();
    return 0;
  }
  // Nobody is pinned, so nothing is ever believed, whatever its signature looks like.
  if (cap::verified(text, "f.xml", {})) std::abort();
  for (const auto& one : *read) {
    check_round_trip(one.alert);
    check_draft(one.alert);
  }
  return 0;
}
