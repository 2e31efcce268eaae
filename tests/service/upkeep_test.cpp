#include "broadcaster/service/upkeep.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace broadcaster::service {
namespace {

base::Checked<Upkeep> read(const std::string& yaml) {
  const auto node = base::parse_yaml(yaml, "service.yaml");
  if (!node) return std::unexpected(node.error());
  base::Errors errors;
  Upkeep out;
  {
    base::Fields root(*node, "", errors);
    out = read_upkeep(root, errors);
  }
  if (!errors.empty()) return std::unexpected(errors);
  return out;
}

TEST(Upkeep, EverythingMayBeLeftOut) {
  const auto upkeep = read("{}");
  ASSERT_TRUE(upkeep);
  EXPECT_EQ(upkeep->audit.every, std::chrono::seconds(5));
  EXPECT_EQ(upkeep->disk.ballast_bytes(alert::Mode::live), std::uint64_t{64} << 20);
  EXPECT_EQ(upkeep->disk.ballast_bytes(alert::Mode::drill), std::uint64_t{4} << 20);
  EXPECT_EQ(dead_man_url(upkeep->dead_man, alert::Mode::live, ".").value(), "");
}

TEST(Upkeep, EachModePingsItsOwnAddress) {
  const auto upkeep =
      read("dead_man: {url: 'https://watch.example/live', drill_url: 'http://127.0.0.1:9/d', every: 2m}");
  ASSERT_TRUE(upkeep);
  EXPECT_EQ(dead_man_url(upkeep->dead_man, alert::Mode::live, ".").value(), "https://watch.example/live");
  EXPECT_EQ(dead_man_url(upkeep->dead_man, alert::Mode::drill, ".").value(), "http://127.0.0.1:9/d");
  EXPECT_EQ(upkeep->dead_man.every, std::chrono::minutes(2));
}

TEST(Upkeep, ADrillNeverPingsTheLiveAddress) {
  const auto only_live = read("dead_man: {url: 'https://watch.example/live'}");
  ASSERT_TRUE(only_live);
  EXPECT_EQ(dead_man_url(only_live->dead_man, alert::Mode::drill, ".").value(), "");
  const auto both = read("dead_man: {url: 'https://watch.example/x', drill_url: 'https://watch.example/x'}");
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().front().text.id, "service.one_dead_man");
}

TEST(Upkeep, AnAddressMayBeKeptElsewhere) {
  ::setenv("DEAD_MAN", "https://watch.example/secret-path", 1);
  const auto upkeep = read("dead_man: {url: 'env:DEAD_MAN'}");
  ASSERT_TRUE(upkeep);
  EXPECT_EQ(dead_man_url(upkeep->dead_man, alert::Mode::live, ".").value(), "https://watch.example/secret-path");
}

TEST(Upkeep, MistakesHaveTheirPlace) {
  for (const auto* yaml : {"audit: {every: 0s}", "audit: {evry: 5s}", "dead_man: {url: watch.example}",
                           "disk: {ballast_mib: -1}", "disk: {warn_below_mib: much}"}) {
    const auto upkeep = read(yaml);
    ASSERT_FALSE(upkeep) << yaml;
    ASSERT_TRUE(upkeep.error().front().place) << yaml;
    EXPECT_EQ(upkeep.error().front().place->line, 1) << yaml;
  }
}

}  // namespace
}  // namespace broadcaster::service
