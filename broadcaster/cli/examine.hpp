// What `check` does by day so that nothing is found at night: every template × language × endpoint × zone is rendered,
// live and drill, with and without a known arrival, and with every slot at its longest. Pure, but for ICU's data.
#pragma once

#include <string>
#include <vector>

#include "broadcaster/plan/templates.hpp"
#include "broadcaster/service/config.hpp"

namespace broadcaster::cli {

/// One line of the table: all messages of one hazard, mode and endpoint, false alarm included.
struct Examined {
  std::string hazard;
  alert::Mode mode = alert::Mode::drill;
  plan::EndpointName endpoint;
  int messages = 0;
  int blocked = 0;
  plan::Length longest;  ///< of its messages, by `used`
};

/// A message that could not go out, or an alert that could not be planned at all.
struct Trouble {
  std::string hazard;
  alert::Mode mode = alert::Mode::drill;
  std::string where;  ///< endpoint · language · zone
  base::Text text;
  bool operator==(const Trouble&) const = default;
};

struct Examination {
  std::vector<Examined> rows;
  std::vector<Trouble> troubles;
  int rendered = 0;
};

Examination examine(const service::Config& config, const plan::Templates& templates, base::WallTime now);

}  // namespace broadcaster::cli
