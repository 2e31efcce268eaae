// The feeds of an owner: what they bring becomes drafts and questions, alarms and entries of the record.
//
// One document after the other is worked on (a worker), so that every decision knows what the one before has made. An
// A document that takes long is stopped at its next bulletin, and given up when that does not come: what else waits
// goes on without it. An owner that only reads, or stands for a moment, polls nothing; what waits for a person it shows
// all the same. Where a bulletin ends under an alert that rests on it, the alarm names that alert. Thread rule: loop
// thread.
#pragma once

#include <boost/json/object.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "broadcaster/dispatch/driver.hpp"
#include "broadcaster/feeds/event.hpp"
#include "broadcaster/net/workers.hpp"
#include "broadcaster/service/alert_sources.hpp"
#include "broadcaster/service/feed_watch.hpp"
#include "broadcaster/service/feed_work.hpp"

namespace broadcaster::service {

struct FeedDeskTools {
  net::Loop& loop;
  net::Workers& workers;
  net::HttpClient& http;
  journal::StoreThread& store;
  dispatch::Driver& driver;
  const base::Clock& clock;
  base::Random& random;
};

class FeedDesk {
 public:
  /// `feeds`: all that are configured; those of the other mode are left alone.
  FeedDesk(FeedDeskTools tools, FeedRules rules, const std::vector<feeds::Feed>& feeds);
  ~FeedDesk();

  /// Reads what is known. `poll`: and begins to watch.
  enum class Watching { poll, look_only };
  void begin(Watching watching);

  /// {"feeds": [{"name","kind","url","every_s","last_try"?,"last_good"?,"trouble"?: TEXT, "polled"}],
  ///  "matters": [{"id","kind","opened","ends","dismissed","file","news":
  ///  TEXT,"sources":[{"feed","bulletin","signer","over"}]}], "refused": [{"feed","bulletin","why": TEXT,"at"}]}   the
  ///  last ones, newest first
  using Shown = std::move_only_function<void(boost::json::object)>;
  void show(Shown done);
  /// For `status`: {"feeds": n, "in_trouble": n, "drafts": n, "questions": n}.
  boost::json::object summary() const;

  /// feeds::in_force.
  std::vector<feeds::BulletinInForce> in_force(const std::vector<alert::ZoneId>& zones) const;

  /// A person has looked. `by`, `reason`: for the record. Errors: bad_input.
  void dismiss(const std::string& id, const std::string& by, const std::string& reason,
               std::move_only_function<void(base::Result<void>)> done);

 private:
  using Answer = std::move_only_function<void(const FeedOutcome*)>;  ///< nullptr: it could not be worked on
  struct Job {
    std::move_only_function<FeedOutcome(const feeds::Known&, const Enough&)> work;
    Answer done;
    boost::json::object remark = {};  ///< stands beside its notes on the record
    std::string feed = {};            ///< whose document it is
  };
  struct Running {
    Job job;
    FeedOutcome outcome = {};
    Enough enough = false;
    enum class Waited { yes, given_up } waited = Waited::yes;
  };

  void add(Job job);
  void next();
  void carry_out(Job job);
  void bound(const std::shared_ptr<Running>& running);
  void give_up(const std::shared_ptr<Running>& running);
  void took(const std::shared_ptr<Running>& running);
  void wrote(const FeedOutcome& outcome);
  void look_at_alerts(std::function<void()> then);
  void watch(const feeds::Feed& feed);
  void tick();
  void raise();
  std::optional<base::Text> ended_under_an_alert(const feeds::Matter& matter) const;
  base::Text in_full(const feeds::Matter& matter, base::Text out) const;
  void set_alarm(const std::string& key, std::optional<base::Text> text);
  void record(const std::vector<FeedNote>& notes, const boost::json::object& remark);
  boost::json::object shown() const;

  FeedDeskTools tools_;
  const std::shared_ptr<const FeedRules> rules_;
  std::vector<std::shared_ptr<const feeds::Feed>> feeds_;  ///< of our mode
  std::vector<std::unique_ptr<FeedWatch>> watches_;
  std::shared_ptr<const feeds::Known> known_ = std::make_shared<const feeds::Known>();
  std::vector<feeds::OpenAlert> open_;  ///< that may rest on what is known; as they were looked at last
  const std::shared_ptr<AlertSources> sources_ = std::make_shared<AlertSources>();  ///< the store's thread only
  std::deque<Job> jobs_;
  std::shared_ptr<Running> running_;
  std::map<std::string, NotWritten> unwritten_;  ///< by matter: files that are not as they should be
  std::set<std::string> stuck_;  ///< feeds of which a document was given up and is still being worked on
  enum class Working { no, yes } working_ = Working::yes;  ///< until what is known is read
  std::deque<FeedNote> refused_;                           ///< newest first
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace broadcaster::service
