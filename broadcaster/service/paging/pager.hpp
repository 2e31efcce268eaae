// When somebody is called, how often, and who comes next, until somebody acknowledges: a state machine without I/O.
//
//   step(event, now) → actions
//
// A page calls the first person of its order; when nobody has acknowledged after `next_after`, or nothing could be sent
// to whom it has called, it calls the next one too, and everybody again every `again_every`: ten times, then less
// often. One acknowledgement ends the calls; of a page to all at once it ends those of the person who gave it. A cause
// that is gone ends the page; one that comes back soon goes on with the same page, and whoever had acknowledged sleeps
// on. A page to all at once that is opened again for somebody whom it has not called calls them too, and is as old as
// that call: it counts from when all of them were called. Rates and room are bounded over all pages, and who decides
// about an alert goes first in both (Rank): a page without room waits and is opened when there is some, one of a lower
// rank waits in its place. A page to all at once is opened with its first call, so that whoever may decide alone after
// a time waits from when somebody was called. What stands in pages() is to be kept: a new start goes on with it. Thread
// rule: plain values.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "broadcaster/base/error.hpp"
#include "broadcaster/base/time.hpp"

namespace broadcaster::service {

/// The n-th page of this state; people say "P12".
using PageNumber = std::int64_t;
std::string page_name(PageNumber number);
/// "P12" or "12"; nullopt: neither.
std::optional<PageNumber> parse_page_name(std::string_view text);

/// What goes first, in room and in rate.
enum class Rank { decision, bulletin, usual, question };
Rank rank_of(std::string_view key);

enum class Calls { one_after_the_other, all_at_once };

struct Called {
  std::string person;
  int tries = 0;
  base::WallTime last;
  /// What the last try came to, over all of the person's ways together.
  enum class Reached { not_known, by_some_way, by_none } reached = Reached::not_known;
};

struct Acknowledged {
  std::string by;
  base::WallTime at;
  std::string how;  ///< "console", "link"
};

struct Page {
  PageNumber number = 0;
  std::string key;  ///< what it is about: an alarm's key, or "approval/…"
  base::Text text;
  base::WallTime opened;
  Calls calls = Calls::one_after_the_other;
  std::vector<std::string> order;
  std::vector<Called> called;
  std::vector<Acknowledged> acknowledged;
  std::optional<base::WallTime> ended;  ///< its cause is gone

  /// Is anybody still to be called?
  bool waits() const;
  bool acknowledged_by(std::string_view person) const;
  /// Is everybody of these among whom it calls?
  bool calls_all(const std::vector<std::string>& persons) const;
};

// ── events ──────────────────────────────────────────────────────────────────────────────────────────────────────────

struct PageOpened {
  std::string key;
  base::Text text;
  std::vector<std::string> order;  ///< empty: nobody can be called; it is only shown
  Calls calls = Calls::one_after_the_other;
  /// Of a page that is open already: is another text news, for which everybody is called anew?
  enum class News { no, another_text } news = News::no;
};
struct PageEnded {
  std::string key;
};
struct PageAcknowledged {
  PageNumber page = 0;
  std::string by;
  std::string how;
};
struct CallEnded {
  PageNumber page = 0;
  std::string person;
  Called::Reached reached = Called::Reached::by_some_way;
};
struct PagerWoken {};
using PageEvent = std::variant<PageOpened, PageEnded, PageAcknowledged, CallEnded, PagerWoken>;

// ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/// Over all ways of this person; owes a CallEnded.
struct Call {
  PageNumber page = 0;
  std::string person;
  int number = 1;  ///< 1 for the first try
};
/// pages() has changed and must be on disk. Calls do not wait for it: called twice is better than not called.
struct KeepPages {};
/// For the record.
struct NotePage {
  PageNumber page = 0;
  enum class What { opened, called, news, acknowledged, ended } what = What::opened;
  std::string person;  ///< of called and acknowledged
};
struct WakePagerAt {
  std::optional<base::MonoTime> at;  ///< nullopt: nothing to wait for
};
using PageAction = std::variant<Call, KeepPages, NotePage, WakePagerAt>;

struct PagerLimits {
  base::milliseconds next_after = std::chrono::minutes(2);
  base::milliseconds again_every = std::chrono::minutes(1);
  int often = 10;  ///< so many tries of a person at this pace, then one every `later`
  base::milliseconds later = std::chrono::minutes(10);
  int calls_a_minute = 20;         ///< over all pages
  int more_for_decisions = 10;     ///< beyond those
  int of_them_for_questions = 10;  ///< no more than these
  /// A cause that comes back sooner goes on with its page.
  base::milliseconds same_within = std::chrono::minutes(10);
  std::size_t most_pages = 64;
  /// Who only looks at the state calls nobody.
  enum class Calling { yes, no } calling = Calling::yes;
};

class Pager {
 public:
  /// `kept`: pages() of the process before; `next`: next_number() of it.
  Pager(PagerLimits limits, std::vector<Page> kept, PageNumber next, base::Now now);

  std::vector<PageAction> step(PageEvent event, base::Now now);
  const std::map<PageNumber, Page>& pages() const { return pages_; }
  PageNumber next_number() const { return next_; }
  const Page* find(std::string_view key) const;

 private:
  /// What only this process knows of a page.
  struct Waits {
    std::map<std::string, base::MonoTime> again;  ///< by person
    std::map<std::string, bool> under_way;        ///< a call whose end is not known yet
    std::optional<base::MonoTime> next_person;
    std::optional<base::MonoTime> forget;
    /// Of a page of the process before: has its cause been seen by this one?
    enum class Cause { seen, not_seen } cause = Cause::seen;
  };
  void on(PageOpened&& event);
  void on(PageEnded&& event);
  void on(PageAcknowledged&& event);
  void on(CallEnded&& event);
  void on(PagerWoken&&) {}
  void open(PageOpened&& event);
  bool may_open(const PageOpened& event);
  void wait_for_room(PageOpened&& event);
  void open_waiting();
  void begin(Page& page);
  void end(Page& page);
  void call_more(Page& page, const std::vector<std::string>& order);
  void call_next(Page& page);
  void call_due();
  void call(Page& page, Called& who);
  std::size_t most_calls(Rank rank) const;
  bool may_call(Rank rank);
  std::optional<base::MonoTime> may_call_from(Rank rank) const;
  void forget_ended();
  bool make_room(Rank rank);
  base::milliseconds pause(int tries) const;
  std::optional<base::MonoTime> next_due() const;
  Page* find(PageNumber number);
  Page* find_open(std::string_view key);
  void note(const Page& page, NotePage::What what, std::string person = {});

  PagerLimits limits_;
  std::map<PageNumber, Page> pages_;
  std::map<PageNumber, Waits> waits_;
  PageNumber next_ = 1;
  std::deque<base::MonoTime> calls_;  ///< of the last minute
  std::vector<PageOpened> waiting_;   ///< for room, or for their first call
  base::Now now_{};
  std::vector<PageAction> actions_;
  enum class Changed { no, yes } changed_ = Changed::no;
};

}  // namespace broadcaster::service
