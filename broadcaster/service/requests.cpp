// Which operation is asked for. Each is in the file of its kind: requests_release, requests_fire, requests_look,
// requests_record, requests_backup, requests_feeds, requests_pages, requests_set.
#include "broadcaster/service/requests.hpp"

#include <unistd.h>

#include <boost/json.hpp>

#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/log.hpp"
#include "broadcaster/service/request_fields.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {
namespace json = boost::json;

template <alert::Mode M>
Requests<M>::Requests(RequestTools<M> tools, dispatch::Dispatcher<M>& dispatcher)
    : tools_(std::move(tools)), dispatcher_(dispatcher), copying_(tools_.loop, 1) {}

template <alert::Mode M>
void Requests<M>::handle(const std::string& line, const net::Peer& peer, net::ConnectionId connection, Reply reply) {
  const auto parsed = parse_request(line);
  if (!parsed) return reply(bad(parsed.error()));
  const auto& request = *parsed;
  const auto op = string_of(request, "op");
  // A stop and a false alarm, which stops, only need to be written: without an owner that would go on sending first.
  if ((op == "submit" || op == "fire") && tools_.options.work == Work::read)
    return reply(bad(base::Error{base::ErrorKind::unavailable, {"service.read_only", {}}, {}, {}}));
  // But where nothing will ever be sent, a false alarm must not look as if it would.
  if (op == "false_alarm" && tools_.silent) return reply(bad(*tools_.silent));
  if (op == "hello") return hello(reply);
  if (op == "submit") return submit(request, peer, std::move(reply));
  if (op == "fire") return fire(request, peer, std::move(reply));
  if (op == "false_alarm") return false_alarm(request, peer, std::move(reply));
  if (op == "withdraw_false_alarm") return withdraw_false_alarm(request, peer, std::move(reply));
  if (op == "halt") return halt(request, peer, std::move(reply));
  if (op == "status") return status(request, std::move(reply));
  if (op == "watch") return watch(request, connection, std::move(reply));
  if (op == "deliveries") return deliveries(request, std::move(reply));
  if (op == "plan") return plan(request, std::move(reply));
  if (op == "to_end") return to_end(request, std::move(reply));
  if (op == "verify") return verify(request, std::move(reply));
  if (op == "record_key") return record_key(reply);
  if (op == "export") return export_record(request, peer, std::move(reply));
  if (op == "erase") return erase(request, peer, std::move(reply));
  if (op == "note") return note(request, std::move(reply));
  if (op == "feeds") return feeds(std::move(reply));
  if (op == "feed_dismiss") return dismiss_matter(request, peer, std::move(reply));
  if (op == "pages") return pages(std::move(reply));
  if (op == "page_approvers") return page_approvers(request, peer, std::move(reply));
  if (op == "signed_set") return signed_set(request, std::move(reply));
  if (op == "page_ack") return acknowledge(request, peer, std::move(reply));
  if (op == "backup") return backup(request, peer, std::move(reply));
  if (op == "quit") {
    reply(good());
    return tools_.quit();
  }
  reply(bad(base::Error{base::ErrorKind::usage, {"service.unknown_operation", {{"operation", op}}}, {}, {}}));
}

template <alert::Mode M>
void Requests<M>::hello(const Reply& reply) {
  // Every way out that keeps a link of its own has it: a drill waits for that before its clock starts.
  const auto& endpoints = dispatcher_.driver().endpoints();
  const bool ready = std::none_of(endpoints.begin(), endpoints.end(), [](const auto& endpoint) {
    return endpoint.second.channel->reachability() == channels::Reachability::down;
  });
  reply(good({{"v", wire_version},
              {"mode", alert::name(M)},
              {"pid", ::getpid()},
              {"sends", tools_.options.work == Work::send},
              {"ready", ready},
              {"folder", tools_.options.state.folder.string()}}));
}

template <alert::Mode M>
void Requests<M>::with_alert(const Object& request, Reply reply, std::function<void(delivery::AlertId)> then) {
  const auto name = string_of(request, "alert");
  tools_.store.run([name](journal::SqliteStore& store) { return store.find_alert(name); },
                   [name, reply, then = std::move(then)](base::Result<std::optional<delivery::AlertId>> found) {
                     if (!found) return reply(bad(found.error()));
                     if (!*found) return reply(bad(unknown_alert(name).error()));
                     then(**found);
                   });
}

/// What was refused stands on the record too. That it could not be written is in the log: the refusal stands anyway.
template <alert::Mode M>
void Requests<M>::record_refusal(const std::string& what, const base::Error& error, const std::string& by) {
  const auto canonical = base::canonical_json(json::object{{"what", what}, {"why", to_json(error.text)}, {"by", by}});
  tools_.store.run([canonical, now = tools_.clock.now().wall](
                       journal::SqliteStore& store) { return store.note("refused", canonical, now); },
                   [](base::Result<void> result) {
                     if (!result) base::log::error("a refusal could not be recorded", result.error());
                   });
}

template class Requests<alert::Mode::live>;
template class Requests<alert::Mode::drill>;

}  // namespace broadcaster::service
