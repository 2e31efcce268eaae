#include "broadcaster/alert/agency.hpp"

#include <gtest/gtest.h>

#include "tests/alert/support.hpp"

namespace broadcaster::alert {
namespace {

using testing::Lines;
using testing::said;

const std::string good =
    "id: tirtapura\n"
    "names: {id: BPBD Kota, en: Disaster agency}\n"
    "short_name: BPBD\n"
    "sender: bpbd.example\n"
    "languages: [id, en]\n"
    "default_language: id\n"
    "time_zone: Asia/Jakarta\n"
    "time_zone_names: {Asia/Jakarta: WIB}\n"
    "code_prefix: {live: TP, drill: TL}\n"
    "web: https://bpbd.example\n";

TEST(Agency, IsReadWhole) {
  const auto agency = parse_agency(good, "g");
  ASSERT_TRUE(agency) << said(agency)[0];
  EXPECT_EQ(agency->id, "tirtapura");
  EXPECT_EQ(agency->short_name, "BPBD");
  EXPECT_EQ(agency->sender, "bpbd.example");
  EXPECT_EQ(agency->languages, (std::vector<Language>{Language("id"), Language("en")}));
  EXPECT_EQ(agency->default_language, Language("id"));
  EXPECT_EQ(agency->name_in(Language("en")), "Disaster agency");
  EXPECT_EQ(agency->name_in(Language("jv")), "BPBD Kota");
  EXPECT_EQ(agency->time_zone_name("Asia/Jakarta"), "WIB");
  EXPECT_EQ(agency->time_zone_name("Asia/Makassar"), "Asia/Makassar");
  EXPECT_EQ(agency->code_prefix(Mode::live), "TP");
  EXPECT_EQ(agency->code_prefix(Mode::drill), "TL");
  EXPECT_EQ(agency->web, "https://bpbd.example");
}

std::string with(const std::string& from, const std::string& to) {
  auto text = good;
  return text.replace(text.find(from), from.size(), to);
}

TEST(Agency, EveryMistakeHasItsPlace) {
  const std::vector<std::pair<std::string, Lines>> table = {
      {with("names: {id: BPBD Kota, en: Disaster agency}", "names: {id: BPBD Kota}"),
       {"g:2:8: names.en: missing; expected text"}},
      {with("default_language: id", "default_language: jv"),
       {"g:6:19: default_language: \"jv\" is not one of the languages"}},
      {with("[id, en]", "[id, en, id]"), {"g:5:12: languages: \"id\" is given twice"}},
      {with("[id, en]", "[id, en, 5]"), {"g:5:12: languages: expected a language tag such as id or en, found \"5\""}},
      {with("sender: bpbd.example", "sender: BPBD Kota"),
       {"g:4:9: sender: expected a name without spaces, commas, < and &, found \"BPBD Kota\""}},
      {with("time_zone: Asia/Jakarta", "time_zone: WIB+7"),
       {"g:7:12: time_zone: expected a time zone such as Asia/Jakarta, found \"WIB+7\""}},
      {with("drill: TL", "drill: TP"),
       {"g:9:32: code_prefix.drill: must differ from the live prefix, so that a code tells a drill from the real "
        "thing"}},
      {with("live: TP", "live: t1"),
       {"g:9:21: code_prefix.live: expected one to four capital letters such as TP, found \"t1\""}},
      {with("web: https://bpbd.example", "web: bpbd.example"),
       {"g:10:6: web: expected an absolute address such as https://example.org/map, found \"bpbd.example\""}},
      {with("short_name: BPBD\n", ""), {"g:1:1: short_name: missing; expected text"}},
  };
  for (const auto& [text, errors] : table) EXPECT_EQ(said(parse_agency(text, "g")), errors) << text;
}

}  // namespace
}  // namespace broadcaster::alert
