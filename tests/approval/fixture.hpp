// An agency of five for the tests, with keys made now, and a live plan that two of them approved.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "broadcaster/approval/key_file.hpp"
#include "broadcaster/approval/make_release.hpp"
#include "broadcaster/approval/people.hpp"
#include "broadcaster/approval/plan_file.hpp"

namespace broadcaster::approval {

/// The cheapest that Argon2id allows: tests make many keys.
constexpr Argon2Cost cheap{1, 8};

base::WallTime at(int hour, int minute);  ///< on the night of the alert, UTC

/// sari: author, canceller, and (wrongly for her own plans) approver; bayu, ratna: approvers; hendra: canceller and
/// duty officer; dewi: author alone.
struct Agency {
  Agency();
  std::string people_text() const;  ///< with whatever stands in `key_lines` and without who is in `left`
  People people() const;
  Signature sign(const std::string& person, Role role, const SignedPlan& plan, base::WallTime when) const;

  std::map<std::string, UnlockedKey> keys;
  std::map<std::string, std::string> key_lines;  ///< more lines for a person's key, as "revoked: true"
  std::vector<std::string> left;                 ///< who is no longer in the file
  int quorum = 2;
};

/// One agency for all tests that do not change its keys.
const Agency& agency();

plan::Plan sample_plan(alert::Mode mode = alert::Mode::live);
/// Signed by sari as author at 02:00, approved by bayu at 02:01 and ratna at 02:02.
SignedPlan approved_plan(alert::Mode mode = alert::Mode::live);
plan::Filling sample_filling(base::WallTime now);
ReleaseRequest request(base::WallTime now);

/// The catalogue's keys, for comparing.
std::vector<std::string> ids(const std::vector<base::Text>& texts);

}  // namespace broadcaster::approval
