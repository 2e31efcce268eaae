// Who may include whom, which library shows itself where, and how long a file may be: the table of parts,
// read against every source. All findings come in one run.
#include <gtest/gtest.h>

#include <set>

#include "tests/support/sources.hpp"

namespace broadcaster {
namespace {

using Findings = std::vector<std::string>;

std::string lines(const Findings& findings) {
  std::string out;
  for (const auto& finding : findings) out += "\n  " + finding;
  return out;
}

/// A folder or file, and what it uses. What those use, it may use too.
struct Arrow {
  std::string_view unit;
  std::vector<std::string_view> uses;
};

// The longest unit that a path begins with is its own.
const std::vector<Arrow> arrows = {
    {"broadcaster/base/", {}},
    {"broadcaster/alert/", {"broadcaster/base/"}},
    {"broadcaster/alert/cap/", {"broadcaster/alert/"}},  // alone sees libxml2 and xmlsec
    {"broadcaster/plan/", {"broadcaster/alert/"}},
    {"broadcaster/approval/", {"broadcaster/plan/"}},
    {"broadcaster/delivery/", {"broadcaster/plan/"}},
    {"broadcaster/net/", {"broadcaster/base/"}},
    {"broadcaster/journal/", {"broadcaster/approval/", "broadcaster/delivery/"}},
    {"channels/channel.", {"broadcaster/delivery/", "broadcaster/net/"}},  // the contract
    {"channels/http/", {"channels/channel."}},
    {"channels/range/range_side.", {"broadcaster/net/"}},  // the contract of what a drill's range answers
    {"channels/mastodon/", {"channels/http/", "channels/range/range_side."}},
    {"channels/sms/", {"channels/http/", "channels/range/range_side."}},
    {"channels/webhook/", {"channels/http/", "channels/range/range_side."}},
    {"channels/gateways/", {"channels/http/", "channels/range/range_side."}},
    {"channels/cap_feed/", {"channels/http/", "channels/range/range_side.", "broadcaster/alert/cap/"}},
    {"channels/siren/", {"channels/channel.", "channels/siren/protocol/", "channels/range/range_side."}},
    {"channels/siren/protocol/", {"broadcaster/base/"}},                          // a device links it
    {"channels/siren/agent/", {"channels/siren/protocol/", "broadcaster/net/"}},  // an executable of its own
    {"channels/siren/broker/", {"channels/siren/protocol/", "broadcaster/net/"}},
    {"channels/range/",
     {"channels/range/range_side.", "channels/cap_feed/", "channels/mastodon/", "channels/sms/", "channels/webhook/",
      "channels/gateways/", "channels/siren/", "channels/siren/agent/", "channels/siren/broker/"}},
    {"channels/table.",
     {"channels/mastodon/", "channels/sms/", "channels/webhook/", "channels/gateways/", "channels/cap_feed/",
      "channels/siren/"}},
    {"broadcaster/dispatch/", {"broadcaster/approval/", "broadcaster/journal/", "channels/channel."}},
    {"broadcaster/rules/", {"broadcaster/alert/"}},
    {"broadcaster/feeds/", {"broadcaster/alert/cap/"}},
    {"broadcaster/service/", {"broadcaster/dispatch/", "broadcaster/rules/", "broadcaster/feeds/", "channels/table."}},
    {"broadcaster/drill/", {"broadcaster/service/", "channels/range/"}},
    {"broadcaster/cli/", {"broadcaster/drill/", "broadcaster/alert/cap/"}},
};

/// Headers from outside by how they begin, and the only places that may include them.
const std::vector<Arrow> libraries = {
    {"boost/asio", {"broadcaster/net/"}},
    {"boost/beast", {"broadcaster/net/"}},
    {"curl/", {"broadcaster/net/"}},
    {"mosquitto", {"broadcaster/net/"}},
    {"sqlite3.h", {"broadcaster/journal/", "broadcaster/plan/"}},
    {"unicode/", {"broadcaster/base/", "broadcaster/plan/"}},
    {"CLI/", {"broadcaster/cli/", "channels/siren/agent"}},
    {"libsmpp34/", {"channels/sms/"}},
    {"libxml/", {"broadcaster/alert/cap/"}},
    {"xmlsec/", {"broadcaster/alert/cap/"}},
    {"openssl/", {"channels/siren/", "channels/webhook/", "broadcaster/net/", "broadcaster/alert/cap/"}},
    {"iostream", {}},  // static constructors, and a second way to print beside fmt
    {"regex", {}},     // slow, and its depth is the input's
    {"format", {}},    // not in libstdc++ 12
    {"print", {}},
};

constexpr int most_lines = 400;

const Arrow* unit_of(std::string_view path) {
  const Arrow* longest = nullptr;
  for (const auto& arrow : arrows)
    if (path.starts_with(arrow.unit) && (!longest || arrow.unit.size() > longest->unit.size())) longest = &arrow;
  return longest;
}

/// What `unit` may include: itself, what it uses, and what those use.
std::set<std::string_view> reach(std::string_view unit) {
  std::set<std::string_view> seen;
  std::vector<std::string_view> open = {unit};
  while (!open.empty()) {
    const auto next = open.back();
    open.pop_back();
    if (!seen.insert(next).second) continue;
    for (const auto& arrow : arrows)
      if (arrow.unit == next) open.insert(open.end(), arrow.uses.begin(), arrow.uses.end());
  }
  return seen;
}

struct Include {
  int line = 0;
  std::string header;
  bool quoted = false;
};

std::vector<Include> includes(std::string_view text) {
  std::vector<Include> out;
  int number = 0;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    ++number;
    if (!line.starts_with("#include ")) continue;
    const auto open = line.find_first_of("<\"");
    if (open == std::string_view::npos) continue;
    const auto close = line.find_first_of(">\"", open + 1);
    if (close != std::string_view::npos)
      out.push_back({number, std::string(line.substr(open + 1, close - open - 1)), line[open] == '"'});
  }
  return out;
}

/// What is wrong with one include of one file; empty when nothing is.
std::string wrong(std::string_view path, const Include& include) {
  for (const auto& library : libraries) {
    const bool folder =
        library.unit.ends_with('/') || library.unit.starts_with("boost/") || library.unit == "mosquitto";
    if (include.quoted || (folder ? !include.header.starts_with(library.unit) : include.header != library.unit))
      continue;
    for (const auto& place : library.uses)
      if (path.starts_with(place)) return {};
    return "<" + include.header + "> has no place here";
  }
  if (!include.quoted) return {};
  const auto* from = unit_of(path);
  const auto* to = unit_of(include.header);
  if (!to) return include.header + " is not written from the root, or of no known part";
  if (from && !reach(from->unit).contains(to->unit))
    return std::string(from->unit) + " may not include " + include.header;
  return {};
}

TEST(Arrows, TheTableIsClosedAndWithoutCircles) {
  for (const auto& arrow : arrows)
    for (const auto& used : arrow.uses) {
      ASSERT_NE(unit_of(used), nullptr) << used;
      EXPECT_EQ(unit_of(used)->unit, used);
      EXPECT_FALSE(reach(used).contains(arrow.unit)) << arrow.unit << " and " << used << " use each other";
    }
}

TEST(Arrows, EveryIncludeFollowsThem) {
  Findings findings;
  for (const auto& source : testing::sources({"broadcaster", "channels"})) {
    if (!unit_of(source.path)) findings.push_back(source.path + ": of no known part");
    for (const auto& include : includes(source.text)) {
      const auto what = wrong(source.path, include);
      if (!what.empty()) findings.push_back(source.path + ":" + std::to_string(include.line) + ": " + what);
    }
  }
  EXPECT_TRUE(findings.empty()) << lines(findings);
}

TEST(Arrows, AFileIsOneIdea) {
  Findings findings;
  for (const auto& source : testing::sources({"broadcaster", "channels"})) {
    const auto count = std::count(source.text.begin(), source.text.end(), '\n');
    if (count > most_lines) findings.push_back(source.path + ": " + std::to_string(count) + " lines");
  }
  EXPECT_TRUE(findings.empty()) << lines(findings);
}

TEST(Arrows, WhatIsForbiddenIsSeen) {
  const auto said = [](std::string_view path, const std::string& line) { return wrong(path, includes(line).at(0)); };
  for (const auto& [path, line] : std::vector<std::pair<std::string, std::string>>{
           {"broadcaster/base/x.cpp", "#include \"broadcaster/alert/alert.hpp\""},
           {"broadcaster/dispatch/x.cpp", "#include \"channels/http/http_channel.hpp\""},
           {"broadcaster/dispatch/x.cpp", "#include \"channels/table.hpp\""},
           {"broadcaster/dispatch/x.cpp", "#include \"broadcaster/service/state.hpp\""},
           {"broadcaster/rules/x.cpp", "#include \"broadcaster/plan/plan.hpp\""},
           {"broadcaster/approval/x.cpp", "#include \"broadcaster/delivery/state.hpp\""},
           {"broadcaster/journal/x.cpp", "#include \"broadcaster/net/loop.hpp\""},
           {"broadcaster/service/x.cpp", "#include \"channels/range/range.hpp\""},
           {"channels/mastodon/x.cpp", "#include \"channels/sms/body.hpp\""},
           {"channels/siren/protocol/x.cpp", "#include \"broadcaster/net/mqtt.hpp\""},
           {"channels/siren/agent/x.cpp", "#include \"broadcaster/delivery/state.hpp\""},
           {"channels/channel.hpp", "#include \"broadcaster/journal/store.hpp\""},
           {"broadcaster/base/x.cpp", "#include \"yaml.hpp\""},
           {"channels/http/x.cpp", "#include <curl/curl.h>"},
           {"broadcaster/dispatch/x.cpp", "#include <boost/asio.hpp>"},
           {"broadcaster/service/x.cpp", "#include <sqlite3.h>"},
           {"broadcaster/alert/x.cpp", "#include <unicode/timezone.h>"},
           {"broadcaster/service/x.cpp", "#include <CLI/CLI.hpp>"},
           {"broadcaster/net/x.cpp", "#include <iostream>"}})
    EXPECT_NE(said(path, line), "") << path << " " << line;
  for (const auto& [path, line] : std::vector<std::pair<std::string, std::string>>{
           {"broadcaster/dispatch/x.cpp", "#include \"channels/channel.hpp\""},
           {"broadcaster/dispatch/x.cpp", "#include \"broadcaster/base/text.hpp\""},
           {"broadcaster/cli/x.cpp", "#include \"broadcaster/net/loop.hpp\""},
           {"broadcaster/drill/x.cpp", "#include \"channels/range/range.hpp\""},
           {"channels/sms/smsc/x.cpp", "#include \"channels/sms/body.hpp\""},
           {"channels/siren/agent/x.cpp", "#include \"channels/siren/protocol/keys.hpp\""},
           {"broadcaster/net/x.cpp", "#include <boost/asio/post.hpp>"},
           {"broadcaster/base/x.cpp", "#include <fmt/format.h>"}})
    EXPECT_EQ(said(path, line), "");
}

}  // namespace
}  // namespace broadcaster
