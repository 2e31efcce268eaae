// Alerts by chance, for tests of properties.
#pragma once

#include <random>

#include "broadcaster/alert/cap_rules.hpp"
#include "broadcaster/base/unicode.hpp"
#include "tests/alert/support.hpp"

namespace broadcaster::alert::testing {

/// Valid alerts of every shape, the same for a seed.
class Maker {
 public:
  /// `written`: texts of what a file may hold, which has no control characters; `carried`: of what every format can
  /// hold, where white space around a text is no part of it in XML.
  enum class Texts { any, written, carried };
  explicit Maker(unsigned seed, Texts texts = Texts::any) : texts_(texts), random_(seed) {}

  Alert alert() {
    Alert a;
    if (coin()) a.identifier = "TP" + std::to_string(below(100));
    if (coin()) a.sender = "bpbd.example";
    if (coin()) a.sent = time(-3600, 0);
    a.status = pick<Status>();
    a.type = pick<MessageType>();
    a.scope = pick<Scope>();
    a.source = maybe_text();
    if (a.scope == Scope::restricted) a.restriction = maybe_text();
    if (a.scope == Scope::private_) a.addresses = "a@b.example \"Wali Kota\"";
    for (auto i = below(3); i > 0; --i) a.codes.push_back(text());
    a.note = text();
    if (a.type != MessageType::alert)
      for (auto i = 1 + below(3); i > 0; --i)
        a.references.push_back({"other.example", "X" + std::to_string(i), "2026-11-23T09:00:00+07:00"});
    a.incidents = coin() ? "gempa-1" : "";
    const bool alike = coin();
    const auto count = needs_info(a.type) ? 1 + below(3) : below(3);
    for (std::uint64_t i = 0; i < count; ++i) {
      a.infos.push_back(alike && i > 0 ? a.infos[0] : info());
      a.infos.back().language = Language(coin() || alike ? "l" + std::string(1, static_cast<char>('a' + i)) : "en");
      if (alike && coin()) a.infos.back().event = text();
    }
    a.hazard = coin() ? "tsunami" : "";
    a.level = maybe_text();
    for (const auto* id : {"muara", "teluk", "zone-3"})
      if (coin() || a.zones.empty()) a.zones.push_back({ZoneId(id), maybe_time()});
    if (coin()) a.confirmation = text();
    if (coin())
      for (auto& order : a.zones) order.ending = pick<Ending>();
    for (auto i = below(3); i > 0; --i) a.slots.push_back({"slot " + std::to_string(i), text()});
    return a;
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  bool coin() { return below(2) == 0; }

  template <class E>
  E pick() {
    return choices<E>()[below(choices<E>().size())].second;
  }
  template <class E>
  std::vector<E> some(std::size_t least) {
    std::vector<E> out;
    for (const auto& [name, value] : choices<E>())
      if (below(4) == 0) out.push_back(value);
    if (out.size() < least) out.push_back(pick<E>());
    return out;
  }

  std::string text() {
    static const std::string pieces[] = {"Muara", " ", "\"", "\\",   "\n",   "\t",   ": ",   "#",   "'",   "{",
                                         "]",     ",", "é",  "日本", "null", "-",    "0",    "1e5", "+3h", "~",
                                         "!",     "&", "*",  "%",    "@",    "\x01", "\x7f", "🌊"};
    std::string out;
    for (auto i = 1 + below(6); i > 0; --i) out += pieces[below(std::size(pieces))];
    if (texts_ != Texts::any) out = base::without_hidden_characters(out);
    if (texts_ == Texts::carried) out = "(" + out + ")";
    if (out.empty()) out = "~";
    return base::nfc(out);
  }
  std::string maybe_text() { return coin() ? text() : ""; }
  base::WallTime time(int from, int to) {
    return now + std::chrono::seconds(from + static_cast<int>(below(static_cast<std::uint64_t>(to - from))));
  }
  std::optional<base::WallTime> maybe_time() {
    if (coin()) return std::nullopt;
    return time(1, 3600);
  }
  std::vector<NamedValue> named() {
    std::vector<NamedValue> out;
    for (auto i = below(4); i > 0; --i) out.push_back({coin() ? "A" : text(), text()});
    return out;
  }
  double degrees(double limit) { return (static_cast<double>(random_()) / 4294967295.0 * 2 - 1) * limit; }
  Point point() { return {degrees(90), degrees(180)}; }

  Area area() {
    Area a;
    a.description = text();
    for (auto i = below(3); i > 0; --i) {
      const auto first = point();
      a.polygons.push_back({first, point(), point(), first});
    }
    for (auto i = below(3); i > 0; --i) a.circles.push_back({point(), static_cast<double>(below(1000)) / 8});
    a.geocodes = named();
    if (coin()) a.altitude_feet = static_cast<double>(below(1000)) / 7;
    if (a.altitude_feet && coin()) a.ceiling_feet = *a.altitude_feet + 1;
    return a;
  }

  Resource resource() {
    Resource r;
    r.description = text();
    r.mime_type = "image/png";
    if (coin()) r.size_bytes = coin() ? max_size : static_cast<std::int64_t>(below(1000));
    if (coin()) r.uri = "https://bpbd.example/map.png";
    if (coin()) r.deref_uri = "QUJD";
    r.digest = coin() ? "ab12" : "";
    return r;
  }

  Info info() {
    Info i;
    i.categories = some<Category>(1);
    i.event = text();
    i.responses = some<ResponseType>(0);
    i.urgency = pick<Urgency>();
    i.severity = pick<Severity>();
    i.certainty = pick<Certainty>();
    i.audience = maybe_text();
    i.event_codes = named();
    i.effective = maybe_time();
    i.onset = maybe_time();
    i.expires = time(3600, 100000);
    i.sender_name = maybe_text();
    i.headline = maybe_text();
    i.description = maybe_text();
    i.instruction = maybe_text();
    i.web = coin() ? "https://bpbd.example" : "";
    i.contact = maybe_text();
    i.parameters = named();
    for (auto n = below(3); n > 0; --n) i.resources.push_back(resource());
    for (auto n = below(3); n > 0; --n) i.areas.push_back(area());
    return i;
  }

  Texts texts_;
  std::mt19937 random_;
};

}  // namespace broadcaster::alert::testing
