#include "broadcaster/service/paging/pages.hpp"

#include <boost/json.hpp>

#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/base/log.hpp"
#include "broadcaster/plan/local_time.hpp"
#include "broadcaster/service/paging/page_json.hpp"
#include "broadcaster/service/paging/page_screen.hpp"
#include "broadcaster/service/paging/page_table.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {
namespace json = boost::json;
namespace {

constexpr auto kept_key = "pages";
constexpr auto secret_key = "pages/secret";

enum class Links { made, not_made };

/// The secret that links are made of, made once by who makes links; then what was kept.
base::Result<std::pair<std::string, std::optional<std::string>>> load_pages(journal::SqliteStore& store, Links links) {
  auto secret = store.load(secret_key);
  if (!secret) return std::unexpected(secret.error());
  if (!*secret) {
    *secret = base::hex(base::random_bytes(32));
    if (links == Links::made)
      if (auto saved = store.save(secret_key, **secret); !saved) return std::unexpected(saved.error());
  }
  auto kept = store.load(kept_key);
  if (!kept) return std::unexpected(kept.error());
  return std::pair(std::move(**secret), std::move(*kept));
}

PagerLimits limits_of(const std::optional<Duty>& duty, Work work) {
  PagerLimits limits;
  if (duty) {
    limits.next_after = duty->next_after;
    limits.again_every = duty->again_every;
  }
  // Without duty there is nobody to call, and who only looks must not.
  limits.calling = duty && work == Work::send ? PagerLimits::Calling::yes : PagerLimits::Calling::no;
  return limits;
}

std::string_view name(NotePage::What what) {
  switch (what) {
    case NotePage::What::opened:
      return "opened";
    case NotePage::What::called:
      return "called";
    case NotePage::What::news:
      return "news";
    case NotePage::What::acknowledged:
      return "acknowledged";
    case NotePage::What::ended:
      return "ended";
  }
  return "";
}

PageOpened::News news_of(const PageRow& row) {
  switch (row.news) {
    case PageRow::News::no:
      return PageOpened::News::no;
    case PageRow::News::another_text:
      return PageOpened::News::another_text;
  }
  return PageOpened::News::no;
}

void log_failure(const base::Result<void>& written) {
  if (!written) base::log::error("a page could not be recorded", written.error());
}

}  // namespace

template <alert::Mode M>
Pages<M>::Pages(PagesTools tools)
    : tools_(tools), duty_(tools.options.config.duty), ways_(tools.loop, tools.http, tools.clock) {}

template <alert::Mode M>
Pages<M>::~Pages() {
  *alive_ = false;
  if (timer_) tools_.loop.cancel(*timer_);
}

template <alert::Mode M>
void Pages<M>::start() {
  if (duty_ && tools_.options.work == Work::send) {
    for (const auto& left : ways_.open(*duty_, tools_.options.config.folder.string()))
      warnings_.push_back({"service.page_way_left_out",
                           {{"way", left.way},
                            {"person", left.person},
                            {"reason", base::Catalogue::of(language_of({})).say(left.why)}}});
    if (ways_.size() == 0) warnings_.push_back({"service.page_no_way", {}});
  }
  using Loaded = base::Result<std::pair<std::string, std::optional<std::string>>>;
  const auto links = duty_ && tools_.options.work == Work::send ? Links::made : Links::not_made;
  tools_.store.run(
      [links](journal::SqliteStore& store) { return load_pages(store, links); },
      [this, alive = alive_](const Loaded& found) {
        if (!*alive) return;
        const auto secret = found ? base::from_hex(found->first) : std::nullopt;
        secret_ = secret ? *secret : base::random_bytes(32);
        loaded(found ? base::Result<std::optional<std::string>>(found->second) : std::unexpected(found.error()));
      });
}

/// What cannot be read keeps nobody from being called about what happens now.
template <alert::Mode M>
void Pages<M>::loaded(const base::Result<std::optional<std::string>>& kept) {
  KeptPages pages;
  if (!kept)
    base::log::error("the open pages cannot be read", kept.error());
  else if (*kept) {
    if (auto parsed = parse_kept(**kept))
      pages = std::move(*parsed);
    else
      base::log::error("the open pages cannot be read", parsed.error());
  }
  pager_.emplace(limits_of(duty_, tools_.options.work), std::move(pages.pages), pages.next, tools_.clock.now());
  step(PagerWoken{});
  for (auto& task : std::exchange(waiting_, {})) task();
}

template <alert::Mode M>
void Pages<M>::when_loaded(std::function<void()> task) {
  if (pager_) return task();
  waiting_.push_back(std::move(task));
}

