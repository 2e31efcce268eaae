// Following an alert on the screen until nothing more can be done for it, or somebody leaves. Thread rule: main thread.
#pragma once

#include <boost/json/object.hpp>

#include "broadcaster/cli/context.hpp"
#include "broadcaster/plan/plan.hpp"

namespace broadcaster::cli {

/// Ctrl-C and SIGTERM as a question that can be asked, for as long as this lives.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  static bool asked();
};

struct Watched {
  enum class End { settled, interrupted } end = End::settled;
  boost::json::object alert;  ///< as last seen; status_json.hpp
};

/// The live table of one alert. Errors: as the session's.
base::Result<Watched> watch(const Context& context, service::Session& session, const std::string& alert);

/// Everything that was planned is accepted or proven: exit 0, else 3; and 6 where something was published that is not
/// what was approved.
int exit_of(const boost::json::object& alert);
/// What such an exit means, as the last line on the screen.
base::Text end_line(int status, const std::string& code);

/// What the plan says that nobody is told over one way or another, with why and how many people.
void show_blocked(const Context& context, const boost::json::object& alert);
void show_blocked(const Context& context, const plan::Plan& plan);

/// Who of `alert` (status_json.hpp) says that it is a false alarm and waits for a second canceller, a line each.
std::vector<base::Text> waiting_lines(const Context& context, const boost::json::object& alert);

/// Of a status document: alarms, then each alert as a headline, its table and its zones.
void show_status(const Context& context, const boost::json::object& document);

}  // namespace broadcaster::cli
