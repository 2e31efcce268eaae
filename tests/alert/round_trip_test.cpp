// Properties: what is written reads back as the same alert, as YAML and as canonical JSON.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <random>

#include "broadcaster/alert/alert_json.hpp"
#include "broadcaster/alert/cap_rules.hpp"
#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/unicode.hpp"
#include "tests/alert/support.hpp"

namespace broadcaster::alert {
namespace {

using testing::now;
using testing::said;

/// Valid alerts of every shape, the same for a seed.
class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}

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

  std::mt19937 random_;
};

TEST(RoundTrip, AWrittenAlertReadsBackAsTheSame) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    const auto alert = Maker(seed).alert();
    ASSERT_TRUE(cap_faults(alert, now).empty()) << "the maker makes valid alerts, seed " << seed;
    const auto text = write_alert(alert);
    const auto back = parse_alert(text, "written.yaml", {.now = now, .zones = nullptr});
    ASSERT_TRUE(back) << "seed " << seed << ": " << said(back)[0] << "\n" << text;
    ASSERT_EQ(*back, alert) << "seed " << seed << "\n" << text << "\n" << write_alert(*back);
  }
}

TEST(RoundTrip, CanonicalJsonLosesNothing) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    auto alert = Maker(seed).alert();
    for (auto& info : alert.infos)
      if (info.onset) *info.onset += std::chrono::milliseconds(7);  // YAML has no parts of a second, JSON has
    const auto bytes = base::canonical_json(to_json(alert));
    const auto value = base::parse_json(bytes, "p");
    ASSERT_TRUE(value);
    const auto back = alert_from_json(*value, "p");
    ASSERT_TRUE(back) << seed << ": " << base::Catalogue::of("en").say(back.error()) << "\n" << bytes;
    ASSERT_EQ(*back, alert) << seed << "\n" << bytes;
    ASSERT_EQ(base::canonical_json(to_json(*back)), bytes);
  }
}

TEST(AlertJson, TheBytesOfAnOrder) {
  const auto alert =
      testing::parse(testing::order("onset: +20m\narea: {areaDesc: pantai, circle: \"-12.05,100 2\"}\n"));
  ASSERT_TRUE(alert);
  const std::string info =
      R"({"area":[{"areaDesc":"pantai","circle":[{"centre":["-12.05","100"],"radius_km":"2"}]}],"category":["Geo"],)"
      R"("certainty":"Likely","event":"Tsunami","expires":"2026-11-24T05:15:00.000Z","language":"LANG",)"
      R"("onset":"2026-11-24T02:35:00.000Z","responseType":["Evacuate"],"severity":"Extreme","urgency":"Immediate"})";
  auto id = info, en = info;
  id.replace(id.find("LANG"), 4, "id");
  en.replace(en.find("LANG"), 4, "en");
  EXPECT_EQ(base::canonical_json(to_json(*alert)),
            R"({"hazard":"tsunami","info":[)" + id + "," + en +
                R"(],"msgType":"Alert","note":"latihan","scope":"Public","status":"Exercise",)"
                R"("zones":[{"zone":"muara"},{"zone":"teluk"}]})");
}

TEST(AlertJson, AWrongValueIsAnErrorWithItsPath) {
  const std::string head = R"("status":"Test","msgType":"Alert","scope":"Public")";
  const std::string info = R"("language":"id","urgency":"Past","severity":"Minor","certainty":"Likely")";
  const std::vector<std::pair<std::string, std::string>> table = {
      {"[]", "p: expected keys with values, found a list"},
      {R"({"msgType":"Alert","scope":"Public"})", "p: status: missing; expected text"},
      {"{" + head + R"(,"colour":"red"})", "p: colour: unknown key"},
      {"{" + head + R"(,"sent":"2026-11-24T02:15:00-00:00"})",
       "p: sent: expected a time such as 2026-11-24T02:15:00.000Z, found \"2026-11-24T02:15:00-00:00\""},
      {"{" + head + R"(,"zones":["muara"]})", "p: zones[0]: expected keys with values, found \"muara\""},
      {"{" + head + R"(,"info":[{)" + info + R"(,"category":["Sea"]}]})",
       "p: info[0].category[0]: expected one of Geo, Met, Safety, Security, Rescue, Fire, Health, Env, Transport, "
       "Infra, CBRNE, Other; found \"Sea\""},
      {"{" + head + R"(,"info":[{)" + info + R"(,"area":[{"polygon":[[[-12,100]]]}]}]})",
       "p: info[0].area[0].polygon[0][0]: expected latitude and longitude as two texts, found a list"},
      {"{" + head + R"(,"info":[{)" + info + R"(,"area":[{"altitude":"high"}]}]})",
       "p: info[0].area[0].altitude: expected a decimal number, found \"high\""},
  };
  for (const auto& [text, expected] : table) {
    const auto back = alert_from_json(base::parse_json(text, "p").value(), "p");
    ASSERT_FALSE(back) << text;
    EXPECT_EQ(base::Catalogue::of("en").say(back.error()), expected);
  }
}

}  // namespace
}  // namespace broadcaster::alert
