#include "broadcaster/drill/owner_link.hpp"

#include <boost/json.hpp>

#include "broadcaster/net/lines.hpp"
#include "broadcaster/service/state.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::drill {

base::Result<boost::json::object> ask_owner(const std::filesystem::path& state, boost::json::object request,
                                            std::chrono::milliseconds limit) {
  auto client = net::LineClient::connect(service::StatePaths{state}.control().string());
  if (!client) return std::unexpected(client.error());
  request["v"] = service::wire_version;
  if (auto said = client->send(boost::json::serialize(request)); !said) return std::unexpected(said.error());
  auto line = client->receive(limit);
  if (!line) return std::unexpected(line.error());
  if (!*line) return base::fail(base::ErrorKind::unavailable, {"service.no_answer", {}});
  return service::parse_answer(**line);
}

}  // namespace broadcaster::drill