template <alert::Mode M>
void Pages<M>::stop() {
  stopped_ = Stopped::yes;
  if (timer_) tools_.loop.cancel(*std::exchange(timer_, std::nullopt));
}

template <alert::Mode M>
void Pages<M>::alarm(const std::string& key, const std::optional<base::Text>& text) {
  if (!duty_) return;
  const auto& row = page_row(key);
  switch (row.wakes) {
    case PageRow::Wakes::nobody:
      return;
    case PageRow::Wakes::somebody:
      break;
  }
  const auto page = page_key(row, key);
  auto& causes = standing_[page];
  if (!text) {
    causes.erase(key);
    if (!causes.empty()) return;
    standing_.erase(page);
    return end(page);
  }
  causes.insert(key);
  // "page" is what the others of its group would say too.
  when_loaded([this, page, row = &row, text = page_text(row, row.page.empty() ? key : page, *text)] {
    step(PageOpened{page, text, on_duty_now(), Calls::one_after_the_other, news_of(*row)});
  });
}

template <alert::Mode M>
void Pages<M>::call_all(std::string key, base::Text text, std::vector<std::string> order, base::WallTime until,
                        Began done) {
  tools_.loop.after(until - tools_.clock.now().wall, [this, key, alive = alive_] {
    if (*alive) end(key);
  });
  when_loaded([this, key = std::move(key), text = std::move(text), order = std::move(order), done = std::move(done)] {
    step(PageOpened{key, text, order, Calls::all_at_once, PageOpened::News::no});
    const auto* page = pager_->find(key);
    if (!page) return done(base::fail(base::ErrorKind::unavailable, {"service.busy", {}}));
    // Behind the keeping of it, in the same queue.
    tools_.store.run(
        [](journal::SqliteStore& store) -> base::Result<void> {
          if (store.broken()) return std::unexpected(*store.failure());
          return {};
        },
        [done, opened = page->opened](const base::Result<void>& kept) {
          if (!kept) return done(std::unexpected(kept.error()));
          done(opened);
        });
  });
}

template <alert::Mode M>
void Pages<M>::end(const std::string& key) {
  when_loaded([this, key] { step(PageEnded{key}); });
}

template <alert::Mode M>
void Pages<M>::acknowledge(const std::string& name, std::string by, std::string how,
                           std::function<void(base::Result<void>)> done) {
  when_loaded([this, name, by = std::move(by), how = std::move(how), done = std::move(done)] {
    const auto number = parse_page_name(name);
    if (!number || !pager_->pages().contains(*number))
      return done(base::fail(base::ErrorKind::bad_input, {"service.unknown_page", {{"page", name}}}));
    step(PageAcknowledged{*number, by, how});
    tools_.store.run(
        [](journal::SqliteStore& store) -> base::Result<void> {
          if (store.broken()) return std::unexpected(*store.failure());
          return {};
        },
        done);
  });
}

template <alert::Mode M>
void Pages<M>::receive(const net::ServerRequest& request, net::Responder responder) {
  const net::Headers html{{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}};
  const auto token = std::string_view(request.target).substr(link_path.size());
  const auto found = pager_ ? find_token(secret_, pager_->pages(), token) : std::nullopt;
  if (!found) return responder.answer(404, {}, "");
  const auto screen = [&] {
    return page_screen(speaker(), pager_->pages().at(found->page), found->person, language_of(found->person));
  };
  if (request.method == "GET") return responder.answer(200, html, screen());
  if (request.method != "POST") return responder.answer(405, {}, "");
  step(PageAcknowledged{found->page, found->person, "link"});
  // When it is on disk; where the disk fails calls have ended all the same.
  tools_.store.run([](journal::SqliteStore&) -> base::Result<void> { return {}; },
                   [html, thanks = screen(), responder = std::move(responder)](const base::Result<void>&) mutable {
                     responder.answer(200, html, thanks);
                   });
}

template <alert::Mode M>
json::object Pages<M>::json() const {
  json::array open, names;
  if (pager_)
    for (const auto& [_, page] : pager_->pages())
      if (!page.ended) open.push_back(to_json(page));
  const bool sends = tools_.options.work == Work::send;
  if (duty_)
    for (const auto& person : on_duty_now())
      if (const auto* known = duty_->find(person)) names.push_back(json::string(known->name));
  return {{"duty", sends ? json::value(duty_.has_value()) : json::value()},
          {"ways", static_cast<std::int64_t>(ways_.size())},
          {"on_duty", std::move(names)},
          {"open", std::move(open)}};
}

// ── what the pager wants ────────────────────────────────────────────────────────────────────────────────────────────

template <alert::Mode M>
void Pages<M>::step(PageEvent event) {
  if (stopped_ == Stopped::yes) return;
  for (const auto& action : pager_->step(std::move(event), tools_.clock.now()))
    std::visit([this](const auto& one) { this->carry_out(one); }, action);
}

