#include "broadcaster/service/feed_desk.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <set>

#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/base/log.hpp"
#include "broadcaster/feeds/event.hpp"
#include "broadcaster/feeds/links.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {
namespace json = boost::json;
namespace {

using base::Text;
using feeds::Matter;

constexpr base::milliseconds tick_every = std::chrono::minutes(1);
/// A document's time: then it ends with the bulletin that it is at; then nobody waits for it any more.
constexpr base::milliseconds long_enough = std::chrono::seconds(10);
constexpr base::milliseconds too_long = std::chrono::seconds(30);
constexpr std::size_t shown_refusals = 20;
constexpr std::size_t most_owed = 16;
/// Alarms: "feed/inatews/silent" of a feed, "draft/inatews-3f9a1c2b" of a draft that waits for a person, "question/…"
/// of what was not made one, and in their place "over/inatews-3f9a1c2b" where an alert rests on what has ended.
constexpr std::string_view draft_prefix = "draft/";
constexpr std::string_view question_prefix = "question/";
constexpr std::string_view over_prefix = "over/";

bool is_of_a_matter(std::string_view key) {
  return std::ranges::any_of(std::array{draft_prefix, question_prefix, over_prefix},
                             [&](std::string_view prefix) { return key.starts_with("/" + std::string(prefix)); });
}

std::string_view prefix_of(const Matter& matter) {
  switch (matter.kind) {
    case Matter::Kind::draft:
      return draft_prefix;
    case Matter::Kind::question:
      break;
  }
  return question_prefix;
}

json::object entry_of(const FeedNote& note) {
  json::object out{{"feed", note.feed}, {"bulletin", note.bulletin}, {"what", note.word}};
  if (!note.matter.empty()) out["matter"] = note.matter;
  if (note.why) out["why"] = to_json(*note.why);
  return out;
}

}  // namespace

FeedDesk::FeedDesk(FeedDeskTools tools, FeedRules rules, const std::vector<feeds::Feed>& all)
    : tools_(tools), rules_(std::make_shared<const FeedRules>(std::move(rules))) {
  for (const auto& feed : all)
    if (feed.mode == rules_->mode) feeds_.push_back(std::make_shared<const feeds::Feed>(feed));
}

FeedDesk::~FeedDesk() {
  *alive_ = false;
  if (running_) running_->enough = true;
}

void FeedDesk::begin(Watching watching) {
  std::vector<std::string> names;
  for (const auto& feed : feeds_) names.push_back(feed->name);
  tools_.store.run([names](journal::SqliteStore& store) { return load_feeds(store, names); },
                   [this, watching, alive = alive_](base::Result<LoadedFeeds> loaded) {
                     if (!*alive) return;
                     if (!loaded || loaded->unreadable > 0) set_alarm("feeds/memory", Text{"service.feed_memory", {}});
                     if (loaded) known_ = std::make_shared<const feeds::Known>(std::move(loaded->known));
                     working_ = Working::no;
                     switch (watching) {
                       case Watching::poll:
                         look_at_alerts([this] { raise(); });
                         for (const auto& feed : feeds_) watch(*feed);
                         if (!feeds_.empty() || !known_->matters.empty()) tick();
                         break;
                       case Watching::look_only:
                         break;
                     }
                     next();
                   });
}

void FeedDesk::watch(const feeds::Feed& feed) {
  FeedHooks hooks{
      .take =
          [this, feed = std::make_shared<const feeds::Feed>(feed)](std::string url, std::string body,
                                                                   std::optional<feeds::Entry> entry,
                                                                   std::move_only_function<void(FeedAnswer)> done) {
            Job job;
            job.work = [rules = rules_, feed, url, body = std::move(body), entry = std::move(entry),
                        now = tools_.clock.now().wall](const feeds::Known& known, const Enough& enough) {
              return work_on_document(*rules, *feed, known, url, body, entry ? &*entry : nullptr, now, &enough);
            };
            job.done = [this, feed, url, done = std::move(done)](const FeedOutcome* outcome) mutable {
              if (!outcome) return done({Text{"service.feed_not_worked_on", {{"feed", feed->name}}}, {}});
              FeedAnswer answer{{}, outcome->fetch};
              if (outcome->unreadable) {
                const auto& words = base::Catalogue::of(rules_->agency.default_language.value);
                answer.unreadable =
                    Text{"service.feed_unreadable", {{"feed", feed->name}, {"why", words.say(*outcome->unreadable)}}};
              }
              done(std::move(answer));
            };
            job.feed = feed->name;
            add(std::move(job));
          },
      .alarm = [this, name = feed.name](
                   const std::string& key,
                   std::optional<Text> text) { set_alarm("feed/" + name + "/" + key, std::move(text)); }};
  watches_.push_back(std::make_unique<FeedWatch>(
      FeedTools{.loop = tools_.loop, .http = tools_.http, .clock = tools_.clock, .random = tools_.random}, feed,
      std::move(hooks)));
  watches_.back()->start();
}

