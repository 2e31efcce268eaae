#include "broadcaster/cli/context.hpp"

#include <cstdlib>

#include "broadcaster/base/log.hpp"
#include "broadcaster/plan/local_time.hpp"

namespace broadcaster::cli {
namespace {

std::filesystem::path folder_of(const Global& global) {
  return global.config.empty() ? service::default_config() : std::filesystem::path(global.config);
}

}  // namespace

std::optional<alert::Agency> agency_of(const Global& global) {
  auto agency = alert::read_agency(folder_of(global) / "agency.yaml");
  if (!agency) return std::nullopt;
  return std::move(*agency);
}

std::string language_of(const Global& global, const std::optional<alert::Agency>& agency) {
  if (!global.language.empty()) return global.language;
  return agency ? agency->default_language.value : "en";
}

Context::Context(Global global, std::optional<alert::Agency> agency)
    : global_(std::move(global)),
      agency_(std::move(agency)),
      language_(language_of(global_, agency_)),
      screen_(language_) {}

std::filesystem::path Context::config_folder() const { return folder_of(global_); }

std::filesystem::path Context::templates_folder() const {
  if (!global_.templates.empty()) return global_.templates;
  const auto beside = (config_folder() / ".." / "templates").lexically_normal();
  return std::filesystem::is_directory(beside) ? beside : config_folder() / "templates";
}

service::StatePaths Context::state(alert::Mode mode) const {
  return {global_.state.empty() ? service::default_state(mode) : std::filesystem::path(global_.state)};
}

std::filesystem::path Context::drill_state() const {
  if (!global_.state.empty()) return global_.state;
  const char* given = std::getenv("BROADCASTER_STATE");
  return given && *given ? given : "state";
}

std::string Context::given_mode() const {
  const char* from_outside = std::getenv("BROADCASTER_MODE");
  return global_.mode.empty() && from_outside ? from_outside : global_.mode;
}

base::Result<void> Context::allows(alert::Mode of_file, const std::string& file) const {
  if (given_mode().empty()) return {};
  const auto wanted = mode();
  if (!wanted) return std::unexpected(wanted.error());
  if (*wanted == of_file) return {};
  const auto word = [](alert::Mode mode) { return base::Key{"plan.mode_" + std::string(alert::name(mode))}; };
  return base::fail(base::ErrorKind::refused,
                    {"cli.other_mode", {{"file", file}, {"found", word(of_file)}, {"wanted", word(*wanted)}}});
}

base::Result<alert::Mode> Context::mode() const {
  const auto given = given_mode();
  if (given.empty() || given == alert::name(alert::Mode::live)) return alert::Mode::live;
  if (given == alert::name(alert::Mode::drill)) return alert::Mode::drill;
  return base::fail(base::ErrorKind::usage, {"cli.usage_mode", {{"found", given}}});
}

base::Checked<service::Session> Context::session(alert::Mode mode, service::Work work) const {
  service::OwnerOptions options{.state = state(mode), .config = {}, .mode = mode, .work = work};
  options.templates = templates_folder();
  options.config.folder = config_folder();  // today's people: who takes an alert back is judged by a reader too
  if (work == service::Work::send && !service::owner_of(options.state)) {
    // A live owner reads it itself, by the signed set of its state.
    if (mode == alert::Mode::drill) {
      auto config = this->config();
      if (!config) return std::unexpected(std::move(config.error()));
      options.config = std::move(*config);
    }
    std::error_code ignored;  // the lock says it better
    std::filesystem::create_directories(options.state.folder, ignored);
    // An owner inside a command must not write between the lines of its screen.
    if (!ignored) base::log::start(base::log::Level::info, (options.state.folder / "broadcaster.log").string());
  }
  auto session = service::Session::open(std::move(options));
  return session;
}

std::string Context::local(base::WallTime time) const {
  if (!agency_) return base::format_utc(time);
  return plan::local_text(agency_->time_zone, agency_->time_zone_name(agency_->time_zone), time);
}

std::string Context::local(std::string_view utc) const {
  const auto time = base::parse_utc(std::string(utc));
  return time ? local(*time) : std::string(utc);
}

}  // namespace broadcaster::cli
