// One feed, polled: conditional GET, what its index leads to (what could not be had goes last, and a poll has its
// time), back-off with jitter, and an alarm when it is silent or gives what cannot be read. A feed that says nothing is
// no good news.
//
// It follows no redirect: an address that has moved is a person's to correct. Thread rule: loop thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/base/time.hpp"
#include "broadcaster/feeds/index.hpp"
#include "broadcaster/feeds/settings.hpp"
#include "broadcaster/net/http.hpp"

namespace broadcaster::service {

struct FeedAnswer {
  std::optional<base::Text> unreadable;
  std::vector<feeds::Entry> fetch;
};

struct FeedHooks {
  /// Takes a document; `done` on the loop, once.
  std::function<void(std::string url, std::string body, std::optional<feeds::Entry> entry,
                     std::move_only_function<void(FeedAnswer)> done)>
      take;
  /// `key`: "silent" or "broken".
  std::function<void(const std::string& key, std::optional<base::Text>)> alarm;
};

struct FeedTools {
  net::Loop& loop;
  net::HttpClient& http;
  const base::Clock& clock;
  base::Random& random;
};

class FeedWatch {
 public:
  FeedWatch(FeedTools tools, const feeds::Feed& feed, FeedHooks hooks);
  ~FeedWatch();
  FeedWatch(const FeedWatch&) = delete;
  FeedWatch& operator=(const FeedWatch&) = delete;

  /// The first poll is now.
  void start();

  const feeds::Feed& feed() const { return feed_; }
  struct State {
    std::optional<base::WallTime> last_try;
    std::optional<base::WallTime> last_good;
    std::optional<base::Text> trouble;  ///< of the last poll
  };
  const State& state() const { return state_; }

 private:
  /// `broken`: an answer, and not one that a feed gives: said at once. `away`: no answer: said when it lasts.
  enum class Trouble { broken, away };

  void poll();
  void get(const std::string& url, std::vector<std::pair<std::string, std::string>> headers,
           std::move_only_function<void(net::HttpResult)> done);
  void take_index(net::HttpResult result);
  void begin_linked(std::vector<feeds::Entry> entries);
  void take_linked();
  void take_linked(const feeds::Entry& entry, net::HttpResult result);
  void in_trouble(Trouble kind, base::Text text);
  void end_poll();
  void keep_marks();
  void look_for_silence();
  void watch_silence();
  std::optional<std::pair<Trouble, base::Text>> trouble_of(const net::HttpResult& result, const std::string& url) const;

  FeedTools tools_;
  const feeds::Feed feed_;
  FeedHooks hooks_;
  State state_;
  base::MonoTime good_at_{};  ///< of the last good poll; before the first: of the start
  int failures_ = 0;
  std::string etag_, modified_;            ///< of the document that was taken whole
  std::string next_etag_, next_modified_;  ///< of the one that is being taken
  std::vector<feeds::Entry> waiting_;      ///< linked documents, the next one last
  std::uint64_t polls_ = 0;
  base::MonoTime began_{};                       ///< this poll
  std::map<std::string, std::uint64_t> failed_;  ///< documents that could not be had: in which poll last
  enum class Went { well, wrong };
  Went index_ = Went::well, documents_ = Went::well;  ///< in this poll
  std::optional<base::Text> trouble_, broken_;        ///< in this poll
  std::optional<net::RequestId> under_way_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace broadcaster::service