void FeedDesk::tick() {
  look_at_alerts([this] {
    Job job;
    std::vector<DraftFile> owed;
    for (const auto& [_, one] : unwritten_)
      if (!one.file.text.empty()) owed.push_back(one.file);
    job.work = [rules = rules_, open = open_, owed = std::move(owed), now = tools_.clock.now().wall](
                   const feeds::Known& known, const Enough&) { return mend(*rules, known, open, owed, now); };
    job.done = [](const FeedOutcome*) {};
    add(std::move(job));
  });
  tools_.loop.after(tick_every, [this, alive = alive_] {
    if (*alive) tick();
  });
}

void FeedDesk::add(Job job) {
  jobs_.push_back(std::move(job));
  next();
}

void FeedDesk::next() {
  if (working_ == Working::yes || jobs_.empty()) return;
  working_ = Working::yes;
  auto job = std::move(jobs_.front());
  jobs_.pop_front();
  carry_out(std::move(job));
}

void FeedDesk::carry_out(Job given) {
  const auto running = std::make_shared<Running>(std::move(given));
  const bool queued =
      !stuck_.contains(running->job.feed) &&
      tools_.workers.run([running, known = known_] { running->outcome = running->job.work(*known, running->enough); },
                         [this, running, alive = alive_] {
                           if (!*alive) return;
                           stuck_.erase(running->job.feed);
                           if (running->waited == Running::Waited::yes) took(running);
                         });
  if (queued) {
    running_ = running;
    return bound(running);
  }
  working_ = Working::no;
  running->job.done(nullptr);
  next();
}

void FeedDesk::bound(const std::shared_ptr<Running>& running) {
  if (running->job.feed.empty()) return;
  tools_.loop.after(long_enough, [running] { running->enough = true; });
  tools_.loop.after(too_long, [this, running, alive = alive_] {
    if (*alive && running_ == running) give_up(running);
  });
}

/// Its worker goes on; what it finds is dropped, and comes again with the document.
void FeedDesk::give_up(const std::shared_ptr<Running>& running) {
  running->waited = Running::Waited::given_up;
  running_.reset();
  stuck_.insert(running->job.feed);
  working_ = Working::no;
  running->job.done(nullptr);
  next();
}

/// What is known is on disk before the file of a draft is: feed_work.hpp. Where the disk fails, people hear of it all
/// the same, and the next owner meets the bulletin again.
void FeedDesk::took(const std::shared_ptr<Running>& running) {
  running_.reset();
  const std::shared_ptr<FeedOutcome> outcome(running, &running->outcome);
  const std::shared_ptr<Job> job(running, &running->job);
  known_ = std::make_shared<const feeds::Known>(std::move(outcome->known));
  for (const auto& note : outcome->notes)
    if (note.word == "refused") refused_.push_front(note);
  if (refused_.size() > shown_refusals) refused_.resize(shown_refusals);
  record(outcome->notes, job->remark);
  tools_.store.run(
      [values = outcome->values](journal::SqliteStore& store) -> base::Result<void> {
        for (const auto& [key, value] : values)
          if (auto saved = store.save(key, value); !saved) return saved;
        return {};
      },
      [this, outcome, job, alive = alive_](const base::Result<void>& saved) {
        if (!*alive) return;
        set_alarm("feeds/memory", saved ? std::nullopt : std::optional(Text{"service.feed_memory", {}}));
        const auto finish = [this, outcome, job, alive] {
          if (!*alive) return;
          wrote(*outcome);
          working_ = Working::no;
          job->done(outcome.get());
          next();
        };
        if (outcome->files.empty() && outcome->remove.empty()) return finish();
        const bool queued = tools_.workers.run(
            [outcome] {
              for (auto& trouble : write_drafts(outcome->files)) outcome->troubles.push_back(std::move(trouble));
              remove_documents(outcome->remove);
            },
            finish);
        if (!queued) finish();  // the next tick finds that the file is not as it should be
      });
}

/// The alarm stands until each file is right, or its matter gone; what nothing else holds is kept for the next try.
void FeedDesk::wrote(const FeedOutcome& outcome) {
  switch (outcome.looked_at) {
    case FeedOutcome::Files::some:
      for (const auto& file : outcome.files) unwritten_.erase(file.matter);
      break;
    case FeedOutcome::Files::all:
      std::erase_if(unwritten_, [](const auto& one) { return !one.second.file.path.empty(); });
      break;
  }
  for (const auto& trouble : outcome.troubles) {
    auto kept = trouble;
    const auto matter = known_->matters.find(trouble.file.matter);
    const bool again = matter == known_->matters.end() || matter->second.kind == Matter::Kind::draft;
    if (again || unwritten_.size() >= most_owed) kept.file.text.clear();
    unwritten_.insert_or_assign(trouble.file.matter, std::move(kept));
  }
  std::erase_if(unwritten_, [this](const auto& one) { return !known_->matters.contains(one.first); });
  set_alarm("feeds/drafts", unwritten_.empty() ? std::nullopt : std::optional(unwritten_.begin()->second.why));
  look_at_alerts([this] { raise(); });
}

