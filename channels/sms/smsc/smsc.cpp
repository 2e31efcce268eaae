#include "channels/sms/smsc/smsc.hpp"

#include <fmt/core.h>

#include <deque>
#include <map>

#include "broadcaster/net/tcp.hpp"
#include "channels/sms/smsc/pdu.hpp"
#include "channels/sms/smsc/text.hpp"

namespace broadcaster::channels::sms::smsc {
namespace {

constexpr std::size_t most_receipts = 100'000;
constexpr std::uint8_t has_header = 0x40;     // esm_class, §5.2.12: UDHI
constexpr std::uint8_t wants_receipt = 0x03;  // registered_delivery, §5.2.17: 1 always, 2 on failure

enum class Role { none, transmitter, receiver, transceiver };

bool receives(Role role) { return role == Role::receiver || role == Role::transceiver; }
bool sends(Role role) { return role == Role::transmitter || role == Role::transceiver; }

std::optional<Role> role_of(std::uint32_t command) {
  if (command == static_cast<std::uint32_t>(Command::bind_transmitter)) return Role::transmitter;
  if (command == static_cast<std::uint32_t>(Command::bind_receiver)) return Role::receiver;
  if (command == static_cast<std::uint32_t>(Command::bind_transceiver)) return Role::transceiver;
  return std::nullopt;
}

/// YYMMDDhhmm, as Appendix B has it.
std::string minute(base::WallTime at) {
  const auto utc = base::format_utc(at);  // 2026-11-24T02:15:00.123Z
  return utc.substr(2, 2) + utc.substr(5, 2) + utc.substr(8, 2) + utc.substr(11, 2) + utc.substr(14, 2);
}

struct Session {
  std::string received;
  Role role = Role::none;
  std::uint32_t sequence = 0;
};

class Centre final : public Smsc {
 public:
  Centre(net::Loop& loop, const base::Clock& clock, SeenBook& seen, Options options)
      : loop_(loop), clock_(clock), seen_(seen), options_(std::move(options)) {
    // An operator's ids do not begin again when it starts again.
    last_id_ = static_cast<std::uint64_t>(clock.now().wall.time_since_epoch().count()) * 1000;
  }

  base::Result<void> open() {
    auto server =
        net::TcpServer::listen(loop_, options_.address, options_.port,
                               {.on_data = [this](net::TcpConnection id, std::string_view bytes) { take(id, bytes); },
                                .on_closed = [this](net::TcpConnection id) { sessions_.erase(id); }});
    if (!server) return std::unexpected(server.error());
    server_ = std::move(*server);
    return {};
  }

  unsigned short port() const override { return server_->port(); }
  void script(Script script) override { scripts_.set(std::move(script)); }
  std::uint64_t submits() const override { return submits_; }

  std::size_t bound() const override {
    std::size_t count = 0;
    for (const auto& [id, session] : sessions_) count += session.role != Role::none ? 1 : 0;
    return count;
  }

 private:
  void take(net::TcpConnection id, std::string_view bytes) {
    sessions_[id].received += bytes;
    for (;;) {
      Session& session = sessions_[id];
      const auto length = frame_length(session.received);
      if (!length) return;
      if (*length < shortest_frame || *length > longest_frame) {
        // Where the next packet begins cannot be known any more (§3.2).
        server_->send(
            id, pack_header(static_cast<std::uint32_t>(Command::generic_nack), Status::invalid_command_length, 0));
        session.received.clear();
        return server_->close(id);
      }
      if (session.received.size() < *length) return;
      const std::string frame = session.received.substr(0, *length);
      session.received.erase(0, *length);
      answer(id, session, frame);
    }
  }

  void answer(net::TcpConnection id, Session& session, const std::string& frame) {
    const auto pdu = unpack(frame);
    if (!pdu) {
      server_->send(id, pack_header(static_cast<std::uint32_t>(Command::generic_nack), pdu.error(), 0));
      return;
    }
    if (const auto role = role_of(pdu->command)) return bind(id, session, *pdu, *role);
    if (const auto* submit = std::get_if<Submit>(&pdu->body)) return take_submit(id, session, *pdu, *submit);
    if (pdu->command == static_cast<std::uint32_t>(Command::enquire_link))
      return server_->send(id, pack_header(pdu->command | response_bit, Status::ok, pdu->sequence));
    if (pdu->command == static_cast<std::uint32_t>(Command::unbind)) {
      session.role = Role::none;
      server_->send(id, pack_header(pdu->command | response_bit, Status::ok, pdu->sequence));
      return server_->close(id);
    }
    if ((pdu->command & response_bit) != 0) return;  // deliver_sm_resp and the like: nothing hangs on it
    server_->send(
        id, pack_header(static_cast<std::uint32_t>(Command::generic_nack), Status::invalid_command, pdu->sequence));
  }

