// Requests about feeds: what they say and what waits for a person; and a person's word that it is settled.
#include <boost/json.hpp>

#include "broadcaster/service/request_fields.hpp"
#include "broadcaster/service/requests.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {

template <alert::Mode M>
void Requests<M>::feeds(Reply reply) {
  tools_.feeds().show([reply](boost::json::object shown) { reply(good(std::move(shown))); });
}

template <alert::Mode M>
void Requests<M>::dismiss_matter(const Object& request, const net::Peer& peer, Reply reply) {
  tools_.feeds().dismiss(string_of(request, "id"), by_whom(request, peer), string_of(request, "reason"),
                         [reply](base::Result<void> done) { reply(done ? good() : bad(done.error())); });
}

template void Requests<alert::Mode::live>::feeds(Reply);
template void Requests<alert::Mode::live>::dismiss_matter(const boost::json::object&, const net::Peer&, Reply);

template void Requests<alert::Mode::drill>::feeds(Reply);
template void Requests<alert::Mode::drill>::dismiss_matter(const boost::json::object&, const net::Peer&, Reply);

}  // namespace broadcaster::service
