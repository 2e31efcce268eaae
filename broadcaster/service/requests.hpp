// What an owner does when the control socket asks. One class a mode, because a release has one.
//
// Thread rule: loop thread.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "broadcaster/approval/break_glass.hpp"
#include "broadcaster/approval/false_alarm.hpp"
#include "broadcaster/dispatch/dispatcher.hpp"
#include "broadcaster/journal/verify.hpp"
#include "broadcaster/net/lines.hpp"
#include "broadcaster/net/workers.hpp"
#include "broadcaster/service/config.hpp"
#include "broadcaster/service/feed_desk.hpp"
#include "broadcaster/service/owner.hpp"
#include "broadcaster/service/paging/pages.hpp"
#include "broadcaster/service/set_guard.hpp"
#include "broadcaster/service/status_json.hpp"

namespace broadcaster::service {

/// One answer, or several lines (watch).
using Reply = std::function<void(std::string line)>;

template <alert::Mode M>
struct RequestTools {
  net::Loop& loop;
  net::Workers& workers;
  journal::StoreThread& store;
  const base::Clock& clock;
  const OwnerOptions& options;
  std::function<void()> quit;
  std::function<boost::json::value()> audit;      ///< Auditor::json(); null: nobody audits
  std::function<boost::json::value()> retention;  ///< Retention::json(); null: numbers are kept
  std::function<FeedDesk&()> feeds;
  Pages<M>& pages;
  /// Of a live state; nullptr in a drill, which goes by no signed set.
  SetGuard* signed_set = nullptr;
  /// Why nothing may be sent from this state, and so nothing may be released: standing.hpp.
  std::optional<base::Error> silent = std::nullopt;
};

/// Of the page that calls everybody who decides about this plan.
std::string approval_page_key(const approval::SignedPlan& plan);
/// Of the page that calls for a second canceller; `plan_digest`: of the whole released plan, hex.
std::string false_alarm_page_key(const std::string& plan_digest);
/// Everybody who may approve, cancel or release alone, but for the one who has done their part.
std::vector<std::string> who_decides(const approval::People& people, const std::string& but_for);

template <alert::Mode M>
class Requests {
 public:
  Requests(RequestTools<M> tools, dispatch::Dispatcher<M>& dispatcher);

  /// `line` as it came; every answer goes to `reply`.
  void handle(const std::string& line, const net::Peer& peer, net::ConnectionId connection, Reply reply);
  /// Nobody reads the answers of this connection any more.
  void closed(net::ConnectionId connection) { watches_.erase(connection); }

