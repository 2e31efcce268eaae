#include "channels/siren/controller/siren_channel.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "channels/siren/controller/verdict.hpp"

namespace broadcaster::channels::siren {
namespace {

using delivery::Attempt;

/// A command must not outlive what we can still answer for: the dispatcher sends again long before.
constexpr std::chrono::seconds command_life{60};
/// The most that one attempt publishes: a cancel and a program.
constexpr std::size_t publishes_an_attempt = 2;
/// As the sirens spread their answers (PROTOCOL.md, "Timing").
constexpr base::milliseconds spread_a_member{10};

std::vector<std::string> addressed(const Attempt& attempt) {
  const auto* program = std::get_if<plan::SirenProgram>(&attempt.content->body);
  return program ? program->targets : std::vector<std::string>{};
}

}  // namespace

SirenChannel::SirenChannel(plan::EndpointName endpoint, Settings settings, ChannelTools& tools, Connect connect)
    : endpoint_(std::move(endpoint)),
      settings_(std::move(settings)),
      tools_(tools),
      counter_(CommandCounter::of(tools.store, tools.clock, settings_.controller.id)),
      link_(connect(settings_.broker, handlers())),
      window_(settings_.broker.window) {}

SirenChannel::~SirenChannel() { *alive_ = false; }

void SirenChannel::open() {
  for (const auto subject : {Subject::ack, Subject::online, Subject::event, Subject::state})
    link_->subscribe(siren_topic(settings_.controller.site, "+", subject), net::Qos::at_least_once);
  counter_->open([this, alive = alive_] {
    if (*alive) tools_.reports.ready(endpoint_);
  });
  link_->start();
}

net::MqttHandlers SirenChannel::handlers() {
  net::MqttHandlers out;
  out.on_up = [this] {
    seen_ = Link::up;
    window_ = settings_.broker.window;
    alarm("broker", std::nullopt);
    tools_.reports.ready(endpoint_);
  };
  out.on_down = [this](const net::MqttDown& down) {
    seen_ = Link::down;
    alarm("broker", base::Text{"siren.broker_down",
                               {{"broker", fmt::format("{}:{}", settings_.broker.host, settings_.broker.port)},
                                {"reason", down.why}}});
  };
  out.on_ready = [this] { tools_.reports.ready(endpoint_); };
  out.on_message = [this](net::MqttMessage message) { on_message(message); };
  out.on_subscribed = [this](const std::string& filter, int reason) {
    if (reason < 128) return alarm("subscription/" + filter, std::nullopt);
    alarm("subscription/" + filter,
          base::Text{"siren.no_answers", {{"topic", filter}, {"reason", net::reason_text(reason)}}});
  };
  return out;
}

std::size_t SirenChannel::room() const {
  if (!link_->can_publish()) return 0;
  const auto used = link_->unacknowledged();
  const auto free = window_ > used ? window_ - used : 0;
  return std::min<std::size_t>(free, counter_->available()) / publishes_an_attempt;
}

Reachability SirenChannel::reachability() const {
  switch (seen_) {
    case Link::up:
      return Reachability::up;
    case Link::unknown:  // not there yet: who waits for the link must go on waiting
    case Link::down:
      return Reachability::down;
  }
  return Reachability::down;
}

void SirenChannel::start(std::vector<Attempt> batch) {
  std::vector<Attempt> takeable;
  for (auto& attempt : batch) {
    const auto id = deciding_id(*attempt.content);
    if (mode_of(attempt.content->mode) != settings_.controller.mode)
      tools_.reports.finished(attempt.id, delivery::Refused{delivery::Cause::message, "mode conflict"});
    else if (id.empty() || !valid_id(attempt.recipient))
      tools_.reports.finished(attempt.id, delivery::Refused{delivery::Cause::message, "nothing a siren could do"});
    else if (waiting_.contains(reference(id, attempt.recipient)))
      tools_.reports.finished(attempt.id, delivery::NotSent{std::nullopt, "this siren is being asked already",
                                                            delivery::NotSent::Scope::recipient});
    else
      takeable.push_back(std::move(attempt));
  }
  for (const auto& order : orders(takeable, settings_.controller)) carry_out(order, takeable);
}

void SirenChannel::carry_out(const Order& order, const std::vector<Attempt>& batch) {
  const auto now = tools_.clock.now().wall;
  auto not_after = now + command_life;
  Refs refs;
  const auto& deciding = order.commands.back().cmd_id;
  for (const auto index : order.attempts) {
    const auto& attempt = batch[index];
    not_after = std::min<base::WallTime>(not_after, attempt.expires);
    const auto ref = reference(deciding, attempt.recipient);
    waiting_[ref] = {attempt.id, 0};
    log_.sent(deciding, addressed(attempt), attempt.recipient, attempt.id.delivery);
    refs.push_back(ref);
  }
  for (auto command : order.commands) {
    command.not_after = not_after;
    // A cancel decides nothing where a program follows: its answers are not waited for.
    const bool decides = command.cmd_id == deciding;
    if (const auto failure = publish(order.topic, command, now, decides ? refs : Refs{}))
      return finish_all(refs, 0, *failure);
  }
}

/// With an outcome nothing was kept, and nothing went out.
std::optional<delivery::Outcome> SirenChannel::publish(const std::string& topic, const Command& unsent,
                                                       base::WallTime now, const Refs& refs) {
  if (counter_->available() == 0) return delivery::NotSent{std::nullopt, "no command counter is reserved yet"};
  if (unsent.not_after <= now)
    return delivery::NotSent{std::nullopt, "its time is over", delivery::NotSent::Scope::recipient};
  auto command = unsent;
  command.counter = counter_->next();
  command.issued_at = now;
  const auto life = std::chrono::ceil<std::chrono::seconds>(command.not_after - now);
  net::MqttPublish message;
  message.topic = topic;
  message.payload = write(command);
  message.expiry = life;
  message.content_type = "application/json";
  message.user_properties = {{std::string(kid_property), settings_.key.public_key().id()},
                             {std::string(sig_property), settings_.key.sign(message.payload)}};
  for (const auto& ref : refs) waiting_[ref].counter = command.counter;
  const auto sent = link_->publish(
      std::move(message), [this, refs, counter = command.counter](auto result) { on_puback(refs, counter, result); });
  if (!sent) {
    // The broker allows fewer than we thought.
    if (sent.error() == net::PublishFailure::busy) window_ = std::max<std::size_t>(2, link_->unacknowledged());
    return outcome(sent.error());
  }
  const auto patience = settings_.ack_timeout + spread_a_member * static_cast<std::int64_t>(command.targets.size());
  if (!refs.empty())
    tools_.loop.after(std::chrono::duration_cast<base::milliseconds>(patience),
                      [this, refs, counter = command.counter, alive = alive_] {
                        if (*alive) on_silence(refs, counter);
                      });
  return std::nullopt;
}

void SirenChannel::on_puback(const Refs& refs, std::uint64_t counter, const net::PublishResult& result) {
  // Lost: the broker may have it, so the siren may answer yet.
  if (result.kind == net::PublishResult::Kind::acknowledged)
    if (const auto verdict = outcome(result.reason)) finish_all(refs, counter, *verdict);
  tools_.reports.ready(endpoint_);
}

void SirenChannel::on_silence(const Refs& refs, std::uint64_t counter) {
  finish_all(refs, counter, delivery::Unknown{"no answer from the siren in time"});
}

void SirenChannel::finish_all(const Refs& refs, std::uint64_t counter, const delivery::Outcome& outcome) {
  for (const auto& ref : refs) {
    const auto at = waiting_.find(ref);
    // Another attempt may wait under the same reference by now. 0: none of this order was sent.
    if (at != waiting_.end() && (counter == 0 || at->second.counter == counter)) finish(ref, outcome);
  }
}

void SirenChannel::finish(const std::string& ref, delivery::Outcome outcome) {
  const auto node = waiting_.extract(ref);
  if (!node.empty()) tools_.reports.finished(node.mapped().attempt, std::move(outcome));
}

void SirenChannel::on_message(const net::MqttMessage& message) {
  const auto address = parse_siren_topic(settings_.controller.site, message.topic);
  if (!address) return;
  switch (address->subject) {
    case Subject::ack:
      if (const auto ack = read_ack(message.payload, address->siren)) on_ack(*ack);
      return;
    case Subject::state: {
      const auto state = read_state(message.payload, address->siren);
      if (!state || !state->last || state->mode != settings_.controller.mode) return;
      if (state->last->stage != Stage::rejected) counter_->pass(state->last->counter);
      on_ack(*state->last);
      return;
    }
    case Subject::online:
      if (const auto online = read_online(message.payload)) on_online(address->siren, *online);
      return;
    case Subject::event:
      if (const auto event = read_event(message.payload, address->siren))
        alarm("event/" + event->siren + "/" + event->kind,
              base::Text{"siren.event", {{"siren", event->siren}, {"kind", event->kind}, {"detail", event->detail}}});
      return;
    case Subject::heartbeat:
      return;
  }
}

void SirenChannel::on_ack(const Ack& ack) {
  if (ack.stage == Stage::rejected) return on_rejection(ack);
  if (log_.is_stranger(ack.cmd_id, ack.siren))
    return alarm("stranger/" + ack.siren, base::Text{"siren.not_addressed", {{"siren", ack.siren}}});
  const auto ref = reference(ack.cmd_id, ack.siren);
  const bool waited = waiting_.contains(ref);
  if (waited) {
    alarm("rejected/" + ack.siren, std::nullopt);
    finish(ref, outcome(ack));
  }
  const bool news = log_.is_news(ack.cmd_id, ack.siren, ack.stage);
  // `accepted` that ended an attempt is its outcome already.
  if (news && !(waited && ack.stage == Stage::accepted)) prove(ack);
}

void SirenChannel::prove(const Ack& ack) {
  auto proof = evidence(ack, endpoint_, tools_.clock.now().wall);
  if (!proof) return;
  if (const auto delivery = log_.delivery(ack.cmd_id, ack.siren)) proof->about = *delivery;
  tools_.reports.evidence(std::move(*proof), [] {});
}

void SirenChannel::on_rejection(const Ack& ack) {
  const auto ref = reference(ack.cmd_id, ack.siren);
  const auto at = waiting_.find(ref);
  // A late rejection of an earlier try says nothing about this one.
  if (at == waiting_.end() || (ack.counter != 0 && ack.counter != at->second.counter)) return;
  const auto now = tools_.clock.now().wall;
  const bool clock = clock_is_off(ack, now);
  const auto off = std::chrono::duration_cast<std::chrono::seconds>(ack.at - now).count();
  if (clock)
    alarm("rejected/" + ack.siren,
          base::Text{"siren.clock", {{"siren", ack.siren}, {"seconds", static_cast<std::int64_t>(off)}}});
  else if (ack.reason != name(Rejection::busy))
    alarm("rejected/" + ack.siren,
          base::Text{"siren.rejected", {{"siren", ack.siren}, {"reason", ack.reason}, {"detail", ack.detail}}});
  // The numbers of an earlier store have run ahead of the clock; the next try is past them as soon as the clock is.
  if (ack.reason == name(Rejection::counter)) counter_->pass_to_now();
  finish(ref, outcome(ack));
}

void SirenChannel::on_online(const std::string& siren, const Online& online) {
  if (online.presence == Online::Presence::online) {
    sessions_[siren] = online.session;
    return alarm("offline/" + siren, std::nullopt);
  }
  // The will of a session that has been followed by another says nothing.
  const auto current = sessions_.find(siren);
  if (current != sessions_.end() && current->second != online.session) return;
  alarm("offline/" + siren, base::Text{"siren.offline", {{"siren", siren}}});
}

/// Only changes are reported.
void SirenChannel::alarm(const std::string& key, std::optional<base::Text> text) {
  const auto open = alarms_.find(key);
  if (!text) {
    if (open == alarms_.end()) return;
    alarms_.erase(open);
  } else {
    if (open != alarms_.end() && open->second == *text) return;
    alarms_[key] = *text;
  }
  tools_.reports.alarm(endpoint_, key, std::move(text));
}

}  // namespace broadcaster::channels::siren
