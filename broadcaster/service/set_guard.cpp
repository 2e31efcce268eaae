#include "broadcaster/service/set_guard.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/base/log.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {
namespace {

namespace json = boost::json;

constexpr base::milliseconds watch_every = std::chrono::seconds(15);
/// Read at the start and kept; people.yaml and policy.yaml are read for each release.
constexpr std::string_view kept_files[] = {"agency.yaml", "endpoints.yaml", "shelters.geojson", "sirens.yaml",
                                           "zones.geojson"};

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

base::Text hangs(const std::filesystem::path& folder) { return {"service.set_hangs", {{"folder", folder.string()}}}; }

std::string_view name(approval::SetStanding::State state) {
  using State = approval::SetStanding::State;
  switch (state) {
    case State::in_force:
      return "in_force";
    case State::changed:
      return "changed";
    case State::never_signed:
      return "never_signed";
  }
  return "";
}

}  // namespace

SetGuard::SetGuard(SetGuardTools tools, std::filesystem::path folder, approval::SetDigests started_with,
                   base::Result<AcceptedSet> remembered)
    : tools_(tools), folder_(std::move(folder)), started_with_(std::move(started_with)), aside_(tools_.loop) {
  if (remembered)
    accepted_ = std::move(*remembered);
  else
    unreadable_ = remembered.error();
  say_at_fence();
}

/// Whichever machine comes next must not go by an older one. A share that is down holds up nothing.
void SetGuard::say_at_fence() {
  if (!tools_.fence || !accepted_) return;
  const bool begun = aside_.run(
      [fence = *tools_.fence, mark = SetMark{accepted_->last().number, accepted_->digest(), machine_name()},
       now = tools_.clock.now().wall] {
        if (!fence.say_set(mark, now)) base::log::error("the signed set could not be said at the fence");
      },
      [] {});
  if (!begun) base::log::error("the signed set could not be said at the fence");
}

bool SetGuard::is_behind() const {
  if (!tools_.elsewhere || !accepted_) return false;
  const auto number = accepted_->last().number;
  return number < tools_.elsewhere->number ||
         (number == tools_.elsewhere->number && accepted_->digest() != tools_.elsewhere->digest);
}

SetGuard::~SetGuard() {
  *alive_ = false;
  if (patience_) tools_.loop.cancel(*patience_);
}

std::move_only_function<base::Result<SetGuard::Judged>()> SetGuard::judge() const {
  return [unreadable = unreadable_, folder = folder_, accepted = accepted_, read = tools_.read,
          now = tools_.clock.now().wall]() -> base::Result<Judged> {
    // Without knowing what was accepted, any first set would be taken on trust.
    if (unreadable) return std::unexpected(*unreadable);
    auto disk = read(folder);
    if (!disk) return std::unexpected(disk.error());
    auto standing = approval::judge_set(*disk, accepted, now);
    return Judged{std::move(*disk), std::move(standing)};
  };
}

std::vector<base::Text> SetGuard::look_first() {
  auto judged = judge()();
  if (!judged) {
    refuse(judged.error());
    return why_;
  }
  return take(std::move(*judged))->refusals;
}

void SetGuard::watch() {
  tools_.loop.after(watch_every, [this, alive = alive_] {
    if (!*alive) return;
    look([](const base::Result<std::shared_ptr<const Look>>&) {});
    watch();
  });
}

void SetGuard::look(Seen seen) {
  if (reading_ == Reading::hangs) return seen(base::fail(base::ErrorKind::unavailable, hangs(folder_)));
  // What is being read now may have been read before this was asked.
  if (!waiting_.empty()) return next_.push_back(std::move(seen));
  waiting_.push_back(std::move(seen));
  begin_look();
}

void SetGuard::begin_look() {
  auto judged = std::make_shared<base::Result<Judged>>(Judged());
  // The thread touches nothing of the loop's; and it may still read when this is gone.
  reading_ = Reading::yes;
  const bool begun = aside_.run([judged, judge = judge()]() mutable { *judged = judge(); },
                                [this, alive = alive_, judged] {
                                  if (*alive) end_look(std::move(*judged));
                                });
  if (!begun) {
    reading_ = Reading::no;
    return answer(base::fail(base::ErrorKind::unavailable, {"service.busy", {}}));
  }
  patience_ = tools_.loop.after(tools_.patience, [this] {
    patience_.reset();
    give_up();
  });
}

/// Whoever waits is answered; what it reads in the end is news to nobody, and is read again.
void SetGuard::give_up() {
  reading_ = Reading::hangs;
  const base::Error error{base::ErrorKind::unavailable, hangs(folder_), {}, {}};
  refuse(error);
  std::ranges::move(std::exchange(next_, {}), std::back_inserter(waiting_));
  answer(std::unexpected(error));
}