template <alert::Mode M>
void Pages<M>::carry_out(const Call& call) {
  const auto page = pager_->pages().find(call.page);
  if (page == pager_->pages().end()) return;
  const auto message =
      page_message(speaker(), page->second, language_of(call.person), page_token(secret_, page->second, call.person));
  using Answers = std::vector<std::pair<std::string, std::optional<std::string>>>;
  const auto answers = std::make_shared<Answers>();
  const auto expected = std::make_shared<int>(0);
  *expected =
      ways_.send(call.person, message,
                 [this, call, answers, expected](const std::string& way, const std::optional<std::string>& why) {
                   answers->emplace_back(way, why);
                   if (static_cast<int>(answers->size()) == *expected) call_ended(call, *answers);
                 });
  if (*expected > 0) return;
  tools_.loop.post([this, call, alive = alive_] {
    if (*alive) call_ended(call, {});
  });
}

template <alert::Mode M>
void Pages<M>::call_ended(const Call& call,
                          const std::vector<std::pair<std::string, std::optional<std::string>>>& answers) {
  auto reached = Called::Reached::by_none;
  json::object ways;
  for (const auto& [way, why] : answers) {
    ways[way] = why ? *why : "taken";
    if (!why) reached = Called::Reached::by_some_way;
    if (why) base::log::warning("page " + page_name(call.page) + " over " + way + " was not taken: " + *why);
  }
  note(call.page, "tried", {{"person", call.person}, {"try", call.number}, {"ways", std::move(ways)}});
  step(CallEnded{call.page, call.person, reached});
}

template <alert::Mode M>
void Pages<M>::carry_out(const KeepPages&) {
  KeptPages kept{.pages = {}, .next = pager_->next_number()};
  for (const auto& [_, page] : pager_->pages()) kept.pages.push_back(page);
  tools_.store.run_until_written(
      [text = kept_text(kept)](journal::SqliteStore& store) { return store.save(kept_key, text); }, log_failure);
}

template <alert::Mode M>
void Pages<M>::carry_out(const NotePage& what) {
  json::object more;
  if (!what.person.empty()) more["person"] = what.person;
  if (const auto page = pager_->pages().find(what.page); page != pager_->pages().end()) {
    more["key"] = page->second.key;
    if (what.what == NotePage::What::opened || what.what == NotePage::What::news)
      more["text"] = to_json(page->second.text);
    if (what.what == NotePage::What::acknowledged) more["how"] = page->second.acknowledged.back().how;
  }
  note(what.page, name(what.what), std::move(more));
}

template <alert::Mode M>
void Pages<M>::note(PageNumber page, std::string_view what, json::object more) {
  more["page"] = page_name(page);
  more["what"] = what;
  tools_.store.run_until_written([entry = base::canonical_json(more), now = tools_.clock.now().wall](
                                     journal::SqliteStore& store) { return store.note("page", entry, now); },
                                 log_failure);
}

template <alert::Mode M>
void Pages<M>::carry_out(const WakePagerAt& wake) {
  if (timer_) tools_.loop.cancel(*std::exchange(timer_, std::nullopt));
  if (!wake.at) return;
  timer_ = tools_.loop.after(*wake.at - tools_.clock.now().mono, [this] {
    timer_.reset();
    step(PagerWoken{});
  });
}

// ── who and how ─────────────────────────────────────────────────────────────────────────────────────────────────────

template <alert::Mode M>
std::vector<std::string> Pages<M>::on_duty_now() const {
  if (!duty_) return {};
  const auto now = tools_.clock.now().wall;
  return on_duty(*duty_, now, plan::utc_offset(tools_.options.config.agency.time_zone, now));
}

template <alert::Mode M>
std::string Pages<M>::language_of(std::string_view person) const {
  const auto* known = duty_ ? duty_->find(person) : nullptr;
  if (known && !known->language.empty()) return known->language;
  return tools_.options.config.agency.default_language.value;
}

template <alert::Mode M>
PageSpeaker Pages<M>::speaker() const {
  const auto& config = tools_.options.config;
  const auto& zone = config.agency.time_zone;
  PageSpeaker out{.agency = config.agency.short_name,
                  .mode = M,
                  .link_prefix = {},
                  .time_zone = zone,
                  .time_zone_name = config.agency.time_zone_name(zone)};
  if (!config.hooks.public_url.empty()) out.link_prefix = config.hooks.public_url + std::string(link_path);
  return out;
}

template class Pages<alert::Mode::live>;
template class Pages<alert::Mode::drill>;

}  // namespace broadcaster::service
