// The live table as an officer sees it.
#include "broadcaster/service/progress.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <memory>

namespace broadcaster::service {
namespace {

boost::json::object alert() {
  return boost::json::parse(R"({"endpoints": [
    {"name": "sirens-drill", "planned": 20, "sent": 0, "accepted": 1, "confirmed": 18, "pending": 0, "unknown": 0,
     "failed": 1, "expired": 0, "cancelled": 0, "first_ms": 84, "last_ms": 1234},
    {"name": "sms-drill", "planned": 400, "sent": 8, "accepted": 200, "confirmed": 150, "pending": 30, "unknown": 2,
     "failed": 0, "expired": 4, "cancelled": 6, "first_ms": 310, "last_ms": 185000},
    {"name": "mastodon-drill", "planned": 2, "first_ms": null, "last_ms": null}]})")
      .as_object();
}

std::string drawn(const ScreenStyle& style) {
  std::string out;
  for (const auto& line : progress_lines(alert(), style)) out += line + "\n";
  return out;
}

TEST(Progress, LooksLikeThis) {
  EXPECT_EQ(
      drawn({.language = "en", .width = 120}),
      "Way out         Planned  In flight  Accepted  Proven  Waiting  Unknown  Failed  Stopped   First      Last\n"
      "sirens-drill         20          ·       ○ 1    ● 18        ·        ·     ✗ 1        ·   84 ms     1.2 s\n"
      "sms-drill           400          8     ○ 200   ● 150       30      ? 2       ·       10  310 ms  3:05 min\n"
      "mastodon-drill        2          ·         ·       ·        ·        ·       ·        ·       –         –\n");
}

TEST(Progress, SpeaksIndonesian) {
  const auto lines = progress_lines(alert(), {.language = "id", .width = 120});
  EXPECT_EQ(lines.front(),
            "Jalur           Rencana  Dikirim  Diterima  Terbukti  Menunggu  Tak pasti  Gagal  Dihentikan  Pertama  "
            "Terakhir");
}

TEST(Progress, ANarrowWindowLosesColumnsAndNeverRows) {
  for (int width = 20; width < 120; ++width) {
    const auto lines = progress_lines(alert(), {.language = "en", .width = width});
    ASSERT_EQ(lines.size(), 4u);
    for (const auto& line : lines) EXPECT_LE(columns_of(line), std::max(width, columns_of("mastodon-drill"))) << width;
  }
  EXPECT_EQ(drawn({.language = "en", .width = 34}),
            "Way out         Proven  Failed\n"
            "sirens-drill      ● 18     ✗ 1\n"
            "sms-drill        ● 150       ·\n"
            "mastodon-drill       ·       ·\n");
}

TEST(Progress, AcceptedAndProvenDifferWithoutColourAndInIt) {
  EXPECT_EQ(drawn({.language = "en", .width = 120}).find('\033'), std::string::npos);
  const auto coloured = drawn({.language = "en", .width = 120, .colour = Colour::yes});
  EXPECT_NE(coloured.find("\033[33m"), std::string::npos);
  EXPECT_NE(coloured.find("\033[32m"), std::string::npos);
}

TEST(Progress, APipeGetsPlainBlocksOnceASecondAndTheLastPictureAlways) {
  const auto close = [](std::FILE* open) { std::fclose(open); };
  const std::unique_ptr<std::FILE, decltype(close)> file(std::tmpfile(), close);
  ProgressScreen screen(file.get(), {});
  screen.show({"one"}, 0);
  screen.show({"two"}, 400);
  screen.show({"three"}, 800);
  screen.show({"four"}, 1200);
  screen.show({"four"}, 3000);
  screen.show({"five"}, 1300);
  screen.finish();
  std::string written(64, '\0');
  std::rewind(file.get());
  written.resize(std::fread(written.data(), 1, written.size(), file.get()));
  EXPECT_EQ(written, "one\nfour\nfive\n");
}

}  // namespace
}  // namespace broadcaster::service
