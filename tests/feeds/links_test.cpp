// Which addresses may be fetched, and where links lead.
#include "broadcaster/feeds/links.hpp"

#include <gtest/gtest.h>

namespace broadcaster::feeds {
namespace {

TEST(Links, OnlyHttpsAndThisMachineMayBeFetched) {
  for (const auto* good :
       {"https://centre.example/cap.atom", "https://centre.example:8443/?a=b", "HTTPS://Centre.Example",
        "http://127.0.0.1:8080/x", "http://localhost/x", "http://[::1]:80/x"})
    EXPECT_TRUE(may_be_fetched(good)) << good;
  for (const auto* bad :
       {"", "http://centre.example/", "ftp://centre.example/", "file:///etc/passwd", "https://", "https:///path",
        "https://user:secret@centre.example/", "https://centre.example/a b", "https://centre.example/#x",
        "http://127.0.0.1.evil.example/", "http://localhost.evil.example/", "http://127.0.0.1@evil.example/",
        "//centre.example/", "/cap.xml", "https://centre.example/\r\nX: y", "http://[::1].evil.example/"})
    EXPECT_FALSE(may_be_fetched(bad)) << bad;
}

TEST(Links, AreResolvedAgainstTheirDocument) {
  const std::string base = "https://centre.example/feeds/cap.atom?lang=id";
  for (const auto& [link, meant] : {std::pair{"https://other.example/1.xml", "https://other.example/1.xml"},
                                    {"//other.example/1.xml", "https://other.example/1.xml"},
                                    {"/1.xml", "https://centre.example/1.xml"},
                                    {"1.xml", "https://centre.example/feeds/1.xml"},
                                    {"?id=1", "https://centre.example/feeds/cap.atom?id=1"},
                                    {"javascript:alert(1)", "javascript:alert(1)"},
                                    {"", ""}})
    EXPECT_EQ(resolved(base, link), meant) << link;
  EXPECT_EQ(resolved("https://centre.example", "1.xml"), "https://centre.example/1.xml");
  EXPECT_EQ(resolved("nothing", "1.xml"), "");
}

TEST(Links, AnOriginIsSchemeHostAndPort) {
  EXPECT_EQ(origin_of("https://Centre.Example:8443/A?b"), "https://centre.example:8443");
  EXPECT_EQ(origin_of("https://centre.example"), "https://centre.example");
  EXPECT_EQ(origin_of("nothing"), "");
}

TEST(Links, WhatMayHoldAKeyIsNotShown) {
  EXPECT_EQ(without_query("https://centre.example/a?key=secret"), "https://centre.example/a");
}

}  // namespace
}  // namespace broadcaster::feeds
