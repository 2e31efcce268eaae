// What the tests of feeds/ share: a town, a feed that is believed, and a centre's bulletins.
#pragma once

#include <gtest/gtest.h>

#include "broadcaster/feeds/apply.hpp"
#include "tests/alert/cap/documents.hpp"

namespace broadcaster::feeds::testing {

using alert::ZoneId;
using alert::cap::testing::whole;
using alert::cap::testing::whole_with;
using alert::cap::testing::with;
using alert::testing::now;
using namespace std::chrono_literals;

inline const std::vector<std::string> hazards{"earthquake", "flood", "tsunami"};

inline const alert::Agency& agency() {
  static const alert::Agency one = [] {
    alert::Agency a;
    a.sender = "bpbd.example";
    a.languages = {alert::Language("id"), alert::Language("en")};
    a.default_language = alert::Language("en");
    return a;
  }();
  return one;
}

inline alert::Polygon box(double south, double west, double north, double east) {
  return {{south, west}, {south, east}, {north, east}, {north, west}, {south, west}};
}

/// Muara and Teluk lie where `whole` draws its area, Bukit does not.
inline const alert::Zones& map() {
  static const alert::Zones zones = [] {
    auto all = alert::testing::town().all();
    all[0].polygons = {box(-12.06, 100.04, -12.05, 100.05)};
    all[1].polygons = {box(-12.1, 100.09, -12, 100.2)};
    all[2].polygons = {box(-14, 100, -13, 101)};
    return alert::Zones(std::move(all));
  }();
  return zones;
}

inline Context context(alert::Mode mode = alert::Mode::live, base::WallTime at = now) {
  return {agency(), map(), hazards, mode, at};
}

inline Feed feed(const std::string& name = "inatews") {
  Feed out;
  out.name = name;
  out.mode = alert::Mode::live;
  out.url = "https://centre.example/cap.atom";
  out.kind = Kind::atom;
  out.senders = {"inatews.example"};
  out.signature = Feed::Signature::not_required;
  return out;
}

/// The first alert of a document as it came.
inline Bulletin bulletin(const std::string& text, Trust trust = Trust::unsigned_, const std::string& signer = {}) {
  auto read = alert::cap::testing::read_one(text);
  return {std::move(read.alert), std::move(read.notes), trust, signer};
}

/// `whole` as a first bulletin, which refers to nothing.
inline const std::string first =
    with(with(whole, "<msgType>Update</msgType>", "<msgType>Alert</msgType>"),
         "  <references>inatews.example,bmkg-2026-1124-00,2026-11-24T09:05:00+07:00</references>\n", "");
/// The same without the line that only a whole document has.
inline const std::string first_inside = first.substr(first.find("<alert"));
inline std::string first_with(const std::string& from, const std::string& to) { return with(first, from, to); }

/// The text of a refusal or a question, in English; else what was decided.
inline std::string said(const Decision& decision) {
  const auto text = why(decision);
  const auto word = std::string(word_for(decision));
  return text ? word + ": " + base::Catalogue::of("en").say(*text) : word;
}

/// Decides, and keeps what became of it, as an owner does.
inline Decision take(Known& known, const Bulletin& bulletin, const Feed& from, const Context& at = context()) {
  auto decision = decide(bulletin, from, known, at);
  auto matters = matters_after(decision, bulletin, from, known, at);
  remember(known, from.name, key_of(name_of(bulletin.alert)), matters.empty() ? "" : matters.front().id, at.now,
           content_of(bulletin));
  foretell(known, bulletin, from, at);
  for (auto& matter : matters) known.matters.insert_or_assign(matter.id, matter);
  return decision;
}

inline std::vector<std::string> zones_of(const alert::Alert& alert) {
  std::vector<std::string> out;
  for (const auto& order : alert.zones) out.push_back(order.zone.value);
  return out;
}

}  // namespace broadcaster::feeds::testing
