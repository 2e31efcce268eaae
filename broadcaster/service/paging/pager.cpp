#include "broadcaster/service/paging/pager.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace broadcaster::service {
namespace {

constexpr std::array ranks{Rank::decision, Rank::bulletin, Rank::usual, Rank::question};

}  // namespace

std::string page_name(PageNumber number) { return "P" + std::to_string(number); }

std::optional<PageNumber> parse_page_name(std::string_view text) {
  if (text.starts_with('P') || text.starts_with('p')) text.remove_prefix(1);
  PageNumber number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

Rank rank_of(std::string_view key) {
  const auto begins = [&](std::string_view prefix) { return key.starts_with(prefix); };
  if (begins("approval/") || begins("false_alarm/")) return Rank::decision;
  if (begins("/draft/") || begins("/over/") || begins("/lapse/")) return Rank::bulletin;
  if (begins("/question/") || begins("/feed/")) return Rank::question;
  return Rank::usual;
}

bool Page::acknowledged_by(std::string_view person) const {
  return std::ranges::find(acknowledged, person, &Acknowledged::by) != acknowledged.end();
}

bool Page::waits() const {
  if (ended) return false;
  switch (calls) {
    case Calls::one_after_the_other:
      return acknowledged.empty();
    case Calls::all_at_once:
      return std::ranges::any_of(order, [this](const std::string& person) { return !acknowledged_by(person); });
  }
  return false;
}

/// Due times are this process's own: what was due meanwhile is due now.
Pager::Pager(PagerLimits limits, std::vector<Page> kept, PageNumber next, base::Now now)
    : limits_(limits), next_(next), now_(now) {
  for (auto& page : kept) {
    auto& waits = waits_[page.number];
    for (const auto& called : page.called) waits.again[called.person] = now.mono;
    if (!page.called.empty()) {
      const auto passed = now.wall - page.called.back().last;
      waits.next_person = now.mono + std::clamp(limits_.next_after - passed, base::milliseconds(0), limits_.next_after);
    } else {
      waits.next_person = now.mono;
    }
    // Whoever acknowledged is not called again; whether its cause is still there shows in time, or it is forgotten.
    waits.cause = Waits::Cause::not_seen;
    if (!page.waits()) waits.forget = now.mono + limits_.same_within;
    next_ = std::max(next_, page.number + 1);
    pages_.emplace(page.number, std::move(page));
  }
}

std::vector<PageAction> Pager::step(PageEvent event, base::Now now) {
  now_ = now;
  actions_.clear();
  changed_ = Changed::no;
  std::visit([this](auto& one) { on(std::move(one)); }, event);
  forget_ended();
  open_waiting();
  if (limits_.calling == PagerLimits::Calling::yes) call_due();
  if (changed_ == Changed::yes) actions_.emplace_back(KeepPages{});
  if (limits_.calling == PagerLimits::Calling::yes) actions_.emplace_back(WakePagerAt{next_due()});
  return std::move(actions_);
}

bool Page::calls_all(const std::vector<std::string>& persons) const {
  return std::ranges::all_of(persons,
                             [this](const auto& person) { return std::ranges::find(order, person) != order.end(); });
}

const Page* Pager::find(std::string_view key) const {
  for (const auto& [_, page] : pages_)
    if (page.key == key) return &page;
  return nullptr;
}

Page* Pager::find_open(std::string_view key) {
  for (auto& [_, page] : pages_)
    if (page.key == key) return &page;
  return nullptr;
}

Page* Pager::find(PageNumber number) {
  const auto it = pages_.find(number);
  return it == pages_.end() ? nullptr : &it->second;
}

void Pager::note(const Page& page, NotePage::What what, std::string person) {
  actions_.emplace_back(NotePage{page.number, what, std::move(person)});
  changed_ = Changed::yes;
}

void Pager::on(PageOpened&& event) {
  auto* page = find_open(event.key);
  if (!page) return may_open(event) ? open(std::move(event)) : wait_for_room(std::move(event));
  auto& waits = waits_[page->number];
  waits.forget.reset();
  waits.cause = Waits::Cause::seen;
  if (page->ended) {
    page->ended.reset();
    changed_ = Changed::yes;
  }
  if (page->calls == Calls::all_at_once && !page->calls_all(event.order)) call_more(*page, event.order);
  if (page->text == event.text) return;
  page->text = std::move(event.text);
  changed_ = Changed::yes;
  switch (event.news) {
    case PageOpened::News::no:
      return;
    case PageOpened::News::another_text:
      note(*page, NotePage::What::news);
      // Who is being called reads the new text next time; who had acknowledged the old one must hear of it.
      if (page->acknowledged.empty()) return;
      page->acknowledged.clear();
      page->called.clear();
      page->order = std::move(event.order);
      return begin(*page);
  }
}

void Pager::call_more(Page& page, const std::vector<std::string>& order) {
  for (const auto& person : order)
    if (std::ranges::find(page.order, person) == page.order.end()) page.order.push_back(person);
  page.opened = now_.wall;
  note(page, NotePage::What::opened);
  while (page.called.size() < page.order.size()) call_next(page);
}

void Pager::open(PageOpened&& event) {
  std::erase_if(waiting_, [&](const PageOpened& one) { return one.key == event.key; });
  const auto number = next_++;
  auto& page = pages_[number];
  page = Page{.number = number,
              .key = std::move(event.key),
              .text = std::move(event.text),
              .opened = now_.wall,
              .calls = event.calls,
              .order = std::move(event.order),
              .called = {},
              .acknowledged = {},
              .ended = {}};
  note(page, NotePage::What::opened);
  begin(page);
}

bool Pager::may_open(const PageOpened& event) {
  const auto rank = rank_of(event.key);
  switch (event.calls) {
    case Calls::one_after_the_other:
      break;
    case Calls::all_at_once:
      if (limits_.calling == PagerLimits::Calling::yes && !event.order.empty() && !may_call(rank)) return false;
      break;
  }
  return make_room(rank);
}

void Pager::wait_for_room(PageOpened&& event) {
  const auto found = std::ranges::find(waiting_, event.key, &PageOpened::key);
  if (found == waiting_.end())
    waiting_.push_back(std::move(event));
  else
    *found = std::move(event);
}

void Pager::open_waiting() {
  for (const auto rank : ranks)
    for (std::size_t i = 0; i < waiting_.size();) {
      if (rank_of(waiting_[i].key) != rank || !may_open(waiting_[i])) {
        ++i;
        continue;
      }
      auto event = waiting_[i];
      open(std::move(event));
    }
}

void Pager::begin(Page& page) {
  auto& waits = waits_[page.number];
  waits = {};
  if (page.order.empty()) return;
  switch (page.calls) {
    case Calls::one_after_the_other:
      return call_next(page);
    case Calls::all_at_once:
      while (page.called.size() < page.order.size()) call_next(page);
      return;
  }
}

/// Only makes it due: call_due() calls as the rates allow.
void Pager::call_next(Page& page) {
  auto& waits = waits_[page.number];
  waits.next_person.reset();
  if (page.called.size() >= page.order.size()) return;
  page.called.push_back({.person = page.order[page.called.size()], .tries = 0, .last = now_.wall});
  waits.again[page.called.back().person] = now_.mono;
  if (page.called.size() < page.order.size()) waits.next_person = now_.mono + limits_.next_after;
  changed_ = Changed::yes;
}

void Pager::on(PageEnded&& event) {
  std::erase_if(waiting_, [&](const PageOpened& one) { return one.key == event.key; });
  auto* page = find_open(event.key);
  if (!page || page->ended) return;
  end(*page);
}

void Pager::end(Page& page) {
  page.ended = now_.wall;
  waits_[page.number].forget = now_.mono + limits_.same_within;
  note(page, NotePage::What::ended);
}

void Pager::on(PageAcknowledged&& event) {
  auto* page = find(event.page);
  if (!page || page->acknowledged_by(event.by)) return;
  page->acknowledged.push_back({event.by, now_.wall, std::move(event.how)});
  note(*page, NotePage::What::acknowledged, std::move(event.by));
  // Nothing will ever say that its cause is gone.
  auto& waits = waits_[page->number];
  if (waits.cause == Waits::Cause::not_seen && !page->waits()) waits.forget = now_.mono + limits_.same_within;
}

void Pager::on(CallEnded&& event) {
  auto* page = find(event.page);
  if (!page) return;
  waits_[page->number].under_way.erase(event.person);
  for (auto& called : page->called)
    if (called.person == event.person && called.reached != event.reached) {
      called.reached = event.reached;
      changed_ = Changed::yes;
    }
  // Nothing could be sent to the last one who was called: waiting for an answer would be waiting for nobody.
  if (event.reached == Called::Reached::by_none && page->waits() && !page->called.empty() &&
      page->called.back().person == event.person)
    call_next(*page);
}

void Pager::call_due() {
  for (auto& [number, page] : pages_) {
    if (!page.waits()) continue;
    auto& waits = waits_[number];
    if (waits.next_person && *waits.next_person <= now_.mono) call_next(page);
  }
  // Whoever was never called comes first, whatever else is due.
  for (const bool first_try : {true, false})
    for (const auto rank : ranks)
      for (auto& [number, page] : pages_) {
        if (rank_of(page.key) != rank || !page.waits()) continue;
        auto& waits = waits_[number];
        for (auto& who : page.called) {
          if ((who.tries == 0) != first_try || page.acknowledged_by(who.person)) continue;
          if (waits.again.at(who.person) > now_.mono || waits.under_way.contains(who.person)) continue;
          if (may_call(rank)) call(page, who);
        }
      }
}

std::size_t Pager::most_calls(Rank rank) const {
  switch (rank) {
    case Rank::decision:
      return static_cast<std::size_t>(limits_.calls_a_minute + limits_.more_for_decisions);
    case Rank::question:
      return static_cast<std::size_t>(std::min(limits_.calls_a_minute, limits_.of_them_for_questions));
    case Rank::bulletin:
    case Rank::usual:
      break;
  }
  return static_cast<std::size_t>(limits_.calls_a_minute);
}

bool Pager::may_call(Rank rank) {
  while (!calls_.empty() && now_.mono - calls_.front() >= std::chrono::minutes(1)) calls_.pop_front();
  return calls_.size() < most_calls(rank);
}

/// Where the rate is used up, the first calls of the last minute give their places back.
std::optional<base::MonoTime> Pager::may_call_from(Rank rank) const {
  const auto most = most_calls(rank);
  if (calls_.size() < most) return std::nullopt;
  return calls_[calls_.size() - most] + std::chrono::minutes(1);
}

void Pager::call(Page& page, Called& who) {
  auto& waits = waits_[page.number];
  ++who.tries;
  who.last = now_.wall;
  waits.under_way[who.person] = true;
  waits.again[who.person] = now_.mono + pause(who.tries);
  calls_.push_back(now_.mono);
  actions_.emplace_back(Call{page.number, who.person, who.tries});
  note(page, NotePage::What::called, who.person);
}

base::milliseconds Pager::pause(int tries) const {
  return tries < limits_.often ? limits_.again_every : std::max(limits_.again_every, limits_.later);
}

void Pager::forget_ended() {
  for (auto at = pages_.begin(); at != pages_.end();) {
    const auto waits = waits_.find(at->first);
    const bool over = waits != waits_.end() && waits->second.forget && *waits->second.forget <= now_.mono;
    if (!over) {
      ++at;
      continue;
    }
    waits_.erase(waits);
    at = pages_.erase(at);
    changed_ = Changed::yes;
  }
}

/// One that nobody waits for gives way to a new one; then the newest of the lowest rank below it, which waits.
bool Pager::make_room(Rank rank) {
  if (pages_.size() < limits_.most_pages) return true;
  auto gone = std::ranges::find_if(pages_, [](const auto& page) { return !page.second.waits(); });
  if (gone == pages_.end()) {
    gone = std::ranges::max_element(pages_, {}, [](const auto& page) { return rank_of(page.second.key); });
    for (auto at = gone; at != pages_.end(); ++at)
      if (rank_of(at->second.key) == rank_of(gone->second.key)) gone = at;
    auto& page = gone->second;
    if (rank_of(page.key) <= rank) return false;
    wait_for_room({.key = page.key, .text = page.text, .order = page.order, .calls = page.calls});
  }
  waits_.erase(gone->first);
  pages_.erase(gone);
  changed_ = Changed::yes;
  return true;
}

std::optional<base::MonoTime> Pager::next_due() const {
  std::optional<base::MonoTime> next;
  const auto take = [&](const std::optional<base::MonoTime>& at) {
    if (at && (!next || *at < *next)) next = at;
  };
  for (const auto& [number, page] : pages_) {
    const auto waits = waits_.find(number);
    if (waits == waits_.end()) continue;
    take(waits->second.forget);
    if (!page.waits()) continue;
    take(waits->second.next_person);
    for (const auto& who : page.called) {
      const auto again = waits->second.again.at(who.person);
      if (page.acknowledged_by(who.person) || waits->second.under_way.contains(who.person)) continue;
      take(std::max(again, may_call_from(rank_of(page.key)).value_or(again)));
    }
  }
  for (const auto& event : waiting_)
    if (event.calls == Calls::all_at_once) take(may_call_from(rank_of(event.key)));
  return next;
}

}  // namespace broadcaster::service
