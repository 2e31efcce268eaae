// A town to measure with: a state folder on the disk, one SMS gateway, people with keys, and as many recipients as
// wanted. Its plans are live, because only those have class 0; its only address is on loopback.
//
// Thread rule: plain; blocks on the disk. Errors of the preparation are std::runtime_error: nothing was measured.
#pragma once

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>

#include "broadcaster/approval/key_file.hpp"
#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/journal/store.hpp"
#include "broadcaster/service/config.hpp"

namespace broadcaster::bench {

template <class T>
T must(base::Result<T> result) {
  if (!result) throw std::runtime_error("unexpected error " + result.error().text.id);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}
template <class T>
T must(base::Checked<T> result) {
  if (!result) throw std::runtime_error("unexpected error " + result.error().front().text.id);
  return std::move(*result);
}

/// The configuration of a town in `state`, whose gateway listens at `url`.
service::Config config(const std::filesystem::path& state, const std::string& url);

inline constexpr int in_flight = 64;
inline constexpr delivery::RouteIndex sms{0};

class Town {
 public:
  explicit Town(std::string url);
  ~Town();
  Town(const Town&) = delete;
  Town& operator=(const Town&) = delete;

  const std::filesystem::path& state() const { return state_; }
  const std::string& url() const { return url_; }

  /// Numbers are `prefix` and seven digits.
  plan::PlannedAudience audience(const std::string& prefix, int recipients) const;
  /// Signed by its author and two approvers just now. Every call makes another plan.
  approval::SignedPlan plan(const plan::PlannedAudience& audience, alert::Urgency urgency);
  /// Released, and expanded where a row for everybody is wanted.
  enum class Rows { to_expand, complete };
  delivery::AlertId release(journal::SqliteStore& store, const approval::SignedPlan& plan, Rows rows) const;
  std::unique_ptr<journal::SqliteStore> open() const;

 private:
  std::filesystem::path state_;
  std::string url_;
  std::map<std::string, approval::UnlockedKey> keys_;
  std::string people_;
  int plans_ = 0;
};

}  // namespace broadcaster::bench