  void bind(net::TcpConnection id, Session& session, const Pdu& pdu, Role role) {
    const auto* who = std::get_if<Bind>(&pdu.body);
    Status status = Status::ok;
    if (session.role != Role::none)
      status = Status::already_bound;
    else if (who == nullptr || who->system_id != options_.system_id || who->password != options_.password)
      status = Status::bind_failed;
    server_->send(id, pack_bind_answer(pdu.command, status, pdu.sequence, "range"));
    if (status != Status::ok) return;
    session.role = role;
    if (receives(role)) deliver_waiting();
  }

  void take_submit(net::TcpConnection id, const Session& session, const Pdu& pdu, const Submit& submit) {
    if (!sends(session.role)) return server_->send(id, pack_submit_answer(Status::not_bound, pdu.sequence, ""));
    const Script script = scripts_.next_for(submit.destination);
    switch (script.fate) {
      case Fate::refused:
        return server_->send(id, pack_submit_answer(Status::invalid_destination, pdu.sequence, ""));
      case Fate::throttled:
        return server_->send(id, pack_submit_answer(Status::throttled, pdu.sequence, ""));
      case Fate::delivered:
      case Fate::silent:
      case Fate::undelivered:
      case Fate::lost:
        break;
    }
    const std::string message_id = fmt::format("{}", ++last_id_);
    ++submits_;
    server_->send(id, pack_submit_answer(Status::ok, pdu.sequence, message_id));
    if (script.fate == Fate::lost) return;
    const auto submitted = clock_.now().wall;
    loop_.after(script.after, [this, alive = std::weak_ptr(alive_), submit, script, message_id, submitted] {
      if (!alive.expired()) end(submit, script, message_id, submitted);
    });
  }

  /// The message meets its fate.
  void end(const Submit& submit, const Script& script, const std::string& message_id, base::WallTime submitted) {
    const bool arrives = script.fate != Fate::undelivered;
    if (arrives) show(submit);
    if (script.fate == Fate::silent || (submit.registered_delivery & wants_receipt) == 0) return;
    receipts_.push_back({.phone = submit.destination,
                         .sender = submit.source,
                         .sender_ton = submit.source_ton,
                         .sender_npi = submit.source_npi,
                         .message_id = message_id,
                         .state = arrives ? MessageState::delivered : MessageState::undeliverable,
                         .text = receipt_text(message_id, arrives ? "DELIVRD" : "UNDELIV", arrives ? 0 : 27,
                                              minute(submitted), minute(clock_.now().wall))});
    if (receipts_.size() > most_receipts) receipts_.pop_front();
    deliver_waiting();
  }

  void show(const Submit& submit) {
    const auto data =
        split_header(submit.message, (submit.esm_class & has_header) != 0 ? Header::present : Header::none);
    std::string text = text_of(submit.data_coding, data.octets);
    if (data.part) {
      auto whole = joiner_.add(submit.destination, submit.source, *data.part, std::move(text));
      if (!whole) return;
      text = std::move(*whole);
    }
    seen_.add({.where = "phone",
               .who = "+" + digits_of(submit.destination),
               .from = submit.source,
               .text = std::move(text),
               .language = {},
               .at = clock_.now().wall});
  }

  void deliver_waiting() {
    for (auto& [id, session] : sessions_) {
      if (!receives(session.role)) continue;
      while (!receipts_.empty()) {
        server_->send(id, pack_receipt(receipts_.front(), ++session.sequence));
        receipts_.pop_front();
      }
      return;
    }
  }

  net::Loop& loop_;
  const base::Clock& clock_;
  SeenBook& seen_;
  const Options options_;
  Scripts scripts_;
  PartJoiner joiner_;
  std::map<net::TcpConnection, Session> sessions_;
  std::deque<Receipt> receipts_;
  std::uint64_t last_id_ = 0;
  std::uint64_t submits_ = 0;
  const std::shared_ptr<int> alive_ = std::make_shared<int>(0);
  std::unique_ptr<net::TcpServer> server_;  // last: its callbacks use the rest
};

}  // namespace

base::Result<std::unique_ptr<Smsc>> Smsc::listen(net::Loop& loop, const base::Clock& clock, SeenBook& seen,
                                                 Options options) {
  auto centre = std::make_unique<Centre>(loop, clock, seen, std::move(options));
  if (auto opened = centre->open(); !opened) return std::unexpected(opened.error());
  return centre;
}

}  // namespace broadcaster::channels::sms::smsc
