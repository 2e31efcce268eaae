// Requests about pages: pages, page_ack.
#include "broadcaster/service/request_fields.hpp"
#include "broadcaster/service/requests.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {

/// Behind the reading of what is open, in the same queue.
template <alert::Mode M>
void Requests<M>::pages(Reply reply) {
  tools_.store.run([](journal::SqliteStore&) -> base::Result<void> { return {}; },
                   [this, reply](const base::Result<void>&) { reply(good(tools_.pages.json())); });
}

template <alert::Mode M>
void Requests<M>::acknowledge(const Object& request, const net::Peer& peer, Reply reply) {
  // "sari (uid 1000)": who is called goes by the name, the record has both.
  const auto whole = by_whom(request, peer);
  tools_.pages.acknowledge(string_of(request, "page"), whole.substr(0, whole.rfind(" (")), "console, " + whole,
                           [reply](const base::Result<void>& kept) { reply(kept ? good() : bad(kept.error())); });
}

template void Requests<alert::Mode::live>::pages(Reply);
template void Requests<alert::Mode::drill>::pages(Reply);
template void Requests<alert::Mode::live>::acknowledge(const boost::json::object&, const net::Peer&, Reply);
template void Requests<alert::Mode::drill>::acknowledge(const boost::json::object&, const net::Peer&, Reply);

}  // namespace broadcaster::service
