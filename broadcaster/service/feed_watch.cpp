#include "broadcaster/service/feed_watch.hpp"

#include <algorithm>

#include "broadcaster/alert/cap/xml.hpp"
#include "broadcaster/feeds/decide.hpp"
#include "broadcaster/feeds/links.hpp"

namespace broadcaster::service {
namespace {

using base::Text;

constexpr base::milliseconds patience = std::chrono::seconds(20);
/// A centre with more news than this in a minute tells the rest in the next one.
constexpr std::size_t most_documents = 30;
/// Nor does one that answers slowly hold up the index, where something new may stand.
constexpr base::milliseconds longest_poll = std::chrono::minutes(2);
/// However long it has failed: a wave does not wait for the back-off.
constexpr base::milliseconds longest_wait = std::chrono::minutes(5);
constexpr base::milliseconds look_at_silence = std::chrono::seconds(30);
constexpr int most_failures = 16;  // counted

std::string header_of(const net::HttpAnswer& answer, std::string_view name) {
  const auto* found = answer.header(name);
  // What would not fit into a header of ours is no value to give back.
  return found && found->size() <= 1024 ? *found : std::string();
}

}  // namespace

FeedWatch::FeedWatch(FeedTools tools, const feeds::Feed& feed, FeedHooks hooks)
    : tools_(tools), feed_(feed), hooks_(std::move(hooks)) {}

FeedWatch::~FeedWatch() {
  *alive_ = false;
  if (under_way_) tools_.http.cancel(*under_way_);
}

void FeedWatch::start() {
  good_at_ = tools_.clock.now().mono;
  watch_silence();
  poll();
}

void FeedWatch::get(const std::string& url, std::vector<std::pair<std::string, std::string>> headers,
                    std::move_only_function<void(net::HttpResult)> done) {
  net::HttpRequest request;
  request.url = url;
  request.headers = std::move(headers);
  request.repeat = net::HttpRequest::Repeat::safe;
  request.timeout = patience;
  request.max_answer = alert::cap::largest_document;
  under_way_ = tools_.http.send(std::move(request),
                                [this, alive = alive_, done = std::move(done)](net::HttpResult result) mutable {
                                  if (!*alive) return;
                                  under_way_.reset();
                                  done(std::move(result));
                                });
}

void FeedWatch::poll() {
  state_.last_try = tools_.clock.now().wall;
  began_ = tools_.clock.now().mono;
  ++polls_;
  index_ = documents_ = Went::well;
  broken_.reset();
  std::vector<std::pair<std::string, std::string>> headers;
  if (!etag_.empty()) headers.emplace_back("If-None-Match", etag_);
  if (!modified_.empty()) headers.emplace_back("If-Modified-Since", modified_);
  get(feed_.url, std::move(headers), [this](net::HttpResult result) { take_index(std::move(result)); });
}

std::optional<std::pair<FeedWatch::Trouble, Text>> FeedWatch::trouble_of(const net::HttpResult& result,
                                                                         const std::string& url) const {
  const auto where = feeds::without_query(url);
  if (!result) {
    if (result.error().phase == net::HttpFailure::Phase::too_large)
      return std::pair(Trouble::broken,
                       Text{"service.feed_too_large",
                            {{"feed", feed_.name},
                             {"url", where},
                             {"limit", static_cast<std::int64_t>(alert::cap::largest_document >> 20)}}});
    return std::pair(Trouble::away,
                     Text{"service.feed_away", {{"feed", feed_.name}, {"url", where}, {"reason", result.error().why}}});
  }
  const int status = result->status;
  if (status == 200) return std::nullopt;
  if (status >= 300 && status < 400 && status != 304) {
    const auto to = feeds::origin_of(feeds::resolved(url, header_of(*result, "Location")));
    return std::pair(
        Trouble::broken,
        Text{"service.feed_moved", {{"feed", feed_.name}, {"url", where}, {"to", to.empty() ? std::string("?") : to}}});
  }
  const Text said{"service.feed_away",
                  {{"feed", feed_.name}, {"url", where}, {"reason", "HTTP " + std::to_string(status)}}};
  return std::pair(status >= 500 || status == 429 ? Trouble::away : Trouble::broken, said);
}

void FeedWatch::take_index(net::HttpResult result) {
  const bool asked_with_mark = !etag_.empty() || !modified_.empty();
  if (result && result->status == 304 && asked_with_mark) return end_poll();
  if (auto trouble = trouble_of(result, feed_.url)) {
    index_ = Went::wrong;
    in_trouble(trouble->first, std::move(trouble->second));
    return end_poll();
  }
  next_etag_ = header_of(*result, "ETag");
  next_modified_ = header_of(*result, "Last-Modified");
  hooks_.take(feed_.url, std::move(result->body), std::nullopt, [this, alive = alive_](FeedAnswer answer) {
    if (!*alive) return;
    if (answer.unreadable) {
      index_ = Went::wrong;
      in_trouble(Trouble::broken, std::move(*answer.unreadable));
    }
    begin_linked(std::move(answer.fetch));
  });
}

void FeedWatch::begin_linked(std::vector<feeds::Entry> entries) {
  std::map<std::string, std::uint64_t> still;
  for (const auto& entry : entries)
    if (const auto found = failed_.find(feeds::key_of(entry)); found != failed_.end()) still.insert(*found);
  failed_ = std::move(still);
  waiting_ = feeds::failed_last(std::move(entries), failed_);
  if (waiting_.size() > most_documents) {
    waiting_.resize(most_documents);
    documents_ = Went::wrong;  // no trouble, but the index must come whole again
  }
  std::ranges::reverse(waiting_);
  take_linked();
}

void FeedWatch::take_linked() {
  if (!waiting_.empty() && tools_.clock.now().mono - began_ >= longest_poll) {
    waiting_.clear();
    documents_ = Went::wrong;
  }
  if (waiting_.empty()) return end_poll();
  auto entry = std::move(waiting_.back());
  waiting_.pop_back();
  const auto url = entry.link;
  get(url, {}, [this, entry = std::move(entry)](net::HttpResult result) { take_linked(entry, std::move(result)); });
}

void FeedWatch::take_linked(const feeds::Entry& entry, net::HttpResult result) {
  if (auto trouble = trouble_of(result, entry.link)) {
    // A bulletin that is named and cannot be had is news that we lack.
    documents_ = Went::wrong;
    failed_[feeds::key_of(entry)] = polls_;
    in_trouble(Trouble::broken, std::move(trouble->second));
    return take_linked();
  }
  hooks_.take(entry.link, std::move(result->body), entry,
              [this, key = feeds::key_of(entry), alive = alive_](FeedAnswer answer) {
                if (!*alive) return;
                failed_.erase(key);
                if (answer.unreadable) {
                  documents_ = Went::wrong;
                  failed_[key] = polls_;
                  in_trouble(Trouble::broken, std::move(*answer.unreadable));
                }
                take_linked();
              });
}

void FeedWatch::in_trouble(Trouble kind, Text text) {
  switch (kind) {
    case Trouble::broken:
      broken_ = text;
      break;
    case Trouble::away:
      break;
  }
  trouble_ = std::move(text);
}

void FeedWatch::end_poll() {
  const auto now = tools_.clock.now();
  switch (index_) {
    case Went::wrong:
      failures_ = std::min(failures_ + 1, most_failures);
      break;
    case Went::well:
      failures_ = 0;
      good_at_ = now.mono;
      state_.last_good = now.wall;
      break;
  }
  keep_marks();
  state_.trouble = std::exchange(trouble_, std::nullopt);
  hooks_.alarm("broken", broken_);
  look_for_silence();
  const base::milliseconds every = feed_.every;
  auto wait = every;
  for (int i = 0; i < failures_ && wait < longest_wait; ++i) wait *= 2;
  wait = std::max(every, std::min(wait, longest_wait));
  // Of many who watch one centre not all come in the same second.
  const auto tenth = static_cast<std::uint64_t>(wait.count() / 10) + 1;
  wait += base::milliseconds(static_cast<std::int64_t>(tools_.random.below(2 * tenth))) -
          base::milliseconds(static_cast<std::int64_t>(tenth));
  tools_.loop.after(wait, [this, alive = alive_] {
    if (*alive) poll();
  });
}

/// Of a poll that went wrong none: the whole index must come again.
void FeedWatch::keep_marks() {
  const auto etag = std::exchange(next_etag_, {});
  const auto modified = std::exchange(next_modified_, {});
  if (index_ == Went::wrong || documents_ == Went::wrong) {
    etag_.clear();
    modified_.clear();
  } else if (!etag.empty() || !modified.empty()) {
    etag_ = etag;
    modified_ = modified;
  }
}

/// Apart from the polls: one that does not come to its end is silence, too.
void FeedWatch::watch_silence() {
  tools_.loop.after(std::min<base::milliseconds>(feed_.silent, look_at_silence), [this, alive = alive_] {
    if (!*alive) return;
    look_for_silence();
    watch_silence();
  });
}

void FeedWatch::look_for_silence() {
  const auto silent = tools_.clock.now().mono - good_at_;
  if (silent < feed_.silent) return hooks_.alarm("silent", std::nullopt);
  hooks_.alarm("silent", Text{"service.feed_silent",
                              {{"feed", feed_.name},
                               {"minutes", std::chrono::duration_cast<std::chrono::minutes>(silent).count()}}});
}

}  // namespace broadcaster::service
