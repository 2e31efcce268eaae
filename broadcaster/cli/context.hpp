// What every command stands on: language, folders and the screen. Made once, from the options that all commands share.
//
// Thread rule: one thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "broadcaster/cli/exit.hpp"
#include "broadcaster/cli/screen.hpp"
#include "broadcaster/plan/templates.hpp"
#include "broadcaster/service/config.hpp"
#include "broadcaster/service/session.hpp"

namespace broadcaster::cli {

/// The options before or after every command. Empty: not given.
struct Global {
  std::string language;
  std::string config;
  std::string state;
  std::string templates;
  std::string mode;
  bool json = false;
};

/// The language to speak: --lang, else the agency's own, else English.
std::string language_of(const Global& global, const std::optional<alert::Agency>& agency);
/// The agency of the configuration folder, when it can be read; mistakes in it are `read_config`'s to report.
std::optional<alert::Agency> agency_of(const Global& global);

class Context {
 public:
  Context(Global global, std::optional<alert::Agency> agency);

  const Screen& screen() const { return screen_; }
  const std::string& language() const { return language_; }
  enum class Output { text, json };
  Output output() const { return global_.json ? Output::json : Output::text; }

  std::filesystem::path config_folder() const;
  /// --templates; else templates/ beside the configuration folder, else the one inside it.
  std::filesystem::path templates_folder() const;
  service::StatePaths state(alert::Mode mode) const;

  /// --state, else $BROADCASTER_STATE, else ./state: a drill is nothing that a machine keeps.
  std::filesystem::path drill_state() const;

  /// --mode, else $BROADCASTER_MODE, else live. Errors: usage.
  base::Result<alert::Mode> mode() const;
  /// What a file says of its mode against --mode and $BROADCASTER_MODE, where one of them is given: who says drill must
  /// not be handed a live alert. Errors: usage; refused.
  base::Result<void> allows(alert::Mode of_file, const std::string& file) const;

  base::Checked<service::Config> config() const { return service::read_config(config_folder()); }
  base::Checked<plan::Templates> templates() const { return plan::read_templates(templates_folder()); }

  /// Asks the owner of the mode's state, or becomes it. With Work::read no configuration is needed, so that `halt` and
  /// `status` work whatever is wrong in it.
  base::Checked<service::Session> session(alert::Mode mode, service::Work work) const;

  /// A time as the agency's officers read it: "2026-11-24 02.15 WIB"; in UTC when the agency is not known.
  std::string local(base::WallTime time) const;
  /// The same of a time in JSON (base::format_utc); what is none is given back.
  std::string local(std::string_view utc) const;

  /// Of the agency; both empty when it is not known.
  std::string time_zone() const { return agency_ ? agency_->time_zone : std::string(); }
  std::string time_zone_name() const { return agency_ ? agency_->time_zone_name(agency_->time_zone) : std::string(); }

  static base::WallTime now() { return base::SystemClock().now().wall; }

 private:
  std::string given_mode() const;  ///< empty: neither the option nor the environment says one
  Global global_;
  std::optional<alert::Agency> agency_;
  std::string language_;
  Screen screen_;
};

}  // namespace broadcaster::cli