/// Where they cannot be read, those of before count: an alert that has ended since is named once too often.
void FeedDesk::look_at_alerts(std::function<void()> then) {
  if (known_->matters.empty()) {
    open_.clear();
    return then();
  }
  tools_.store.run([sources = sources_, now = tools_.clock.now().wall](
                       journal::SqliteStore& store) { return sources->open_alerts(store, now); },
                   [this, then = std::move(then), alive = alive_](base::Result<std::vector<feeds::OpenAlert>> open) {
                     if (!*alive) return;
                     if (open) open_ = std::move(*open);
                     then();
                   });
}

std::optional<Text> FeedDesk::ended_under_an_alert(const Matter& matter) const {
  return feeds::ended_under(matter, open_, tools_.clock.now().wall);
}

/// An alarm for each matter that waits; one that ended, or was dismissed, ends its alarm.
void FeedDesk::raise() {
  std::set<std::string> open;
  for (const auto& [id, matter] : known_->matters) {
    if (feeds::is_silent(matter, feeds::resting_on(matter, open_), tools_.clock.now().wall)) continue;
    auto ended = ended_under_an_alert(matter);
    const auto key = std::string(ended ? over_prefix : prefix_of(matter)) + id;
    open.insert(key);
    set_alarm(key, in_full(matter, ended ? std::move(*ended) : matter.news));
  }
  std::vector<std::string> ended;
  for (const auto& [key, _] : tools_.driver.alarms())
    if (is_of_a_matter(key) && !open.contains(key.substr(1))) ended.push_back(key.substr(1));
  for (const auto& key : ended) set_alarm(key, std::nullopt);
}

void FeedDesk::set_alarm(const std::string& key, std::optional<Text> text) {
  const auto& open = tools_.driver.alarms();
  const auto found = open.find("/" + key);
  if (found == open.end() ? !text : text && found->second.text == *text) return;
  if (text)
    base::log::warning("alarm " + key + ": " + text->id);
  else
    base::log::info("alarm " + key + " has ended");
  tools_.driver.alarm(plan::EndpointName(), key, std::move(text));
}

void FeedDesk::record(const std::vector<FeedNote>& notes, const json::object& remark) {
  for (const auto& note : notes) {
    auto entry = entry_of(note);
    for (const auto& [key, value] : remark) entry[key] = value;
    tools_.store.run([canonical = base::canonical_json(entry),
                      at = note.at](journal::SqliteStore& store) { return store.note("feed", canonical, at); },
                     [](const base::Result<void>& noted) {
                       if (!noted) base::log::error("what a feed gave could not be recorded", noted.error());
                     });
  }
}

void FeedDesk::dismiss(const std::string& id, const std::string& by, const std::string& reason,
                       std::move_only_function<void(base::Result<void>)> done) {
  // The error travels beside the outcome: what is not there changes nothing.
  const auto error = std::make_shared<std::optional<base::Error>>();
  Job job;
  job.work = [rules = rules_, id, error, now = tools_.clock.now().wall](const feeds::Known& known, const Enough&) {
    auto outcome = service::dismiss(*rules, known, id, now);
    if (outcome) return std::move(*outcome);
    *error = std::move(outcome.error());
    FeedOutcome same;
    same.known = known;
    return same;
  };
  job.done = [error, done = std::move(done)](const FeedOutcome* outcome) mutable {
    if (!outcome) return done(base::fail(base::ErrorKind::unavailable, {"service.busy", {}}));
    if (*error) return done(std::unexpected(std::move(**error)));
    done({});
  };
  job.remark = {{"by", by}, {"reason", reason}};
  add(std::move(job));
}

std::vector<feeds::BulletinInForce> FeedDesk::in_force(const std::vector<alert::ZoneId>& zones) const {
  return feeds::in_force(*known_, zones, tools_.clock.now().wall);
}

/// Behind what is being worked on, so that nobody is shown half of it.
void FeedDesk::show(Shown done) {
  Job job;
  job.work = [](const feeds::Known& known, const Enough&) {
    FeedOutcome same;
    same.known = known;
    return same;
  };
  job.done = [this, done = std::move(done)](const FeedOutcome*) mutable { done(shown()); };
  add(std::move(job));
}

}  // namespace broadcaster::service
