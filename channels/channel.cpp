#include "channels/channel.hpp"

namespace broadcaster::channels {

void Channel::ask(const delivery::Attempt&, std::move_only_function<void()> done) { done(); }

Received Channel::receive(const net::ServerRequest&) { return {.status = 404, .body = {}, .evidence = {}}; }

}  // namespace broadcaster::channels
