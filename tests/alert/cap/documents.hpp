// CAP documents for the tests of cap/, written from the standard's examples (OASIS CAP 1.2, appendix A) and from what
// real feeds do wrong.
#pragma once

#include <string>

#include "broadcaster/alert/cap/read.hpp"
#include "tests/alert/support.hpp"

namespace broadcaster::alert::cap::testing {

/// A whole alert with every element of the standard once, valid.
inline const std::string whole =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n"
    "  <identifier>bmkg-2026-1124-01</identifier>\n"  // 3
    "  <sender>inatews.example</sender>\n"            // 4
    "  <sent>2026-11-24T09:15:00+07:00</sent>\n"      // 5
    "  <status>Actual</status>\n"                     // 6
    "  <msgType>Update</msgType>\n"                   // 7
    "  <source>buoy 3</source>\n"                     // 8
    "  <scope>Public</scope>\n"                       // 9
    "  <code>profile:one</code>\n"                    // 10
    "  <note>second bulletin</note>\n"                // 11
    "  <references>inatews.example,bmkg-2026-1124-00,2026-11-24T09:05:00+07:00</references>\n"
    "  <incidents>gempa-1</incidents>\n"           // 13
    "  <info>\n"                                   // 14
    "    <language>id</language>\n"                // 15
    "    <category>Geo</category>\n"               // 16
    "    <event>Tsunami</event>\n"                 // 17
    "    <responseType>Evacuate</responseType>\n"  // 18
    "    <urgency>Immediate</urgency>\n"           // 19
    "    <severity>Extreme</severity>\n"           // 20
    "    <certainty>Likely</certainty>\n"          // 21
    "    <audience>pesisir</audience>\n"           // 22
    "    <eventCode><valueName>SAME</valueName><value>TSW</value></eventCode>\n"
    "    <effective>2026-11-24T09:15:00+07:00</effective>\n"     // 24
    "    <onset>2026-11-24T09:35:00+07:00</onset>\n"             // 25
    "    <expires>2026-11-24T12:15:00+07:00</expires>\n"         // 26
    "    <senderName>InaTEWS</senderName>\n"                     // 27
    "    <headline>Tsunami mendekat</headline>\n"                // 28
    "    <description>Gempa M7.9 &amp; tsunami</description>\n"  // 29
    "    <instruction>Pergi ke tempat tinggi</instruction>\n"    // 30
    "    <web>https://inatews.example/1</web>\n"                 // 31
    "    <contact>115</contact>\n"                               // 32
    "    <parameter><valueName>depth</valueName><value>10 km</value></parameter>\n"
    "    <resource>\n"                                  // 34
    "      <resourceDesc>peta</resourceDesc>\n"         // 35
    "      <mimeType>image/png</mimeType>\n"            // 36
    "      <size>4</size>\n"                            // 37
    "      <uri>https://inatews.example/1.png</uri>\n"  // 38
    "      <derefUri>QUJD</derefUri>\n"                 // 39
    "      <digest>3c01bdbb26f358bab27f267924aa2c9a03fcfdb8</digest>\n"
    "    </resource>\n"                    // 41
    "    <area>\n"                         // 42
    "      <areaDesc>pantai</areaDesc>\n"  // 43
    "      <polygon>-12.1,100 -12.1,100.1 -12,100.1 -12.1,100</polygon>\n"
    "      <circle>-12.05,100.05 2.5</circle>\n"  // 45
    "      <geocode><valueName>adm4</valueName><value>99.01.01.1001</value></geocode>\n"
    "      <altitude>0</altitude>\n"   // 47
    "      <ceiling>30.5</ceiling>\n"  // 48
    "    </area>\n"
    "  </info>\n"
    "</alert>\n";

/// `text` with the first `from` replaced.
inline std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  if (at == std::string::npos) return "THERE IS NO " + from;
  return text.replace(at, from.size(), to);
}
inline std::string whole_with(const std::string& from, const std::string& to) { return with(whole, from, to); }

/// The one alert of a document; a failure says why there is none.
inline ReadAlert read_one(const std::string& text) {
  auto read = read_cap(text, "a.xml");
  if (!read || read->size() != 1) {
    ReadAlert none;
    none.alert.note = read ? "not one alert" : alert::testing::said(read.error())[0];
    return none;
  }
  return std::move(read->front());
}

/// "line element: text" of every note, in English; what is lost begins with "LOST ".
inline std::vector<std::string> said(const Notes& notes) {
  std::vector<std::string> out;
  for (const auto& note : notes.list)
    out.push_back((note.kind == NoteKind::lost ? "LOST " : "") + std::to_string(note.line) + " " + note.element + ": " +
                  base::Catalogue::of("en").say(note.text));
  return out;
}

}  // namespace broadcaster::alert::cap::testing
