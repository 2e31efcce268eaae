// A town whose author has written a prepared alert for its coast; hendra may fire it.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "broadcaster/base/time.hpp"
#include "tests/cli/sending.hpp"

namespace broadcaster::cli {

struct Prepared : Sending {
  Prepared() {
    const auto last = base::format_cap_time(
        std::chrono::floor<std::chrono::seconds>(base::SystemClock().now().wall + std::chrono::days(30)));
    town.write("config/prepared/coast.yaml",
               "prepared:\n  last: " + last +
                   "\n  may_fire: {persons: [hendra]}\n  lasts: 3h\n  arrival: {earliest: 10m, latest: 2h}\n"
                   "status: Exercise\nhazard: tsunami\nlevel: AWAS\nlanguages: [id, en]\n"
                   "zones: [muara, pasir, teluk, karang]\ncategory: Geo\nevent: {id: Tsunami, en: Tsunami}\n"
                   "responseType: Evacuate\nurgency: Immediate\nseverity: Extreme\ncertainty: Likely\n");
  }
  Ended prepare() const {
    return town.run({"prepare", "config/prepared/coast.yaml", "-o", form, "--key", town.key("sari")});
  }
  void prepared() {
    const auto made = prepare();
    ASSERT_EQ(made.status, 0) << made.err;
    const auto approved = town.run({"approve", form, "--key", town.key("ratna"), "--yes"});
    ASSERT_EQ(approved.status, 0) << approved.err;
  }
  Ended fire(const std::string& zones = "muara,pasir", const std::string& arrival = "25",
             const std::string& person = "hendra") const {
    return town.run({"fire", form, "--zones", zones, "--arrival", arrival, "--key", town.key(person), "--confirm",
                     "DRILL tsunami 2"});
  }
  std::string listed() const { return town.run({"status", "--mode", "drill"}).out; }
  const std::string form = "config/prepared/coast.form";
};

}  // namespace broadcaster::cli
