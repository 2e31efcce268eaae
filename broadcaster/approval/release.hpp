// A release: a plan with its holes filled and its authority. Only this part makes one; the dispatcher takes nothing
// else.
//
// The mode is in the type, so a drill release cannot be given to a dispatcher that holds live endpoints: it does not
// compile. A restart re-opens and does not re-judge: the journal keeps plan, signatures and the people file that they
// were checked against (StoredRelease), and reopen() verifies against those alone.
// Thread rule: immutable values, any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "broadcaster/approval/signature.hpp"
#include "broadcaster/base/time.hpp"
#include "broadcaster/plan/plan.hpp"

namespace broadcaster::approval {

/// Who said that it may go out. Stands on the record and in the first line of the report.
enum class Authority { quorum, prepared, break_glass, canceller };
std::string_view name(Authority authority);

/// A plan file: the canonical plan and the signatures over it.
struct SignedPlan {
  plan::Plan plan;
  std::string canonical;  ///< the bytes that are signed, as the file has them
  std::vector<Signature> signatures;
};

/// One person alone released it, because the others who were called had not signed: break_glass.hpp, or
/// false_alarm.hpp for the false alarm of an alert.
struct Glass {
  std::string reason;
  base::WallTime paged_at;  ///< when the paging of the approvers began
  Signature signature;      ///< as approver or duty officer, of a false alarm as canceller, over glass_digest()
  bool operator==(const Glass&) const = default;
};

/// One officer fired a prepared alert: prepared.hpp. The time of the signature is when.
struct Firing {
  std::vector<alert::ZoneId> zones;  ///< in the form's order
  std::optional<base::WallTime> arrival;
  Signature signature;  ///< over firing_digest()
  bool operator==(const Firing&) const = default;
};

/// A firing with the form that it filled; the signatures over that stand with the release.
struct StoredFiring {
  std::string canonical_form;
  Firing firing;
};

/// All that is needed to open a release again, on disk before anybody reads "released".
struct StoredRelease {
  std::string canonical_plan;
  std::vector<Signature> signatures;
  std::string people_yaml;  ///< the file that the signatures were checked against
  Authority authority = Authority::quorum;
  plan::Filling filling;
  base::WallTime released_at;
  std::string released_by;   ///< who asked for it and as whom the kernel knows them: "sari (uid 1000)"
  bool false_alarm = false;  ///< it is the prepared false-alarm plan inside `canonical_plan`
  /// Authority::canceller: how many had to sign when it was released, 1 or 2. Else 0.
  int cancellers_needed = 0;
  std::optional<Glass> glass = std::nullopt;         ///< with Authority::break_glass, and never else
  std::optional<StoredFiring> fired = std::nullopt;  ///< with Authority::prepared; `signatures` are over its form
};

template <alert::Mode M>
class Release {
 public:
  const plan::Plan& plan() const { return *plan_; }
  const plan::Filling& filling() const { return stored_->filling; }
  Authority authority() const { return stored_->authority; }
  base::WallTime released_at() const { return stored_->released_at; }
  const StoredRelease& stored() const { return *stored_; }
  const std::string& plan_digest() const { return digest_; }  ///< hex, of the whole signed plan

 private:
  friend struct ReleaseMaker;  // release.cpp
  Release() = default;
  std::shared_ptr<const plan::Plan> plan_;
  std::shared_ptr<const StoredRelease> stored_;
  std::string digest_;
};

using AnyRelease = std::variant<Release<alert::Mode::live>, Release<alert::Mode::drill>>;

}  // namespace broadcaster::approval
