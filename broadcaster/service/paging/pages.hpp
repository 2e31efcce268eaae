// The pager at work: alarms become pages, calls go out over the ways of this mode, and what was acknowledged is on
// disk.
//
// The pages stand in the state ("pages" of the journal's small values); a start reads them and goes on. A page whose
// keeping fails is made all the same: called twice is better than not called. Thread rule: loop thread.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "broadcaster/journal/store_thread.hpp"
#include "broadcaster/net/server.hpp"
#include "broadcaster/service/owner.hpp"
#include "broadcaster/service/paging/page_ways.hpp"
#include "broadcaster/service/paging/pager.hpp"

namespace broadcaster::service {

struct PagesTools {
  net::Loop& loop;
  journal::StoreThread& store;
  net::HttpClient& http;
  const base::Clock& clock;
  const OwnerOptions& options;
};

template <alert::Mode M>
class Pages {
 public:
  explicit Pages(PagesTools tools);
  ~Pages();

  /// Opens the ways (Work::send alone) and reads what is open. What cannot be opened is said in warnings().
  void start();
  const std::vector<base::Text>& warnings() const { return warnings_; }
  /// Another machine has taken over: nobody is called from here any more.
  void stop();

  /// As dispatch::Driver::on_alarm.
  void alarm(const std::string& key, const std::optional<base::Text>& text);
  /// Everybody of `order` at once, until then at most; the page with this key goes on where there is one. `done`: since
  /// when it is open.
  using Began = std::function<void(base::Result<base::WallTime>)>;
  void call_all(std::string key, base::Text text, std::vector<std::string> order, base::WallTime until, Began done);
  void end(const std::string& key);
  /// `name`: "P12". `done` when it is on disk. Errors: bad_input for a page that is not there; unavailable when it is
  /// not on disk (calls have ended all the same).
  void acknowledge(const std::string& name, std::string by, std::string how,
                   std::function<void(base::Result<void>)> done);
  /// A request below /page/: the link of a page.
  static constexpr std::string_view link_path = "/page/";
  void receive(const net::ServerRequest& request, net::Responder responder);

  /// For `status` and `page`: {"duty": true|false|null, "ways": n, "on_duty": [names], "open": [PAGE]}; duty is null
  /// where nobody sends.
  boost::json::object json() const;
  /// nullptr: there is none.
  const Page* find(std::string_view key) const { return pager_ ? pager_->find(key) : nullptr; }

 private:
  void loaded(const base::Result<std::optional<std::string>>& kept);
  void when_loaded(std::function<void()> task);
  void step(PageEvent event);
  void carry_out(const Call& call);
  void carry_out(const KeepPages&);
  void carry_out(const NotePage& note);
  void carry_out(const WakePagerAt& wake);
  void note(PageNumber page, std::string_view what, boost::json::object more);
  void call_ended(const Call& call, const std::vector<std::pair<std::string, std::optional<std::string>>>& answers);
  std::vector<std::string> on_duty_now() const;
  std::string language_of(std::string_view person) const;
  PageSpeaker speaker() const;

  PagesTools tools_;
  const std::optional<Duty>& duty_;
  PageWays<M> ways_;
  std::optional<Pager> pager_;  ///< from when the state has been read
  base::Bytes secret_;
  std::vector<std::function<void()>> waiting_;             ///< for that
  std::map<std::string, std::set<std::string>> standing_;  ///< alarms by their page
  std::optional<net::TimerId> timer_;
  std::vector<base::Text> warnings_;
  enum class Stopped { no, yes } stopped_ = Stopped::no;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace broadcaster::service
