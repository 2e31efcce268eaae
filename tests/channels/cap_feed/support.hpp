// What the tests of the CAP feed share: an alert, its document, and keys that are made here and now.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "broadcaster/base/files.hpp"
#include "channels/cap_feed/document.hpp"
#include "channels/cap_feed/publication.hpp"
#include "tests/alert/support.hpp"
#include "tests/channels/attempts.hpp"

namespace broadcaster::channels::cap_feed {

using namespace std::chrono_literals;

inline const std::string sender = "bpbd.example";

inline alert::Alert order(alert::Status status, base::WallTime expires = noon() + 3h) {
  alert::Alert out;
  out.status = status;
  out.hazard = "tsunami";
  for (const auto* language : {"id", "en"}) {
    alert::Info info;
    info.language = alert::Language(language);
    info.categories = {alert::Category::geo};
    info.event = "Tsunami";
    info.urgency = alert::Urgency::immediate;
    info.severity = alert::Severity::extreme;
    info.certainty = alert::Certainty::likely;
    info.expires = expires;
    info.headline = "Go up <now> & stay";
    info.description = "Wave at 02.35";
    out.infos.push_back(std::move(info));
  }
  out.zones = {{alert::ZoneId("muara"), std::nullopt}};
  return out;
}

inline plan::Pieces made(const alert::Alert& alert) {
  auto pieces = document({alert, alert::testing::town(), sender});
  EXPECT_TRUE(pieces) << (pieces ? "" : pieces.error().text.id);
  return pieces ? *pieces : plan::Pieces{};
}

inline plan::Filling filling(const std::string& identifier = "TP12-1", base::WallTime at = noon()) {
  return {.identifier = identifier,
          .code = "TP12",
          .time_of_issue = at,
          .references = "bpbd.example,TP11-1,2026-11-24T04:00:00-00:00",
          .original_code = {},
          .original_time_of_issue = {}};
}

/// The document of a drill's alert as it leaves approval.
inline std::string approved(const std::string& identifier, alert::Status status = alert::Status::exercise) {
  return plan::fill(made(order(status)), filling(identifier));
}

enum class Kind { elliptic, rsa };

inline std::shared_ptr<const Signer> new_signer(Kind kind = Kind::elliptic) {
  char path[] = "/tmp/broadcaster-cap-key-XXXXXX";
  const std::filesystem::path folder = ::mkdtemp(path);
  const auto file = (folder / "key").string();
  const auto make = (kind == Kind::rsa ? "openssl genrsa -out " + file + " 2048"
                                       : "openssl ecparam -name prime256v1 -genkey -noout -out " + file) +
                    " >/dev/null 2>&1";
  EXPECT_EQ(std::system(make.c_str()), 0) << make;
  Signer out{.key = {.pem = base::read_file(file).value_or(""), .certificate = {}}, .shown = {}};
  std::filesystem::remove_all(folder);
  const auto shown = alert::cap::public_half(out.key);
  EXPECT_TRUE(shown);
  if (shown) out.shown = *shown;
  return std::make_shared<const Signer>(std::move(out));
}

/// Two agencies, or one before and after it changed its key.
inline const std::shared_ptr<const Signer>& us() {
  static const auto signer = new_signer();
  return signer;
}
inline const std::shared_ptr<const Signer>& them() {
  static const auto signer = new_signer();
  return signer;
}

inline Frame drill_frame() { return {"https://alerts.example/cap/", "EXERCISE: BPBD", alert::Mode::drill}; }

}  // namespace broadcaster::channels::cap_feed
