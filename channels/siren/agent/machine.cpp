#include "channels/siren/agent/machine.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace broadcaster::channels::siren {
namespace {

template <class... F>
struct Overload : F... {
  using F::operator()...;
};

bool contains(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

/// What came from outside and goes into an answer: printable ASCII only, at most 200 bytes.
std::string printable(std::string_view text) {
  std::string out(text.substr(0, 200));
  std::replace_if(out.begin(), out.end(), [](char c) { return c < 0x20 || c > 0x7e; }, '?');
  return out;
}

/// Is this topic one of ours?
bool listens(const Identity& identity, const CommandAddress& address) {
  if (address.to == CommandAddress::To::siren) return address.id == identity.siren;
  return contains(identity.zones, address.id) || contains(identity.groups, address.id);
}

bool signed_by_one_of(const std::vector<PublicKey>& keys, const Received& in) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](const PublicKey& key) { return key.id() == in.kid && key.verifies(in.body, in.sig); });
}

}  // namespace

Machine::Machine(Identity identity, Limits limits, Memory memory, base::Random& random)
    : identity_(std::move(identity)), limits_(limits), memory_(std::move(memory)), random_(random) {}

std::vector<Act> Machine::on(const Happening& happening, base::Now now) {
  Acts acts;
  std::visit(
      Overload{[&](const Booted&) { boot(now, acts); }, [&](const Received& in) { receive(in, now, acts); },
               [&](const Proved&) { proved(now, acts); }, [&](const Ended& end) { ended(end.status, now, acts); },
               [&](const CannotStart& failure) {
                 if (!tone_) return;
                 auto ack = answer(tone_->cmd_id, Stage::failed, "cannot_start", now);
                 ack.detail = printable(failure.why);
                 finish(ack, now, acts);
               },
               [&](const Tick&) { tick(now, acts); }},
      happening);
  return acts;
}

/// A tone that was open when the power went did not end by itself: say so, and never start it again.
void Machine::boot(base::Now now, Acts& acts) {
  std::vector<Ack> open;
  for (const auto& [id, known] : memory_.commands)
    if (known.last.stage == Stage::accepted || known.last.stage == Stage::sounding) open.push_back(known.last);
  for (auto& ack : open) {
    ack = answer(ack.cmd_id, Stage::failed, "interrupted", now);
    say(ack, acts);
    acts.push_back(SayEvent{{identity_.siren, "interrupted", ack.cmd_id, now.wall}});
  }
  if (!open.empty()) save(now, acts);
  acts.push_back(SayState{state(now.wall)});
}

void Machine::receive(const Received& in, base::Now now, Acts& acts) {
  const auto address = parse_command_topic(identity_.site, in.topic);
  if (!address || !listens(identity_, *address)) return;
  const auto command = read_command(in.body);
  // The unsigned text is used for one thing: to name what is refused.
  const Command named = command ? *command : Command{};
  if (!signed_by_one_of(identity_.command_keys, in))
    return reject(named, Rejection::signature, "kid " + in.kid.substr(0, 40), now, acts);
  if (!command) return reject(named, Rejection::malformed, command.error(), now, acts);
  if (command->mode != address->mode || command->mode != identity_.mode)
    return reject(
        *command, Rejection::mode,
        fmt::format("topic {}, body {}, siren {}", name(address->mode), name(command->mode), name(identity_.mode)), now,
        acts);
  if (!is_target(*command)) {
    // A group command for some of its members: the others stay quiet.
    if (address->to == CommandAddress::To::siren) reject(*command, Rejection::target, "", now, acts);
    return;
  }
  if (const auto known = memory_.commands.find(command->cmd_id); known != memory_.commands.end()) {
    auto repeated = known->second.last;
    repeated.counter = command->counter;
    acts.push_back(SayAck{repeated});
    return;
  }
  if (in.retained == Received::Retained::yes) return reject(*command, Rejection::retained, "", now, acts);
  obey(*command, address->to, now, acts);
}

