// Looks after the owner, every few seconds: reads, judges (audit.hpp, lapse.hpp), and says it: alarms, log, status; and
// pings the dead man's handle while all is well.
//
// The writer is alive when its thread answers the look in time; the loop, when the look comes on time. A process that
// hangs altogether says nothing: then nobody pings, and that is noticed outside. Thread rule: loop thread.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "broadcaster/dispatch/driver.hpp"
#include "broadcaster/journal/ballast.hpp"
#include "broadcaster/service/audit_reading.hpp"
#include "broadcaster/service/dead_man.hpp"
#include "broadcaster/service/row_count.hpp"
#include "broadcaster/service/upkeep.hpp"

namespace broadcaster::service {

struct AuditorTools {
  net::Loop& loop;
  journal::StoreThread& store;
  dispatch::Driver& driver;
  net::HttpClient& http;
  const base::Clock& clock;
};

struct AuditorOptions {
  AuditSettings audit;
  std::uint64_t warn_below_bytes = 0;
  std::string dead_man_url;  ///< empty: nobody outside is told
  std::chrono::seconds dead_man_every{60};
};

class Auditor {
 public:
  /// `ballast` is touched on the store's thread alone.
  Auditor(AuditorTools tools, AuditorOptions options, std::shared_ptr<journal::Ballast> ballast);
  ~Auditor();

  /// The first look is now.
  void start();
  /// For `status`: {"at","green","findings":[TEXT],"oldest_waiting_ms","writer_ms","free_bytes","ballast_bytes"}; null
  /// before the first look has ended.
  boost::json::value json() const;

 private:
  void look();
  void take(base::Result<AuditReading> reading);
  void show(std::vector<AuditFinding> findings);
  void watch_lapses(const AuditReading& reading, base::WallTime now);
  void record_lapse(const InForce& alert, delivery::AlertId id);
  void take_count(const AuditedAlert& alert, delivery::RouteIndex route, const std::optional<AuditFinding>& finding);
  void forget_counts(const AuditReading& reading);
  void set_alarm(const std::string& key, std::optional<base::Text> text);

  AuditorTools tools_;
  const AuditorOptions options_;
  std::shared_ptr<journal::Ballast> ballast_;
  std::shared_ptr<AuditReader> reader_ = std::make_shared<AuditReader>();  ///< the store's thread only
  Audit audit_;
  DeadMan dead_man_;
  RowCounter counter_;
  std::map<std::string, base::Text> shown_;   ///< findings of the last look
  std::map<std::string, base::Text> counts_;  ///< findings of the last count; stand until the next one
  std::map<std::string, LapseStage> lapses_;  ///< by code
  std::set<delivery::AlertId> recorded_;      ///< whose lapse stands on the record
  std::optional<base::MonoTime> asked_;       ///< of the look that the store has not answered
  std::optional<base::MonoTime> planned_;     ///< of the next look
  std::optional<base::MonoTime> counted_;
  std::optional<AuditFinding> late_;  ///< the loop was not on time
  struct Last {
    base::WallTime at;
    enum class Verdict { green, not_green } verdict = Verdict::not_green;
    std::optional<base::milliseconds> oldest_waiting;
    base::milliseconds writer{0};
    std::optional<std::uint64_t> free_bytes;
    bool ballast = false;
  };
  std::optional<Last> last_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace broadcaster::service