 private:
  using Object = boost::json::object;
  void hello(const Reply& reply);
  void submit(const Object& request, const net::Peer& peer, Reply reply);
  void release_by_rules(approval::SignedPlan plan, std::optional<approval::Glass> glass, std::string by, Reply reply);
  void release(approval::SignedPlan plan, std::optional<approval::Glass> glass, const approval::SetTexts& rules,
               std::string by, Reply reply);
  base::Result<approval::People> people_for_false_alarm(const approval::StoredRelease& original) const;
  plan::Policy policy_for_false_alarm() const;
  void fire(const Object& request, const net::Peer& peer, Reply reply);
  struct Shot;
  void take_rules(std::shared_ptr<Shot> shot);
  void load(std::shared_ptr<Shot> shot);
  void release_prepared(std::shared_ptr<Shot> shot);
  void end_shot(const Shot& shot, std::string line);
  void false_alarm(const Object& request, const net::Peer& peer, Reply reply);
  struct AskedFalseAlarm {
    AlertView original;
    approval::People people;  ///< today's
    approval::FalseAlarmRequest wanted;
  };
  void ask_policy(AskedFalseAlarm& asked) const;
  void judge_false_alarm(delivery::AlertId id, std::shared_ptr<AskedFalseAlarm> asked, const std::string& by,
                         Reply reply);
  void wait_for_a_second(delivery::AlertId id, std::shared_ptr<AskedFalseAlarm> asked, const base::Error& refusal,
                         const std::string& by, Reply reply);
  void withdraw_false_alarm(const Object& request, const net::Peer& peer, Reply reply);
  base::Result<approval::Release<M>> make_false_alarm(AskedFalseAlarm& asked, std::int64_t number) const;
  void send_false_alarm(delivery::AlertId stops, AskedFalseAlarm& asked, std::int64_t number, const std::string& by,
                        Reply reply);
  /// The alert that is stored, whoever released it: what was just made has another code when it joins.
  void answer_submitted(const dispatch::Submitted& submitted, Reply reply);
  void halt(const Object& request, const net::Peer& peer, Reply reply);
  void status(const Object& request, Reply reply);
  void look_up(const std::string& alert, Reply reply);
  void signed_set(const Object& request, Reply reply);
  void watch(const Object& request, net::ConnectionId connection, Reply reply);
  struct Watch {
    std::uint64_t number = 0;
    Reply reply;
  };
  void watch_again(net::ConnectionId connection, std::uint64_t number, delivery::AlertId alert);
  bool reads_back() const;
  const Watch* find_watch(net::ConnectionId connection, std::uint64_t number) const;
  void end_watch(net::ConnectionId connection, std::string last_line);
  void deliveries(const Object& request, Reply reply);
  void plan(const Object& request, Reply reply);
  void to_end(const Object& request, Reply reply);
  void verify(const Object& request, Reply reply);
  void record_key(const Reply& reply);
  void export_record(const Object& request, const net::Peer& peer, Reply reply);
  void erase(const Object& request, const net::Peer& peer, Reply reply);
  void note(const Object& request, Reply reply);
  void feeds(Reply reply);
  void dismiss_matter(const Object& request, const net::Peer& peer, Reply reply);
  void pages(Reply reply);
  void page_approvers(const Object& request, const net::Peer& peer, Reply reply);
  void with_people_to_page(std::function<void(base::Checked<approval::People>)> then);
  void call_approvers(const approval::SignedPlan& plan, const approval::People& people, const std::string& by,
                      Reply reply);
  base::Result<approval::GlassCase> glass_case(const approval::SignedPlan& plan, const approval::People& people,
                                               const approval::SetTexts& rules) const;
  void acknowledge(const Object& request, const net::Peer& peer, Reply reply);
  struct BackupRun;
  void backup(const Object& request, const net::Peer& peer, Reply reply);
  void copy_aside(std::shared_ptr<BackupRun> run, std::function<base::Result<void>(BackupRun&)> work,
                  std::function<void()> then);
  void copy_pages(std::shared_ptr<BackupRun> run);
  void finish_copy(std::shared_ptr<BackupRun> run, journal::RecordHead head);
  void give_up(std::shared_ptr<BackupRun> run, base::Error reason);
  void end_backup(const BackupRun& run, const base::Result<void>& result);

  /// Finds the alert that `request` names, and goes on with its id; an unknown one is answered.
  void with_alert(const Object& request, Reply reply, std::function<void(delivery::AlertId)> then);
  Object document(const std::vector<AlertView>& views) const;
  void record_refusal(const std::string& what, const base::Error& error, const std::string& by);
  std::vector<approval::SourceInForce> sources_in_force(const std::vector<AlertView>& views,
                                                        const AlertView& original) const;

  RequestTools<M> tools_;
  dispatch::Dispatcher<M>& dispatcher_;
  std::map<net::ConnectionId, Watch> watches_;
  std::set<std::string> being_fired_;  ///< digests of forms: two hands on one trigger are one alert
  std::uint64_t last_watch_ = 0;
  enum class BackingUp { no, yes } backing_up_ = BackingUp::no;
  net::Workers copying_;  ///< one thread; nobody else waits for the disk of a copy
  const std::shared_ptr<PlanCache> plans_ = std::make_shared<PlanCache>();  ///< the store's thread only
};

}  // namespace broadcaster::service