void Machine::obey(const Command& command, CommandAddress::To to, base::Now now, Acts& acts) {
  if (command.action == Action::cancel) return cancel(command, now, acts);
  if (const auto reason = too_late(command, now))
    return reject(command, *reason, "not_after " + base::format_utc(command.not_after), now, acts);
  if (counter_is_old(command)) return reject(command, Rejection::counter, "", now, acts);
  switch (command.action) {
    case Action::activate:
      return activate(command, to, now, acts);
    case Action::status_request: {
      const auto ack = answer(command.cmd_id, Stage::done, "", now);
      accept(command, ack, now);
      save(now, acts);
      acts.push_back(SayState{state(now.wall)});
      acts.push_back(SayAck{memory_.commands.at(command.cmd_id).last});
      return;
    }
    // These need a key of their own class, which cannot sign `activate`; this siren has none yet.
    case Action::silent_test:
    case Action::disarm:
      return reject(command, Rejection::unsupported, "", now, acts);
    case Action::cancel:
      return;
  }
}

void Machine::activate(const Command& command, CommandAddress::To to, base::Now now, Acts& acts) {
  if (memory_.cancelled.contains(command.alert_id)) return reject(command, Rejection::cancelled, "", now, acts);
  if (tone_) return reject(command, Rejection::busy, "", now, acts);
  const auto limit = std::chrono::floor<std::chrono::seconds>(limits_.max_on - limits_.stop_grace);
  const auto duration = std::min(command.duration, limit);
  tone_ = Tone{command.cmd_id, command.alert_id, now.mono, now.mono + duration, now.mono + limits_.prove_within};
  const auto ack = answer(command.cmd_id, Stage::accepted, "", now);
  accept(command, ack, now);
  memory_.last = memory_.commands.at(command.cmd_id).last;
  save(now, acts);
  acts.push_back(StartTone{command, duration});
  const bool spread = to == CommandAddress::To::group && command.targets.size() > limits_.quiet_group;
  if (!spread) {
    acts.push_back(SayAck{*memory_.last});
  } else {
    const auto window = limits_.spread_a_member * static_cast<std::int64_t>(command.targets.size());
    const auto wait = random_.below(static_cast<std::uint64_t>(std::max<std::int64_t>(1, window.count())));
    later_.push_back({*memory_.last, now.mono + base::milliseconds(wait)});
  }
  acts.push_back(SayState{state(now.wall)});
}

/// Calling off always works: an old counter does not stop it, and for the alert that sounds no clock does. It names its
/// alert, so a recorded one can silence no other.
void Machine::cancel(const Command& command, base::Now now, Acts& acts) {
  const bool running = tone_ && tone_->alert_id == command.alert_id;
  if (!running)
    if (const auto reason = too_late(command, now)) return reject(command, *reason, "", now, acts);
  memory_.cancelled[command.alert_id] = now.wall + Memory::kept_for;
  if (running) {
    tone_->cancelled_by = command.cmd_id;
    stop(acts);  // before anything else, the disk included
  }
  accept(command, answer(command.cmd_id, running ? Stage::accepted : Stage::done, running ? "" : "idle", now), now);
  save(now, acts);
  acts.push_back(SayAck{memory_.commands.at(command.cmd_id).last});
}

void Machine::proved(base::Now now, Acts& acts) {
  if (!tone_ || tone_->proven) return;
  tone_->proven = true;
  std::erase_if(later_, [&](const Later& later) { return later.ack.cmd_id == tone_->cmd_id; });
  say(answer(tone_->cmd_id, Stage::sounding, "", now), acts);
  acts.push_back(SayState{state(now.wall)});
  save(now, acts);
}

void Machine::ended(int status, base::Now now, Acts& acts) {
  if (!tone_) return;
  const auto sounded = now.mono - tone_->started;
  const bool in_time = tone_->stopping || status == 0 || now.mono + base::milliseconds(500) >= tone_->ends;
  auto ack = answer(tone_->cmd_id, Stage::failed, "", now);
  if (tone_->proven) ack.sounded_ms = static_cast<std::uint32_t>(sounded.count());
  if (tone_->proven && in_time) {
    ack.stage = Stage::done;
    ack.reason = tone_->cancelled_by.empty() ? "" : "cancelled";
  } else if (tone_->proven) {
    ack.reason = "stopped_early";
    ack.detail = fmt::format("exit status {}", status);
  } else {
    ack.reason = tone_->cancelled_by.empty() ? "not_proven" : "cancelled";
    ack.detail = fmt::format("exit status {}", status);
  }
  finish(ack, now, acts);
}

