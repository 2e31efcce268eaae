#include "channels/cap_feed/feed.hpp"

#include <algorithm>
#include <array>

#include "channels/http/http_channel.hpp"

namespace broadcaster::channels::cap_feed {
namespace {

using namespace std::chrono_literals;
using delivery::Attempt;
using delivery::Outcome;

constexpr base::milliseconds after_a_failure = 1min;
constexpr base::milliseconds at_the_latest = 1h;
constexpr base::milliseconds at_the_earliest = 100ms;
/// Waits before each look: a cache in front of the server may show for a moment what was there before.
constexpr std::array<base::milliseconds, 3> looks = {0ms, 1s, 3s};
constexpr std::size_t longest_detail = 1000;
constexpr std::size_t most_at_once = 4;

/// A refusal is an answer, too; what we have stopped ourselves says nothing of the far side.
std::optional<Reachability> seen_by(const Answer& answer) {
  const auto* failed = std::get_if<Failed>(&answer);
  if (!failed || std::holds_alternative<delivery::Refused>(failed->outcome)) return Reachability::up;
  if (was_stopped(failed->outcome)) return std::nullopt;
  return Reachability::down;
}

}  // namespace

Feed::Feed(FeedSettings settings, std::unique_ptr<Place> place, std::unique_ptr<Place> readers, ChannelTools& tools)
    : settings_(std::move(settings)), place_(std::move(place)), readers_(std::move(readers)), tools_(tools) {}

Feed::~Feed() {
  *alive_ = false;
  if (timer_) tools_.loop.cancel(*timer_);
}

void Feed::open() {
  tools_.store.load(key(), [this, alive = alive_](const std::optional<std::string>& text) {
    if (!*alive) return;
    auto read = text ? read_index(*text, settings_.frame) : ReadIndex(NotOurs{});
    if (auto* entries = std::get_if<Entries>(&read)) known_ = std::move(*entries);
    loaded_ = true;
    care();
    tools_.reports.ready(settings_.name);
  });
}

std::size_t Feed::room() const { return loaded_ && running_ < most_at_once ? most_at_once - running_ : 0; }

void Feed::start(std::vector<Attempt> batch) {
  running_ += batch.size();
  for (auto& attempt : batch) seal(std::make_shared<const Attempt>(std::move(attempt)));
}

/// Of the index alone.
void Feed::care() {
  if (caring_ || !loaded_ || (lost_.empty() && !index_due_)) return;
  std::optional<Listed> again;
  if (!lost_.empty()) {
    again = std::move(lost_.front());
    lost_.pop_front();
  }
  caring_ = true;
  index_due_ = false;
  run({.document = std::nullopt,
       .frame = settings_.frame,
       .known = known_,
       .signer = settings_.signer,
       .again = std::move(again)},
      nullptr);
}

void Feed::seal(const Shared& attempt) {
  const auto* body = std::get_if<std::string>(&attempt->content->body);
  if (!body || attempt->content->mode != settings_.frame.mode)
    return finish(attempt, delivery::Refused{delivery::Cause::message, "no document of this feed's mode"});
  const auto made = std::make_shared<std::optional<std::expected<Sealed, std::string>>>();
  away([made, approved = *body, wanted = Wanted{attempt->content->alert_identifier, settings_.frame.mode},
        signer = settings_.signer] { made->emplace(sealed(approved, wanted, *signer)); },
       [this, attempt, made] {
         auto& result = **made;
         if (!result) return finish(attempt, delivery::Refused{delivery::Cause::message, result.error()});
         run({.document = std::move(*result), .frame = settings_.frame, .known = known_, .signer = settings_.signer},
             attempt);
       });
}

void Feed::run(Job job, const Shared& attempt) {
  const auto running = std::make_shared<Publication>(std::move(job));
  perform(running->begin(), running, attempt);
}

void Feed::perform(Action action, const Running& running, const Shared& attempt) {
  if (auto* done = std::get_if<Done>(&action)) return end(std::move(*done), attempt);
  auto then = [this, running, attempt, alive = alive_](Answer answer) {
    if (*alive) learn(std::move(answer), running, attempt);
  };
  if (auto* read = std::get_if<Read>(&action)) return place_->read(std::move(*read), std::move(then));
  // Asked before each byte: a halt, or the end of the alert, may have come meanwhile.
  std::function<bool()> may_leave;
  if (attempt) may_leave = [this, alive = alive_, id = attempt->id] { return *alive && tools_.reports.may_leave(id); };
  place_->write(std::move(std::get<Write>(action)), std::move(may_leave), std::move(then));
}

void Feed::learn(Answer answer, const Running& running, const Shared& attempt) {
  reachability_ = seen_by(answer).value_or(reachability_);
  const auto action = std::make_shared<std::optional<Action>>();
  const auto held = std::make_shared<Answer>(std::move(answer));
  away([running, action, held, at = now()] { action->emplace(running->next(std::move(*held), at)); },
       [this, running, attempt, action] { perform(std::move(**action), running, attempt); });
}

void Feed::end(Done done, const Shared& attempt) {
  note_index(done);
  if (attempt) return finish(attempt, std::move(done.outcome));
  caring_ = false;
  care();
}

void Feed::note_index(const Done& done) {
  if (done.end == Done::End::stopped) return;
  tools_.reports.alarm(
      settings_.name, "index",
      done.listed
          ? std::nullopt
          : std::optional(base::Text{"channels.cap_feed.index",
                                     {{"endpoint", settings_.name.value}, {"reason", delivery::why(done.outcome)}}}));
  if (!done.listed) return look_after(after_a_failure);
  if (*done.listed != known_) {
    known_ = *done.listed;
    tools_.store.save(key(), atom(known_, settings_.frame, now()), [] {});
  }
  const auto expiry = next_expiry(known_);
  if (!expiry) return look_after(at_the_latest);
  look_after(std::clamp(std::chrono::ceil<base::milliseconds>(*expiry - now()), at_the_earliest, at_the_latest));
}

void Feed::look_after(base::milliseconds wait) {
  if (timer_) tools_.loop.cancel(*timer_);
  timer_ = tools_.loop.after(wait, [this, alive = alive_] {
    if (!*alive) return;
    timer_.reset();
    index_due_ = true;
    care();
  });
}

void Feed::finish(const Shared& attempt, Outcome outcome) {
  --running_;
  const bool accepted = std::holds_alternative<delivery::Accepted>(outcome);
  if (accepted) ++proving_;
  const auto alive = alive_;
  tools_.reports.finished(attempt->id, std::move(outcome));
  if (!*alive) return;
  if (accepted) prove(attempt, 0);
  tools_.reports.ready(settings_.name);
}

void Feed::prove(const Shared& attempt, std::size_t number) {
  tools_.loop.after(looks[number], [this, attempt, number, alive = alive_] {
    if (!*alive) return;
    look(attempt, [this, attempt, number](const Shown& seen) {
      const bool wrong = seen.is == Shown::Is::otherwise || seen.is == Shown::Is::unlisted;
      if (wrong && number + 1 < looks.size()) {
        if (seen.is == Shown::Is::unlisted) mend(attempt);
        return prove(attempt, number + 1);
      }
      report(attempt, seen);
      --proving_;
      tools_.reports.ready(settings_.name);
    });
  });
}

/// A server that looks at no conditions has let another writer write over it.
void Feed::mend(const Shared& attempt) {
  const auto* body = std::get_if<std::string>(&attempt->content->body);
  const auto lost = std::make_shared<std::optional<Listed>>();
  away(
      [lost, text = *body] {
        if (auto entry = entry_of(text)) lost->emplace(std::move(*entry));
      },
      [this, lost] {
        if (*lost) lost_.push_back(std::move(**lost));
        care();
      });
}

void Feed::ask(const Attempt& attempt, std::move_only_function<void()> done) {
  const auto shared = std::make_shared<const Attempt>(attempt);
  look(shared, [this, shared, done = std::move(done)](const Shown& seen) mutable {
    // Of something else, or half of it, there is nothing to prove: it is published again.
    if (seen.is == Shown::Is::as_approved) report(shared, seen);
    done();
  });
}

void Feed::look(const Shared& attempt, std::move_only_function<void(Shown)> then) {
  const auto* body = std::get_if<std::string>(&attempt->content->body);
  if (!body) return then({});
  const auto after = std::make_shared<std::move_only_function<void(Shown)>>(std::move(then));
  readers_->read({file_name(attempt->content->alert_identifier)},
                 [this, alive = alive_, attempt, body, after](Answer document) {
                   if (!*alive) return;
                   const auto first = std::make_shared<const Answer>(std::move(document));
                   readers_->read({std::string(index_file)}, [this, alive, attempt, body, after, first](Answer index) {
                     if (!*alive) return;
                     const auto seen = std::make_shared<Shown>();
                     away([attempt, body, first, seen, second = std::make_shared<const Answer>(std::move(index)),
                           at = now(), frame = settings_.frame,
                           signer = settings_.signer] { *seen = shown(*body, *first, *second, frame, *signer, at); },
                          [after, seen] { (*after)(std::move(*seen)); });
                   });
                 });
}

void Feed::report(const Shared& attempt, const Shown& seen) {
  if (seen.is == Shown::Is::unseen) return;
  const bool right = seen.is == Shown::Is::as_approved;
  tools_.reports.evidence({.endpoint = settings_.name,
                           .about = attempt->id.delivery,
                           .proof = right ? delivery::Proof::confirmed : delivery::Proof::accepted,
                           .kind = right ? "read_back" : std::string(delivery::read_back_differs),
                           .detail = fit_for_record(seen.detail, longest_detail),
                           .at = now()},
                          [] {});
}

void Feed::away(std::move_only_function<void()> work, std::move_only_function<void()> done) {
  const auto job = std::make_shared<std::move_only_function<void()>>(std::move(work));
  const auto after = std::make_shared<std::move_only_function<void()>>(std::move(done));
  const auto guarded = [alive = alive_, after] {
    if (*alive) (*after)();
  };
  if (tools_.workers.run([job] { (*job)(); }, guarded)) return;
  (*job)();
  tools_.loop.post(guarded);
}

}  // namespace broadcaster::channels::cap_feed
