// From an alert to its plan with the files of an agency: which endpoints, which recipients. What `plan`, `new` and
// `check` share. Thread rule: blocking on the disk.
#pragma once

#include <map>

#include "broadcaster/plan/make_form.hpp"
#include "broadcaster/plan/make_plan.hpp"
#include "broadcaster/service/config.hpp"

namespace broadcaster::cli {

struct PlanningRequest {
  const service::Config& config;
  const plan::Templates& templates;
  const alert::Alert& alert;
  std::string author;
  std::filesystem::path snapshots;  ///< folder for the recipients' snapshots; is made
  plan::BadRows bad_rows = plan::BadRows::refuse;
  base::WallTime now;
};

struct Planned {
  plan::Plan plan;
  std::map<std::string, plan::SnapshotInfo> audiences;
};

/// Errors: as make_snapshot and make_plan.
base::Checked<Planned> make_plan_of(const PlanningRequest& request);

/// The same for a prepared alert (plan/make_form.hpp); `terms` are of its file, `templates` the folder.
struct PreparingRequest {
  const PlanningRequest& planning;
  const plan::FormTerms& terms;
  std::filesystem::path templates;
};
struct Prepared {
  plan::Form form;
  std::map<std::string, plan::SnapshotInfo> audiences;
};
base::Checked<Prepared> make_form_of(const PreparingRequest& request);

/// Of the alert's mode alone: a plan never sees another's endpoints.
std::vector<plan::Endpoint> endpoints_of(const service::Config& config, alert::Mode mode);

/// Faults of the alert point to the line of its file that says so.
base::Errors with_places(base::Errors errors, const std::filesystem::path& alert_file);

/// A folder of our own that goes with the object: for plans that are only looked at.
class TemporaryFolder {
 public:
  /// Errors: unavailable.
  static base::Result<TemporaryFolder> make();
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace broadcaster::cli