/// The tone is over, with this answer about it.
void Machine::finish(Ack ack, base::Now now, Acts& acts) {
  const auto tone = *std::exchange(tone_, std::nullopt);
  std::erase_if(later_, [&](const Later& later) { return later.ack.cmd_id == tone.cmd_id; });
  if (!tone.failed || tone.proven) say(ack, acts);
  if (!tone.cancelled_by.empty()) say(answer(tone.cancelled_by, Stage::done, "", now), acts);
  acts.push_back(SayState{state(now.wall)});
  save(now, acts);
}

void Machine::tick(base::Now now, Acts& acts) {
  for (auto& later : later_)
    if (later.due <= now.mono) acts.push_back(SayAck{later.ack});
  std::erase_if(later_, [&](const Later& later) { return later.due <= now.mono; });
  if (!tone_) return;
  if (tone_->ends <= now.mono) stop(acts);
  if (!tone_->proven && !tone_->failed && tone_->prove_by <= now.mono) {
    tone_->failed = true;  // it goes on: people may hear what we cannot measure, and a late proof still counts
    std::erase_if(later_, [&](const Later& later) { return later.ack.cmd_id == tone_->cmd_id; });
    say(answer(tone_->cmd_id, Stage::failed, "not_proven", now), acts);
    save(now, acts);
  }
}

std::optional<base::MonoTime> Machine::next_wake() const {
  std::optional<base::MonoTime> at;
  const auto earlier = [&](base::MonoTime time) { at = at ? std::min(*at, time) : time; };
  for (const auto& later : later_) earlier(later.due);
  if (tone_ && !tone_->stopping) earlier(tone_->ends);
  if (tone_ && !tone_->proven && !tone_->failed) earlier(tone_->prove_by);
  return at;
}

void Machine::stop(Acts& acts) {
  if (std::exchange(tone_->stopping, true)) return;
  acts.push_back(StopTone{});
}

bool Machine::is_target(const Command& command) const {
  return std::any_of(command.targets.begin(), command.targets.end(), [&](const std::string& target) {
    if (target.starts_with("zone:")) return contains(identity_.zones, target.substr(5));
    if (target.starts_with("group:")) return contains(identity_.groups, target.substr(6));
    return target == identity_.siren;
  });
}

std::optional<Rejection> Machine::too_late(const Command& command, base::Now now) const {
  if (now.wall > command.not_after) return Rejection::expired;
  if (command.issued_at > now.wall + limits_.skew) return Rejection::clock;
  return std::nullopt;
}

bool Machine::counter_is_old(const Command& command) const {
  const auto last = memory_.counters.find(command.controller_id);
  return last != memory_.counters.end() && command.counter <= last->second;
}

void Machine::accept(const Command& command, Ack ack, base::Now now) {
  ack.counter = command.counter;
  auto& counter = memory_.counters[command.controller_id];
  counter = std::max(counter, command.counter);
  memory_.commands[command.cmd_id] = {std::move(ack), now.wall + Memory::kept_for};
}

void Machine::say(Ack ack, Acts& acts) {
  if (const auto known = memory_.commands.find(ack.cmd_id); known != memory_.commands.end()) {
    ack.counter = known->second.last.counter;
    known->second.last = ack;
  }
  if (memory_.last && memory_.last->cmd_id == ack.cmd_id) memory_.last = ack;
  acts.push_back(SayAck{std::move(ack)});
}

void Machine::reject(const Command& command, Rejection reason, std::string detail, base::Now now, Acts& acts) {
  auto ack = answer(command.cmd_id, Stage::rejected, std::string(name(reason)), now);
  ack.detail = printable(detail);
  ack.counter = command.counter;
  acts.push_back(SayAck{std::move(ack)});
}

Ack Machine::answer(const std::string& cmd_id, Stage stage, std::string reason, base::Now now) const {
  return {identity_.siren, cmd_id, stage, std::move(reason), "", now.wall, 0, 0};
}

void Machine::save(base::Now now, Acts& acts) {
  memory_.forget_old(now.wall);
  acts.push_back(Save{write(memory_)});
}

std::uint64_t Machine::highest_counter() const {
  std::uint64_t highest = 0;
  for (const auto& [controller, counter] : memory_.counters) highest = std::max(highest, counter);
  return highest;
}

State Machine::state(base::WallTime now) const {
  const bool heard = tone_ && tone_->proven;
  return {identity_.siren, identity_.mode, heard ? State::Now::sounding : State::Now::idle, memory_.last, now};
}

}  // namespace broadcaster::channels::siren