void SetGuard::end_look(base::Result<Judged> judged) {
  if (patience_) tools_.loop.cancel(*std::exchange(patience_, std::nullopt));
  if (std::exchange(reading_, Reading::no) == Reading::hangs)
    return look([](const base::Result<std::shared_ptr<const Look>>&) {});
  if (judged) return answer(take(std::move(*judged)));
  refuse(judged.error());
  answer(std::unexpected(judged.error()));
}

void SetGuard::answer(const base::Result<std::shared_ptr<const Look>>& seen) {
  auto answered = std::exchange(waiting_, std::exchange(next_, {}));
  if (!waiting_.empty()) begin_look();
  for (const auto& one : answered) one(seen);
}

void SetGuard::refuse(const base::Error& error) {
  why_ = {error.text};
  if (!last_) last_.emplace();
  last_->state = approval::SetStanding::State::changed;
  alarm("signed_set/changed", error.text);
}

std::shared_ptr<const SetGuard::Look> SetGuard::take(Judged judged) {
  using State = approval::SetStanding::State;
  auto& standing = judged.standing;
  if (standing.news != approval::SetStanding::News::none) {
    // It was signed, whatever becomes of the disk; unwritten, the next start accepts it again.
    tools_.store.run([set = standing.accepted, how = standing.news, now = tools_.clock.now().wall](
                         journal::SqliteStore& store) { return accept_set(store, *set, how, now); },
                     [](const base::Result<void>& kept) {
                       if (!kept)
                         base::log::error("the accepted set could not be written: " +
                                          base::Catalogue::of("en").say(kept.error().text));
                     });
  }
  accepted_ = standing.accepted;
  if (standing.news != approval::SetStanding::News::none) say_at_fence();
  auto refusals = approval::set_refusals(standing);
  if (const auto files = never_signed_here(); standing.in_force() && !files.empty())
    refusals.push_back({"approval.set_started_with", {{"files", joined(files)}}});
  if (is_behind())
    refusals.push_back({"service.set_newer_elsewhere",
                        {{"number", tools_.elsewhere->number},
                         {"machine", tools_.elsewhere->machine},
                         {"ours", accepted_->last().number}}});
  const bool never = standing.state == State::never_signed;
  alarm("signed_set/never", never ? std::optional(refusals.front()) : std::nullopt);
  alarm("signed_set/changed", never || refusals.empty() ? std::nullopt : std::optional(refusals.front()));
  const auto older = of_an_older_set();
  alarm("signed_set/restart",
        older.empty() ? std::nullopt
                      : std::optional(base::Text{"service.set_restart",
                                                 {{"files", joined(older)}, {"number", accepted_->last().number}}}));
  why_ = refusals;
  if (refusals.empty()) why_ = standing.trouble;
  last_ = std::move(standing);
  return std::make_shared<const Look>(Look{std::move(judged.disk.texts), std::move(refusals)});
}

std::vector<std::string> SetGuard::never_signed_here() const {
  std::vector<std::string> out;
  if (!accepted_ || started_with_.empty()) return out;
  for (const auto file : kept_files)
    if (!approval::was_signed(*accepted_, file, started_with_)) out.emplace_back(file);
  return out;
}

std::vector<std::string> SetGuard::of_an_older_set() const {
  std::vector<std::string> out;
  if (!accepted_ || started_with_.empty() || !never_signed_here().empty()) return out;
  for (const auto& change : approval::changes(started_with_, accepted_->last().files))
    if (std::ranges::find(kept_files, change.file) != std::end(kept_files)) out.push_back(change.file);
  return out;
}

void SetGuard::alarm(const std::string& key, std::optional<base::Text> text) {
  const auto& open = tools_.driver.alarms();
  const auto found = open.find("/" + key);
  if (found == open.end() ? !text : text && found->second.text == *text) return;
  tools_.driver.alarm(plan::EndpointName(), key, std::move(text));
}

json::value SetGuard::json() const {
  json::object out{{"state", name(last_ ? last_->state : approval::SetStanding::State::never_signed)}};
  if (unreadable_) out["state"] = "changed";
  json::array signers, files, why, restart;
  if (accepted_) {
    const auto& set = accepted_->last();
    for (const auto& signature : set.signatures) signers.push_back(json::string(signature.person));
    out["number"] = set.number;
    out["date"] = base::format_utc(set.date);
    out["digest"] = accepted_->digest();
    out["same_login"] = approval::same_logins_json(set.signatures);
  }
  if (last_)
    for (const auto& change : last_->changed) files.push_back(json::string(change.file));
  for (const auto& text : why_) why.push_back(to_json(text));
  for (const auto& file : of_an_older_set()) restart.push_back(json::string(file));
  out["releases"] = last_ && last_->in_force() && !unreadable_ && never_signed_here().empty() && !is_behind();
  out["signers"] = std::move(signers);
  out["files"] = std::move(files);
  out["why"] = std::move(why);
  out["restart_for"] = std::move(restart);
  return out;
}

}  // namespace broadcaster::service
