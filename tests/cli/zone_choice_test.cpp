#include <gtest/gtest.h>

#include "broadcaster/cli/interview.hpp"

namespace broadcaster::cli {
namespace {

struct ZoneChoice : testing::Test {
  ZoneChoice() {
    muara.id = alert::ZoneId("muara");
    muara.names = {{"id", "Kelurahan Muara"}, {"en", "Muara ward"}};
    pasir.id = alert::ZoneId("pasir");
    pasir.names = {{"id", "Kelurahan Pasir"}};
    pasir.short_names = {{"id", "Ps. Panjang"}};
  }
  std::vector<std::string> read(const std::string& answer) const {
    const auto zones = read_zone_choice(answer, {&muara, &pasir});
    if (!zones) return {zones.error().text.id};
    std::vector<std::string> out;
    for (const auto& zone : *zones) out.push_back(zone.value);
    return out;
  }
  using Ids = std::vector<std::string>;
  alert::Zone muara, pasir;
};

TEST_F(ZoneChoice, ByNumberIdAndNameInAnyLanguage) {
  EXPECT_EQ(read("2"), Ids{"pasir"});
  EXPECT_EQ(read("muara"), Ids{"muara"});
  EXPECT_EQ(read("kelurahan PASIR , Muara Ward"), (Ids{"pasir", "muara"}));
  EXPECT_EQ(read("ps. panjang"), Ids{"pasir"});
}

TEST_F(ZoneChoice, AStarIsAllAndNobodyIsNamedTwice) {
  EXPECT_EQ(read("*"), (Ids{"muara", "pasir"}));
  EXPECT_EQ(read("pasir,*,1"), (Ids{"pasir", "muara"}));
}

TEST_F(ZoneChoice, OneWrongNameRefusesTheAnswer) {
  EXPECT_EQ(read("1,bukit"), Ids{"cli.no_such_zone"});
  EXPECT_EQ(read("3"), Ids{"cli.no_such_zone"});
  EXPECT_EQ(read("0"), Ids{"cli.no_such_zone"});
  EXPECT_EQ(read("Kelurahan"), Ids{"cli.no_such_zone"}) << "a part of a name is no name";
}

TEST_F(ZoneChoice, NoZoneIsNoAnswer) {
  EXPECT_EQ(read(""), Ids{"cli.no_zone"});
  EXPECT_EQ(read(" , "), Ids{"cli.no_zone"});
}

}  // namespace
}  // namespace broadcaster::cli
